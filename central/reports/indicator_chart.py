"""One indicator of one scope over a year: its chart, and the picture and the rows of the part that is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log10

from sqlalchemy.orm import Session

from central.reports.indicator_choices import IndicatorBaseline
from central.reports.indicator_marks import marks_of
from central.reports.indicator_values import IndicatorReader, PeriodValue, Step
from central.statistics.indicators import Indicator
from central.statistics.median_chart import Valued, ValueStretch
from central.statistics.period_charts import ChartMark, PeriodChart, Signal, share_chart, value_chart
from central.statistics.share_chart import CountedPeriod, ShareStretch

HISTORY_DAYS = 365
"""Of a chart: its reference lies at the beginning of what is held against it, also where less is shown."""
WIDTH = 760
"""Of the picture, in SVG units."""
HEIGHT = 260
"""Of the picture, in SVG units."""
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 22, 30
"""Margins in SVG units: room for numbers on the left, for marks above and for days below."""
TICKS = 4
"""Lines across the picture above the lowest one."""


@dataclass(frozen=True, slots=True)
class IndicatorPoint:
    """One period with its limits."""

    value: PeriodValue
    figure: float | None
    """What is drawn: the value, or a share of few cases; None where there is nothing to draw."""
    low: float | None
    high: float | None
    """Limits of a single point."""
    outside: bool
    in_signal: bool
    """Whether it lies in a stretch that is signalled."""


@dataclass(frozen=True, slots=True)
class IndicatorChart:
    """A chart."""

    indicator: Indicator
    step: Step
    points: tuple[IndicatorPoint, ...]
    """Ascending, those of the part that is shown."""
    marks: tuple[ChartMark, ...]
    signals: tuple[Signal, ...]
    """Those that touch the part that is shown."""
    now: Signal | None
    learning: int | None
    """How many points are missing until it can signal."""
    level: float | None
    """Of the reference of the latest stretch."""
    over_dispersed: bool


def chart_of(
    session: Session,
    reader: IndicatorReader,
    indicator: Indicator,
    step: Step,
    shown_from: date,
    said: Sequence[IndicatorBaseline] = (),
) -> IndicatorChart:
    """Chart an indicator.

    Args:
        session: Where to read when something changed.
        reader: Of the scope, over all of its history.
        indicator: Which.
        step: How long a period is.
        shown_from: The first day that is shown.
        said: From when on a level is the one to be held.
    """
    values = reader.values(indicator, step)
    drawn = marks_of(session, indicator, reader.cells, said)
    # A region or company has desks enough that one of them changes little: it is drawn and begins no new reference.
    wide = reader.scope.kind in {"region", "company"}
    cutting = [mark for mark in drawn if not wide or mark.kind in {"standard", "baseline"}]
    marks = [ChartMark(_first_after(values, mark.day), mark.kind, mark.what) for mark in cutting]
    chart: PeriodChart[ShareStretch] | PeriodChart[ValueStretch]
    if indicator.is_share:
        chart = share_chart(
            [
                CountedPeriod(each.first_day, each.share.part, each.share.whole)
                for each in values
                if each.share is not None
            ],
            marks,
        )
    else:
        chart = value_chart(
            [Valued(each.first_day, each.value) for each in values if each.value is not None], marks
        )
    latest = chart.stretches[-1] if chart.stretches else None
    return IndicatorChart(
        indicator,
        step,
        tuple(_points([each for each in values if each.last_day >= shown_from], chart)),
        tuple(mark for mark in drawn if mark.day >= shown_from),
        tuple(each for each in chart.signals if each.until is None or each.until >= shown_from),
        chart.now,
        chart.learning,
        latest.level if latest is not None else None,
        isinstance(latest, ShareStretch) and latest.over_dispersed,
    )


def _first_after(values: Sequence[PeriodValue], day: date) -> date:
    """The first period that holds nothing of before a day: a period in which something changed belongs to what was before."""
    return next((each.first_day for each in values if each.first_day >= day), day)


def _points(
    values: Sequence[PeriodValue], chart: PeriodChart[ShareStretch] | PeriodChart[ValueStretch]
) -> list[IndicatorPoint]:
    limits = {
        point.first_day: (point.low, point.high, point.outside)
        for stretch in chart.stretches
        for point in stretch.points
    }
    found = []
    for each in values:
        low, high, outside = limits.get(each.first_day, (None, None, False))
        figure = each.share.share if each.share is not None else each.value
        signalled = any(
            signal.signalled <= each.first_day and (signal.until is None or each.first_day < signal.until)
            for signal in chart.signals
        )
        found.append(IndicatorPoint(each, figure, low, high, outside, signalled and figure is not None))
    return found


@dataclass(frozen=True, slots=True)
class DrawnPoint:
    """Where a point stands."""

    x: float
    y: float
    low_y: float | None
    high_y: float | None
    """Of its interval."""
    point: IndicatorPoint


@dataclass(frozen=True, slots=True)
class IndicatorPicture:
    """Everything the page draws, in SVG units."""

    points: tuple[DrawnPoint, ...]
    limits: tuple[str, ...]
    """Paths of the limits of single points, lower and upper."""
    level_y: float | None
    target_y: float | None
    ticks: tuple[tuple[float, float], ...]
    """Height and value of each line."""
    marks: tuple[tuple[float, ChartMark], ...]
    days: tuple[tuple[float, date], ...]
    """Place of the days that have their name below."""
    noted: tuple[float, ...]
    """Place of each day on which something was noted that may explain the indicator."""


def draw_indicator(
    chart: IndicatorChart, target: float | None, noted: Sequence[date] = ()
) -> IndicatorPicture:
    """Lay a chart out; periods without a figure have no point."""
    count = max(1, len(chart.points))
    step = (WIDTH - LEFT - RIGHT) / count
    top = 1.0 if chart.indicator.unit == "share" else _round_top(chart, target)

    def x(place: float) -> float:
        return round(LEFT + (place + 0.5) * step, 1)

    def y(value: float) -> float:
        return round(TOP + (1.0 - min(1.0, value / top)) * (HEIGHT - TOP - BOTTOM), 1)

    points = []
    for place, each in enumerate(chart.points):
        if each.figure is not None:
            share = each.value.share
            points.append(
                DrawnPoint(
                    x(place),
                    y(each.figure),
                    y(share.low) if share else None,
                    y(share.high) if share else None,
                    each,
                )
            )
    begins = [each.value.first_day for each in chart.points]
    named = max(1, count // 8)
    return IndicatorPicture(
        tuple(points),
        tuple(
            path
            for low in (True, False)
            if (
                path := _path(
                    [
                        (x(n), limit)
                        for n, each in enumerate(chart.points)
                        if (limit := each.low if low else each.high) is not None
                    ],
                    y,
                    step,
                )
            )
        ),
        None if chart.level is None else y(chart.level),
        None if target is None else y(target),
        tuple((y(top * n / TICKS), top * n / TICKS) for n in range(TICKS + 1)),
        tuple((round(x(sum(day < mark.day for day in begins)) - step / 2, 1), mark) for mark in chart.marks),
        tuple((x(n), day) for n, day in enumerate(begins) if n % named == 0),
        tuple(x(max(0, sum(begin <= day for begin in begins) - 1)) for day in noted),
    )


def _round_top(chart: IndicatorChart, target: float | None) -> float:
    """The value at the upper edge: the next of 1, 2, 5 times a power of ten above all that is drawn."""
    drawn = [value for each in chart.points for value in (each.figure, each.high) if value is not None]
    highest = max([*drawn, target or 0.0, 0.01])
    power = 10.0 ** floor(log10(highest))
    return next(each * power for each in (1.0, 2.0, 5.0, 10.0) if each * power >= highest)


def _path(limits: list[tuple[float, float]], y: Callable[[float], float], step: float) -> str:
    parts: list[str] = []
    last_x: float | None = None
    for place, limit in limits:
        left, right, height = round(place - step / 2, 1), round(place + step / 2, 1), y(limit)
        # Limits are drawn through from one period to the next; over a hole they are not.
        parts.append(
            f"{'L' if last_x is not None and left - last_x < step / 2 else 'M'}{left} {height}H{right}"
        )
        last_x = right
    return "".join(parts)


def shown_days(last_day: date, days: int) -> date:
    """The first day of so many that end with one."""
    return last_day - timedelta(days=days - 1)
