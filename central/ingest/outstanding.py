"""What of a desk's measurements is not to be had: what is still on its way, and what was kept aside."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from central.database.given import TEXT, given
from central.ingest.rows import BootRow, DroppedRow, RejectedRow
from central.records.event_row import EventRow


def awaited_of(session: Session, devices: Collection[str]) -> dict[str, int]:
    """How many measurements are known to be on their way from each desk: holes below the highest number of each boot; the database counts."""
    asked = given(session, {"desk": TEXT}, [(device,) for device in devices])
    numbers = [
        select(table.bootid, table.sequence)
        .where(
            table.device == asked.c.desk,
            BootRow.device == asked.c.desk,
            BootRow.bootid == table.bootid,
            table.sequence > BootRow.settled,
        )
        .correlate(asked)
        for table in (EventRow, RejectedRow)
    ]
    beyond = numbers[0].union(numbers[1]).subquery()
    each = (
        select(beyond.c.bootid, func.count().label("kept"), func.max(beyond.c.sequence).label("highest"))
        .group_by(beyond.c.bootid)
        .subquery()
    )
    missing = (
        select(func.coalesce(func.sum(each.c.highest - BootRow.settled - each.c.kept), 0))
        .select_from(each)
        .join(BootRow, (BootRow.bootid == each.c.bootid) & (BootRow.device == asked.c.desk))
        .scalar_subquery()
    )
    return {device: int(count) for device, count in session.execute(select(asked.c.desk, missing))}


def awaited(session: Session, device: str) -> int:
    """The same of one desk."""
    return awaited_of(session, {device})[device]


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


def rejected_counts(session: Session, devices: Collection[str]) -> dict[str, int]:
    """How many messages of each desk could not be used, those that are no longer kept included."""
    asked = given(session, {"desk": TEXT}, [(device,) for device in devices])
    kept = (
        select(func.count())
        .select_from(RejectedRow)
        .where(RejectedRow.device == asked.c.desk)
        .scalar_subquery()
    )
    dropped = select(DroppedRow.count).where(DroppedRow.device == asked.c.desk).scalar_subquery()
    rows = session.execute(select(asked.c.desk, kept + func.coalesce(dropped, 0)))
    return {device: int(count) for device, count in rows}


def rejected_count(session: Session, device: str) -> int:
    """The same of one desk."""
    return rejected_counts(session, {device})[device]


def dropped_count(session: Session, device: str) -> int:
    """How many of them had to make room for later ones."""
    return session.scalar(select(DroppedRow.count).where(DroppedRow.device == device)) or 0
