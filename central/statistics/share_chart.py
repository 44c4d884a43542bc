"""A chart of shares over time: each with its Wilson interval, the limits of a p-chart or of Laney's p', and what is signalled. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc, ndtri
from scipy.stats import chi2

from central.statistics.change_watch import FULL_REFERENCE, Scores, Watch, watch
from central.statistics.median_chart import PER_RANGE
from central.statistics.share import ShareOf, share_of

LIMIT_SIGMA = 3.0
"""Of the limits of a single point: Shewhart's. They say where one day is unlike the others, and signal nothing: of 370 points one lies beyond them by
chance."""
DISPERSION_CHANCE = 0.05
"""Shares vary more than their counts explain where these would do so with less chance than this (Pearson's chi-squared test)."""

Counts = NDArray[np.int64]
LEAST_CHANCE = 1e-300
"""Below it a number has no room for a chance; its score is 37 sigma."""


@dataclass(frozen=True, slots=True)
class CountedPeriod:
    """What was counted in one period."""

    first_day: date
    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class SharePoint:
    """One period of the chart."""

    first_day: date
    share: ShareOf
    low: float | None
    """Limits of a single point; None where too few points are there to place them."""
    high: float | None

    @property
    def outside(self) -> bool:
        """Whether the point lies beyond its limits."""
        return (
            self.low is not None and self.high is not None and not self.low <= self.share.share <= self.high
        )


@dataclass(frozen=True, slots=True)
class ShareStretch:
    """The points between two changes of what is measured."""

    points: tuple[SharePoint, ...]
    """Periods with no case at all are left out."""
    level: float | None
    """The share of all cases of the reference; None where there is no case."""
    sigma_z: float
    """Laney's: by how many times the shares vary more than their counts explain; 1 for a plain p-chart."""
    watch: Watch

    @property
    def over_dispersed(self) -> bool:
        """Whether the limits are Laney's p' ones."""
        return self.sigma_z > 1.0


def share_stretch(counted: Iterable[CountedPeriod]) -> ShareStretch:
    """Chart the periods in which the same was measured in the same way, in whatever order they come; those of one day are one.

    Raises:
        ValueError: A part is greater than its whole.
    """
    periods = [each for each in merged(counted) if each.whole]
    parts = np.array([each.part for each in periods], dtype=np.float64)
    wholes = np.array([each.whole for each in periods], dtype=np.int64)
    seen = watch(len(periods), lambda reference, asked: _scores(parts, wholes, reference, asked))
    reference = seen.points[-1].reference if seen.points else min(len(periods), FULL_REFERENCE)
    if not reference:
        return ShareStretch((), None, 1.0, seen)
    level = float(parts[:reference].sum() / wholes[:reference].sum())
    sigma_z = _sigma_z(parts[:reference], wholes[:reference], level)
    points = tuple(_point(each, level, sigma_z, placed=bool(seen.points)) for each in periods)
    return ShareStretch(points, level, sigma_z, seen)


def merged(counted: Iterable[CountedPeriod]) -> list[CountedPeriod]:
    """Periods ascending, each once."""
    found: dict[date, CountedPeriod] = {}
    for each in counted:
        if not 0 <= each.part <= each.whole:
            raise ValueError(f"{each.part} of {each.whole} on {each.first_day} is no share")
        known = found.get(each.first_day, CountedPeriod(each.first_day, 0, 0))
        found[each.first_day] = CountedPeriod(
            each.first_day, known.part + each.part, known.whole + each.whole
        )
    return [found[day] for day in sorted(found)]


def _scores(parts: Scores, wholes: Counts, reference: int, asked: slice) -> Scores:
    """How unlike each count is to the reference, as a normal score: by its mid-p, so that few cases and shares near 1 prove no more than they can."""
    # Jeffreys: half a case for and half a case against, so that a reference without a miss does not make the first one impossible.
    level = (parts[:reference].sum() + 0.5) / (wholes[:reference].sum() + 1.0)
    parts, wholes = parts[asked], wholes[asked]
    at_most, fewer = bdtr(parts, wholes, level), np.where(parts > 0, bdtr(parts - 1, wholes, level), 0.0)
    more, at_least = bdtrc(parts, wholes, level), np.where(parts > 0, bdtrc(parts - 1, wholes, level), 1.0)
    lower, upper = (at_most + fewer) / 2.0, (more + at_least) / 2.0
    chance = np.maximum(np.minimum(lower, upper), LEAST_CHANCE)
    # By the smaller tail: far out, 1 minus a chance has no digits left.
    scores: Scores = np.where(lower < upper, ndtri(chance), -ndtri(chance))
    return scores


def _sigma_z(parts: Scores, wholes: Counts, level: float) -> float:
    """Laney (Quality Engineering 14, 2002): the spread of the shares from one period to the next, in what their counts explain."""
    variance = level * (1.0 - level)
    if len(parts) < 2 or variance == 0.0:
        return 1.0
    z = (parts / wholes - level) / np.sqrt(variance / wholes)
    if float(chi2.sf(np.sum(np.square(z)), len(z) - 1)) >= DISPERSION_CHANCE:
        return 1.0
    return max(1.0, float(np.mean(np.abs(np.diff(z)))) / PER_RANGE)


def _point(counted: CountedPeriod, level: float, sigma_z: float, *, placed: bool) -> SharePoint:
    share = share_of(counted.part, counted.whole)
    assert share is not None  # noqa: S101 - periods without a case are left out
    if not placed:
        return SharePoint(counted.first_day, share, None, None)
    margin = LIMIT_SIGMA * sigma_z * (level * (1.0 - level) / counted.whole) ** 0.5
    return SharePoint(counted.first_day, share, max(0.0, level - margin), min(1.0, level + margin))
