"""The picture of a month: of each day the share of visits and calls in which no clause failed, with its interval. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from central.reports.month import MonthFigures
from central.statistics.share import ShareOf

WIDTH = 760
"""Of the picture, in SVG units."""
HEIGHT = 190
"""Of the picture, in SVG units."""
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 26
"""Margins in SVG units: room for ``100 %`` on the left and for days below."""
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares with a line of their own."""
DAY_STEP = 5
"""Days between two that have their number below."""


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day."""

    x: float
    y: float
    high_y: float
    low_y: float
    day: date
    share: ShareOf


@dataclass(frozen=True, slots=True)
class MonthChart:
    """Everything the page draws, in SVG units."""

    marks: tuple[DayMark, ...]
    ticks: tuple[tuple[float, float], ...]
    """Height and share of each line."""
    numbers: tuple[tuple[float, int], ...]
    """Place and number of the days that have theirs below."""


def draw_month(days: Sequence[tuple[date, MonthFigures]]) -> MonthChart:
    """Lay a month out; days of which nothing can be told have no mark."""
    step = (WIDTH - LEFT - RIGHT) / len(days)

    def x(place: int) -> float:
        return round(LEFT + (place + 0.5) * step, 1)

    marks = [
        DayMark(x(place), _y(kept.share), _y(kept.high), _y(kept.low), day, kept)
        for place, (day, figures) in enumerate(days)
        if (kept := figures.kept) is not None
    ]
    numbered = [
        (x(place), day.day) for place, (day, _) in enumerate(days) if day.day == 1 or day.day % DAY_STEP == 0
    ]
    return MonthChart(tuple(marks), tuple((_y(share), share) for share in TICKS), tuple(numbered))


def _y(share: float) -> float:
    return round(TOP + (1.0 - share) * (HEIGHT - TOP - BOTTOM), 1)
