"""Which days at which desks an indicator is reckoned from: those of a desk, a showroom, a region, a company, or of one person on duty."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal

from sqlalchemy.orm import Session

from central.desks.registry import RegisteredDesk
from central.people.duty_roster import shifts_in
from central.people.exempt_stretches import ExemptStretch, exempt_in
from central.people.shifts import UNKNOWN, Shift, on_duty_at
from central.records.day import Day
from central.records.query import DeskStretch
from central.reports.profile_view import level_of_clause
from central.showrooms.profile_decisions import ProfilesInForce, decisions
from central.showrooms.profiles import TEAM_OF, Level, ShowroomProfile
from central.standards.in_force import StandardsInForce
from central.verdicts.rules import RuledStay, ruled
from central.verdicts.stored import Cell

ScopeKind = Literal["desk", "showroom", "region", "company", "person"]


@dataclass(frozen=True, slots=True)
class IndicatorScope:
    """Of whom or what an indicator tells."""

    kind: ScopeKind
    stays: tuple[RegisteredDesk, ...]
    """The desks in the places that belong to it."""
    person: str = ""
    """Pseudonym, where it is of one person."""


@dataclass(frozen=True, slots=True)
class ScopeCell:
    """A part of a day at a desk."""

    day: date
    held: RuledStay
    cell: Cell


class ScopeCells:
    """The cells of a scope and a stretch of days, with who was on duty and what the profiles let be shown."""

    def __init__(
        self,
        session: Session,
        scope: IndicatorScope,
        standards: StandardsInForce,
        first_day: date,
        last_day: date,
    ) -> None:
        """Read what they need; nothing measured is read yet.

        Args:
            session: Where to read.
            scope: Of what.
            standards: What was in force.
            first_day: As it falls in each showroom's time zone.
            last_day: Included.
        """
        self.days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
        # A day more on either side: time zones lie up to a day apart.
        from_s = Day(first_day - timedelta(days=1), "UTC").start_s
        to_s = Day(last_day + timedelta(days=1), "UTC").end_s
        self.held = [each for each in ruled(scope.stays, standards) if each.stay.stood_within(from_s, to_s)]
        stretches = [
            DeskStretch(device, from_s, to_s)
            for device in dict.fromkeys(each.stay.device for each in self.held)
        ]
        rosters = shifts_in(session, stretches)
        self._shifts: dict[str, tuple[Shift, ...]] = {
            stretch.device: shifts for stretch, shifts in zip(stretches, rosters, strict=True)
        }
        self.exempt: dict[str, Sequence[ExemptStretch]] = {
            stretch.device: found
            for stretch, found in zip(stretches, exempt_in(session, stretches, rosters), strict=True)
        }
        self._profiles = ProfilesInForce(decisions(session))
        self._person = scope.person
        self._levels: dict[str, Level] = {}
        self.cells = tuple(each for held in self.held for each in self._of(held))

    def level(self, clause: str) -> Level:
        """What the profiles of all days let be shown of a clause: the least that any of them does."""
        if clause not in self._levels:
            levels = {level_of_clause(profile, clause) for profile in self._profiles_held}
            self._levels[clause] = "off" if "off" in levels else "team" if "team" in levels else "person"
        return self._levels[clause]

    @cached_property
    def _profiles_held(self) -> list[ShowroomProfile]:
        """The profiles by which anything within the cells was measured."""
        moments = {
            (each.held.stay.showroom_id, at_s)
            for each in self.cells
            for at_s in (each.cell.from_s, each.cell.to_s)
        }
        held = {(profile := self._profiles.at(*moment)).name: profile for moment in moments}
        return list(held.values())

    def people(self, first_day: date, last_day: date) -> int:
        """How many people were on duty between two days, both included, at any of the desks."""
        found: set[str] = set()
        for day, names in self._on_duty.items():
            if first_day <= day <= last_day:
                found |= names
        return len(found)

    @cached_property
    def _on_duty(self) -> dict[date, set[str]]:
        found: dict[date, set[str]] = defaultdict(set)
        for each in self.cells:
            from_s, to_s = each.cell.from_s, each.cell.to_s
            found[each.day] |= {
                shift.person
                for shift in self._shifts.get(each.cell.device, ())
                if shift.from_s < to_s and (shift.until_s is None or shift.until_s > from_s)
            } - {UNKNOWN}
        return found

    def names(self) -> tuple[str, ...]:
        """The pseudonyms of everybody who was on duty, ascending."""
        return tuple(sorted({shift.person for each in self._shifts.values() for shift in each} - {UNKNOWN}))

    def is_team(self, first_day: date, last_day: date) -> bool:
        """Whether enough people were on duty that no figure is one person's."""
        return self.people(first_day, last_day) >= TEAM_OF

    def _of(self, held: RuledStay) -> Iterator[ScopeCell]:
        """The parts of each day in which the same clauses hold at a desk; of one person, those in which they were on duty."""
        stay = held.stay
        exempt, shifts = self.exempt[stay.device], self._shifts[stay.device]
        for date_ in self.days:
            day = Day(date_, stay.timezone, stay.from_wall_s, stay.until_wall_s)
            if day.start_s >= day.end_s:
                continue
            inner = {at_s for each in exempt for at_s in (each.from_s, each.until_s)}
            if self._person:
                inner |= {at_s for each in shifts for at_s in (each.from_s, each.until_s) if at_s is not None}
            edges = {day.start_s, day.end_s} | {at_s for at_s in inner if day.start_s < at_s < day.end_s}
            for low_s, high_s in pairwise(sorted(edges)):
                if self._person and on_duty_at(shifts, low_s) != self._person:
                    continue
                clauses = frozenset(each.clause for each in exempt if each.from_s <= low_s < each.until_s)
                yield ScopeCell(date_, held, Cell(stay.device, low_s, high_s, held.standard, clauses))
