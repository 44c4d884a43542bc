"""The values of an indicator over time: reckoned from verdicts that are kept and from days that are scored, never from rounded figures."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from central.records.day import Day
from central.reports.day_parts import day_parts
from central.reports.day_sums import DayParts, MadeSums
from central.reports.indicator_cells import IndicatorScope, ScopeCells
from central.reports.reply_book import case_clocks, decided_at
from central.settings import TicketSystemLink
from central.standards.in_force import StandardsInForce
from central.statistics.indicators import Indicator
from central.statistics.share import ShareOf, share_of
from central.statistics.waiting import kaplan_meier_median, kaplan_meier_median_interval
from central.verdicts.packing import PLACES, counts_without, kept_of, letters_of
from central.verdicts.stored import counted

Step = Literal["day", "week", "month"]
Why = Literal["no_source", "no_data", "few", "one_host", "all_censored", "profile", "no_cases"]
"""Why a period has no number: no ticket system is connected; nothing was measured; too few cases for a rate; figures of a team, made by too few people; more than
half of the waits ended before anyone knew how long they were; the profile of the showroom shows it of nobody; cases belong to showrooms, and to no
desk or person."""

ASKED_BEFORE_S = 31 * 86_400.0
"""Of cases in which nothing happened for longer before the first day none falls due within it: replies are promised within days."""


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """One period."""

    first_day: date
    last_day: date
    n: int
    """Cases: decided visits or calls, waits, desks' days."""
    value: float | None
    """A share from 0 to 1, seconds or hours; None with the reason beside it."""
    why_not: Why | None
    share: ShareOf | None = None
    """Of shares of cases: the counts with their interval, below the least number of cases too."""
    censored: int = 0
    """Waits that ended because the customer left, or watching did."""
    raw: tuple[tuple[str, int], ...] = ()
    """The counts behind a service level."""
    estimated: int = 0
    """Measurements of which the time comes from a clock that had not been set."""
    median_ends_s: tuple[float, float] | None = None
    """Of a median: its 95-percent interval; None where there is no median, or an end lies beyond all that was seen."""


class IndicatorReader:
    """Reads every indicator of one scope over a stretch of days; what several of them rest on is read once."""

    def __init__(
        self,
        session: Session,
        scope: IndicatorScope,
        standards: StandardsInForce,
        first_day: date,
        last_day: date,
        links: Iterable[TicketSystemLink] = (),
        now_wall_s: float = 0.0,
        made: list[MadeSums] | None = None,
    ) -> None:
        """Read who was on duty where, and nothing measured yet.

        Args:
            session: Where to read.
            scope: Of whom or what.
            standards: What was in force.
            first_day: As it falls in each showroom's time zone.
            last_day: Included.
            links: The ticket systems whose cases are counted.
            now_wall_s: The present, as Unix time: what fell due by then without a reply was late.
            made: Takes the sums that had to be reckoned, for whoever keeps them.
        """
        self._made = made
        self.scope = scope
        self._standards, self._links, self._now_wall_s = standards, tuple(links), now_wall_s
        self._replies: dict[date, Counter[str]] | None = None
        self.first_day, self.last_day = first_day, last_day
        self.cells = ScopeCells(session, scope, standards, first_day, last_day)
        self._session = session
        self._counts: dict[date, Counter[str]] | None = None
        self._tallies: dict[date, dict[str, tuple[int, int]]] | None = None
        self._days: dict[date, DayParts] | None = None

    def values(self, indicator: Indicator, step: Step) -> tuple[PeriodValue, ...]:
        """The values of an indicator, period by period, ascending; a period without anything is there, and says so.

        Args:
            indicator: Which.
            step: How long a period is; weeks begin on Monday, and what the days cut off at either end is a shorter one.
        """
        return tuple(
            self.value(indicator, *period) for period in _periods(self.first_day, self.last_day, step)
        )

    def value(self, indicator: Indicator, begins: date, ends: date) -> PeriodValue:
        """The value of an indicator over all days between two, both included."""
        if indicator.kind == "reply":
            return self._reply(indicator, begins, ends)
        level = self.cells.level(indicator.code) if indicator.kind == "clause" else "person"
        if level == "off" or (self.scope.kind == "person" and level != "person"):
            return _without(begins, ends, "profile")
        if level == "team" and not self.cells.is_team(begins, ends):
            return _without(begins, ends, "one_host")
        if indicator.kind == "kept" or indicator.code in PLACES:
            found = [self._tallied().get(day, {}).get(indicator.code, (0, 0)) for day in _days(begins, ends)]
            met, decided = (sum(each) for each in zip(*found, strict=True))
            return _share(indicator, begins, ends, met, decided)
        whole = DayParts()
        parts = self._scored()
        for day in _days(begins, ends):
            if day in parts:
                whole.add(parts[day])
        return _of_parts(indicator, begins, ends, whole)

    def letters(self, clause: str, begins: date, ends: date) -> Counter[str]:
        """How many visits and calls between two days, both included, had which outcome by a clause (`central.verdicts.packing.LETTERS`).

        Nothing of a clause that is held against days, and of one that the profile does not let be shown there and then.
        """
        found: Counter[str] = Counter()
        level = self.cells.level(clause)
        if (
            clause not in PLACES
            or level == "off"
            or (level == "team" and not self.cells.is_team(begins, ends))
        ):
            return found
        by_day = self._counted()
        for day in _days(begins, ends):
            for outcomes, count in by_day.get(day, {}).items():
                found[dict(letters_of(outcomes)).get(clause, "")] += count
        return found

    def _reply(self, indicator: Indicator, begins: date, ends: date) -> PeriodValue:
        if self.scope.kind in {"desk", "person"}:
            return _without(begins, ends, "no_cases")
        if not self._links:
            return _without(begins, ends, "no_source")
        by_day = self._replied()
        counts: Counter[str] = Counter()
        for day in _days(begins, ends):
            counts.update(by_day.get(day, {}))
        return _share(indicator, begins, ends, counts["met"], counts["met"] + counts["missed"])

    def _replied(self) -> dict[date, Counter[str]]:
        """How many replies were in time and late, by the day on which it was decided."""
        if self._replies is None:
            self._replies = defaultdict(Counter)
            zones = {each.showroom_id: each.timezone for each in self.scope.stays}
            since_s = Day(self.first_day, "UTC").start_s - ASKED_BEFORE_S
            for each in case_clocks(self._session, self._links, self._standards, since_s, self._now_wall_s):
                at_s = decided_at(each)
                if at_s is not None and each.showroom.id in zones:
                    zone = ZoneInfo(zones[each.showroom.id])
                    self._replies[datetime.fromtimestamp(at_s, zone).date()][each.clock.outcome] += 1
        return self._replies

    def _tallied(self) -> dict[date, dict[str, tuple[int, int]]]:
        """Of each day and indicator how many visits and calls met it, and of how many that was decided: of all indicators at once."""
        if self._tallies is None:
            self._tallies = {day: _tally(counts) for day, counts in self._counted().items()}
        return self._tallies

    def _counted(self) -> dict[date, Counter[str]]:
        if self._counts is None:
            self._counts = defaultdict(Counter)
            cells = self.cells.cells
            hidden = frozenset(
                clause
                for clause in PLACES
                if (level := self.cells.level(clause)) == "off"
                or (level == "team" and self.scope.kind == "person")
            )
            for each, counts in zip(cells, counted(self._session, [one.cell for one in cells]), strict=True):
                self._counts[each.day].update(counts_without(counts, hidden))
        return self._counts

    def _scored(self) -> dict[date, DayParts]:
        if self._days is None:
            self._days = defaultdict(DayParts)
            for day, parts in day_parts(self._session, self.cells, self._made):
                self._days[day].add(parts)
        return self._days


def _days(begins: date, ends: date) -> Iterable[date]:
    return (begins + timedelta(days=n) for n in range((ends - begins).days + 1))


def _periods(first_day: date, last_day: date, step: Step) -> Iterable[tuple[date, date]]:
    begins = first_day
    while begins <= last_day:
        if step == "day":
            follows = begins + timedelta(days=1)
        elif step == "week":
            follows = begins + timedelta(days=7 - begins.weekday())
        else:
            follows = (begins.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield begins, min(follows - timedelta(days=1), last_day)
        begins = follows


def _tally(counts: Counter[str]) -> dict[str, tuple[int, int]]:
    met: Counter[str] = Counter()
    decided: Counter[str] = Counter()
    for outcomes, count in counts.items():
        came_to = kept_of(outcomes)
        met["kept"] += count if came_to == "kept" else 0
        decided["kept"] += count if came_to != "open" else 0
        for code, letter in letters_of(outcomes):
            met[code] += count if letter == "p" else 0
            decided[code] += count if letter in {"p", "f"} else 0
    return {code: (met[code], count) for code, count in decided.items()}


def _of_parts(indicator: Indicator, begins: date, ends: date, found: DayParts) -> PeriodValue:
    if indicator.kind == "wait":
        return _wait(indicator, begins, ends, found)
    if indicator.is_share:
        return _share(indicator, begins, ends, *_counts_of(indicator, found), found)
    if indicator.kind == "staffed":
        part, whole = found.staffed_s, found.staffed_s + found.unstaffed_s
    elif indicator.kind == "coverage":
        part, whole = found.span_s - found.missing_s, found.span_s
    else:
        # Hours, of a day of which anything was reported.
        part, whole = found.missing_s / 3600.0, 1.0 if found.span_s > 0.0 else 0.0
    return _ratio(begins, ends, part / whole if whole > 0.0 else None, found)


def _counts_of(indicator: Indicator, found: DayParts) -> tuple[int, int]:
    if indicator.kind == "clause":
        return found.present, found.present + found.absent
    part, calls = found.calls["answered_in_time"], found.calls
    whole = part + calls["answered_late"]
    if indicator.kind == "answered":
        return part, whole
    in_time = calls["abandoned_in_time"]
    return part + in_time, whole + in_time + calls["abandoned_late"]


def _without(begins: date, ends: date, why: Why) -> PeriodValue:
    return PeriodValue(begins, ends, 0, None, why)


def _share(
    indicator: Indicator, begins: date, ends: date, part: int, whole: int, found: DayParts | None = None
) -> PeriodValue:
    share = share_of(part, whole)
    raw = tuple(found.calls.items()) if found and indicator.kind in {"answered", "offered"} else ()
    estimated = found.estimated if found else 0
    if share is None:
        return PeriodValue(begins, ends, 0, None, "no_data", raw=raw, estimated=estimated)
    enough = whole >= indicator.least_n
    value, why = (share.share, None) if enough else (None, "few")
    return PeriodValue(begins, ends, whole, value, why, share, raw=raw, estimated=estimated)  # type: ignore[arg-type]


def _wait(indicator: Indicator, begins: date, ends: date, found: DayParts) -> PeriodValue:
    n, censored = len(found.ended_s) + len(found.censored_s), len(found.censored_s)
    median_s = kaplan_meier_median(found.ended_s, found.censored_s)
    why: Why | None = None
    if n < indicator.least_n:
        why = "few" if n else "no_data"
    elif median_s is None:
        why = "all_censored"
    ends_s = None if why else kaplan_meier_median_interval(found.ended_s, found.censored_s)
    return PeriodValue(
        begins,
        ends,
        n,
        None if why else median_s,
        why,
        censored=censored,
        estimated=found.estimated,
        median_ends_s=ends_s,
    )


def _ratio(begins: date, ends: date, value: float | None, found: DayParts) -> PeriodValue:
    why: Why | None = "no_data" if value is None else None
    return PeriodValue(begins, ends, found.desk_days, value, why, estimated=found.estimated)
