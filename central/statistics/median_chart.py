"""A chart of single values over time, such as the median wait of each day: an XmR chart, and what is signalled. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from central.statistics.change_watch import FULL_REFERENCE, Scores, Watch, watch

PER_RANGE = 1.128
"""Mean range of two normal values in standard deviations (d2 for n = 2)."""
LIMIT_RANGES = 2.66
"""Limits of a single point, in mean ranges from the middle: 3 / 1.128 (Wheeler, Understanding Variation)."""
HIGHEST_RANGE = 3.267
"""Of the range between two points, in mean ranges (D4 for n = 2)."""
FARTHEST_SIGMA = 3.0
"""A single value counts for no more in the weighted mean: medians of few waits are no normal values, and one wild day is no change. Three such days are."""


@dataclass(frozen=True, slots=True)
class Valued:
    """The value of one period."""

    first_day: date
    value: float


@dataclass(frozen=True, slots=True)
class ValuePoint:
    """One period of the chart."""

    first_day: date
    value: float
    low: float | None
    """Limits of a single point, not below 0; None where too few points are there to place them."""
    high: float | None

    @property
    def outside(self) -> bool:
        """Whether the point lies beyond its limits."""
        return self.low is not None and self.high is not None and not self.low <= self.value <= self.high


@dataclass(frozen=True, slots=True)
class ValueStretch:
    """The points between two changes of what is measured."""

    points: tuple[ValuePoint, ...]
    level: float | None
    """Mean of the reference; None where there is no point."""
    mean_range: float | None
    """Mean of the ranges between points that follow each other in it; None of fewer than two."""
    watch: Watch

    @property
    def highest_range(self) -> float | None:
        """Beyond which two points that follow each other differ too much."""
        return None if self.mean_range is None else HIGHEST_RANGE * self.mean_range


def value_stretch(valued: Iterable[Valued]) -> ValueStretch:
    """Chart values that were measured in the same way, in whatever order they come.

    Raises:
        ValueError: A period comes twice: two medians are not put together.
    """
    periods = sorted(valued, key=lambda each: each.first_day)
    if len({each.first_day for each in periods}) < len(periods):
        raise ValueError("a period has two values")
    values = np.array([each.value for each in periods], dtype=np.float64)
    seen = watch(len(values), lambda reference, asked: _scores(values, reference, asked))
    reference = seen.points[-1].reference if seen.points else min(len(values), FULL_REFERENCE)
    if not reference:
        return ValueStretch((), None, None, seen)
    level = float(values[:reference].mean())
    mean_range = float(np.mean(np.abs(np.diff(values[:reference])))) if reference > 1 else None
    margin = LIMIT_RANGES * mean_range if mean_range is not None and seen.points else None
    points = tuple(
        ValuePoint(
            each.first_day,
            each.value,
            None if margin is None else max(0.0, level - margin),
            None if margin is None else level + margin,
        )
        for each in periods
    )
    return ValueStretch(points, level, mean_range, seen)


def _scores(values: Scores, reference: int, asked: slice) -> Scores:
    held = values[:reference]
    sigma = float(np.mean(np.abs(np.diff(held)))) / PER_RANGE
    away = values[asked] - held.mean()
    # Where nothing ever varied, any other value is as unlike as a single one may be.
    scores: Scores = np.sign(away) * FARTHEST_SIGMA if sigma == 0.0 else away / sigma
    return np.clip(scores, -FARTHEST_SIGMA, FARTHEST_SIGMA)
