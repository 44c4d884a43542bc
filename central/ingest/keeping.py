"""Writing what arrived into the database, each measurement once, and telling what may now be acknowledged."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from central.desks.desk_faults import TimedHealth, note_health
from central.desks.machines import Born, note_births
from central.desks.registry import DeskDefaults, DeskRow
from central.ingest.arrivals import Arrived, ArrivedBirth, ArrivedEvent, ArrivedState, Unusable
from central.ingest.rows import BootRow, RejectedRow
from central.ingest.settled import settled_after
from central.records.event_row import EventRow
from protocol.envelope import Identity
from protocol.measurements import Health

BootKey = tuple[str, str]
"""Device and bootid."""

_PAGE = 500
"""Numbers read at a time when looking for the first hole: the hole is mostly among the first few, and memory stays small."""


@dataclass(slots=True)
class TakenIn:
    """What became of a batch."""

    new: int = 0
    repeated: int = 0
    rejected: list[Unusable] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)
    """Desks that reported for the first time."""
    settled: dict[str, dict[str, int]] = field(default_factory=dict)
    """Per device and bootid the number to acknowledge, once the batch is committed."""


def take_in(session: Session, arrived: Sequence[Arrived], defaults: DeskDefaults) -> TakenIn:
    """Write a batch within the session's transaction; the caller commits, and only then acknowledges.

    Taking in the same batch again changes nothing, so a batch whose commit failed is simply tried again.
    """
    births = [item for item in arrived if isinstance(item, ArrivedBirth)]
    events = [item for item in arrived if isinstance(item, ArrivedEvent)]
    unusable = [item for item in arrived if isinstance(item, Unusable)]
    result = TakenIn()
    result.registered = _register(session, arrived, defaults)
    boots = _boots(session, arrived)
    for birth in births:
        _bear(session, birth, boots)
    for state in (item for item in arrived if isinstance(item, ArrivedState)):
        _note_state(session, state)
    conflicting = _keep_events(session, events, boots, result)
    born = [
        Born(item.device, item.birth.machine_id, item.received_wall_s)
        for item in births
        if item.birth.machine_id is not None
    ]
    note_births(session, born)
    note_health(session, _healths(events, boots), born)
    result.rejected = _keep_aside(session, [*unusable, *conflicting])
    for (device, bootid), boot in boots.items():
        boot.settled = settled_after(boot.settled, _kept_after(session, boot))
        result.settled.setdefault(device, {})[bootid] = boot.settled
    return result


def all_settled(session: Session, boots_per_desk: int) -> dict[str, dict[str, int]]:
    """The number to acknowledge for the latest boots of every desk."""
    settled: dict[str, dict[str, int]] = defaultdict(dict)
    for boot in session.scalars(select(BootRow).order_by(BootRow.device, BootRow.first_wall_s.desc())):
        if len(settled[boot.device]) < boots_per_desk:
            settled[boot.device][boot.bootid] = boot.settled
    return dict(settled)


def _register(session: Session, arrived: Iterable[Arrived], defaults: DeskDefaults) -> list[str]:
    first_report = {
        item.device: item.received_wall_s for item in reversed([*arrived]) if item.device is not None
    }
    known = set(session.scalars(select(DeskRow.device).where(DeskRow.device.in_(first_report))))
    for device, received_wall_s in first_report.items():
        if device not in known:
            session.add(
                DeskRow(
                    device=device,
                    company=defaults.company,
                    showroom=defaults.showroom,
                    label=device,
                    timezone=defaults.timezone,
                    registered_wall_s=received_wall_s,
                )
            )
    session.flush()
    return sorted(set(first_report) - known)


def _boots(session: Session, arrived: Iterable[Arrived]) -> dict[BootKey, BootRow]:
    """The rows of every boot that a batch names; new ones are made."""
    boots: dict[BootKey, BootRow] = {}
    for item in arrived:
        for key in _boots_named(item):
            if key in boots:
                continue
            device, bootid = key
            boot = session.get(BootRow, key)
            if boot is None:
                boot = BootRow(device=device, bootid=bootid, settled=0, first_wall_s=item.received_wall_s)
                session.add(boot)
            boots[key] = boot
    session.flush()
    return boots


def _boots_named(item: Arrived) -> list[BootKey]:
    match item:
        case ArrivedEvent():
            return [(item.device, item.event.bootid)]
        case ArrivedBirth(birth=birth):
            return [
                (birth.device, bootid) for bootid in (birth.bootid, *(held.bootid for held in birth.held))
            ]
        case Unusable(identity=Identity(device=device, bootid=bootid)):
            return [(device, bootid)]
        case _:
            return []


def _bear(session: Session, arrived: ArrivedBirth, boots: dict[BootKey, BootRow]) -> None:
    birth = arrived.birth
    boot = boots[birth.device, birth.bootid]
    boot.birth = arrived.raw
    session.execute(update(DeskRow).where(DeskRow.device == birth.device).values(session=birth.session))
    for held in birth.held:
        older = boots[birth.device, held.bootid]
        older.settled = max(older.settled, held.first - 1)
    if birth.wall.clock == "synced":
        boot.offset_s = birth.wall.offset_s
        session.execute(
            update(EventRow)
            .where(
                EventRow.device == birth.device,
                EventRow.bootid == birth.bootid,
                EventRow.sent_synced.is_(False),
            )
            .values(start_wall_s=birth.wall.offset_s + EventRow.timeline_s, synced=True)
        )


def _note_state(session: Session, arrived: ArrivedState) -> None:
    """A last will of another session than the desk's latest birth is stale, and means nothing."""
    desk = session.get_one(DeskRow, arrived.device)
    stale = arrived.state.state == "lost" and desk.session not in {None, arrived.state.session}
    if not stale:
        desk.state = arrived.state.state
        desk.state_wall_s = arrived.received_wall_s


def _keep_events(
    session: Session, events: Iterable[ArrivedEvent], boots: dict[BootKey, BootRow], result: TakenIn
) -> list[Unusable]:
    """Insert the events that are not there yet; returns those that contradict one that is."""
    by_boot: dict[BootKey, list[ArrivedEvent]] = defaultdict(list)
    for item in events:
        by_boot[item.device, item.event.bootid].append(item)
    rows: list[dict[str, object]] = []
    conflicting = []
    for key, items in by_boot.items():
        kept = _raw_of(session, key, {item.event.sequence for item in items})
        for item in items:
            already = kept.get(item.event.sequence)
            if already is None:
                kept[item.event.sequence] = item.raw
                rows.append(_row(item, boots[key]))
            elif _same_data(already, item.raw):
                result.repeated += 1
            else:
                conflicting.append(_conflict(item))
    if rows:
        session.execute(insert(EventRow), rows)
    result.new += len(rows)
    return conflicting


def _raw_of(session: Session, key: BootKey, sequences: set[int]) -> dict[int, str]:
    device, bootid = key
    found = session.execute(
        select(EventRow.sequence, EventRow.raw).where(
            EventRow.device == device, EventRow.bootid == bootid, EventRow.sequence.in_(sequences)
        )
    )
    return {row.sequence: row.raw for row in found}


def _row(item: ArrivedEvent, boot: BootRow) -> dict[str, object]:
    event = item.event
    start_wall_s, synced = _started(item, boot)
    return {
        "device": event.source,
        "bootid": event.bootid,
        "sequence": event.sequence,
        "type": event.type,
        "start_wall_s": start_wall_s,
        "duration_s": event.data.end_s - event.data.start_s,
        "timeline_s": event.timeline,
        "synced": synced,
        "sent_synced": event.clock == "synced",
        "historical": event.historical,
        "received_wall_s": item.received_wall_s,
        "raw": item.raw,
    }


def _healths(events: Iterable[ArrivedEvent], boots: dict[BootKey, BootRow]) -> Iterator[TimedHealth]:
    for item in events:
        health = item.event.data
        if isinstance(health, Health):
            start_wall_s, synced = _started(item, boots[item.device, item.event.bootid])
            end_wall_s = start_wall_s + health.end_s - health.start_s
            # Our clock is better than one that was never set, for what was sent as it was measured.
            known_s = end_wall_s if synced or item.event.historical else item.received_wall_s
            yield TimedHealth(item.device, known_s, item.received_wall_s, health)


def _started(item: ArrivedEvent, boot: BootRow) -> tuple[float, bool]:
    """Unix time at which a measurement began, and whether a set clock gave it."""
    event = item.event
    if event.clock == "estimated" and boot.offset_s is not None:
        return boot.offset_s + event.timeline, True
    return event.time.timestamp(), event.clock == "synced"


def _same_data(one: str, other: str) -> bool:
    """A resent event may differ in how it was sent (historical, a better clock), never in what was measured."""
    first, second = json.loads(one), json.loads(other)
    return bool(first["type"] == second["type"] and first["data"] == second["data"])


def _conflict(item: ArrivedEvent) -> Unusable:
    reason = f"number {item.event.sequence} of this boot is already taken by another measurement"
    return Unusable(
        item.topic, item.raw.encode(), item.device, item.event.identity, reason, item.received_wall_s
    )


def _keep_aside(session: Session, items: Iterable[Unusable]) -> list[Unusable]:
    """Keep payloads that cannot be used, the same bytes once; returns those that were new."""
    new = []
    for item in items:
        digest = hashlib.sha256(item.payload).hexdigest()
        known = select(RejectedRow.id).where(RejectedRow.topic == item.topic, RejectedRow.digest == digest)
        if session.scalar(known) is not None:
            continue
        new.append(item)
        session.add(
            RejectedRow(
                topic=item.topic,
                device=item.device,
                bootid=item.identity.bootid if item.identity else None,
                sequence=item.identity.sequence if item.identity else None,
                reason=item.reason,
                digest=digest,
                received_wall_s=item.received_wall_s,
                payload=item.payload,
            )
        )
        session.flush()
    return new


def _kept_after(session: Session, boot: BootRow) -> Iterator[int]:
    """The numbers kept of a boot beyond its settled one, ascending, read page by page."""
    reached = boot.settled
    while True:
        numbers = (
            select(table.sequence)
            .where(table.device == boot.device, table.bootid == boot.bootid, table.sequence > reached)
            .order_by(table.sequence)
            .limit(_PAGE)
            .subquery()
            for table in (EventRow, RejectedRow)
        )
        first, second = numbers
        page = session.scalars(
            select(first.c.sequence).union(select(second.c.sequence)).order_by("sequence").limit(_PAGE)
        ).all()
        yield from page
        if len(page) < _PAGE:
            return
        reached = page[-1]
