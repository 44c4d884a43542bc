"""The clock of one cycle: how long it took in all hours and in those of business, until when the reply is due, and why then."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from central.calendars.opening_times import OpeningTimes, open_between
from central.replies.cycles import Pause, ReplyCycle
from protocol.errors import MendableError

Hours = Literal["calendar", "business"]
ReplyOutcome = Literal["met", "missed", "running", "closed", "unknown"]
"""``missed`` stays so for ever, whatever comes after the deadline. ``closed``: without a reply, before one was due. ``unknown``: no deadline
can be told."""

LOOKED_AHEAD_S = 28 * 86_400.0
"""How much of a calendar is read at a time."""
LONGEST_S = 3653 * 86_400.0
"""Ten years: a reply that is not due by then is not due at all, and the hours of business are wrong."""


class NoOpenTimeError(MendableError):
    """A calendar has too little open time for a deadline in hours of business; the text says whose, and what to do."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Within which time a reply is promised."""

    within_s: float
    hours: Hours


@dataclass(frozen=True, slots=True)
class Stay:
    """From when on a showroom had the case, and when it is open."""

    from_s: float
    showroom_id: int
    showroom: str
    times: OpeningTimes


@dataclass(frozen=True, slots=True)
class Counted:
    """A stretch of a cycle: counted, or why not."""

    from_s: float
    to_s: float
    counted: bool
    why: Literal["calendar", "open", "paused", "shut"]
    showroom: str
    title: str = ""
    """Of the exceptions for which the showroom was shut, such as a holiday's name."""

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.to_s - self.from_s


@dataclass(frozen=True, slots=True)
class ReplyClock:
    """What can be told of one cycle at a moment."""

    cycle: ReplyCycle
    promise: Promise
    outcome: ReplyOutcome
    due_s: float | None
    """Unix time; None while the customer is waited for, and where it cannot be told."""
    calendar_s: float
    """Seconds that it took, or that have gone by; pauses are not counted."""
    business_s: float
    """The same, of the hours in which the showroom that had it was open."""
    paused_s: float
    showroom_id: int
    """Which had it when the reply came, the case was closed, or the reply fell due, whichever was first; now, where nothing was."""
    explained: tuple[Counted, ...]
    """From the question to the deadline, or as far as it has come; what is counted adds up to what was promised."""
    refused: str = ""
    """Why no deadline can be told."""


def reckon(cycle: ReplyCycle, promise: Promise, stays: Sequence[Stay], now_s: float) -> ReplyClock:
    """Read the clock of a cycle.

    Args:
        cycle: Of `central.replies.cycles.cycles`.
        promise: What holds for it.
        stays: The showrooms that had the case, ascending, one at least; what was before the first is the first one's.
        now_s: The present, as Unix time.
    """
    end_s = max(cycle.asked_s, now_s if cycle.ended_s is None else min(cycle.ended_s, now_s))
    running = cycle.ended_s is None or cycle.ended_s > now_s
    refused, due_s = "", None
    try:
        due_s = deadline(cycle, promise, stays)
    except NoOpenTimeError as error:
        refused = str(error)
    if refused:
        outcome: ReplyOutcome = "unknown"
    elif due_s is not None and end_s > due_s:
        outcome = "missed"
    elif running:
        outcome = "running"
    else:
        outcome = "met" if cycle.ending == "replied" else "closed"
    decided_s = end_s if due_s is None else min(end_s, due_s)
    explained_s = end_s if due_s is None else due_s
    return ReplyClock(
        cycle,
        promise,
        outcome,
        due_s,
        _sum(_counting(cycle, "calendar", stays, end_s)),
        _sum(_counting(cycle, "business", stays, end_s)),
        end_s - cycle.asked_s - _sum(_counting(cycle, "calendar", stays, end_s)),
        _stay_at(stays, decided_s).showroom_id,
        tuple(_explained(cycle, promise.hours, stays, explained_s)),
        refused,
    )


def deadline(cycle: ReplyCycle, promise: Promise, stays: Sequence[Stay]) -> float | None:
    """The first moment at which all of the promised time has gone by, as Unix time; None while a pause before it has no end.

    It is told of the cycle as it stands: what is replied, closed or paused after the deadline does not move it.

    Raises:
        NoOpenTimeError: The showrooms are not open long enough in ten years.
    """
    left_s = promise.within_s
    from_s = cycle.asked_s
    while from_s < cycle.asked_s + LONGEST_S:
        to_s = from_s + LOOKED_AHEAD_S
        for each in _counting(cycle, promise.hours, stays, to_s, from_s):
            if each.seconds >= left_s:
                return each.from_s + left_s
            left_s -= each.seconds
        if cycle.pauses and cycle.pauses[-1].to_s is None and to_s > cycle.pauses[-1].from_s:
            return None
        from_s = to_s
    named = " and ".join(sorted({f"{each.showroom!r}" for each in stays}))
    raise NoOpenTimeError(
        f"no reply is ever due in {promise.within_s / 3600:g} hours of business: {named} is hardly ever open, or its hours are not entered; "
        "enter them (sheet hours of the registry), or have all hours count (hours of [reply] in the standard)"
    )


def _counting(
    cycle: ReplyCycle, hours: Hours, stays: Sequence[Stay], to_s: float, from_s: float | None = None
) -> Iterator[Counted]:
    """The stretches that count, ascending; one that a pause or a move cuts is two."""
    begin_s = cycle.asked_s if from_s is None else from_s
    for stay, stay_from_s, stay_to_s in _stayed(stays, begin_s, to_s):
        if hours == "calendar":
            stretches: Iterable[tuple[float, float]] = ((stay_from_s, stay_to_s),)
        else:
            stretches = open_between(stay.times, stay_from_s, stay_to_s)
        why: Literal["calendar", "open"] = "calendar" if hours == "calendar" else "open"
        for stretch in stretches:
            for first_s, last_s in _without(stretch, cycle.pauses):
                yield Counted(first_s, last_s, True, why, stay.showroom)


def _stayed(stays: Sequence[Stay], from_s: float, to_s: float) -> Iterator[tuple[Stay, float, float]]:
    for index, stay in enumerate(stays):
        begins_s = from_s if index == 0 else max(from_s, stay.from_s)
        ends_s = to_s if index + 1 == len(stays) else min(to_s, stays[index + 1].from_s)
        if begins_s < ends_s:
            yield stay, begins_s, ends_s


def _stay_at(stays: Sequence[Stay], wall_s: float) -> Stay:
    return [each for index, each in enumerate(stays) if index == 0 or each.from_s <= wall_s][-1]


def _without(stretch: tuple[float, float], pauses: Iterable[Pause]) -> Iterator[tuple[float, float]]:
    from_s, to_s = stretch
    for pause in pauses:
        if pause.to_s is not None and pause.to_s <= from_s:
            continue
        if pause.from_s >= to_s:
            break
        if pause.from_s > from_s:
            yield from_s, pause.from_s
        if pause.to_s is None:
            return
        from_s = pause.to_s
    if from_s < to_s:
        yield from_s, to_s


def _sum(stretches: Iterable[Counted]) -> float:
    return sum(each.seconds for each in stretches)


def _explained(cycle: ReplyCycle, hours: Hours, stays: Sequence[Stay], to_s: float) -> Iterator[Counted]:
    """Every second from the question on, counted or not, ascending and without a hole."""
    current: Counted | None = None
    for each in _cut(cycle, hours, stays, to_s):
        alike = current is not None and (current.why, current.showroom) == (each.why, each.showroom)
        if current is not None and alike and current.to_s == each.from_s:
            titles = dict.fromkeys(title for title in (current.title, each.title) if title)
            current = Counted(
                current.from_s, each.to_s, each.counted, each.why, each.showroom, ", ".join(titles)
            )
            continue
        if current is not None:
            yield current
        current = each
    if current is not None:
        yield current


def _cut(cycle: ReplyCycle, hours: Hours, stays: Sequence[Stay], to_s: float) -> Iterator[Counted]:
    for stay, from_s, until_s in _stayed(stays, cycle.asked_s, to_s):
        reached_s = from_s
        for each in _counting(cycle, hours, (stay,), until_s, from_s):
            yield from _gap(cycle, stay, reached_s, each.from_s)
            yield each
            reached_s = each.to_s
        yield from _gap(cycle, stay, reached_s, until_s)


def _gap(cycle: ReplyCycle, stay: Stay, from_s: float, to_s: float) -> Iterator[Counted]:
    cuts = {from_s, to_s}
    for pause in cycle.pauses:
        cuts |= {cut for cut in (pause.from_s, pause.to_s) if cut is not None and from_s < cut < to_s}
    ordered = sorted(cuts)
    for first_s, last_s in pairwise(ordered):
        paused = any(
            pause.from_s <= first_s and (pause.to_s is None or pause.to_s >= last_s) for pause in cycle.pauses
        )
        title = "" if paused else ", ".join(_exceptions(stay.times, first_s, last_s))
        yield Counted(first_s, last_s, False, "paused" if paused else "shut", stay.showroom, title)


def _exceptions(times: OpeningTimes, from_s: float, to_s: float) -> Iterator[str]:
    zone = ZoneInfo(times.timezone)
    first = datetime.fromtimestamp(from_s, zone).date()
    last = (datetime.fromtimestamp(to_s, zone) - timedelta(seconds=1)).date()
    titles = (
        each.title
        for each in times.exceptions
        if each.opens_min is None and each.first_day <= last and first <= each.last_day
    )
    yield from dict.fromkeys(titles)
