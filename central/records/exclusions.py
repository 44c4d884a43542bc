"""Which measurements are out of every figure: after a contest, with the reason. They stay, and are shown as what they are; this is the one place that says it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    Double,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    exists,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database.table import BIG_KEY, Table
from central.records.event_row import EventRow


class ExclusionRow(Table):
    """One visit or call that counts no more. Rows are only ever added: the database refuses changes, but that a reason forgets a person."""

    __tablename__ = "exclusion"
    __table_args__ = (UniqueConstraint("device", "bootid", "sequence", name="exclusion_once"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    device: Mapped[str] = mapped_column(String(63))
    bootid: Mapped[str] = mapped_column(String(32))
    sequence: Mapped[int] = mapped_column(Integer)
    """The parts of the measurement's id, for its number in the database may be given again."""
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    decided_wall_s: Mapped[float] = mapped_column(Double)

    @property
    def measurement(self) -> str:
        """The measurement's id."""
        return f"{self.device}/{self.bootid}/{self.sequence}"


COUNTS = ~exists().where(
    ExclusionRow.device == EventRow.device,
    ExclusionRow.bootid == EventRow.bootid,
    ExclusionRow.sequence == EventRow.sequence,
)
"""The condition by which a statement about measurements leaves out those that are excluded."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """That a measurement is out of every figure, free of any database session."""

    measurement: str
    reason: str
    decided_by: int
    """Number of the account."""
    decided_wall_s: float


def excluded_rows(
    session: Session, devices: Iterable[str], from_s: float, to_s: float
) -> tuple[EventRow, ...]:
    """The excluded visits and calls of some desks that began in a stretch of time, from one Unix time to another."""
    wanted = set(devices)
    rows = session.scalars(
        select(EventRow)
        .join(
            ExclusionRow,
            (ExclusionRow.device == EventRow.device)
            & (ExclusionRow.bootid == EventRow.bootid)
            & (ExclusionRow.sequence == EventRow.sequence),
        )
        .where(EventRow.start_wall_s >= from_s, EventRow.start_wall_s < to_s)
        .order_by(EventRow.start_wall_s, EventRow.id)
    )
    return tuple(row for row in rows if row.device in wanted)


def exclusion_counts(session: Session) -> Counter[str]:
    """How many each desk has, of which none is ever taken back: what was reckoned when there were fewer is to be reckoned anew."""
    rows = session.execute(select(ExclusionRow.device, func.count()).group_by(ExclusionRow.device))
    return Counter({row[0]: row[1] for row in rows})


def exclusion_of(session: Session, device: str, bootid: str, sequence: int) -> Exclusion | None:
    """Why a measurement is out of every figure; None of one that counts."""
    row = session.scalar(
        select(ExclusionRow).where(
            ExclusionRow.device == device, ExclusionRow.bootid == bootid, ExclusionRow.sequence == sequence
        )
    )
    return None if row is None else Exclusion(row.measurement, row.reason, row.decided_by, row.decided_wall_s)


def excluded_among(session: Session, names: Iterable[tuple[str, str, int]]) -> set[str]:
    """The ids of those measurements, each named by desk, boot and number, that are out of every figure; one statement for all."""
    asked = [*names]
    if not asked:
        return set()
    named = tuple_(ExclusionRow.device, ExclusionRow.bootid, ExclusionRow.sequence)
    return {row.measurement for row in session.scalars(select(ExclusionRow).where(named.in_(asked)))}


def exclude(
    session: Session,
    name: tuple[str, str, int],
    *,
    reason: str,
    decided_by: int,
    now_wall_s: float,
) -> None:
    """Take a measurement out of every figure; one that is out already stays out, for the reason it was.

    Args:
        session: Its transaction takes it.
        name: Desk, boot and number of the measurement.
        reason: Why.
        decided_by: Number of the account.
        now_wall_s: The present, as Unix time.
    """
    if exclusion_of(session, *name) is None:
        device, bootid, sequence = name
        session.add(
            ExclusionRow(
                device=device,
                bootid=bootid,
                sequence=sequence,
                reason=reason,
                decided_by=decided_by,
                decided_wall_s=now_wall_s,
            )
        )
        session.flush()
