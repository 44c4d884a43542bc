"""Gathers what an appraisal is drawn from: the visits and calls of one person in one showroom, and what everybody else there came to."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.appraisal.appraised_work import (
    CIRCUMSTANCES,
    AskedLimits,
    BesideThem,
    DrawnFrom,
    JudgedWork,
    UnmeasuredStretch,
)
from central.appraisal.group_differences import GroupedWork, GroupKind
from central.appraisal.own_presence import own_presence
from central.appraisal.proportions import Counts
from central.appraisal.shrinking import strength_of
from central.desks.registry import RegisteredDesk, stays
from central.people.duty_roster import shifts_between
from central.people.exempt_stretches import who_is_exempt
from central.people.shifts import UNKNOWN, Shift, on_duty_at
from central.records.day import Day
from central.records.event_row import EventRow
from central.records.exclusions import excluded_rows
from central.records.measured import Measured
from central.records.query import DeskStretch, measured_of, visits_and_calls
from central.reports.profile_view import level_of_clause
from central.scoring.judging import JUDGED, SCORING_VERSION, verdicts_on
from central.scoring.verdict import Verdict
from central.showrooms.premises import Showroom
from central.showrooms.profile_decisions import ProfilesInForce, decisions
from central.showrooms.profiles import ShowroomProfile
from central.standards.in_force import Rule, StandardsInForce
from central.statistics.share import SMALL_SAMPLE
from central.verdicts.packing import LETTERS
from central.verdicts.stored import kept_verdicts
from protocol.errors import RefusalError
from protocol.measurements import Call, Encounter, Gap
from protocol.standard import limits_of

LONGEST_DAYS = 366
"""Of a period: a year, which is more than anybody remembers."""
_NUMBER = re.compile(r"\d+%")
"""In a reason: of how much of the time; left out, so that like reasons are counted together."""


class BadPeriodError(RefusalError):
    """No appraisal can be drawn from such a period; the text says why."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days by the clock of a showroom, both included."""

    first_day: date
    last_day: date
    timezone: str

    @property
    def days(self) -> int:
        """How many."""
        return (self.last_day - self.first_day).days + 1

    @property
    def from_s(self) -> float:
        """Unix time of its first moment."""
        return Day(self.first_day, self.timezone).start_s

    @property
    def to_s(self) -> float:
        """Unix time of the first moment after it."""
        return Day(self.last_day, self.timezone).end_s

    @property
    def before(self) -> "Period":
        """As many days just before."""
        return Period(
            self.first_day - timedelta(days=self.days), self.first_day - timedelta(days=1), self.timezone
        )


@dataclass(frozen=True, slots=True)
class DoneThere:
    """A visit or call in a showroom, with who was on duty and at which desk."""

    person: str
    desk: RegisteredDesk
    work: JudgedWork
    groups: Mapping[GroupKind, str]
    """Of desks, places, hours and views; of no trait of anybody."""


@dataclass(frozen=True, slots=True)
class ShowroomWork:
    """All visits and calls of a showroom in a period that count, and who was signed in."""

    rules: tuple[Rule, ...]
    profiles: tuple[ShowroomProfile, ...]
    done: tuple[DoneThere, ...]
    shifts: tuple[tuple[RegisteredDesk, Shift], ...]
    excluded: tuple[DoneThere, ...]


def period_of(first_day: date, last_day: date, timezone: str) -> Period:
    """A period.

    Raises:
        BadPeriodError: It ends before it begins, or is longer than `LONGEST_DAYS`.
    """
    period = Period(first_day, last_day, timezone)
    if not 1 <= period.days <= LONGEST_DAYS:
        raise BadPeriodError(
            "a period has its first day first, and {longest_days} days at most", longest_days=LONGEST_DAYS
        )
    return period


def work_there(
    session: Session, showroom: Showroom, period: Period, standards: StandardsInForce
) -> ShowroomWork:
    """Judge every visit and call of a showroom in a period, each by the standard that held then, as the profile shows it of one person."""
    from_s, to_s = period.from_s, period.to_s
    here = [
        stay for stay in stays(session) if stay.showroom_id == showroom.id and stay.stood_within(from_s, to_s)
    ]
    profiles = _profiles(session, showroom.id, from_s, to_s)
    hidden = {
        clause.name
        for clause in JUDGED
        if any(level_of_clause(profile, clause.name) != "person" for profile in profiles)
    }
    lasting = [(stay, *_cut(stay, from_s, to_s)) for stay in here]
    by_stay = [
        (stay, low_s, high_s, shifts_between(session, stay.device, low_s, high_s))
        for stay, low_s, high_s in lasting
    ]
    everybody = _Roster(shift for *_, shifts in by_stay for shift in shifts)
    done: list[DoneThere] = []
    excluded: list[DoneThere] = []
    for stay, low_s, high_s, shifts in by_stay:
        judge = _Judge(session, stay, standards, (low_s, high_s), hidden, shifts, everybody)
        done += map(judge.done, visits_and_calls(session, stay.device, low_s, high_s))
        out = excluded_rows(session, [stay.device], low_s, high_s)
        excluded += (judge.done(cast("Measured[Encounter | Call]", measured_of(row))) for row in out)
    rules = tuple(
        rule
        for rule in standards.rules(showroom.id)
        if (rule.from_s is None or rule.from_s < to_s) and (rule.until_s is None or rule.until_s > from_s)
    )
    signed_in = tuple((stay, shift) for stay, *_, shifts in by_stay for shift in shifts)
    return ShowroomWork(rules, profiles, tuple(done), signed_in, tuple(excluded))


def drawn_from(
    session: Session,
    person: str,
    showroom: Showroom,
    period: Period,
    standards: StandardsInForce,
    as_of_wall_s: float,
) -> DrawnFrom:
    """What an appraisal of a person is drawn from, as the database has it now.

    Args:
        session: Where to read.
        person: Their pseudonym.
        showroom: Only what they did there.
        period: Only then; the period before is read for the trend.
        standards: What was in force where and when.
        as_of_wall_s: The present, as Unix time.
    """
    there = work_there(session, showroom, period, standards)
    before = work_there(session, showroom, period.before, standards)
    own = tuple(each.work for each in there.done if each.person == person)
    others = [each for each in there.done if each.person != person]
    clauses = {clause for each in own for clause in each.outcomes}
    return DrawnFrom(
        person=person,
        company=showroom.company,
        showroom=showroom.name,
        timezone=showroom.timezone,
        first_day=period.first_day.isoformat(),
        last_day=period.last_day.isoformat(),
        before_first_day=period.before.first_day.isoformat(),
        as_of_wall_s=as_of_wall_s,
        scoring=SCORING_VERSION,
        standards=tuple(rule.standard.label for rule in there.rules),
        profiles=tuple(profile.name for profile in there.profiles),
        least_n=SMALL_SAMPLE,
        limits=_limits(there.rules, clauses),
        limits_before=_limits(before.rules, clauses),
        on_duty_s=_on_duty_s(there.shifts, person, period),
        unmeasured=tuple(_unmeasured(session, there.shifts, person, period)),
        work=own,
        before=tuple(each.work for each in before.done if each.person == person),
        excluded=tuple(each.work.measurement for each in there.excluded if each.person == person),
        beside={clause: _beside(others, clause) for clause in clauses},
        circumstances_beside={name: _held(others, name) for name in CIRCUMSTANCES},
        presence=own_presence(session, _own_ended(there.shifts, person, period), showroom.timezone),
    )


class _Roster:
    """How many people were signed in at a moment, however many shifts there are: looked up by the hour."""

    def __init__(self, shifts: Iterable[Shift]) -> None:
        self._by_hour: dict[int, list[Shift]] = defaultdict(list)
        for shift in shifts:
            if shift.person == UNKNOWN:
                continue
            until_s = shift.from_s + _MOST_OPEN_S if shift.until_s is None else shift.until_s
            for hour in range(int(shift.from_s // 3600), int(until_s // 3600) + 1):
                self._by_hour[hour].append(shift)

    def at(self, wall_s: float) -> list[Shift]:
        return [shift for shift in self._by_hour.get(int(wall_s // 3600), ()) if shift.holds_at(wall_s)]

    def alone(self, wall_s: float) -> bool | None:
        people = {shift.person for shift in self.at(wall_s)}
        return len(people) == 1 if people else None


_MOST_OPEN_S = 14 * 86400.0
"""How long a shift without a sign-out is looked at: as `central.people.duty_roster.LOOKED_BACK_S`."""


class _Judge:
    """Judges what one desk measured in one stay."""

    def __init__(
        self,
        session: Session,
        stay: RegisteredDesk,
        standards: StandardsInForce,
        stretch: tuple[float, float],
        hidden: Collection[str],
        shifts: Sequence[Shift],
        everybody: _Roster,
    ) -> None:
        self._stay, self._hidden, self._everybody = stay, hidden, everybody
        self._rules = standards.rules(stay.showroom_id)
        self._standards = standards
        self._exempt = who_is_exempt(session, stay.device, *stretch)
        self._here = _Roster(shifts)
        self._kept = _kept_there(session, stay, self._rules, stretch)

    def done(self, item: Measured[Encounter | Call]) -> DoneThere:
        standard = self._standards.at(self._stay.showroom_id, item.wall_s).standard
        kept = self._kept.get(item.id)
        verdicts = verdicts_on(item.data, standard, (item.id,)) if kept is None else kept
        exempt = self._exempt(item.wall_s)
        shown = [each for each in verdicts if each.clause not in self._hidden]
        outcomes = {each.clause: "n" if each.clause in exempt else LETTERS[each.outcome] for each in shown}
        why = {
            # Why somebody is exempt is nobody's business: it reads as where nothing was measured.
            each.clause: NOT_JUDGED if each.clause in exempt else _NUMBER.sub("{}", each.reason)
            for each in shown
            if outcomes[each.clause] in {"i", "n"}
        }
        data = item.data
        visit = data if isinstance(data, Encounter) else None
        return DoneThere(
            on_duty_at(self._here.at(item.wall_s), item.wall_s),
            self._stay,
            JudgedWork.model_validate(
                {
                    "measurement": item.id,
                    "kind": "visit" if visit else "call",
                    "wall_s": round(item.wall_s, 3),
                    "outcomes": outcomes,
                    "why": why,
                    "party": None if visit is None else visit.party_size > 1,
                    "several": None if visit is None else visit.simultaneous_max > 1,
                    "on_phone": None if visit is None else _on_phone(visit),
                    "alone": self._everybody.alone(item.wall_s),
                }
            ),
            _groups(self._stay, item),
        )


PARTS_OF_DAY = ((12, "morning"), (17, "afternoon"), (24, "evening"))
"""Until which hour of the showroom's clock each part of a day goes."""
SEEN_WELL = 0.8
"""Share of a visit for which the host is visible: with less, what a clause asks is decided less often."""

NOT_JUDGED = "not measured, or not judged here"
"""As `central.scoring.absence.not_measured` says it."""


def _kept_there(
    session: Session, stay: RegisteredDesk, rules: Sequence[Rule], stretch: tuple[float, float]
) -> dict[str, tuple[Verdict, ...]]:
    """The verdicts that are kept of a desk in a stretch of time, each under the standard that held."""
    found: dict[str, tuple[Verdict, ...]] = {}
    for rule in rules:
        low_s = max(stretch[0], stretch[0] if rule.from_s is None else rule.from_s)
        high_s = min(stretch[1], stretch[1] if rule.until_s is None else rule.until_s)
        if low_s < high_s:
            found |= kept_verdicts(session, stay.device, rule.standard, low_s, high_s)
    return found


def _groups(desk: RegisteredDesk, item: Measured[Encounter | Call]) -> dict[GroupKind, str]:
    hour = datetime.fromtimestamp(item.wall_s, ZoneInfo(desk.timezone)).hour
    found: dict[GroupKind, str] = {
        "desk": desk.device,
        "part_of_day": next(name for until, name in PARTS_OF_DAY if hour < until),
    }
    # A place without a name of its own is the desk, and would be compared a second time.
    if desk.label not in {"", desk.device}:
        found["place"] = desk.label
    if isinstance(item.data, Encounter):
        found["nearness"] = "picture" if item.data.came_near_m is None else "metres"
        found["host_visible"] = "most" if item.data.coverage.host >= SEEN_WELL else "less"
    return found


def grouped(there: ShowroomWork) -> list[GroupedWork]:
    """A showroom's work by its groups, for the fairness report."""
    return [
        GroupedWork(each.work, each.groups, None if each.person == UNKNOWN else each.person)
        for each in there.done
    ]


def _on_phone(visit: Encounter) -> bool | None:
    if visit.host_at_arrival == "on_phone":
        return True
    return None if visit.on_phone_share is None else visit.on_phone_share > 0


def _profiles(session: Session, showroom_id: int, from_s: float, to_s: float) -> tuple[ShowroomProfile, ...]:
    """The profiles that held in a showroom, ascending."""
    signed = decisions(session)
    held = ProfilesInForce(signed)
    changes = sorted(at_s for each in signed if from_s < (at_s := each.signed_wall_s or 0.0) < to_s)
    found = (held.at(showroom_id, at_s) for at_s in (from_s, *changes))
    return tuple({profile.name: profile for profile in found}.values())


def _cut(stay: RegisteredDesk, from_s: float, to_s: float) -> tuple[float, float]:
    low_s = from_s if stay.from_wall_s is None else max(from_s, stay.from_wall_s)
    return low_s, to_s if stay.until_wall_s is None else min(to_s, stay.until_wall_s)


def _limits(rules: Sequence[Rule], clauses: Iterable[str]) -> dict[str, tuple[AskedLimits, ...]]:
    found: dict[str, tuple[AskedLimits, ...]] = {}
    for clause in sorted(clauses):
        asked = [limits_of(rule.standard, clause) for rule in rules]
        set_ = [AskedLimits(min=each.min, max=each.max) for each in asked if not each.open]
        found[clause] = tuple(dict.fromkeys(set_))
    return found


def _beside(others: Sequence[DoneThere], clause: str) -> BesideThem:
    met: Counter[str] = Counter()
    decided: Counter[str] = Counter()
    by_person: dict[str, list[bool]] = defaultdict(list)
    for each in others:
        letter = each.work.outcomes.get(clause)
        if letter not in {"p", "f"}:
            continue
        decided[each.work.stratum] += 1
        met[each.work.stratum] += letter == "p"
        by_person[each.person].append(letter == "p")
    people = (Counts(sum(told), len(told)) for person, told in by_person.items() if person != UNKNOWN)
    by_stratum = {stratum: (met[stratum], whole) for stratum, whole in decided.items()}
    return BesideThem(by_stratum=by_stratum, strength=strength_of(people))


def _held(others: Sequence[DoneThere], name: str) -> tuple[int, int]:
    known = [held for each in others if (held := getattr(each.work, name)) is not None]
    return sum(known), len(known)


def _own_stretches(
    shifts: Sequence[tuple[RegisteredDesk, Shift]], person: str, period: Period
) -> Iterator[tuple[str, float, float]]:
    for stay, shift in shifts:
        low_s, high_s = _cut(stay, period.from_s, period.to_s)
        from_s = max(low_s, shift.from_s)
        to_s = high_s if shift.until_s is None else min(high_s, shift.until_s)
        if shift.person == person and from_s < to_s:
            yield stay.device, from_s, to_s


def _on_duty_s(shifts: Sequence[tuple[RegisteredDesk, Shift]], person: str, period: Period) -> float:
    return float(round(sum(each.to_s - each.from_s for each in _own_ended(shifts, person, period))))


def _own_ended(
    shifts: Sequence[tuple[RegisteredDesk, Shift]], person: str, period: Period
) -> list[DeskStretch]:
    """In which they were signed in; a shift that lasts still has no end to be counted to."""
    over = [(stay, shift) for stay, shift in shifts if shift.until_s is not None]
    return [DeskStretch(*each) for each in _own_stretches(over, person, period)]


def _unmeasured(
    session: Session, shifts: Sequence[tuple[RegisteredDesk, Shift]], person: str, period: Period
) -> Iterator[UnmeasuredStretch]:
    """What could not be measured while they were on duty, part by part."""
    seconds: Counter[str] = Counter()
    for device, from_s, to_s in _own_stretches(shifts, person, period):
        rows = session.scalars(
            select(EventRow).where(
                EventRow.device == device,
                EventRow.type.like("deskside.gap.%"),
                EventRow.start_wall_s < to_s,
                EventRow.start_wall_s + EventRow.duration_s > from_s,
            )
        )
        for row in rows:
            item = measured_of(row)
            if isinstance(item.data, Gap):
                seconds[item.data.what] += round(min(to_s, item.end_wall_s) - max(from_s, item.wall_s))
    for what, whole in sorted(seconds.items()):
        yield UnmeasuredStretch(what=what, seconds=float(whole))
