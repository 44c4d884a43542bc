"""What hosts asked for by the buttons of their pages, read again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.records.event_row import EventRow
from central.records.measured import only
from central.records.query import measured_of
from protocol.envelope import event_type
from protocol.measurements import Contest, HelpWanted

HELP = event_type(HelpWanted(start_s=0.0, end_s=0.0, kind="technical"))
CONTEST = event_type(Contest(start_s=0.0, end_s=0.0, about="day"))
SAME_VISIT_S = 0.001
"""A visit is the contested one where it began within this of what the contest names: both are written of one number, and JSON keeps more digits."""


@dataclass(frozen=True, slots=True)
class HostRequest:
    """One touch of a button."""

    device: str
    wall_s: float
    """Unix time of it."""
    help_kind: Literal["technical", "administrative"] | None = None
    """Whom help is asked of; None for a contest."""
    visit_wall_s: float | None = None
    """Unix time at which the contested visit began; None where the numbers of the day are."""


@dataclass(frozen=True, slots=True)
class HostContest:
    """That whoever was on duty contested, at the page of their desk, a visit or the numbers of a day."""

    request: str
    """The id of the touch itself: it is a measurement like any other."""
    device: str
    wall_s: float
    """Unix time of the touch."""
    visit: tuple[str, str, int] | None
    """Desk, boot and number of the visit that is contested; None where the numbers of the day are, or the visit is not kept."""
    whole_day: bool


def contests_between(
    session: Session, devices: Iterable[str], from_s: float, to_s: float
) -> tuple[HostContest, ...]:
    """The contests of some desks' pages from one Unix time to another, ascending, each with the visit that it means.

    The visit is found by its beginning on the desk's own timeline, in the same boot: a clock that was set meanwhile does not matter.

    Raises:
        UnusableDatabaseError: A stored event can no longer be read.
    """
    rows = session.scalars(
        select(EventRow)
        .where(
            EventRow.device.in_(sorted(set(devices))),
            EventRow.type == CONTEST,
            EventRow.start_wall_s >= from_s,
            EventRow.start_wall_s < to_s,
        )
        .order_by(EventRow.start_wall_s, EventRow.device, EventRow.bootid, EventRow.sequence)
    )
    return tuple(_contest(session, row) for row in rows)


def _contest(session: Session, row: EventRow) -> HostContest:
    (item,) = only(Contest, [measured_of(row)])
    meant_s = item.data.visit_start_s
    visit = None if meant_s is None else _visit_that_began(session, row, meant_s)
    return HostContest(item.id, row.device, item.wall_s, visit, item.data.about == "day")


def _visit_that_began(session: Session, row: EventRow, meant_s: float) -> tuple[str, str, int] | None:
    visit = session.scalar(
        select(EventRow)
        .where(
            EventRow.device == row.device,
            EventRow.bootid == row.bootid,
            EventRow.type.like("deskside.encounter.%"),
            EventRow.timeline_s.between(meant_s - SAME_VISIT_S, meant_s + SAME_VISIT_S),
        )
        .order_by(EventRow.sequence)
        .limit(1)
    )
    return None if visit is None else (visit.device, visit.bootid, visit.sequence)


def requests_since(session: Session, from_s: float, device: str | None = None) -> tuple[HostRequest, ...]:
    """What was asked for since a Unix time, the latest first.

    Args:
        session: Where to read.
        from_s: Unix time, included.
        device: One desk; None for all.

    Raises:
        UnusableDatabaseError: A stored event can no longer be read.
    """
    wanted = select(EventRow).where(EventRow.type.in_((HELP, CONTEST)), EventRow.start_wall_s >= from_s)
    if device is not None:
        wanted = wanted.where(EventRow.device == device)
    rows = session.scalars(wanted.order_by(EventRow.start_wall_s.desc(), EventRow.sequence.desc()))
    return tuple(_asked(row) for row in rows)


def _asked(row: EventRow) -> HostRequest:
    item = measured_of(row)
    match item.data:
        case HelpWanted(kind=kind):
            return HostRequest(row.device, item.wall_s, kind)
        case Contest(start_s=start_s, visit_start_s=visit_s):
            visit_wall_s = None if visit_s is None else item.wall_s + visit_s - start_s
            return HostRequest(row.device, item.wall_s, visit_wall_s=visit_wall_s)
    raise AssertionError(row.type)
