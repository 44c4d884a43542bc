"""A report over desks and days, scored under one standard at the moment it is asked for."""

from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from central.desks.registry import Desk, desks
from central.records.day import Day, day_of
from central.records.query import (
    NothingFoundError,
    awaited,
    latest_start,
    measured_between,
    rejected,
)
from central.scoring.desk_day import DeskDay, score_day
from protocol.standard import Standard

LATEST_DAYS = 7
"""Days of each desk that a report shows when none is named."""


@dataclass(frozen=True, slots=True)
class DeskReport:
    """One desk and its days."""

    desk: Desk
    days: tuple[DeskDay, ...]
    """Latest first."""
    awaited: int
    """Measurements the desk has numbered and that are still on their way."""
    rejected: int
    """Messages of the desk that could not be used and are kept aside."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a report page shows."""

    standard: Standard
    desks: tuple[DeskReport, ...]
    """In the registry's order; desks are not ranked."""


def build_report(
    session: Session, standard: Standard, *, day: date | None = None, device: str | None = None
) -> Report:
    """Score what the store holds. The same measurements and the same standard give the same report.

    Args:
        session: Where to read.
        standard: The standard to score under, whichever the desks used.
        day: Only this day, as it fell in each desk's time zone; None for the latest days of each desk.
        device: Only this desk.

    Raises:
        NothingFoundError: There is no such desk, or nothing was measured on that day.
        StoreError: A stored event can no longer be read.
    """
    known = desks(session)
    chosen = [desk for desk in known if device in (None, desk.device)]
    if device is not None and not chosen:
        names = ", ".join(desk.device for desk in known) or "none"
        raise NothingFoundError(f"there is no desk named {device!r}; heard of: {names}")
    reports = [
        DeskReport(
            desk,
            tuple(_score(session, desk, standard, chosen_day) for chosen_day in _days(session, desk, day)),
            awaited(session, desk.device),
            len(rejected(session, desk.device)),
        )
        for desk in chosen
    ]
    shown = tuple(report for report in reports if report.days)
    if not shown:
        when = f" on {day.isoformat()}" if day else ""
        who = f" at desk {device}" if device else ""
        raise NothingFoundError(f"nothing was measured{who}{when}")
    return Report(standard, shown)


def report_json(report: Report) -> bytes:
    """The report with everything it rests on, as JSON."""
    return TypeAdapter(Report).dump_json(report, indent=2)


def _days(session: Session, desk: Desk, day: date | None) -> tuple[Day, ...]:
    if day is not None:
        named = Day(day, desk.timezone)
        touched = measured_between(session, desk.device, named.start_s, named.end_s)
        return (named,) if touched else ()
    days: list[Day] = []
    before_s = float("inf")
    while len(days) < LATEST_DAYS:
        start_s = latest_start(session, desk.device, before_s)
        if start_s is None:
            break
        days.append(day_of(start_s, desk.timezone))
        before_s = days[-1].start_s
    return tuple(days)


def _score(session: Session, desk: Desk, standard: Standard, day: Day) -> DeskDay:
    return score_day(measured_between(session, desk.device, day.start_s, day.end_s), standard, day)
