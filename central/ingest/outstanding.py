"""What of a desk's measurements is not to be had: what is still on its way, and what was kept aside."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.ingest.rows import BootRow, RejectedRow
from central.records.event_row import EventRow


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


def rejected_count(session: Session, device: str) -> int:
    """How many messages of a desk could not be used; their payloads stay in the database."""
    count = select(func.count()).select_from(RejectedRow).where(RejectedRow.device == device)
    return session.scalars(count).one()


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
