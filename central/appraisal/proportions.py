"""Shares of few cases compared: intervals of a share, of a difference of two, and of one within the same circumstances; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, sqrt
from typing import NamedTuple

Z = 1.959964
"""Of a 95-percent interval, two-sided: that of `central.statistics.share.share_of`."""


class Counts(NamedTuple):
    """How many of how many decided cases met a clause."""

    met: int
    whole: int

    @property
    def share(self) -> float:
        """Of at least one case."""
        return self.met / self.whole


@dataclass(frozen=True, slots=True)
class Difference:
    """One share less another, with its interval."""

    value: float
    low: float
    high: float

    @property
    def sign(self) -> int:
        """1 or -1 where the interval leaves no doubt which of both is larger; else 0."""
        return (self.low > 0) - (self.high < 0)


def wilson(counts: Counts) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share (Wilson 1927): the closed form of what `share_of` asks scipy for.

    >>> [round(each, 3) for each in wilson(Counts(9, 10))]
    [0.596, 0.982]
    """
    n, p = counts.whole, counts.share
    middle = p + Z * Z / (2 * n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    low = 0.0 if counts.met == 0 else (middle - half) / scale
    high = 1.0 if counts.met == n else (middle + half) / scale
    return low, high


def difference(first: Counts, second: Counts) -> Difference:
    """The first share less the second, with the hybrid score interval (Newcombe 1998, Statistics in Medicine 17:873, method 10)."""
    (l1, u1), (l2, u2) = wilson(first), wilson(second)
    p1, p2 = first.share, second.share
    value = p1 - p2
    return Difference(
        value, value - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), value + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    )


def within_strata(pairs: Iterable[tuple[Counts, Counts]]) -> Difference | None:
    """The first shares less the second ones among cases of the same circumstances, weighted by Mantel and Haenszel.

    Greenland and Robins 1985, Biometrics 41:55. Each variance is taken at a share drawn by half a case towards the middle, so that few cases
    that all came out alike do not pass for certainty.

    Args:
        pairs: Of each circumstance what both sides came to; those in which one side has no case say nothing.

    Returns:
        None where no circumstance has cases of both.
    """
    both = [(a, b) for a, b in pairs if a.whole and b.whole]
    if not both:
        return None
    weights = [a.whole * b.whole / (a.whole + b.whole) for a, b in both]
    total = fsum(weights)
    value = fsum(w * (a.share - b.share) for w, (a, b) in zip(weights, both, strict=True)) / total
    variance = fsum(w * w * (_variance(a) + _variance(b)) for w, (a, b) in zip(weights, both, strict=True))
    half = Z * sqrt(variance) / total
    return Difference(value, value - half, value + half)


def _variance(counts: Counts) -> float:
    p = (counts.met + 0.5) / (counts.whole + 1)
    return p * (1 - p) / counts.whole
