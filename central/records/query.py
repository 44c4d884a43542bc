"""Reading what a desk measured, and when."""

from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session

from central.database.engine import UnusableDatabaseError
from central.records.event_row import EventRow
from central.records.exclusions import COUNTS
from central.records.measured import Measured
from protocol.envelope import BadEventError, event_type, parse
from protocol.measurements import Attendance, Call, Duty, Encounter, Measurement

DUTY = event_type(Duty(start_s=0.0, end_s=0.0, person=""))
"""The type of sign-ins and of duties that are over."""
IS_DUTY = EventRow.type == bindparam(None, DUTY, literal_execute=True)
"""Written out in each statement, as in the index ``event_duty``."""
ATTENDANCE = event_type(Attendance(start_s=0.0, end_s=0.0, staffed=False, coverage=1.0))
"""The type of attendances."""
IS_ATTENDANCE = EventRow.type == bindparam(None, ATTENDANCE, literal_execute=True)
"""Written out in each statement, as in the index ``event_attendance``."""
LONG_S = 86400.0
"""What lasted longer, such as a gap over a weekend, is so rare that an index of its own holds it: whoever looks for what touches a stretch of time
need not look further back for the rest."""
IS_LONG = EventRow.duration_s > bindparam(None, LONG_S, literal_execute=True)
"""Written out in each statement, as in the index ``event_long``."""
LONGEST_NUMBER = 9
"""Digits of a sequence number that every database takes for one."""


class DeskStretch(NamedTuple):
    """A stretch of time at a desk, as two Unix times, the second one excluded."""

    device: str
    from_s: float
    to_s: float


def measured_between(
    session: Session, device: str, from_s: float, to_s: float, *, excluded_too: bool = False
) -> tuple[Measured[Measurement], ...]:
    """The measurements of a desk that touch a stretch of time, ordered by their beginning.

    Args:
        session: Where to read.
        device: The desk.
        from_s: Unix time, included.
        to_s: Unix time, excluded.
        excluded_too: Also those that count in no figure (`central.records.exclusions`).

    Raises:
        UnusableDatabaseError: A stored event can no longer be read.
    """
    touching = (
        EventRow.device == device,
        EventRow.start_wall_s < to_s,
        EventRow.start_wall_s + EventRow.duration_s >= from_s,
        *(() if excluded_too else (COUNTS,)),
    )
    looked_for = (EventRow.start_wall_s >= from_s - LONG_S, IS_LONG)
    rows = {
        row.id: row
        for where in looked_for
        for row in session.scalars(select(EventRow).where(*touching, where))
    }
    ascending = sorted(rows.values(), key=lambda row: (row.start_wall_s, row.bootid, row.sequence))
    return tuple(measured_of(row) for row in ascending)


def latest_start(session: Session, device: str, before_s: float) -> float | None:
    """Unix time at which the last measurement of a desk before some moment began; None if there is none."""
    return session.scalar(
        select(func.max(EventRow.start_wall_s)).where(
            EventRow.device == device, EventRow.start_wall_s < before_s
        )
    )


def measurement_of(session: Session, device: str, bootid: str, sequence: int) -> Measured[Measurement] | None:
    """One measurement by the three parts of its id; None where there is none.

    Raises:
        UnusableDatabaseError: It can no longer be read.
    """
    row = session.scalar(
        select(EventRow).where(
            EventRow.device == device, EventRow.bootid == bootid, EventRow.sequence == sequence
        )
    )
    return None if row is None else measured_of(row)


def measured_of(row: EventRow) -> Measured[Measurement]:
    """The measurement of a row.

    Raises:
        UnusableDatabaseError: It can no longer be read.
    """
    return measured_from(f"{row.device}/{row.bootid}/{row.sequence}", row.start_wall_s, row.synced, row.raw)


def measured_from(name: str, wall_s: float, synced: bool, raw: str) -> Measured[Measurement]:  # noqa: FBT001  A column as it is.
    """The measurement of a row of which only these columns were read; ``name`` is its id.

    Raises:
        UnusableDatabaseError: It can no longer be read.
    """
    try:
        data = parse(raw.encode()).data
    except BadEventError as error:
        raise UnusableDatabaseError(
            f"measurement {name} in the database can no longer be read: {error}"
        ) from None
    return Measured(name, wall_s, synced, data)


def is_duty(session: Session, device: str, name: str) -> bool:
    """Whether a desk sent a sign-in or a duty under such an id, ``<device>/<bootid>/<sequence>``."""
    sender, _, rest = name.partition("/")
    bootid, _, sequence = rest.partition("/")
    if sender != device or not (
        sequence.isascii() and sequence.isdecimal() and len(sequence) <= LONGEST_NUMBER
    ):
        return False
    chosen = select(EventRow.id).where(
        EventRow.device == device, EventRow.bootid == bootid, EventRow.sequence == int(sequence)
    )
    return session.scalar(chosen.where(EventRow.type == DUTY)) is not None


VISIT_OR_CALL = or_(
    *(
        EventRow.type.like(bindparam(None, f"deskside.{kind}.%", literal_execute=True))
        for kind in ("encounter", "call")
    )
)
"""Of whatever version: what earlier software sent is read as what it is today. Written out in each statement, as in the index
``event_judged``, which is not used otherwise."""


def visit_and_call_count(session: Session, device: str, from_s: float, to_s: float) -> int:
    """How many visits and calls of a desk that count began in a stretch of time, from one Unix time to another."""
    chosen = select(func.count()).select_from(EventRow).where(*_began(device, from_s, to_s))
    return session.scalar(chosen) or 0


def visits_and_calls(
    session: Session, device: str, from_s: float, to_s: float, step: int = 1
) -> tuple[Measured[Encounter | Call], ...]:
    """The visits and calls of a desk that began in a stretch of time and count, ascending.

    Args:
        session: Where to read.
        device: The desk.
        from_s: Unix time, included.
        to_s: Unix time, excluded.
        step: Only every so-many-th of them.

    Raises:
        UnusableDatabaseError: A stored event can no longer be read.
    """
    place = func.row_number().over(order_by=(EventRow.start_wall_s, EventRow.id)).label("place")
    ordered = select(EventRow.id, place).where(*_began(device, from_s, to_s)).subquery()
    rows = session.scalars(
        select(EventRow)
        .join(ordered, ordered.c.id == EventRow.id)
        .where(ordered.c.place % step == step // 2)
        .order_by(EventRow.start_wall_s, EventRow.id)
    )
    return tuple(cast("Measured[Encounter | Call]", measured_of(row)) for row in rows)


def _began(device: str, from_s: float, to_s: float) -> tuple[ColumnElement[bool], ...]:
    return (
        EventRow.device == device,
        EventRow.start_wall_s >= from_s,
        EventRow.start_wall_s < to_s,
        VISIT_OR_CALL,
        COUNTS,
    )
