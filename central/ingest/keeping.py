"""Writing what arrived into the database, each measurement once, and telling what may now be acknowledged."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.desks.clock_check import MOST_S, Stamp, compared
from central.desks.desk_faults import TimedHealth, Told, note_health
from central.desks.machines import Born
from central.desks.registry import UNTOLD, DeskDefaults, place_new
from central.ingest.arrivals import Arrived, ArrivedBirth, ArrivedEvent, ArrivedState, Unusable
from central.ingest.claims import after_arrival, after_birth
from central.ingest.fading import ENCOUNTER, NOTHING_OF_MANNER
from central.ingest.known import Boot, BootKey, Known, look_up
from central.ingest.profile_gate import Overstep, admitted
from central.ingest.rows import BootRow
from central.ingest.settled import settled_after
from central.ingest.writing import DeskNews, correct_times, keep_aside, settle, write_desks, write_events
from central.people.shifts import ERASED
from protocol.envelope import Identity
from protocol.manner import MANNER, left_out, told_manner
from protocol.measurements import Encounter


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
    unconfirmed: set[str] = field(default_factory=set)
    """Desks that say they no longer hold what was never seen here: they are to be asked again."""


def take_in(session: Session, arrived: Sequence[Arrived], defaults: DeskDefaults) -> TakenIn:
    """Write a batch within the session's transaction; the caller commits, and only then acknowledges.

    Taking in the same batch again changes nothing, so a batch whose commit failed is simply tried again. However many desks
    a batch is of, it takes the same statements.
    """
    others = [item for item in arrived if not isinstance(item, ArrivedEvent)]
    births = [item for item in others if isinstance(item, ArrivedBirth)]
    known = look_up(session, arrived)
    result = TakenIn(registered=sorted(known.devices - known.sessions.keys()))
    write_desks(session, _desk_news(arrived if result.registered else others, known))
    place_new(session, result.registered, defaults)
    allowed = admitted(
        session,
        [item for item in arrived if isinstance(item, ArrivedEvent)],
        [item for item in others if isinstance(item, Unusable)],
    )
    events, unusable = allowed.events, allowed.unusable
    offsets_s = _bear(births, known.boots)
    clocks = _check_clocks(events, known, offsets_s)
    correct_times(session, offsets_s)
    conflicting = _keep_events(session, events, known, result)
    aside = [*unusable, *conflicting]
    result.rejected = keep_aside(session, aside)
    _advance(known.boots, events, aside)
    result.settled = settle(session, known.boots)
    result.unconfirmed = {device for (device, _), boot in known.boots.items() if boot.claim is not None}
    born = [
        Born(item.device, item.birth.machine_id, item.received_wall_s)
        for item in births
        if item.birth.machine_id is not None
    ]
    healths = [*_healths(events, known.boots, clocks)]
    note_health(session, healths, born, _oversteps(allowed.oversteps, births))
    return result


def _oversteps(found: Iterable[Overstep], births: Iterable[ArrivedBirth]) -> dict[str, Told | None]:
    """Of each desk that sent what it was not to measure what is told of that; None of one that was born anew since, and says what it leaves out."""
    told: dict[str, Told | None] = {
        birth.device: None for birth in births if birth.birth.leaves_out is not None
    }
    return told | {each.device: Told(each.text, each.wall_s) for each in found}


def all_settled(session: Session, boots_per_desk: int) -> dict[str, dict[str, int]]:
    """The number to acknowledge for the latest boots of every desk."""
    place = func.row_number().over(partition_by=BootRow.device, order_by=BootRow.first_wall_s.desc())
    latest = select(BootRow.device, BootRow.bootid, BootRow.settled, place.label("place")).subquery()
    settled: dict[str, dict[str, int]] = defaultdict(dict)
    for device, bootid, number in session.execute(
        select(latest.c.device, latest.c.bootid, latest.c.settled).where(latest.c.place <= boots_per_desk)
    ):
        settled[device][bootid] = number
    return dict(settled)


def _desk_news(arrived: Iterable[Arrived], known: Known) -> dict[str, DeskNews]:
    """What is to be changed of the registry: new desks, sessions and states.

    A last will of another session than the desk's latest birth is stale, and means nothing.
    """
    news: dict[str, DeskNews] = {}
    states = []
    for item in arrived:
        if item.device is None:
            continue
        if item.device not in known.sessions or isinstance(item, ArrivedBirth | ArrivedState):
            news.setdefault(item.device, DeskNews(item.received_wall_s))
        if isinstance(item, ArrivedBirth):
            news[item.device].session = item.birth.session
            leaves_out = item.birth.leaves_out
            news[item.device].leaves_out = UNTOLD if leaves_out is None else " ".join(leaves_out)
        elif isinstance(item, ArrivedState):
            states.append(item)
    for item in states:
        desk = news[item.device]
        session = known.sessions.get(item.device) if desk.session is None else desk.session
        if item.state.state != "lost" or session in {None, item.state.session}:
            desk.state, desk.state_wall_s = item.state.state, item.received_wall_s
    return news


def _bear(births: Iterable[ArrivedBirth], boots: dict[BootKey, Boot]) -> dict[BootKey, float | None]:
    """Take births in; returns the offset of each boot whose set clock they tell of."""
    offsets_s: dict[BootKey, float | None] = {}
    for item in births:
        birth = item.birth
        boot = boots[birth.device, birth.bootid]
        boot.birth = item.raw
        for held in birth.held:
            older = boots[birth.device, held.bootid]
            older.claim, older.settled = after_birth(
                older.claim, older.settled, held.first, item.received_wall_s
            )
        if birth.wall.clock == "synced" and not _is_wrong(birth.wall.offset_s, boot):
            boot.offset_s = offsets_s[birth.device, birth.bootid] = birth.wall.offset_s
            boot.wrong_offset_s = None
    return offsets_s


def _check_clocks(
    events: Iterable[ArrivedEvent], known: Known, offsets_s: dict[BootKey, float | None]
) -> dict[Identity, tuple[float, bool]]:
    """Compare each desk's clock with ours; returns of each health that tells it by how much it was late, and whether the clock is wrong.

    Args:
        events: In the order in which they came.
        known: Its boots and stamps are changed.
        offsets_s: Takes what is to be corrected, and as None what is to be marked.
    """
    told = {}
    for item in events:
        health = item.health
        if health is None or item.historical or not item.synced:
            continue
        key = item.device, item.identity.bootid
        boot = known.boots[key]
        now = Stamp(item.sent_s + item.lasted_s, item.received_wall_s)
        found = compared(known.stamps.get(item.device), now)
        known.stamps[item.device] = now
        offset_s = item.sent_s - item.timeline_s
        if found == "wrong" and not _is_wrong(offset_s, boot):
            boot.wrong_offset_s, boot.offset_s, offsets_s[key] = offset_s, None, None
        elif found == "right" and boot.wrong_offset_s is not None:
            boot.wrong_offset_s, boot.offset_s, offsets_s[key] = None, offset_s, offset_s
        told[item.identity] = now.late_s, _is_wrong(offset_s, boot)
    return told


def _is_wrong(offset_s: float, boot: Boot) -> bool:
    """Whether it is the offset that was found to be wrong; a clock that is slewed drifts a little."""
    return boot.wrong_offset_s is not None and abs(offset_s - boot.wrong_offset_s) <= MOST_S / 2


def _keep_events(
    session: Session, events: Iterable[ArrivedEvent], known: Known, result: TakenIn
) -> list[Unusable]:
    """Add the events that are not there yet; returns those that contradict one that is."""
    kept = known.events
    rows = []
    conflicting = []
    for item in events:
        device, bootid, sequence = item.identity
        boot = known.boots[device, bootid]
        if boot.claim is not None:
            boot.claim = after_arrival(boot.claim, boot.settled, sequence)
        already = kept.get(item.identity)
        if already is None:
            kept[item.identity] = item.raw
            rows.append(_row(item, boot))
        elif _same_data(already, item.raw):
            result.repeated += 1
        else:
            conflicting.append(_conflict(item))
    write_events(session, rows)
    result.new += len(rows)
    return conflicting


def _advance(boots: dict[BootKey, Boot], events: Iterable[ArrivedEvent], aside: Iterable[Unusable]) -> None:
    """Settle what the batch itself brings without a hole: all of its numbers are kept by now."""
    numbers: dict[BootKey, list[int]] = defaultdict(list)
    identities = [item.identity for item in events]
    identities += [other.identity for other in aside if other.identity is not None]
    for device, bootid, sequence in identities:
        numbers[device, bootid].append(sequence)
    for key, brought in numbers.items():
        boots[key].settled = settled_after(boots[key].settled, sorted(brought))


def _row(item: ArrivedEvent, boot: Boot) -> tuple[object, ...]:
    """The values of `central.ingest.writing.EVENT_COLUMNS`."""
    trusted = _is_trusted(item, boot)
    start_wall_s, synced = _started(item, boot, trusted=trusted)
    return (
        *item.identity,
        item.type,
        start_wall_s,
        item.lasted_s,
        item.timeline_s,
        synced,
        trusted,
        item.historical,
        item.received_wall_s,
        item.raw,
    )


def _healths(
    events: Iterable[ArrivedEvent],
    boots: dict[BootKey, Boot],
    clocks: Mapping[Identity, tuple[float, bool]],
) -> Iterator[TimedHealth]:
    for item in events:
        health = item.health
        if health is not None:
            boot = boots[item.device, item.identity.bootid]
            start_wall_s, synced = _started(item, boot, trusted=_is_trusted(item, boot))
            end_wall_s = start_wall_s + item.lasted_s
            late_s, wrong = clocks.get(item.identity, (None, False))
            # Our clock is better than one that was never set, or differs much, for what was sent as it was measured.
            ours = not item.historical and (not synced or (late_s is not None and abs(late_s) > MOST_S))
            wall_s = item.received_wall_s if ours else end_wall_s
            yield TimedHealth(item.device, wall_s, item.received_wall_s, health, late_s, wrong)


def _is_trusted(item: ArrivedEvent, boot: Boot) -> bool:
    """Whether the clock had been set that says when it began, and was not found to be wrong."""
    return item.synced and not _is_wrong(item.sent_s - item.timeline_s, boot)


def _started(item: ArrivedEvent, boot: Boot, *, trusted: bool) -> tuple[float, bool]:
    """Unix time at which a measurement began, and whether a set clock gave it."""
    if not trusted and boot.offset_s is not None:
        return boot.offset_s + item.timeline_s, True
    return item.sent_s, trusted


def _same_data(one: str, other: str) -> bool:
    """A resent event may differ in how it was sent (historical, a better clock), never in what was measured.

    Args:
        one: The event that is kept; the name in it may have been erased, and how the host looked forgotten.
        other: The event that came.
    """
    first, second = json.loads(one), json.loads(other)
    if str(first["data"].get("person")).startswith(ERASED):
        second["data"]["person"] = first["data"]["person"]
    if first["type"] == second["type"] == ENCOUNTER and first["data"] != second["data"]:
        first["data"], second["data"] = _as_little(first["data"], second["data"])
    if NOTHING_OF_MANNER in one:
        second["data"] |= dict.fromkeys(MANNER)
    return bool(first["type"] == second["type"] and first["data"] == second["data"])


def _as_little(one: dict[str, Any], other: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both without the parts of manner that either lacks: a profile had them left out of one, and not yet, or no more, of the other."""
    kept, came = Encounter.model_validate(one), Encounter.model_validate(other)
    gone = {*told_manner(kept)} ^ {*told_manner(came)}
    return (left_out(kept, gone).model_dump(), left_out(came, gone).model_dump()) if gone else (one, other)


def _conflict(item: ArrivedEvent) -> Unusable:
    reason = f"number {item.identity.sequence} of this boot is already taken by another measurement"
    return Unusable(item.topic, item.raw.encode(), item.device, item.identity, reason, item.received_wall_s)
