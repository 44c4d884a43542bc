"""What the database already knows of what a batch names: read in one statement, however many desks it is of."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from central.database.given import NUMBER, TEXT, given
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
    wanted: set[tuple[str, str | None, int | None]] = set()
    for item in arrived:
        if item.device is None:
            continue
        named = _named(item)
        wanted.update(named or [(item.device, None, None)])
        for device, bootid, _ in named:
            known.boots.setdefault((device, bootid), Boot(item.received_wall_s))
    if wanted:
        _read(session, wanted, known)
    return known


def _read(session: Session, wanted: Iterable[tuple[str, str | None, int | None]], known: Known) -> None:
    asked = given(session, {"device": TEXT, "bootid": TEXT, "sequence": NUMBER}, wanted)
    here = asked.c
    # As a value, for which the index is asked number by number: of a join, PostgreSQL may read the whole table.
    kept = (
        select(EventRow.raw)
        .where(
            EventRow.device == here.device,
            EventRow.bootid == here.bootid,
            EventRow.sequence == here.sequence,
        )
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            here.device,
            here.bootid,
            here.sequence,
            DeskRow.device.label("registered"),
            DeskRow.session,
            BootRow.first_wall_s,
            BootRow.settled,
            BootRow.offset_s,
            BootRow.claimed_first,
            BootRow.claimed_wall_s,
            BootRow.wrong_offset_s,
            HealthRow.late_s,
            HealthRow.received_wall_s,
            kept.label("raw"),
        )
        .select_from(asked)
        .outerjoin(DeskRow, DeskRow.device == here.device)
        .outerjoin(HealthRow, HealthRow.device == here.device)
        .outerjoin(BootRow, and_(BootRow.device == here.device, BootRow.bootid == here.bootid))
    )
    for row in rows:
        if row.registered is not None:
            known.sessions[row.device] = row.session
        if row.late_s is not None:
            known.stamps[row.device] = Stamp(row.received_wall_s - row.late_s, row.received_wall_s)
        if row.first_wall_s is not None:
            boot = known.boots[row.device, row.bootid]
            boot.first_wall_s, boot.settled, boot.offset_s = row.first_wall_s, row.settled, row.offset_s
            boot.wrong_offset_s = row.wrong_offset_s
            if row.claimed_first is not None:
                boot.claim = Claim(row.claimed_first, row.claimed_wall_s)
        if row.raw is not None:
            known.events[Identity(row.device, row.bootid, row.sequence)] = row.raw


def _named(item: Arrived) -> list[tuple[str, str, int | None]]:
    match item:
        case ArrivedEvent():
            return [item.identity]
        case ArrivedBirth(birth=birth):
            bootids = (birth.bootid, *(held.bootid for held in birth.held))
            return [(birth.device, bootid, None) for bootid in bootids]
        case Unusable(identity=Identity(device=device, bootid=bootid)):
            return [(device, bootid, None)]
        case _:
            return []
