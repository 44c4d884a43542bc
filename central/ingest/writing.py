"""The statements by which a batch is written, each for the whole batch at once."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import CTE, Executable, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from central.database.given import (
    ALWAYS,
    NUMBER,
    REAL,
    TEXT,
    Columns,
    StandingStatement,
    append,
    given,
    looked_up,
    upsert,
)
from central.database.table import Table
from central.desks.registry import DeskRow
from central.ingest.arrivals import Unusable
from central.ingest.known import Boot, BootKey
from central.ingest.rows import BootRow, RejectedRow
from central.records.event_row import EventRow

KEPT_BYTES = 4096
"""Of a payload that cannot be used: a usual message is 1 to 2 kB, and what cannot be read is no place for a picture."""

EVENT, REJECTED, BOOT = (Table.metadata.tables[row.__tablename__] for row in (EventRow, RejectedRow, BootRow))

EVENT_COLUMNS = (
    *("device", "bootid", "sequence", "type", "start_wall_s", "duration_s", "timeline_s"),
    *("synced", "sent_synced", "historical", "received_wall_s", "raw"),
)
"""What is written of an event, in the order of the values that `write_events` takes."""


@dataclass(slots=True)
class DeskNews:
    """What a batch says of one desk's entry; what is None stays as it is."""

    since_wall_s: float
    """When it was first heard of, should it have no entry yet."""
    session: int | None = None
    leaves_out: str | None = None
    state: str | None = None
    state_wall_s: float | None = None


def write_desks(session: Session, news: Mapping[str, DeskNews]) -> None:
    """Enter desks that are not in the registry, and keep session and state of those that told one."""
    if not news:
        return
    rows = given(
        session,
        {
            "device": TEXT,
            "since_wall_s": REAL,
            "session": NUMBER,
            "leaves_out": TEXT,
            "state": TEXT,
            "state_wall_s": REAL,
        },
        [
            (device, item.since_wall_s, item.session, item.leaves_out, item.state, item.state_wall_s)
            for device, item in news.items()
        ],
    )
    entry = {
        "device": rows.c.device,
        "registered_wall_s": rows.c.since_wall_s,
        "session": rows.c.session,
        "leaves_out": rows.c.leaves_out,
        "state": rows.c.state,
        "state_wall_s": rows.c.state_wall_s,
    }
    insert = upsert(session, DeskRow).from_select([*entry], select(*entry.values()).where(ALWAYS))
    told = {
        name: func.coalesce(insert.excluded[name], getattr(DeskRow, name))
        for name in ("session", "leaves_out", "state", "state_wall_s")
    }
    session.execute(insert.on_conflict_do_update(index_elements=["device"], set_=told))


def correct_times(session: Session, offsets_s: Mapping[BootKey, float | None]) -> None:
    """Move events to where they belong.

    Args:
        session: Its transaction takes the changes.
        offsets_s: By boot the offset that is now known, which corrects what was sent as estimated; None where the clock, though
            set, is found to be wrong: the boot's times then count as estimated until a right offset corrects them.
    """
    if offsets_s:
        _CORRECT.run(session, [(*key, offset_s) for key, offset_s in offsets_s.items()])


def _correcting(session: Session, rows: CTE) -> Executable:
    event = EVENT.alias("sent")
    of_boot = and_(event.c.device == rows.c.device, event.c.bootid == rows.c.bootid)
    # Asked in the words of the index of those that are not corrected yet: else all that is kept would be read.
    estimated = select(event.c.id, rows.c.offset_s).where(
        of_boot, event.c.sent_synced.is_(False), rows.c.offset_s.is_not(None)
    )
    doubted = select(event.c.id, rows.c.offset_s).where(of_boot, rows.c.offset_s.is_(None))
    touched = estimated.union_all(doubted).cte("touched")
    return (
        update(EVENT)
        .where(EVENT.c.id == touched.c.id, looked_up(session, EVENT.c.id, touched.c.id))
        .values(
            start_wall_s=func.coalesce(touched.c.offset_s + EVENT.c.timeline_s, EVENT.c.start_wall_s),
            synced=touched.c.offset_s.is_not(None),
            sent_synced=False,
        )
    )


_CORRECT = StandingStatement({"device": TEXT, "bootid": TEXT, "offset_s": REAL}, _correcting)


def write_events(session: Session, rows: Sequence[Sequence[object]]) -> None:
    """Add events that are not there yet, each as the values of `EVENT_COLUMNS`."""
    if rows:
        append(session, EVENT, EVENT_COLUMNS, rows)


def keep_aside(session: Session, items: Iterable[Unusable]) -> list[Unusable]:
    """Keep payloads that cannot be used, the same bytes once; returns those that were new."""
    by_content = {(item.topic, hashlib.sha256(item.payload).hexdigest()): item for item in items}
    if not by_content:
        return []
    rows = [
        {
            "topic": topic,
            "device": item.device,
            "bootid": item.identity.bootid if item.identity else None,
            "sequence": item.identity.sequence if item.identity else None,
            "reason": item.reason,
            "digest": digest,
            "received_wall_s": item.received_wall_s,
            "payload": item.payload[:KEPT_BYTES],
            "size": len(item.payload),
        }
        for (topic, digest), item in by_content.items()
    ]
    # The table, not the class: the ORM would make a statement for each set of columns that are filled.
    insert = upsert(session, REJECTED).on_conflict_do_nothing(index_elements=["topic", "digest"])
    new = session.execute(insert.returning(RejectedRow.topic, RejectedRow.digest), rows)
    return [by_content[topic, digest] for topic, digest in new]


_BOOT_COLUMNS: Columns = {
    "device": TEXT,
    "bootid": TEXT,
    "settled": NUMBER,
    "offset_s": REAL,
    "first_wall_s": REAL,
    "birth": TEXT,
    "claimed_first": NUMBER,
    "claimed_wall_s": REAL,
    "wrong_offset_s": REAL,
}


def _settling(session: Session, rows: CTE) -> Executable:
    walk = select(rows.c.device, rows.c.bootid, rows.c.settled).cte("walk", recursive=True)
    # As values, for which the index is asked number by number: of an EXISTS, PostgreSQL reads the whole table each time.
    held = or_(
        *(
            select(table.sequence)
            .where(
                table.device == walk.c.device,
                table.bootid == walk.c.bootid,
                table.sequence == walk.c.settled + 1,
            )
            .limit(1)
            .scalar_subquery()
            .is_not(None)
            for table in (EventRow, RejectedRow)
        )
    )
    walk = walk.union_all(select(walk.c.device, walk.c.bootid, walk.c.settled + 1).where(held))
    reached = (
        select(walk.c.device, walk.c.bootid, func.max(walk.c.settled).label("settled"))
        .group_by(walk.c.device, walk.c.bootid)
        .subquery("reached")
    )
    values = [reached.c.settled if name == "settled" else rows.c[name] for name in _BOOT_COLUMNS]
    chosen = select(*values).join(
        reached, (reached.c.device == rows.c.device) & (reached.c.bootid == rows.c.bootid)
    )
    insert = upsert(session, BOOT).from_select([*_BOOT_COLUMNS], chosen.where(ALWAYS))
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=["device", "bootid"],
        set_={
            # Another process may have settled more of it meanwhile.
            "settled": case((new.settled > BootRow.settled, new.settled), else_=BootRow.settled),
            "offset_s": func.coalesce(new.offset_s, BootRow.offset_s),
            "birth": func.coalesce(new.birth, BootRow.birth),
            **{name: new[name] for name in ("claimed_first", "claimed_wall_s", "wrong_offset_s")},
        },
    ).returning(BootRow.device, BootRow.bootid, BootRow.settled)


_SETTLE = StandingStatement(_BOOT_COLUMNS, _settling)


def settle(session: Session, boots: Mapping[BootKey, Boot]) -> dict[str, dict[str, int]]:
    """Keep each boot with the number up to which nothing of it is missing; returns those numbers by device and bootid.

    From the number that a boot is known to be settled to, the database walks on as far as it holds the next one: it reads
    what it settles, and never what lies beyond a hole.
    """
    settled: dict[str, dict[str, int]] = {}
    if boots:
        rows = [(*key, *_cells(boot)) for key, boot in sorted(boots.items())]
        for device, bootid, number in _SETTLE.run(session, rows):
            settled.setdefault(device, {})[bootid] = number
    return settled


def _cells(boot: Boot) -> tuple[object, ...]:
    claim = boot.claim
    return (
        *(boot.settled, boot.offset_s, boot.first_wall_s, boot.birth),
        *((None, None) if claim is None else (claim.first, claim.since_wall_s)),
        boot.wrong_offset_s,
    )
