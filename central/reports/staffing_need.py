"""What it would take in a showroom: how many hosts each hour of a weekday needs, beside how many there were, and which misses were staffing."""

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from central.desks.registry import RegisteredDesk, stays
from central.people.duty_roster import shifts_in
from central.people.shifts import UNKNOWN, Shift
from central.records.day import Day
from central.records.measured import Measured, only
from central.records.query import DeskStretch, visits_and_calls
from central.scoring.scored import score_encounter
from central.showrooms.premises import Showroom
from central.standards.in_force import StandardsInForce
from central.statistics.hosts_needed import (
    HostsNeeded,
    HourOfWeek,
    MeasuredHours,
    VisitLengths,
    hosts_needed,
)
from central.statistics.missed_by_staffing import MissCause, MissedVisits, cause_of_miss, missed_visits
from central.verdicts.attended import Attended, attended_in
from protocol.measurements import Encounter

HOUR_S = 3600.0
"""By which arrivals, rosters and presence are laid side by side."""
MEASURED_SHARE = 0.8
"""Of an hour, that every desk of the showroom measured: in an hour that was measured less some customers were not counted."""
LONGEST_VISIT_S = 4 * HOUR_S
"""A visit that seems to have lasted longer, or less than nothing, rests on a clock that jumped."""


@dataclass(frozen=True, slots=True)
class HourOnDuty:
    """How many hosts there were at one hour of the week."""

    mean: float
    fewest: float
    most: float
    """Over the measured hours."""


@dataclass(frozen=True, slots=True)
class HourNeed:
    """One hour of the weekday."""

    hour: int
    need: HostsNeeded
    signed_in: HourOnDuty | None
    staffed: HourOnDuty | None
    """Desks at which somebody was seen; None where no hour was measured."""


@dataclass(frozen=True, slots=True)
class StaffingNeed:
    """What it would take."""

    first_day: date
    last_day: date
    within_s: float
    seed: int
    hours: tuple[HourNeed, ...]
    """Of the weekday, those in which anybody came or was there."""
    lengths: VisitLengths
    left_out: int
    """Visits of which the time comes from a clock that was not set, or jumped."""
    unmeasured_hours: int
    """Hours of the weekday in which a desk did not measure enough."""
    visits: int
    missed: MissedVisits


@dataclass(slots=True)
class _Hour:
    """One hour of one day."""

    of_week: HourOfWeek
    from_s: float
    seen_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    staffed_s: float = 0.0
    signed_in_s: float = 0.0
    came_s: list[float] = field(default_factory=list)

    @property
    def to_s(self) -> float:
        return self.from_s + HOUR_S


@dataclass(frozen=True, slots=True)
class _DeskThen:
    """One desk in one place, within the days asked about."""

    stay: RegisteredDesk
    stretch: DeskStretch
    attended: Sequence[Attended]
    shifts: Sequence[Shift]
    visits: tuple[Measured[Encounter], ...]

    def free_at(self, wall_s: float) -> bool:
        """Whether somebody was seen at the desk, without a visit."""
        place = bisect_right(self.attended, wall_s, key=lambda each: each.from_s)
        there = any(each.staffed and each.to_s > wall_s for each in self.attended[max(0, place - 1) : place])
        return there and not any(_came_s(each) <= wall_s < _went_s(each) for each in self._near(wall_s))

    def _near(self, wall_s: float) -> tuple[Measured[Encounter], ...]:
        until = bisect_right(self.visits, wall_s, key=_came_s)
        since = bisect_right(self.visits, wall_s - LONGEST_VISIT_S, key=_came_s)
        return self.visits[since:until]


def staffing_need(
    session: Session,
    showroom: Showroom,
    standards: StandardsInForce,
    days: tuple[date, date],
    weekday: int,
) -> StaffingNeed:
    """Reckon what one weekday of a showroom would take; the same measurements give the same figures.

    Args:
        session: Where to read.
        showroom: Which.
        standards: What was in force; that of the last day says within how many seconds.
        days: First and last, by the showroom's clock.
        weekday: 0 is Monday.
    """
    from_s, to_s = Day(days[0], showroom.timezone).start_s, Day(days[1], showroom.timezone).end_s
    found, left_out = _desks_then(session, showroom, from_s, to_s)
    hours = {each.from_s: each for each in _hours(days, showroom.timezone)}
    starts = sorted(hours)
    for desk in found:
        _lay(desk, hours, starts)
    used = [desk for desk in found if desk.attended]
    measured: dict[HourOfWeek, list[_Hour]] = defaultdict(list)
    unmeasured = 0
    for each in hours.values():
        if each.of_week[0] != weekday:
            continue
        if _is_measured(each, used):
            measured[each.of_week].append(each)
        else:
            unmeasured += 1
    lengths = _lengths(found)
    within_s = standards.at(showroom.id, to_s).standard.respond.within_s
    seed = _seed(showroom, days)
    by_hour = {
        of_week: MeasuredHours(tuple(tuple(each.came_s) for each in some))
        for of_week, some in measured.items()
    }
    needs = hosts_needed(by_hour, lengths, within_s, seed)
    causes, visits = _causes(found, standards)
    return StaffingNeed(
        *days,
        within_s,
        seed,
        tuple(
            HourNeed(
                of_week[1],
                needs[of_week],
                _on_duty([each.signed_in_s for each in some]),
                _on_duty([each.staffed_s for each in some]),
            )
            for of_week, some in sorted(measured.items())
            if any(each.came_s or each.signed_in_s or each.staffed_s for each in some)
        ),
        lengths,
        left_out,
        unmeasured,
        visits,
        missed_visits(causes),
    )


def _desks_then(
    session: Session, showroom: Showroom, from_s: float, to_s: float
) -> tuple[list[_DeskThen], int]:
    here = [
        each for each in stays(session) if each.showroom_id == showroom.id and each.stood_within(from_s, to_s)
    ]
    stretches = [
        DeskStretch(
            each.device,
            max(from_s, each.from_wall_s or from_s),
            min(to_s, to_s if each.until_wall_s is None else each.until_wall_s),
        )
        for each in here
    ]
    attended, rosters = attended_in(session, stretches), shifts_in(session, stretches)
    found, left_out = [], 0
    for stay, stretch, there, shifts in zip(here, stretches, attended, rosters, strict=True):
        every = only(Encounter, visits_and_calls(session, *stretch))
        sound = tuple(
            sorted((each for each in every if _is_sound(each)), key=lambda each: (_came_s(each), each.id))
        )
        left_out += len(every) - len(sound)
        found.append(_DeskThen(stay, stretch, there, shifts, sound))
    return found, left_out


def _is_sound(visit: Measured[Encounter]) -> bool:
    return visit.synced and 0.0 <= _went_s(visit) - _came_s(visit) <= LONGEST_VISIT_S


def _came_s(visit: Measured[Encounter]) -> float:
    return visit.wall_at(visit.data.came_near_s)


def _went_s(visit: Measured[Encounter]) -> float:
    data = visit.data
    return visit.wall_at(data.last_seen_s if data.left_s is None else data.left_s)


def _hours(days: tuple[date, date], timezone: str) -> Iterator[_Hour]:
    zone = ZoneInfo(timezone)
    for number in range((days[1] - days[0]).days + 1):
        day = Day(days[0] + timedelta(days=number), timezone)
        at_s = day.start_s
        while at_s < day.end_s:
            local = datetime.fromtimestamp(at_s, zone)
            yield _Hour((day.date.weekday(), local.hour), at_s)
            at_s += HOUR_S


def _lay(desk: _DeskThen, hours: dict[float, _Hour], starts: Sequence[float]) -> None:
    """Add what happened at one desk to the hours in which it did."""
    for each in desk.attended:
        for hour, seconds in _shared(each.from_s, each.to_s, hours, starts):
            hour.seen_s[desk.stay.device] += seconds * each.coverage
            hour.staffed_s += seconds * each.coverage if each.staffed else 0.0
    for shift in desk.shifts:
        if shift.person == UNKNOWN:
            continue
        until_s = desk.stretch.to_s if shift.until_s is None else min(shift.until_s, desk.stretch.to_s)
        for hour, seconds in _shared(max(shift.from_s, desk.stretch.from_s), until_s, hours, starts):
            hour.signed_in_s += seconds
    for visit in desk.visits:
        if visit.data.may_be_staff is None:
            came_s = _came_s(visit)
            place = bisect_right(starts, came_s) - 1
            if place >= 0 and came_s < hours[starts[place]].to_s:
                hours[starts[place]].came_s.append(round(came_s - starts[place], 3))


def _shared(
    from_s: float, to_s: float, hours: dict[float, _Hour], starts: Sequence[float]
) -> Iterator[tuple[_Hour, float]]:
    for place in range(max(0, bisect_right(starts, from_s) - 1), len(starts)):
        hour = hours[starts[place]]
        if hour.from_s >= to_s:
            return
        seconds = min(to_s, hour.to_s) - max(from_s, hour.from_s)
        if seconds > 0:
            yield hour, seconds


def _is_measured(hour: _Hour, used: Sequence[_DeskThen]) -> bool:
    there = [
        each.stay.device
        for each in used
        if each.stretch.from_s <= hour.from_s and hour.to_s <= each.stretch.to_s
    ]
    return bool(there) and all(hour.seen_s[device] >= MEASURED_SHARE * HOUR_S for device in there)


def _on_duty(seconds: Sequence[float]) -> HourOnDuty | None:
    if not seconds:
        return None
    hosts = sorted(each / HOUR_S for each in seconds)
    return HourOnDuty(sum(hosts) / len(hosts), hosts[0], hosts[-1])


def _lengths(found: Sequence[_DeskThen]) -> VisitLengths:
    """How long visits took a host: from their first reaction, whichever the standard counts, to the end; nothing of visits without one."""
    ended: list[float] = []
    censored: list[float] = []
    for desk in found:
        for visit in desk.visits:
            delays_s = [max(0.0, each.delay_s) for each in visit.data.reactions]
            took_s = round(_went_s(visit) - _came_s(visit) - min(delays_s, default=0.0), 3)
            if delays_s and took_s > 0:
                (ended if visit.data.ended_by == "left" else censored).append(took_s)
    return VisitLengths(tuple(sorted(ended)), tuple(sorted(censored)))


def _causes(found: Sequence[_DeskThen], standards: StandardsInForce) -> tuple[list[MissCause], int]:
    """Why each visit was missed that was, and how many visits are judged."""
    causes: list[MissCause] = []
    visits = 0
    for desk in found:
        for visit in desk.visits:
            scored = score_encounter(visit, standards.at(desk.stay.showroom_id, visit.wall_s).standard)
            if not scored.has_a_judged_wait or scored.response.outcome not in {"pass", "fail"}:
                continue
            visits += 1
            if scored.response.outcome == "fail":
                at_s = _came_s(visit)
                causes.append(
                    cause_of_miss(
                        visit.data,
                        signed_in=any(each.holds_at(at_s) and each.person != UNKNOWN for each in desk.shifts),
                        another_free=any(other.free_at(at_s) for other in found if other is not desk),
                    )
                )
    return causes, visits


def _seed(showroom: Showroom, days: tuple[date, date]) -> int:
    """The same for the same days of the same showroom, so that a page that is looked at again says the same."""
    text = f"{showroom.company}/{showroom.name}/{days[0]}/{days[1]}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
