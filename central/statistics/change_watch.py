"""The one rule by which a chart signals: a weighted mean of scores, each held against the points before it. Pure.

The first points after a change are the reference. It grows while the chart does, and never takes in the latest points: what is looked for must not
become what it is compared with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from central.statistics.run_length import LAMBDA, inflation_of, limit_sigma, spread

LEAST_REFERENCE = 20
"""Points before a chart can signal: a month of five-day weeks. Montgomery (Introduction to Statistical Quality Control, 7.2) asks for 20 to 25."""
FULL_REFERENCE = 90
"""Points at which the reference grows no more, four months of five-day weeks: what creeps in afterwards is held against it for ever."""
NOTHING = 1e-9
"""Squares that add up to less are rounding: the scores were all alike."""
GROWTH = 5
"""Points by which the reference grows at a time: a week."""
HELD_BACK = 10
"""The latest points that no reference takes in: within so many days a fall is to be signalled."""

Scores = NDArray[np.float64]
Direction = Literal["up", "down"]
Scorer = Callable[[int, slice], Scores]
"""Given how many of the first points are the reference, the scores of the points of a slice: normal, of about one sigma."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One point after the reference."""

    place: int
    """Of the point, from 0 on."""
    mean: float
    """The weighted mean of the scores, in sigma."""
    limit: float
    """Beyond which it signals, on either side."""
    reference: int
    """How many points it is held against."""

    @property
    def beyond(self) -> bool:
        """Whether the mean lies beyond its limit."""
        return abs(self.mean) > self.limit


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A signal: from one point on the level was another."""

    signalled: int
    """Place of the point at which it was noticed."""
    began: int
    """Place of the point at which the mean left the middle for the last time before: where to look for what happened."""
    direction: Direction
    until: int | None
    """Place of the point at which the mean was back in the middle; None while it is not."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What the rule says of all points that follow one change."""

    points: tuple[Watched, ...]
    """Empty where there are fewer than `LEAST_REFERENCE` before."""
    changes: tuple[LevelChange, ...]

    @property
    def now(self) -> LevelChange | None:
        """The change that lasts; None where there is none."""
        return self.changes[-1] if self.changes and self.changes[-1].until is None else None


def watch(points: int, scores: Scorer) -> Watch:
    """Watch points in their order.

    Args:
        points: How many there are.
        scores: Scores them against the first ones.
    """
    found: list[Watched] = []
    mean, reference, place = 0.0, 0, LEAST_REFERENCE
    while place < points:
        wanted = min(max((place - HELD_BACK) // GROWTH * GROWTH, LEAST_REFERENCE), FULL_REFERENCE)
        # A reference does not grow while the mean is away from the middle: that may be the beginning of a change.
        if wanted != reference and (not reference or abs(mean) < found[-1].limit / 2.0):
            reference = wanted
            sigma, inflation = _noise(scores(reference, slice(reference)))
            limit = limit_sigma() * spread(inflation, reference)
        until = points if reference == FULL_REFERENCE else min(points, place + GROWTH)
        for number, score in enumerate(scores(reference, slice(place, until)), place):
            mean = (1.0 - LAMBDA) * mean + LAMBDA * float(score) / sigma
            found.append(Watched(number, mean, limit, reference))
        place = until
    return Watch(tuple(found), tuple(_changes(found)))


def _noise(scored: Scores) -> tuple[float, float]:
    """The standard deviation of the scores of a reference, at least 1, and by how much correlation inflates the variance of their mean."""
    sigma = max(1.0, float(np.sqrt(np.mean(np.square(scored)))))
    around = scored - scored.mean()
    whole = float(np.sum(np.square(around)))
    correlation = float(np.sum(around[1:] * around[:-1])) / whole if whole > NOTHING else 0.0
    # Of scores that do not hang together the correlation of so few is 0 with this standard error.
    error = 1.0 / len(scored) ** 0.5
    return sigma, inflation_of(min(0.8, max(0.0, correlation - error)))


def _changes(points: Sequence[Watched]) -> list[LevelChange]:
    found: list[LevelChange] = []
    open_since: tuple[int, int, Direction] | None = None
    left_middle = points[0].place if points else 0
    for before, each in zip([None, *points], points, strict=False):
        middle = abs(each.mean) < each.limit / 2.0
        turned = before is not None and before.mean * each.mean < 0.0
        if open_since is not None and (middle or turned):
            found.append(LevelChange(*open_since, each.place))
            open_since = None
        if middle or turned:
            left_middle = each.place + (0 if turned else 1)
        if open_since is None and each.beyond:
            open_since = (each.place, min(left_middle, each.place), "up" if each.mean > 0.0 else "down")
    if open_since is not None:
        found.append(LevelChange(*open_since, None))
    return found
