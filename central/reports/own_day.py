"""What one person did on a day, and what their own visits and calls of the last weeks come to: theirs alone, beside nobody else's."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

from sqlalchemy.orm import Session

from central.desks.desk_profiles import profiles_of_desks
from central.desks.registry import RegisteredDesk, stays_of
from central.people.duty_roster import desks_with, shifts_in
from central.people.exempt_stretches import ExemptStretch, exempt_at, exempt_in
from central.people.shifts import Shift, on_duty_at
from central.records.began import Began, began_in
from central.records.day import Day
from central.records.measured import Measured
from central.records.query import DeskStretch
from central.reports.profile_view import shown_visit, surely_shown_whole
from central.reports.visit_timeline import VisitTimeline, draw_visit
from central.scoring.scored import ScoredCall, ScoredEncounter, leaving_out, score_call, score_encounter
from central.scoring.verdict import Verdict
from central.showrooms.profiles import ShowroomProfile
from central.standards.in_force import StandardsInForce
from central.statistics.tally import Tally, tally
from central.verdicts.stored import kept_on
from protocol.measurements import Call, Encounter
from protocol.standard import Standard

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
    looked_at = [*_looked_at(session, person, day)]
    stretches = [DeskStretch(stay.device, first_s, today.end_s) for stay, first_s, today in looked_at]
    rosters = shifts_in(session, stretches)
    exempt = exempt_in(session, stretches, rosters)
    parts: list[_Part] = []
    shifts: list[OwnShift] = []
    for (stay, first_s, today), every, clauses in zip(looked_at, rosters, exempt, strict=True):
        for shift in every:
            if shift.person != person:
                continue
            from_s = max(shift.from_s, first_s)
            to_s = min(today.end_s if shift.until_s is None else shift.until_s, today.end_s)
            parts.append(_Part(stay, DeskStretch(stay.device, from_s, to_s), today.start_s, every, clauses))
            if to_s > today.start_s or shift.until_s is None:
                shifts.append(OwnShift(stay, shift))
    scored = [*_scored(session, person, parts, standards)]
    visits = [
        OwnVisit(each.desk, each.scored, _drawn(each.scored))
        for each in scored
        if isinstance(each.scored, ScoredEncounter)
    ]
    calls = [OwnCall(each.desk, each.scored) for each in scored if isinstance(each.scored, ScoredCall)]
    return OwnDay(
        tuple(sorted(shifts, key=lambda each: each.shift.from_s)),
        tuple(sorted(visits, key=lambda each: each.encounter.measured.wall_s)),
        tuple(sorted(calls, key=lambda each: each.call.measured.wall_s)),
        _tallied(each for each in scored if each.scored is not None),
        _tallied(scored),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch at a desk in which the person was on duty."""

    desk: RegisteredDesk
    stretch: DeskStretch
    today_s: float
    """Unix time at which the day begins that is shown in full."""
    every: Sequence[Shift]
    """Of everybody: where two overlap, one of them holds."""
    exempt: Sequence[ExemptStretch]


@dataclass(frozen=True, slots=True)
class _Own:
    """A visit or call of theirs."""

    desk: RegisteredDesk
    verdicts: tuple[Verdict, ...]
    scored: ScoredEncounter | ScoredCall | None
    """None of the days before, of which only the verdicts are shown."""


def _looked_at(session: Session, person: str, day: date) -> Iterator[tuple[RegisteredDesk, float, Day]]:
    """Each place in which a desk stood at which they may have been on duty, from when on, and the day there."""
    back = timedelta(days=LOOKED_BACK_DAYS - 1)
    # A day begins and ends a day away from that of Greenwich at most.
    noon_s = datetime.combine(day, time(12), UTC).timestamp()
    reach = timedelta(days=2)
    desks = desks_with(
        session, person, noon_s - (back + reach).total_seconds(), noon_s + reach.total_seconds()
    )
    for stay in chain.from_iterable(stays_of(session, desks).values()):
        today = Day(day, stay.timezone, stay.from_wall_s, stay.until_wall_s)
        first = Day(day - back, stay.timezone, stay.from_wall_s, stay.until_wall_s)
        if first.start_s < today.end_s:
            yield stay, first.start_s, today


def _scored(
    session: Session, person: str, parts: Sequence[_Part], standards: StandardsInForce
) -> Iterator[_Own]:
    """The visits and calls that began while they were on duty; verdicts are read where they are kept, and made where not."""
    there = profiles_of_desks(session, {part.desk.device for part in parts})
    began: dict[str, tuple[_Part, Began, Standard]] = {}
    for part, found in zip(parts, began_in(session, [part.stretch for part in parts]), strict=True):
        for each in found:
            if on_duty_at(part.every, each.wall_s) == person:
                rule = standards.at(part.desk.showroom_id, each.wall_s)
                began.setdefault(each.id, (part, each, rule.standard))
    kept = kept_on(session, [(name, standard) for name, (_, _, standard) in began.items()])
    for name, (part, each, standard) in began.items():
        exempt = exempt_at(part.exempt, each.wall_s)
        profile = there.at(part.desk.device, each.wall_s)
        verdicts = kept.get(name)
        of_today = each.wall_s >= part.today_s
        if verdicts is not None and not of_today and surely_shown_whole(each.raw, profile):
            yield _Own(part.desk, leaving_out(verdicts, exempt), None)
            continue
        scored = _score(each.read(), profile, standard, exempt, verdicts)
        yield _Own(part.desk, scored.verdicts, scored if of_today else None)


def _score(
    item: Measured[Encounter] | Measured[Call],
    profile: ShowroomProfile,
    standard: Standard,
    exempt: Collection[str],
    kept: tuple[Verdict, ...] | None,
) -> ScoredEncounter | ScoredCall:
    if isinstance(item.data, Call):
        return score_call(Measured(item.id, item.wall_s, item.synced, item.data), standard, exempt, kept)
    shown = shown_visit(Measured(item.id, item.wall_s, item.synced, item.data), profile)
    # What is kept was judged from all that was measured.
    return score_encounter(shown, standard, exempt, kept if shown.data == item.data else None)


def _drawn(encounter: ScoredEncounter) -> VisitTimeline:
    response = encounter.response
    return draw_visit(encounter.measured.data, encounter.wait, response.outcome, response.limits.max)


def _tallied(found: Iterable[_Own]) -> tuple[Tally, ...]:
    return tally(chain.from_iterable(each.verdicts for each in found))
