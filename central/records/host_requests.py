"""What hosts asked for by the buttons of their pages, read again."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.records.event_row import EventRow
from central.records.query import measured_of
from protocol.envelope import event_type
from protocol.measurements import Contest, HelpWanted

HELP = event_type(HelpWanted(start_s=0.0, end_s=0.0, kind="technical"))
CONTEST = event_type(Contest(start_s=0.0, end_s=0.0, about="day"))


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
