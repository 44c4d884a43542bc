"""What of a desk's measurements is not to be had: what is still on its way, and what was kept aside."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from central.ingest.rows import BootRow, DroppedRow, RejectedRow
from central.records.event_row import EventRow


def awaited(session: Session, device: str) -> int:
    """How many measurements are known to be on their way: holes below the highest number of each boot; the database counts."""
    numbers = [
        select(table.bootid, table.sequence).where(
            table.device == device,
            BootRow.device == device,
            BootRow.bootid == table.bootid,
            table.sequence > BootRow.settled,
        )
        for table in (EventRow, RejectedRow)
    ]
    beyond = numbers[0].union(numbers[1]).subquery()
    each = (
        select(beyond.c.bootid, func.count().label("kept"), func.max(beyond.c.sequence).label("highest"))
        .group_by(beyond.c.bootid)
        .subquery()
    )
    missing = func.coalesce(func.sum(each.c.highest - BootRow.settled - each.c.kept), 0)
    return int(
        session.scalars(
            select(missing)
            .select_from(each)
            .join(BootRow, (BootRow.bootid == each.c.bootid) & (BootRow.device == device))
        ).one()
    )


def rejected(session: Session, device: str, most: int | None = None) -> tuple[RejectedRow, ...]:
    """What a desk sent that could not be used, latest first; payloads are read only when they are asked for."""
    return tuple(
        session.scalars(
            select(RejectedRow)
            .where(RejectedRow.device == device)
            .order_by(RejectedRow.id.desc())
            .limit(most)
            .options(defer(RejectedRow.payload))
        )
    )


def rejected_count(session: Session, device: str) -> int:
    """How many messages of a desk could not be used, those that are no longer kept included."""
    count = select(func.count()).select_from(RejectedRow).where(RejectedRow.device == device)
    return session.scalars(count).one() + dropped_count(session, device)


def dropped_count(session: Session, device: str) -> int:
    """How many of them had to make room for later ones."""
    return session.scalar(select(DroppedRow.count).where(DroppedRow.device == device)) or 0
