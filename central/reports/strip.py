"""The picture of a day: each encounter a mark at its time of day and its wait, with the limit and the gaps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from central.reports.wording import OUTCOMES, clock_time, hour_and_minute, wait_text
from central.scoring.verdict import Outcome
from central.statistics.desk_day import DeskDay
from central.statistics.tally import Tally

WIDTH = 760
"""Of the picture, in SVG units."""
HEIGHT = 170
"""Of the picture, in SVG units; the page scales it to its column, between .7 and 1.3 pixels a unit."""
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 24, 24
"""Margins in SVG units: room for ``600 s`` on the left, half an hour's label on the right, an arrow above, hours below."""

FEWEST_ENCOUNTERS = 3
"""Fewer marks make no picture of a day: they are shown in full anyway."""

HOUR_STEPS = (1, 2, 3, 4, 6)
"""Hours between two labels: the first of these that leaves few enough labels."""
MOST_HOURS_SHOWN = 9
"""More labels than these touch each other where the picture is at its narrowest."""
HEADROOM = 1.6
"""The picture reaches at least so many times the limit, so that a wait just beyond it is seen to be beyond."""
MOST_LIMITS = 4.0
"""And no further than so many times the limit, so that one long wait does not press the others flat."""


@dataclass(frozen=True, slots=True)
class EncounterMark:
    """One encounter in the picture."""

    x: float
    y: float
    outcome: Outcome
    left: bool
    """The customer went before the host attended to them."""
    title: str


@dataclass(frozen=True, slots=True)
class Hour:
    """A full hour on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything the page draws, in SVG units."""

    marks: tuple[EncounterMark, ...]
    hours: tuple[Hour, ...]
    gaps: tuple[tuple[float, float], ...]
    """Left edge and width of each time without measurement."""
    limit_y: float
    limit_s: float
    top_s: float
    """The longest wait that is drawn to scale; marks of longer ones stand at the upper edge."""
    beyond: bool
    """Whether there are such marks."""


def draw(day: DeskDay) -> Strip | None:
    """Lay out a day's encounters; None of a day with too few to make a picture."""
    if len(day.encounters) < FEWEST_ENCOUNTERS or day.coverage is None:
        return None
    from_s, to_s = _full_hours(day.coverage.from_s, day.coverage.to_s, day.day.timezone)
    limit_s = day.encounters[0].response.limits.max or 0.0
    longest_s = max(encounter.wait.seconds for encounter in day.encounters)
    top_s = min(max(limit_s * HEADROOM, longest_s * 1.1), limit_s * MOST_LIMITS)

    def x(wall_s: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (wall_s - from_s) / (to_s - from_s)

    def y(seconds: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(seconds, top_s) / top_s

    return Strip(
        marks=tuple(
            EncounterMark(
                x(encounter.measured.wall_s),
                y(encounter.wait.seconds),
                encounter.response.outcome,
                encounter.wait.end == "left",
                f"{clock_time(encounter.measured.wall_s, day.day.timezone)}: {wait_text(encounter.wait)}",
            )
            for encounter in day.encounters
        ),
        hours=tuple(Hour(x(wall_s), label) for wall_s, label in _hours(from_s, to_s, day.day.timezone)),
        gaps=tuple((x(gap.from_s), x(gap.to_s) - x(gap.from_s)) for gap in day.coverage.gaps),
        limit_y=y(limit_s),
        limit_s=limit_s,
        top_s=top_s,
        beyond=longest_s > top_s,
    )


def shares(tally: Tally) -> tuple[tuple[Outcome, float, float], ...]:
    """The bar of a clause: each outcome that there was, with its left edge and its width, of a bar of width 1."""
    whole = sum(tally.count(outcome) for outcome in OUTCOMES)
    bar, left = [], 0
    for outcome in OUTCOMES:
        count = tally.count(outcome)
        if count:
            bar.append((outcome, round(left / whole, 4), round(count / whole, 4)))
        left += count
    return tuple(bar)


def _full_hours(from_s: float, to_s: float, timezone: str) -> tuple[float, float]:
    zone = ZoneInfo(timezone)
    first = datetime.fromtimestamp(from_s, zone).replace(minute=0, second=0, microsecond=0)
    last = datetime.fromtimestamp(to_s, zone).replace(minute=0, second=0, microsecond=0)
    return first.timestamp(), (last + timedelta(hours=1)).timestamp()


def _hours(from_s: float, to_s: float, timezone: str) -> list[tuple[float, str]]:
    count = round((to_s - from_s) / 3600)
    step = next((step for step in HOUR_STEPS if count / step <= MOST_HOURS_SHOWN), HOUR_STEPS[-1])
    return [
        (wall_s, hour_and_minute(wall_s, timezone))
        for wall_s in (from_s + 3600 * hour for hour in range(0, count + 1, step))
    ]
