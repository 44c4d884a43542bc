"""Which clause of a standard could be tightened next, and by how much, from what past visits and calls would have come to: pure.

It suggests and changes nothing. A step is little, and a clause is taken only where the lower end of the interval stays high: what people keep
already is what can be asked for.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import numpy as np

from central.records.measured import Measured
from central.statistics.rehearsal import PastWork, judged_anew
from central.statistics.share import share_of
from protocol.measurements import Call, Encounter
from protocol.standard import CLAUSES, Limits, Standard, limits_of

Side = Literal["min", "max"]
SIDES: tuple[Side, ...] = get_args(Side)
WhyNot = Literal["too_few", "too_few_days", "not_capable", "no_step"]
"""``too_few``: decided cases. ``too_few_days``: days with decided cases. ``not_capable``: the limit of today is not kept surely enough. ``no_step``: it is, and
no tighter limit would be."""

LEAST_CASES = 50
"""Decided visits or calls: the Wilson interval of 95 of 100 is some ten points wide, of 47 of 50 some fourteen; with fewer no step could be told from chance."""
LEAST_DAYS = 10
"""Days with decided cases: they are drawn anew as wholes, and of fewer than ten the draws are too alike to show how much days differ."""
SURE = 0.9
"""Lower end of the interval of the expected share: nine of ten, so that a standard asks for what is nearly always kept already."""
MOST_STEP = 0.1
"""Of the limit that is in force: a tenth at a time, for a standard is improved a little each day and not torn down."""
MOST_CANDIDATES = 5
"""Limits that are tried for one end of a clause: each judges all the past work anew."""
DRAWS = 2000
"""Times that days are drawn anew: the ends of a 95-percent interval then move by less than a point from seed to seed."""
SEED = 20_260_924
"""Of the draws, so that the same measurements give the same page."""
TAIL = 2.5
"""Percent of the draws left out at each end."""

QUANTUM: dict[str, float] = {
    "s": 0.1,
    "cm": 0.05,
    "m": 0.1,
    "°": 0.5,
    "%": 0.01,
    "rings": 1.0,
    "teeth": 1.0,
}
"""The least step by the unit of a clause, as far as people can tell one from another: a ring is a whole one."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a limit would have come to, or came to."""

    met: int
    decided: int
    undecided: int
    """Within the error of what was measured."""
    days: int
    """With decided cases."""
    low: float
    high: float
    """The wider of the Wilson interval, and of that of days drawn anew."""

    @property
    def share(self) -> float:
        """Met among decided."""
        return self.met / self.decided


@dataclass(frozen=True, slots=True)
class TighterLimit:
    """One end of a clause, a little tighter."""

    clause: str
    side: Side
    today: float
    to: float
    expected: Expected

    @property
    def asks(self) -> Limits:
        """That end alone, tighter."""
        return _end_alone(self.side, self.to)


@dataclass(frozen=True, slots=True)
class ClauseCapability:
    """One end of a clause: how surely it is kept, and the step that is suggested, or why there is none."""

    clause: str
    side: Side
    limit: float
    today: Expected | None
    """None where nothing was decided."""
    step: TighterLimit | None
    why_not: WhyNot | None

    @property
    def asks(self) -> Limits:
        """That end alone, as it is in force."""
        return _end_alone(self.side, self.limit)


@dataclass(frozen=True, slots=True)
class TighteningAdvice:
    """What the past work says of a standard."""

    judged: int
    days: int
    """With any visit or call."""
    without_time: int
    """Left out, for they were measured before the clock of the desk was set: on which day is not known."""
    ends: tuple[ClauseCapability, ...]
    """Those with a step first, the surest step first; then the others in the standard's order."""

    @property
    def too_little(self) -> bool:
        """Whether no clause has as many decided cases, on as many days, as are needed."""
        return all(each.why_not in {"too_few", "too_few_days"} for each in self.ends)

    @property
    def following(self) -> TighterLimit | None:
        """The one step to take next; None where there is none."""
        return self.ends[0].step if self.ends else None


def tightening(past: Iterable[PastWork], standard: Standard, timezone: str) -> TighteningAdvice:
    """Try tighter limits on past work; the order in which it is given does not matter, and nobody is told from anybody else.

    Args:
        past: What was measured, by desk.
        standard: Whose limits are tried.
        timezone: By whose days the work is drawn anew.
    """
    zone = ZoneInfo(timezone)
    given = tuple(past)
    works = [
        replace(work, visits_and_calls=tuple(item for item in work.visits_and_calls if item.synced))
        for work in given
    ]
    timed = sum(len(work.visits_and_calls) for work in works)
    days = {
        datetime.fromtimestamp(item.wall_s, zone).date().toordinal()
        for work in works
        for item in work.visits_and_calls
    }
    found = [
        _end(works, standard, zone, clause, side)
        for clause in CLAUSES
        for side in SIDES
        if _is_tightened(standard, clause, side)
    ]
    steps = [each for each in found if each.step is not None]
    surest = sorted(steps, key=lambda each: -(each.step.expected.low if each.step else 0.0))
    return TighteningAdvice(
        timed,
        len(days),
        sum(len(work.visits_and_calls) for work in given) - timed,
        (*surest, *(each for each in found if each.step is None)),
    )


def with_limit(standard: Standard, clause: str, side: Side, to: float) -> Standard:
    """A standard with one end of one clause changed.

    Raises:
        ValueError: The standard could not ask for that.
    """
    area, _, name = clause.partition(".")
    data = standard.model_dump()
    if isinstance(data[area][name], dict):
        data[area][name] = data[area][name] | {side: to}
    else:
        data[area][name] = to
    return Standard.model_validate(data)


def tighter_limits(clause: str, side: Side, limit: float) -> tuple[float, ...]:
    """The limits that are tried, the least step first; of a limit of 0 none, for it forbids and measures no degree.

    >>> tighter_limits("respond.within_s", "max", 5.0)
    (4.9, 4.8, 4.7, 4.6, 4.5)
    >>> tighter_limits("phone.rings", "max", 3.0)
    (2.0,)
    """
    if limit == 0.0:
        return ()
    quantum = QUANTUM.get(CLAUSES[clause].unit, 0.1)
    most = max(1, int(abs(limit) * MOST_STEP / quantum + 1e-9))
    whole = min(most, MOST_CANDIDATES)
    sign = 1.0 if side == "min" else -1.0
    steps = sorted({round(most * (place + 1) / whole) for place in range(whole)})
    return tuple(round(limit + sign * quantum * step, 6) for step in steps)


def _end_alone(side: Side, limit: float) -> Limits:
    return Limits(min=limit) if side == "min" else Limits(max=limit)


def _is_tightened(standard: Standard, clause: str, side: Side) -> bool:
    # Presence is held against days, and not against visits and calls.
    return getattr(limits_of(standard, clause), side) is not None and not clause.startswith("presence.")


def _end(
    works: Sequence[PastWork], standard: Standard, zone: ZoneInfo, clause: str, side: Side
) -> ClauseCapability:
    limit = float(getattr(limits_of(standard, clause), side))
    alone = _alone(standard, clause)
    today = _expected(works, alone, zone, clause)
    if today is None or today.decided < LEAST_CASES:
        return ClauseCapability(clause, side, limit, today, None, "too_few")
    if today.days < LEAST_DAYS:
        return ClauseCapability(clause, side, limit, today, None, "too_few_days")
    if today.low < SURE:
        return ClauseCapability(clause, side, limit, today, None, "not_capable")
    best: TighterLimit | None = None
    for to in tighter_limits(clause, side, limit):
        try:
            tried = with_limit(alone, clause, side, to)
        except ValueError:
            break
        expected = _expected(works, tried, zone, clause)
        if expected is None or expected.decided < LEAST_CASES or expected.low < SURE:
            break
        best = TighterLimit(clause, side, limit, to, expected)
    return ClauseCapability(clause, side, limit, today, best, None if best else "no_step")


def _alone(standard: Standard, clause: str) -> Standard:
    """The standard with that clause alone set, as far as others can be left open: each is judged by its own limits."""
    data = standard.model_dump()
    for other in CLAUSES:
        area, _, name = other.partition(".")
        if other != clause and isinstance(data[area][name], dict):
            data[area][name] = {}
    return Standard.model_validate(data)


def _expected(works: Sequence[PastWork], standard: Standard, zone: ZoneInfo, clause: str) -> Expected | None:
    by_day: dict[int, Counter[str]] = defaultdict(Counter)
    for work in works:
        for item in work.visits_and_calls:
            outcome = _outcome(item, standard, work.exempt_at, clause)
            if outcome is not None:
                by_day[datetime.fromtimestamp(item.wall_s, zone).date().toordinal()][outcome] += 1
    return expected_of(by_day)


def _outcome(
    item: Measured[Encounter | Call],
    standard: Standard,
    exempt_at: Callable[[float], Collection[str]],
    clause: str,
) -> str | None:
    if isinstance(item.data, Call) != clause.startswith("phone."):
        return None
    verdicts = judged_anew(item, standard, exempt_at(item.wall_s))
    return next((each.outcome for each in verdicts if each.clause == clause), None)


def expected_of(by_day: Mapping[int, Mapping[str, int]]) -> Expected | None:
    """What counts of ``pass``, ``fail`` and ``indeterminate`` by day come to; None where nothing was decided."""
    counts = [
        (by_day[day].get("pass", 0), by_day[day].get("fail", 0), by_day[day].get("indeterminate", 0))
        for day in sorted(by_day)
    ]
    decided = [(met, met + missed) for met, missed, _ in counts if met + missed]
    met, whole = sum(each for each, _ in decided), sum(each for _, each in decided)
    share = share_of(met, whole)
    if share is None:
        return None
    low, high = _drawn_anew(decided)
    undecided = sum(each for *_, each in counts)
    return Expected(met, whole, undecided, len(decided), min(share.low, low), max(share.high, high))


def _drawn_anew(decided: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """The interval of the share when whole days are drawn anew (the cluster bootstrap: visits of one day are more alike than those of two)."""
    met, whole = (np.array(column) for column in zip(*decided, strict=True))
    random = np.random.default_rng(SEED)
    drawn = random.integers(0, len(decided), size=(DRAWS, len(decided)))
    shares = met[drawn].sum(axis=1) / whole[drawn].sum(axis=1)
    return float(np.percentile(shares, TAIL)), float(np.percentile(shares, 100.0 - TAIL))
