"""Shares of few cases, with the interval that shows how little they prove."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtri

CONFIDENCE = 0.95
"""Of the interval: the usual one, and that of `central.scoring.verdict.K_SIGMA`."""
_Z = float(ndtri(0.5 + 0.5 * CONFIDENCE))
"""Standard deviations to either side within which that part of a normal distribution lies."""

SMALL_SAMPLE = 10
"""Below so many decided cases a share is shown with its counts only, never as a rate to steer by: with 9 cases the
interval is some 50 points wide."""


@dataclass(frozen=True, slots=True)
class ShareOf:
    """A share of cases with its Wilson interval."""

    part: int
    whole: int
    share: float
    low: float
    high: float

    @property
    def small(self) -> bool:
        """Whether there are too few cases to steer by."""
        return self.whole < SMALL_SAMPLE


def share_of(part: int, whole: int) -> ShareOf | None:
    """A share with its 95 % Wilson score interval; None of no cases at all.

    Written out, for a month has hundreds of them (E. B. Wilson, Journal of the American Statistical Association 22, 1927, pages 209 to 212).
    """
    return _interval(part, whole, float(whole))


def share_over_periods(periods: Sequence[tuple[int, int]]) -> ShareOf | None:
    """The share of several periods together, with an interval that is wider where they differ more than their counts explain; None of no cases.

    Pearson's chi-squared over its degrees of freedom says by how much; the cases then count for that many fewer (the quasi-binomial's scale of
    McCullagh and Nelder, Generalized Linear Models, 1989, section 4.5.2). It never makes an interval narrower.

    Args:
        periods: Of each how many cases were met, and how many there were.
    """
    counted = [(part, whole) for part, whole in periods if whole > 0]
    part, whole = sum(part for part, _ in counted), sum(whole for _, whole in counted)
    scale = 1.0
    if 0 < part < whole and len(counted) > 1:
        share = part / whole
        squares = sum((each - of * share) ** 2 / (of * share * (1.0 - share)) for each, of in counted)
        scale = max(1.0, squares / (len(counted) - 1))
    return _interval(part, whole, whole / scale)


def _interval(part: int, whole: int, effective: float) -> ShareOf | None:
    """Wilson's interval, as if of so many cases."""
    if whole == 0:
        return None
    share = part / whole
    of = 2.0 * (effective + _Z**2)
    middle = (2.0 * effective * share + _Z**2) / of
    beside = _Z / of * sqrt(4.0 * effective * share * (1.0 - share) + _Z**2)
    low = 0.0 if part == 0 else middle - beside
    high = 1.0 if part == whole else middle + beside
    return ShareOf(part, whole, share, low, high)
