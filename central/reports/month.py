"""A month of a showroom in figures, by day, by desk and by clause, from the verdicts that are kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from central.desks.registry import RegisteredDesk
from central.people.duty_roster import shifts_in
from central.people.exempt_stretches import ExemptStretch, exempt_in
from central.people.shifts import UNKNOWN
from central.records.day import Day
from central.records.query import DeskStretch
from central.reports.presence_month import asks_for_days, count_days
from central.reports.profile_view import level_of_clause
from central.showrooms.premises import Showroom
from central.showrooms.profile_decisions import ProfilesInForce, decisions
from central.showrooms.profiles import TEAM_OF
from central.standards.in_force import Rule, StandardsInForce
from central.statistics.share import ShareOf, share_of
from central.verdicts.attended import attended_in
from central.verdicts.packing import NOTHING, PLACES, counts_without, kept_of, letters_of
from central.verdicts.rules import RuledStay, ruled
from central.verdicts.stored import Cell, counted


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What some visits and calls came to."""

    visits: int
    calls: int
    kept: ShareOf | None
    """Those in which no clause failed, among those of which it can be told; None where that is none."""

    @property
    def open(self) -> int:
        """Those of which it cannot be told."""
        return self.visits + self.calls - (self.kept.whole if self.kept else 0)


@dataclass(frozen=True, slots=True)
class ClauseFigures:
    """What a clause came to."""

    clause: str
    met: ShareOf | None
    """Met, among met and not met."""
    open: int
    """Of those that cannot be told."""
    of_days: bool = False
    """Whether it is about each day at a desk, and not about a visit or a call."""


@dataclass(frozen=True, slots=True)
class DeskMonth:
    """One desk."""

    device: str
    label: str
    whole: MonthFigures
    days: tuple[tuple[date, MonthFigures], ...]


@dataclass(frozen=True, slots=True)
class ShowroomMonth:
    """A showroom's month."""

    showroom: Showroom
    first_day: date
    rules: tuple[Rule, ...]
    """By which it is scored, ascending."""
    whole: MonthFigures
    days: tuple[tuple[date, MonthFigures], ...]
    desks: tuple[DeskMonth, ...]
    clauses: tuple[ClauseFigures, ...]
    """In the standard's order."""
    hidden: tuple[str, ...]
    """Clauses of which the profile shows figures of a team only, where too few people were on duty."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a count belongs."""

    stay: RegisteredDesk
    day: date


_Grouped = dict[tuple[str, date], Counter[str]]
"""By desk and day: how many were visits (``v``) and calls (``c``), and what they came to."""


def month_of(
    session: Session,
    showroom: Showroom,
    stays: Sequence[RegisteredDesk],
    standards: StandardsInForce,
    first_day: date,
) -> ShowroomMonth:
    """Count a month of a showroom.

    Args:
        session: Where to read.
        showroom: Which.
        stays: Of desks, there and elsewhere.
        standards: What was in force.
        first_day: Of the month, as it falls in the showroom's time zone.
    """
    days = _days_of(first_day, showroom.timezone)
    from_s, to_s = days[0].start_s, days[-1].end_s
    here = [stay for stay in stays if stay.showroom_id == showroom.id]
    held = [each for each in ruled(here, standards) if each.stay.stood_within(from_s, to_s)]
    # One desk may have stood here twice, or under two standards.
    stretches = [
        DeskStretch(device, from_s, to_s) for device in dict.fromkeys(each.stay.device for each in held)
    ]
    rosters = shifts_in(session, stretches)
    exempt = {
        stretch.device: found
        for stretch, found in zip(stretches, exempt_in(session, stretches, rosters), strict=True)
    }
    places: list[_Place] = []
    cells: list[Cell] = []
    for each in held:
        for place, cell in _cells(each, days, exempt[each.stay.device]):
            places.append(place)
            cells.append(cell)
    counts = counted(session, cells)
    of_days: dict[str, Counter[str]] = {}
    if any(asks_for_days(each.standard) for each in held):
        attended = zip(stretches, attended_in(session, stretches), strict=True)
        of_days = count_days(held, days, {stretch.device: found for stretch, found in attended})
    hidden = _hidden(session, showroom, held, from_s, to_s)
    people = {shift.person for roster in rosters for shift in roster} - {UNKNOWN}
    of_team = hidden and len(people) >= TEAM_OF
    shown = [counts_without(each, hidden) for each in counts]
    by_clause = counts if of_team else shown
    grouped = _grouped(shown, places)
    return ShowroomMonth(
        showroom,
        first_day,
        tuple(rule for rule in standards.rules(showroom.id) if _touches(rule, from_s, to_s)),
        _figures(grouped.values()),
        tuple((day.date, _figures(_of_day(grouped, day.date))) for day in days),
        tuple(_desks(grouped, places, days)),
        tuple(_clauses(by_clause, of_days, () if of_team else hidden)),
        () if of_team else tuple(clause for clause in PLACES if clause in hidden),
    )


def _days_of(first_day: date, timezone: str) -> list[Day]:
    found, day = [], first_day
    while day.month == first_day.month:
        found.append(Day(day, timezone))
        day += timedelta(days=1)
    return found


def _touches(rule: Rule, from_s: float, to_s: float) -> bool:
    return (rule.from_s is None or rule.from_s < to_s) and (rule.until_s is None or rule.until_s > from_s)


def _cells(
    each: RuledStay, days: Sequence[Day], exempt: Sequence[ExemptStretch]
) -> Iterator[tuple[_Place, Cell]]:
    """The parts of each day in which the same clauses hold at a desk."""
    stay = each.stay
    for day in days:
        part = replace(day, from_wall_s=stay.from_wall_s, until_wall_s=stay.until_wall_s)
        if part.start_s >= part.end_s:
            continue
        inner = {
            at_s
            for stretch in exempt
            for at_s in (stretch.from_s, stretch.until_s)
            if part.start_s < at_s < part.end_s
        }
        for low_s, high_s in pairwise(sorted({part.start_s, part.end_s} | inner)):
            clauses = frozenset(each.clause for each in exempt if each.from_s <= low_s < each.until_s)
            yield _Place(stay, day.date), Cell(stay.device, low_s, high_s, each.standard, clauses)


def _hidden(
    session: Session, showroom: Showroom, held: Sequence[RuledStay], from_s: float, to_s: float
) -> frozenset[str]:
    """The clauses of which a profile that held in the month does not show figures of one person."""
    if not held:
        return frozenset()
    signed = decisions(session)
    held_there = ProfilesInForce(signed)
    changes = [at_s for each in signed if from_s < (at_s := each.signed_wall_s or 0.0) < to_s]
    profiles = [held_there.at(showroom.id, at_s) for at_s in (from_s, *changes)]
    return frozenset(
        clause
        for clause in PLACES
        if any(level_of_clause(profile, clause) != "person" for profile in profiles)
    )


def _grouped(counts: Sequence[Counter[str]], places: Sequence[_Place]) -> _Grouped:
    """What each desk and day came to."""
    found: _Grouped = defaultdict(Counter)
    for each, place in zip(counts, places, strict=True):
        came_to = found[place.stay.device, place.day]
        for outcomes, count in each.items():
            came_to[outcomes[0]] += count
            came_to[kept_of(outcomes)] += count
    return found


def _of_day(grouped: _Grouped, day: date) -> Iterator[Counter[str]]:
    return (each for (_, of), each in grouped.items() if of == day)


def _figures(found: Iterable[Counter[str]]) -> MonthFigures:
    """Figures of several days or desks."""
    came_to: Counter[str] = Counter()
    for each in found:
        came_to.update(each)
    kept = share_of(came_to["kept"], came_to["kept"] + came_to["failed"])
    return MonthFigures(came_to["v"], came_to["c"], kept)


def _desks(grouped: _Grouped, places: Sequence[_Place], days: Sequence[Day]) -> Iterator[DeskMonth]:
    labels = {place.stay.device: place.stay.label for place in reversed(places)}
    for device, label in sorted(labels.items(), key=lambda each: (each[1], each[0])):
        found = [(day.date, grouped.get((device, day.date), Counter())) for day in days]
        by_day = tuple((day, _figures([each])) for day, each in found)
        yield DeskMonth(device, label, _figures(each for _, each in found), by_day)


def _clauses(
    counts: Iterable[Counter[str]], of_days: Mapping[str, Counter[str]], hidden: Iterable[str]
) -> Iterator[ClauseFigures]:
    # Added up first: many days have the same outcomes.
    whole: Counter[str] = Counter()
    for each in counts:
        whole.update(each)
    found: dict[str, Counter[str]] = {clause: Counter() for clause in PLACES}
    for outcomes, count in whole.items():
        for clause, letter in letters_of(outcomes):
            found[clause][letter] += count
    for clause, letters in found.items():
        if clause in set(hidden):
            continue
        of_day = clause in of_days
        told = of_days[clause] if of_day else letters
        if told.total() > told[NOTHING]:
            yield ClauseFigures(clause, share_of(told["p"], told["p"] + told["f"]), told["i"], of_day)
