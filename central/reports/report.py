"""A report over desks and days, scored under one standard at the moment it is asked for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from central.desks.desk_faults import Condition, conditions
from central.desks.registry import RegisteredDesk, desks, stays
from central.ingest.outstanding import awaited, rejected_count
from central.people.duty_roster import who_was_on_duty
from central.people.exempt_stretches import who_is_exempt
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
    """One desk in one place, and its days there."""

    desk: RegisteredDesk
    days: tuple[DeskDay, ...]
    """Latest first."""
    awaited: int
    """Measurements the desk has numbered and that are still on their way; counted where it stands now, as what follows."""
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
    chosen = stays(session, device)
    if device is not None and not chosen:
        names = ", ".join(desk.device for desk in desks(session)) or "none"
        raise NothingFoundError(f"there is no desk named {device!r}; known: {names}")
    known_conditions = conditions(session)
    reports: list[DeskReport] = []
    for name, places in groupby(chosen, key=lambda stay: stay.device):
        here = len(reports)
        left = LATEST_DAYS
        for stay in places:
            days = _scored(session, stay, standard, _days(session, stay, day, left))
            left -= len(days)
            if days:
                told = len(reports) == here
                reports.append(
                    DeskReport(
                        stay,
                        days,
                        awaited(session, name) if told else 0,
                        rejected_count(session, name) if told else 0,
                        known_conditions.get(name) if told else None,
                    )
                )
    if not reports:
        when = f" on {day.isoformat()}" if day else ""
        who = f" at desk {device}" if device else ""
        raise NothingFoundError(f"nothing was measured{who}{when}")
    return Report(standard, tuple(reports))


def report_json(report: Report) -> bytes:
    """The report with everything it rests on, as JSON."""
    return TypeAdapter(Report).dump_json(report, indent=2, by_alias=True)


def _days(session: Session, stay: RegisteredDesk, day: date | None, most: int) -> Iterator[Day]:
    """The day that is named, or the latest days on which a measurement began, latest first, as far as the desk stood there."""
    if day is not None:
        yield Day(day, stay.timezone, stay.from_wall_s, stay.until_wall_s)
        return
    before_s = float("inf") if stay.until_wall_s is None else stay.until_wall_s
    for _ in range(most):
        start_s = latest_start(session, stay.device, before_s)
        if start_s is None or (stay.from_wall_s is not None and start_s < stay.from_wall_s):
            return
        latest = day_of(start_s, stay.timezone)
        yield replace(latest, from_wall_s=stay.from_wall_s, until_wall_s=stay.until_wall_s)
        before_s = latest.start_s


def _scored(
    session: Session, stay: RegisteredDesk, standard: Standard, days: Iterable[Day]
) -> tuple[DeskDay, ...]:
    """Those days on which anything was measured."""
    measured = (
        (day, measured_between(session, stay.device, day.start_s, day.end_s))
        for day in days
        if day.start_s < day.end_s
    )
    return tuple(
        score_day(
            found,
            standard,
            day,
            who_was_on_duty(session, stay.device, day.start_s, day.end_s),
            who_is_exempt(session, stay.device, day.start_s, day.end_s),
        )
        for day, found in measured
        if found
    )
