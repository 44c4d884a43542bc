"""A report over desks and days, scored under one standard at the moment it is asked for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from central.desks.desk_faults import Condition, conditions
from central.desks.registry import RegisteredDesk, desks
from central.ingest.outstanding import awaited, rejected_count
from central.records.day import Day, day_of
from central.records.query import latest_start, measured_between
from central.statistics.desk_day import DeskDay, score_day
from protocol.errors import MendableError
from protocol.standard import Standard

LATEST_DAYS = 7
"""Days of each desk that a report shows when none is named: a week."""


class NothingFoundError(MendableError):
    """There is no such desk, or nothing was measured; the text says which."""


@dataclass(frozen=True, slots=True)
class DeskReport:
    """One desk and its days."""

    desk: RegisteredDesk
    days: tuple[DeskDay, ...]
    """Latest first."""
    awaited: int
    """Measurements the desk has numbered and that are still on their way."""
    rejected: int
    """Messages of the desk that could not be used and are kept aside."""
    condition: Condition | None
    """How the desk itself was doing when it last told of it; None when it never did."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a report page shows."""

    standard: Standard
    desks: tuple[DeskReport, ...]
    """In the registry's order; desks are not ranked."""


def build_report(
    session: Session, standard: Standard, *, day: date | None = None, device: str | None = None
) -> Report:
    """Score what the database holds. The same measurements and the same standard give the same report.

    Args:
        session: Where to read.
        standard: The standard to score under, whichever the desks used.
        day: Only this day, as it fell in each desk's time zone; None for the latest days of each desk.
        device: Only this desk.

    Raises:
        NothingFoundError: There is no such desk, or nothing was measured on that day.
        UnusableDatabaseError: A stored event can no longer be read.
    """
    known = desks(session)
    chosen = [desk for desk in known if device in (None, desk.device)]
    if device is not None and not chosen:
        names = ", ".join(desk.device for desk in known) or "none"
        raise NothingFoundError(f"there is no desk named {device!r}; known: {names}")
    known_conditions = conditions(session)
    reports = [
        DeskReport(
            desk,
            _scored(session, desk, standard, _days(session, desk, day)),
            awaited(session, desk.device),
            rejected_count(session, desk.device),
            known_conditions.get(desk.device),
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
    return TypeAdapter(Report).dump_json(report, indent=2, by_alias=True)


def _days(session: Session, desk: RegisteredDesk, day: date | None) -> Iterator[Day]:
    """The day that is named, or the latest days on which a measurement began, latest first."""
    if day is not None:
        yield Day(day, desk.timezone)
        return
    before_s = float("inf")
    for _ in range(LATEST_DAYS):
        start_s = latest_start(session, desk.device, before_s)
        if start_s is None:
            return
        latest = day_of(start_s, desk.timezone)
        yield latest
        before_s = latest.start_s


def _scored(
    session: Session, desk: RegisteredDesk, standard: Standard, days: Iterable[Day]
) -> tuple[DeskDay, ...]:
    """Those days on which anything was measured."""
    measured = ((day, measured_between(session, desk.device, day.start_s, day.end_s)) for day in days)
    return tuple(score_day(found, standard, day) for day, found in measured if found)
