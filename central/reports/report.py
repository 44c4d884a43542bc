"""A report over desks and days, each scored under the standard that was in force there, or all under one that is named."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from central.desks.desk_faults import Condition, conditions
from central.desks.desk_profiles import DeskProfiles, profiles_of_desks
from central.desks.registry import RegisteredDesk, desks, stays
from central.ingest.outstanding import awaited, rejected_count
from central.people.duty_roster import shifts_between
from central.records.day import Day, day_of
from central.records.query import latest_start
from central.reports.shown_day import scored_day
from central.standards.in_force import RuleState, StandardsInForce
from central.statistics.desk_day import DeskDay
from central.verdicts.rules import RuledStay, ruled
from protocol.errors import MendableError
from protocol.manner import MANNER
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
    standard: Standard
    """Under which the days are scored."""
    state: RuleState
    """Whether that was being tried there, in force, or what holds where nothing was put into force."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a report page shows."""

    desks: tuple[DeskReport, ...]
    """In the registry's order, and each place and each standard of a desk by itself, the latest first; desks are not ranked."""

    @property
    def standards(self) -> tuple[Standard, ...]:
        """Those that it is scored under, each once, in the order of the desks."""
        found = {(part.standard.label, part.standard.title): part.standard for part in self.desks}
        return tuple(found.values())


def build_report(
    session: Session,
    standards: StandardsInForce | Standard,
    *,
    day: date | None = None,
    device: str | None = None,
) -> Report:
    """Score what the database holds. The same measurements and the same standards give the same report.

    Args:
        session: Where to read.
        standards: What was in force where and when; or one standard to score all under, whichever the desks used.
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
    there = profiles_of_desks(session, {stay.device for stay in chosen})
    rules = standards if isinstance(standards, StandardsInForce) else StandardsInForce(standards)
    reports: list[DeskReport] = []
    for name, places in groupby(ruled(chosen, rules), key=lambda each: each.stay.device):
        here = len(reports)
        left = LATEST_DAYS
        for held in places:
            stay = held.stay
            days = tuple(_scored(session, held, _days(session, stay, day, left), there))
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
                        held.standard,
                        held.state,
                    )
                )
    if not reports:
        when = f" on {day.isoformat()}" if day else ""
        who = f" at desk {device}" if device else ""
        raise NothingFoundError(f"nothing was measured{who}{when}")
    return Report(tuple(reports))


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


def _scored(session: Session, held: RuledStay, days: Iterable[Day], there: DeskProfiles) -> Iterator[DeskDay]:
    """Those days on which anything was measured.

    Whoever works at the machine reads all that is kept, with who was on duty; but what a profile shows of a team only is shown of no single
    visit here either, for a report is handed on.
    """
    for day in days:
        if day.start_s >= day.end_s:
            continue
        device = held.stay.device
        profile = there.at(device, day.start_s)
        shifts = shifts_between(session, device, day.start_s, day.end_s)
        of_team = any(profile.level(part) == "team" for part in MANNER)
        found = scored_day(session, held, day, profile if of_team else None, shifts, named=True)
        if found is not None:
            yield found
