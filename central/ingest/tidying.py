"""What is no longer kept: old measurements, boots and payloads, as the settings say, and payloads beyond their bounds."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.orm import Session

from central.database.given import ALWAYS, NUMBER, REAL, TEXT, given, upsert
from central.ingest.fading import forget_manner, forget_names
from central.ingest.rows import BootRow, DroppedRow, RejectedRow
from central.records.event_row import EventRow
from central.settings import Retention

MOST_REJECTED = 20_000
"""Payloads kept aside in all: with 4 kB each, 80 MB of the disk at most."""
MOST_REJECTED_OF_ONE = 1000
"""Of one desk: who sends rubbish pushes out what is his own. A technician reads the latest few."""
AT_ONCE = 5000
"""Rows deleted in one transaction: the desks wait for it some tenths of a second at most."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many rows were deleted, or forgot a name or how the host looked."""

    events: int
    names: int
    manner: int
    boots: int
    rejected: int

    @property
    def more(self) -> bool:
        """Whether there may be more to delete."""
        return max(self.events, self.names, self.manner, self.boots, self.rejected) >= AT_ONCE


def tidy(session: Session, retention: Retention, now_wall_s: float) -> Tidied:
    """Delete or forget what is not to be kept, `AT_ONCE` rows of each table at most, within the session's transaction.

    A measurement that is not settled yet, and what fills its number, would be sent again: it stays, however old it is.
    """

    def before_s(days: int | None) -> float:
        return float("-inf") if days is None else now_wall_s - timedelta(days=days).total_seconds()

    return Tidied(
        _events(session, before_s(retention.events_days)) if retention.events_days is not None else 0,
        forget_names(session, before_s(retention.names_days), AT_ONCE)
        if retention.names_days is not None
        else 0,
        forget_manner(session, before_s(retention.manner_days), AT_ONCE)
        if retention.manner_days is not None
        else 0,
        _boots(session, before_s(retention.boots_days)) if retention.boots_days is not None else 0,
        _rejected(session, now_wall_s, before_s(retention.rejected_days)),
    )


def _events(session: Session, before_s: float) -> int:
    old = (
        select(EventRow.id)
        .join(BootRow, (BootRow.device == EventRow.device) & (BootRow.bootid == EventRow.bootid))
        .where(EventRow.start_wall_s + EventRow.duration_s < before_s, EventRow.sequence <= BootRow.settled)
        .limit(AT_ONCE)
    )
    numbers = session.scalars(old).all()
    if numbers:
        gone = given(session, {"id": NUMBER}, [(number,) for number in numbers])
        session.execute(
            delete(EventRow).where(EventRow.id.in_(select(gone.c.id))),
            execution_options={"synchronize_session": False},
        )
    return len(numbers)


def _boots(session: Session, before_s: float) -> int:
    """Boots of which nothing is kept any more; a desk's latest one stays, and is acknowledged when the service starts."""
    place = func.row_number().over(partition_by=BootRow.device, order_by=BootRow.first_wall_s.desc())
    numbered = select(BootRow.device, BootRow.bootid, BootRow.first_wall_s, place.label("place")).subquery()
    used = [
        exists().where(table.device == numbered.c.device, table.bootid == numbered.c.bootid)
        for table in (EventRow, RejectedRow)
    ]
    old = session.execute(
        select(numbered.c.device, numbered.c.bootid)
        .where(numbered.c.place > 1, numbered.c.first_wall_s < before_s, ~or_(*used))
        .limit(AT_ONCE)
    ).all()
    if old:
        gone = given(session, {"device": TEXT, "bootid": TEXT}, [tuple(row) for row in old])
        session.execute(
            delete(BootRow).where(
                exists().where(gone.c.device == BootRow.device, gone.c.bootid == BootRow.bootid)
            ),
            execution_options={"synchronize_session": False},
        )
    return len(old)


def _rejected(session: Session, now_wall_s: float, before_s: float) -> int:
    """Payloads that are too old, and those beyond the bounds, which are counted."""
    latest = RejectedRow.id.desc()
    numbered = select(
        RejectedRow.id,
        func.coalesce(RejectedRow.device, "").label("device"),
        RejectedRow.received_wall_s,
        func.row_number().over(partition_by=RejectedRow.device, order_by=latest).label("place"),
        func.row_number().over(order_by=latest).label("of_all"),
    ).subquery()
    beyond = (numbered.c.place > MOST_REJECTED_OF_ONE) | (numbered.c.of_all > MOST_REJECTED)
    rows = session.execute(
        select(numbered.c.id, numbered.c.device, beyond.label("beyond"))
        .where(beyond | (numbered.c.received_wall_s < before_s))
        .limit(AT_ONCE)
    ).all()
    if not rows:
        return 0
    gone = given(session, {"id": NUMBER}, [(row.id,) for row in rows])
    session.execute(
        delete(RejectedRow).where(RejectedRow.id.in_(select(gone.c.id))),
        execution_options={"synchronize_session": False},
    )
    _count(session, Counter(row.device for row in rows if row.beyond), now_wall_s)
    return len(rows)


def _count(session: Session, dropped: Counter[str], now_wall_s: float) -> None:
    if not dropped:
        return
    columns = {"device": TEXT, "count": NUMBER, "last_wall_s": REAL}
    rows = given(session, columns, [(device, count, now_wall_s) for device, count in dropped.items()])
    insert = upsert(session, DroppedRow).from_select([*columns], select(rows).where(ALWAYS))
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["device"],
            set_={
                "count": DroppedRow.count + insert.excluded["count"],
                "last_wall_s": insert.excluded.last_wall_s,
            },
        )
    )
