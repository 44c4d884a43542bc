"""Reading what a desk measured, and when."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.database.engine import UnusableDatabaseError
from central.records.event_row import EventRow
from central.records.measured import Measured
from protocol.envelope import BadEventError, parse
from protocol.measurements import Measurement


def measured_between(
    session: Session, device: str, from_s: float, to_s: float
) -> tuple[Measured[Measurement], ...]:
    """The measurements of a desk that touch a stretch of time, ordered by their beginning.

    Args:
        session: Where to read.
        device: The desk.
        from_s: Unix time, included.
        to_s: Unix time, excluded.

    Raises:
        UnusableDatabaseError: A stored event can no longer be read.
    """
    rows = session.scalars(
        select(EventRow)
        .where(
            EventRow.device == device,
            EventRow.start_wall_s < to_s,
            EventRow.start_wall_s + EventRow.duration_s >= from_s,
        )
        .order_by(EventRow.start_wall_s, EventRow.bootid, EventRow.sequence)
    )
    return tuple(_measured(row) for row in rows)


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
    return None if row is None else _measured(row)


def _measured(row: EventRow) -> Measured[Measurement]:
    name = f"{row.device}/{row.bootid}/{row.sequence}"
    try:
        data = parse(row.raw.encode()).data
    except BadEventError as error:
        raise UnusableDatabaseError(
            f"measurement {name} in the database can no longer be read: {error}"
        ) from None
    return Measured(name, row.start_wall_s, row.synced, data)
