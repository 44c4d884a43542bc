"""What the database already knows of what a batch names: read in one statement, however many desks it is of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import CTE, Executable, and_, select
from sqlalchemy.orm import Session

from central.database.given import NUMBER, TEXT, StandingStatement, listed
from central.desks.clock_check import Stamp
from central.desks.desk_faults import HealthRow
from central.desks.registry import DeskRow
from central.ingest.arrivals import Arrived, ArrivedBirth, ArrivedEvent, Unusable
from central.ingest.claims import Claim
from central.ingest.rows import BootRow
from central.records.event_row import EventRow
from protocol.envelope import Identity

BootKey = tuple[str, str]
"""Device and bootid."""


@dataclass(slots=True)
class Boot:
    """A boot while a batch is taken in."""

    first_wall_s: float
    settled: int = 0
    offset_s: float | None = None
    birth: str | None = None
    """The latest birth of the batch; None where it has none."""
    claim: Claim | None = None
    wrong_offset_s: float | None = None


@dataclass(slots=True)
class Known:
    """The desks, boots and measurements of a batch that the database has."""

    devices: set[str] = field(default_factory=set)
    """Every desk that the batch names."""
    sessions: dict[str, int | None] = field(default_factory=dict)
    """Of every desk that is in the registry, the session of its latest birth."""
    boots: dict[BootKey, Boot] = field(default_factory=dict)
    """Every boot that the batch names, those that are new too."""
    events: dict[Identity, str] = field(default_factory=dict)
    """Measurements under the numbers of the batch, as they are kept."""
    stamps: dict[str, Stamp] = field(default_factory=dict)
    """Of every desk its latest health."""


def look_up(session: Session, arrived: Iterable[Arrived]) -> Known:
    """Read what is known of everything that a batch names."""
    known = Known()
    numbers: dict[tuple[str, str | None], list[int]] = {}
    for item in arrived:
        for device, bootid, number in _named(item):
            of_boot = numbers.get((device, bootid))
            if of_boot is None:
                of_boot = numbers[device, bootid] = []
                known.devices.add(device)
                if bootid is not None:
                    known.boots[device, bootid] = Boot(item.received_wall_s)
            if number is not None:
                of_boot.append(number)
    if numbers:
        _read(session, [(*key, *run) for key, of_boot in numbers.items() for run in _runs(of_boot)], known)
    return known


def _runs(numbers: Iterable[int]) -> Iterable[tuple[int | None, int | None]]:
    """First and last of every stretch of numbers that follow one another; where there are no numbers, one of none."""
    ascending = sorted({*numbers})
    if not ascending:
        return [(None, None)]
    if ascending[-1] - ascending[0] == len(ascending) - 1:
        return [(ascending[0], ascending[-1])]
    ends = [number for number, following in pairwise(ascending) if following > number + 1]
    begins = [following for number, following in pairwise(ascending) if following > number + 1]
    return zip([ascending[0], *begins], [*ends, ascending[-1]], strict=True)


def _looking(session: Session, asked: CTE) -> Executable:
    here = asked.c
    # As a value, for which the index is asked run by run: of a join, PostgreSQL may read the whole table.
    kept = (
        select(listed(session, EventRow.sequence, EventRow.raw))
        .where(
            EventRow.device == here.device,
            EventRow.bootid == here.bootid,
            EventRow.sequence.between(here.first, here.last),
        )
        .scalar_subquery()
    )
    return (
        select(
            here.device,
            here.bootid,
            kept,
            DeskRow.device,
            DeskRow.session,
            BootRow.first_wall_s,
            BootRow.settled,
            BootRow.offset_s,
            BootRow.claimed_first,
            BootRow.claimed_wall_s,
            BootRow.wrong_offset_s,
            HealthRow.late_s,
            HealthRow.received_wall_s,
        )
        .select_from(asked)
        .outerjoin(DeskRow, DeskRow.device == here.device)
        .outerjoin(HealthRow, HealthRow.device == here.device)
        .outerjoin(BootRow, and_(BootRow.device == here.device, BootRow.bootid == here.bootid))
    )


_LOOK = StandingStatement({"device": TEXT, "bootid": TEXT, "first": NUMBER, "last": NUMBER}, _looking)


def _read(
    session: Session, wanted: Iterable[tuple[str, str | None, int | None, int | None]], known: Known
) -> None:
    rows = _LOOK.run(session, wanted)
    for device, bootid, found, registered, desk_session, *of_boot, late_s, received_wall_s in rows:
        if registered is not None:
            known.sessions[device] = desk_session
        if late_s is not None:
            known.stamps[device] = Stamp(received_wall_s - late_s, received_wall_s)
        first_wall_s, settled, offset_s, claimed_first, claimed_wall_s, wrong_offset_s = of_boot
        if first_wall_s is not None:
            boot = known.boots[device, bootid]
            boot.first_wall_s, boot.settled, boot.offset_s = first_wall_s, settled, offset_s
            boot.wrong_offset_s = wrong_offset_s
            if claimed_first is not None:
                boot.claim = Claim(claimed_first, claimed_wall_s)
        for sequence, raw in found or ():
            known.events[Identity(device, bootid, sequence)] = raw


def _named(item: Arrived) -> Iterable[tuple[str, str | None, int | None]]:
    """Every boot that is named, each with the number of a measurement where there is one; the desk alone where there is none."""
    match item:
        case ArrivedEvent():
            return (item.identity,)
        case ArrivedBirth(birth=birth):
            bootids = (birth.bootid, *(held.bootid for held in birth.held))
            return [(birth.device, bootid, None) for bootid in bootids]
        case Unusable(identity=Identity(device=device, bootid=bootid)):
            return ((device, bootid, None),)
        case _:
            return () if item.device is None else ((item.device, None, None),)
