"""What one person did on a day, and what their own visits and calls of the last weeks come to: theirs alone, beside nobody else's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from sqlalchemy.orm import Session

from central.desks.desk_profiles import DeskProfiles, profiles_of_desks
from central.desks.registry import RegisteredDesk, stays
from central.people.duty_roster import shifts_between
from central.people.exempt_stretches import who_is_exempt
from central.people.shifts import Shift, on_duty_at
from central.records.day import Day
from central.records.measured import Measured
from central.records.query import measured_between
from central.reports.profile_view import shown_visit
from central.reports.visit_timeline import VisitTimeline, draw_visit
from central.scoring.scored import ScoredCall, ScoredEncounter, score_call, score_encounter
from central.standards.in_force import StandardsInForce
from central.statistics.tally import Tally, tally
from protocol.measurements import Call, Encounter

LOOKED_BACK_DAYS = 28
"""Four whole weeks, so that each day of the week is in them as often."""


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """One visit of theirs, with its picture."""

    desk: RegisteredDesk
    encounter: ScoredEncounter
    timeline: VisitTimeline


@dataclass(frozen=True, slots=True)
class OwnCall:
    """One call of theirs."""

    desk: RegisteredDesk
    call: ScoredCall


@dataclass(frozen=True, slots=True)
class OwnShift:
    """One stretch in which they were on duty."""

    desk: RegisteredDesk
    shift: Shift


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day of one person."""

    shifts: tuple[OwnShift, ...]
    visits: tuple[OwnVisit, ...]
    calls: tuple[OwnCall, ...]
    tallies: tuple[Tally, ...]
    """Clause by clause over the visits and calls of the day."""
    lately: tuple[Tally, ...]
    """The same over `LOOKED_BACK_DAYS` days that end with this one."""


def own_day(session: Session, person: str, day: date, standards: StandardsInForce) -> OwnDay:
    """Gather what was measured while a person was on duty; of nobody else anything is read into it.

    Args:
        session: Where to read.
        person: Their pseudonym.
        day: By the clock of each desk.
        standards: By which it is judged.
    """
    shifts: list[OwnShift] = []
    visits: list[OwnVisit] = []
    calls: list[OwnCall] = []
    before: list[ScoredEncounter | ScoredCall] = []
    for stay in stays(session):
        today = Day(day, stay.timezone, stay.from_wall_s, stay.until_wall_s)
        first = Day(
            day - timedelta(days=LOOKED_BACK_DAYS - 1), stay.timezone, stay.from_wall_s, stay.until_wall_s
        )
        if first.start_s >= today.end_s:
            continue
        every = shifts_between(session, stay.device, first.start_s, today.end_s)
        own = [shift for shift in every if shift.person == person]
        if not own:
            continue
        there = profiles_of_desks(session, [stay.device])
        shifts += [
            OwnShift(stay, shift)
            for shift in own
            if shift.from_s < today.end_s and (shift.until_s is None or shift.until_s > today.start_s)
        ]
        found = [*_scored(session, stay, every, own, (first.start_s, today.end_s), there, standards)]
        before += found
        for each in found:
            if each.measured.wall_s < today.start_s:
                continue
            if isinstance(each, ScoredCall):
                calls.append(OwnCall(stay, each))
            else:
                visits.append(OwnVisit(stay, each, _drawn(each)))
    return OwnDay(
        tuple(sorted(shifts, key=lambda each: each.shift.from_s)),
        tuple(sorted(visits, key=lambda each: each.encounter.measured.wall_s)),
        tuple(sorted(calls, key=lambda each: each.call.measured.wall_s)),
        _tallied([*(each.encounter for each in visits), *(each.call for each in calls)]),
        _tallied(before),
    )


def _scored(
    session: Session,
    stay: RegisteredDesk,
    every: Sequence[Shift],
    own: Sequence[Shift],
    stretch: tuple[float, float],
    there: DeskProfiles,
    standards: StandardsInForce,
) -> Iterator[ScoredEncounter | ScoredCall]:
    """The visits and calls at a desk that began while they were on duty."""
    exempt = who_is_exempt(session, stay.device, *stretch)
    seen: set[str] = set()
    for shift in own:
        from_s = max(shift.from_s, stretch[0])
        to_s = min(stretch[1] if shift.until_s is None else shift.until_s, stretch[1])
        for item in measured_between(session, stay.device, from_s, to_s):
            if (
                item.id in seen
                or not from_s <= item.wall_s < to_s
                or on_duty_at(every, item.wall_s) != shift.person
            ):
                continue
            seen.add(item.id)
            standard = standards.at(stay.showroom_id, item.wall_s).standard
            if isinstance(item.data, Encounter):
                shown = shown_visit(
                    Measured(item.id, item.wall_s, item.synced, item.data), there.at(stay.device, item.wall_s)
                )
                yield score_encounter(shown, standard, exempt(item.wall_s))
            elif isinstance(item.data, Call):
                yield score_call(
                    Measured(item.id, item.wall_s, item.synced, item.data), standard, exempt(item.wall_s)
                )


def _drawn(encounter: ScoredEncounter) -> VisitTimeline:
    response = encounter.response
    return draw_visit(encounter.measured.data, encounter.wait, response.outcome, response.limits.max)


def _tallied(found: Sequence[ScoredEncounter | ScoredCall]) -> tuple[Tally, ...]:
    return tally(chain.from_iterable(each.verdicts for each in found))
