"""When a showroom is open: weekly hours, exceptions to them, and the stretches of Unix time that they come to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MIN = 1440
"""Minutes of a day on the wall; 1440 is its midnight's end, on any day, however long the day was."""


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """One stretch in which a showroom is open on one day of the week; a day with a lunch break has two."""

    weekday: int
    """0 for Monday to 6 for Sunday."""
    opens_min: int
    closes_min: int
    """Minutes since midnight on the wall clock; at most `DAY_MIN`."""
    first_day: date | None = None
    last_day: date | None = None
    """When these hours hold, both included; None for an open end."""


@dataclass(frozen=True, slots=True)
class ExceptionalHours:
    """Days on which the weekly hours do not hold: closed, or open for one stretch; several of the same days add up."""

    first_day: date
    last_day: date
    """Included."""
    title: str
    opens_min: int | None = None
    closes_min: int | None = None
    """None: closed."""


@dataclass(frozen=True, slots=True)
class OpeningTimes:
    """Everything that says when one showroom is open."""

    timezone: str
    weekly: tuple[WeeklyHours, ...] = ()
    exceptions: tuple[ExceptionalHours, ...] = ()


def open_between(times: OpeningTimes, from_s: float, to_s: float) -> tuple[tuple[float, float], ...]:
    """The stretches in which a showroom is open, as Unix times, ascending and apart.

    A wall time that the clock jumps over in spring counts as the moment of the jump; one that comes twice in autumn is the first of them.

    Args:
        times: Of the showroom.
        from_s: Unix time from which on.
        to_s: Unix time until which.
    """
    if to_s <= from_s:
        return ()
    zone = ZoneInfo(times.timezone)
    day = datetime.fromtimestamp(from_s, zone).date() - timedelta(days=1)
    last = datetime.fromtimestamp(to_s, zone).date()
    found: list[tuple[float, float]] = []
    while day <= last:
        for opens_min, closes_min in sorted(_wall_hours(times, day)):
            start_s, end_s = _unix(day, opens_min, zone), _unix(day, closes_min, zone)
            found.append((max(start_s, from_s), min(end_s, to_s)))
        day += timedelta(days=1)
    return tuple(_joined(stretch for stretch in found if stretch[0] < stretch[1]))


def open_seconds(times: OpeningTimes, from_s: float, to_s: float) -> float:
    """How many seconds between two Unix times the showroom was open."""
    return sum(end_s - start_s for start_s, end_s in open_between(times, from_s, to_s))


def _wall_hours(times: OpeningTimes, day: date) -> Iterator[tuple[int, int]]:
    exceptions = [each for each in times.exceptions if each.first_day <= day <= each.last_day]
    for each in exceptions:
        if each.opens_min is not None and each.closes_min is not None:
            yield each.opens_min, each.closes_min
    if exceptions:
        return
    for hours in times.weekly:
        begun = hours.first_day is None or hours.first_day <= day
        lasting = hours.last_day is None or day <= hours.last_day
        if hours.weekday == day.weekday() and begun and lasting:
            yield hours.opens_min, hours.closes_min


def _unix(day: date, minutes: int, zone: ZoneInfo) -> float:
    whole, left = divmod(minutes, DAY_MIN)
    wall = datetime.combine(day + timedelta(days=whole), time(left // 60, left % 60))
    local = wall.replace(tzinfo=zone)
    jumped_over = local.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) != wall
    # Of a wall time that never was, the later reading of the offset gives what lies before the jump by as much as it lies behind it.
    return _jump(local) if jumped_over else local.timestamp()


def _jump(local: datetime) -> float:
    """The moment at which the clock jumped over a wall time: the first one at which the later offset holds."""
    low, high = local.replace(fold=1).timestamp(), local.timestamp()
    zone = local.tzinfo
    before = datetime.fromtimestamp(low, zone).utcoffset()
    while high - low > 1.0:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _joined(stretches: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Stretches that touch are one."""
    current: tuple[float, float] | None = None
    for start_s, end_s in sorted(stretches):
        if current is not None and start_s <= current[1]:
            current = current[0], max(current[1], end_s)
            continue
        if current is not None:
            yield current
        current = start_s, end_s
    if current is not None:
        yield current
