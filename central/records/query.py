"""Reading the store: what desks measured when, and what is still on its way."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.database.engine import StoreError
from central.database.tables import BootRow, EventRow, RejectedRow
from central.records.measured import Measured
from protocol.envelope import BadEventError, parse
from protocol.errors import MendableError
from protocol.measurements import Measurement


class NothingFoundError(MendableError):
    """There is no such desk, or nothing was measured; the text says which."""


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
        StoreError: A stored event can no longer be read.
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


def awaited(session: Session, device: str) -> int:
    """How many measurements are known to be on their way: holes below the highest number of each boot."""
    missing = 0
    for boot in session.scalars(select(BootRow).where(BootRow.device == device)):
        kept, highest = _beyond(session, boot)
        missing += highest - boot.settled - kept
    return missing


def rejected(session: Session, device: str) -> tuple[RejectedRow, ...]:
    """What a desk sent that could not be used, latest first."""
    return tuple(
        session.scalars(
            select(RejectedRow).where(RejectedRow.device == device).order_by(RejectedRow.id.desc())
        )
    )


def _beyond(session: Session, boot: BootRow) -> tuple[int, int]:
    """How many numbers beyond the settled one are kept, and the highest of them."""
    numbers = [
        select(table.sequence).where(
            table.device == boot.device, table.bootid == boot.bootid, table.sequence > boot.settled
        )
        for table in (EventRow, RejectedRow)
    ]
    kept = numbers[0].union(numbers[1]).subquery()
    count, highest = session.execute(
        select(func.count(), func.coalesce(func.max(kept.c.sequence), boot.settled)).select_from(kept)
    ).one()
    return count, highest


def _measured(row: EventRow) -> Measured[Measurement]:
    name = f"{row.device}/{row.bootid}/{row.sequence}"
    try:
        data = parse(row.raw.encode()).data
    except BadEventError as error:
        raise StoreError(f"measurement {name} in the store can no longer be read: {error}") from None
    return Measured(name, row.start_wall_s, row.synced, data)
