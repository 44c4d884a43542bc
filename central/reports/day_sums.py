"""Sums of parts of days that are over, kept under a digest of all that they depend on: the first look at a year adds up what was reckoned before."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Double, Index, String, Text, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.given import ALWAYS, REAL, TEXT, given, upsert
from central.database.table import Table
from central.records.event_row import EventRow
from central.scoring.judging import SCORING_VERSION

SUMS_VERSION = 1
"""Of what the sums are: another one makes every digest another."""
LONGEST_S = 86400.0
"""A measurement that began so long before a part of a day may reach into it; none is longer than a day."""
AT_ONCE = 500
"""Rows written in one transaction: the desks wait for it some hundredths of a second."""


@dataclass(slots=True)
class DayParts:
    """Sums, of one part of a day or of many."""

    ended_s: list[float] = field(default_factory=list)
    """Waits of customers who were attended to."""
    censored_s: list[float] = field(default_factory=list)
    """Waits of which it is known only that they were longer."""
    calls: Counter[str] = field(default_factory=Counter)
    """The raw counts of `central.statistics.service_level.ServiceLevel`."""
    staffed_s: float = 0.0
    unstaffed_s: float = 0.0
    present: int = 0
    """Desk's days on which the clause on staffing was met."""
    absent: int = 0
    span_s: float = 0.0
    """Between the first and the last moment of which the desk reported anything."""
    missing_s: float = 0.0
    """Of it, in which any part of the desk could not measure."""
    desk_days: int = 0
    estimated: int = 0
    """Measurements of which the time comes from a clock that had not been set."""

    def add(self, other: "DayParts") -> None:
        """Add another's sums."""
        self.ended_s += other.ended_s
        self.censored_s += other.censored_s
        self.calls.update(other.calls)
        self.staffed_s += other.staffed_s
        self.unstaffed_s += other.unstaffed_s
        self.present += other.present
        self.absent += other.absent
        self.span_s += other.span_s
        self.missing_s += other.missing_s
        self.desk_days += other.desk_days
        self.estimated += other.estimated


class DaySumRow(Table):
    """The sums of a part of a day at a desk; they name nobody."""

    __tablename__ = "day_sum"
    __table_args__ = (Index("day_sum_by_digest", "digest"),)

    device: Mapped[str] = mapped_column(String(63), primary_key=True)
    from_s: Mapped[float] = mapped_column(Double, primary_key=True)
    to_s: Mapped[float] = mapped_column(Double, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    """Of what they were reckoned from: another digest is asked for once any of it is another."""
    sums: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class MadeSums:
    """Sums that were reckoned, for whoever writes them."""

    device: str
    from_s: float
    to_s: float
    digest: str
    parts: DayParts


def digest_of_sums(key: Iterable[object]) -> str:
    """What the sums of a key are kept under; keys are equal where digests are."""
    told = [
        sorted(each) if isinstance(each, frozenset) else each
        for each in (SUMS_VERSION, SCORING_VERSION, *key)
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def kept_sums(session: Session, digests: Sequence[str]) -> dict[str, DayParts]:
    """Those of some digests that are kept."""
    if not digests:
        return {}
    asked = given(session, {"digest": TEXT}, [(digest,) for digest in digests])
    rows = session.execute(
        select(DaySumRow.digest, DaySumRow.sums).where(DaySumRow.digest.in_(select(asked.c.digest)))
    )
    return {digest: _read(sums) for digest, sums in rows}


def keep_sums(session: Session, made: Iterable[MadeSums]) -> None:
    """Keep sums, each in the place of what was kept of the same part of a day."""
    columns = {"device": TEXT, "from_s": REAL, "to_s": REAL, "digest": TEXT, "sums": TEXT}
    latest = {(each.device, each.from_s, each.to_s): each for each in made}
    rows = [
        (each.device, each.from_s, each.to_s, each.digest, _written(each.parts)) for each in latest.values()
    ]
    if not rows:
        return
    table = given(session, columns, rows)
    insert = upsert(session, DaySumRow).from_select([*columns], select(table).where(ALWAYS))
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["device", "from_s", "to_s"],
            set_={"digest": insert.excluded["digest"], "sums": insert.excluded["sums"]},
        )
    )


def forget_sums(session: Session) -> None:
    """Delete the sums of parts of days of which no measurement is kept any more."""
    session.execute(
        delete(DaySumRow).where(
            ~exists().where(
                EventRow.device == DaySumRow.device,
                EventRow.start_wall_s >= DaySumRow.from_s - LONGEST_S,
                EventRow.start_wall_s < DaySumRow.to_s,
            )
        ),
        execution_options={"synchronize_session": False},
    )


def _written(parts: DayParts) -> str:
    return msgspec.json.encode(
        {
            "ended_s": parts.ended_s,
            "censored_s": parts.censored_s,
            "calls": dict(parts.calls),
            "sums": [
                *(parts.staffed_s, parts.unstaffed_s, parts.present, parts.absent),
                *(parts.span_s, parts.missing_s, parts.desk_days, parts.estimated),
            ],
        }
    ).decode()


def _read(sums: str) -> DayParts:
    read = msgspec.json.decode(sums)
    return DayParts(read["ended_s"], read["censored_s"], Counter(read["calls"]), *read["sums"])
