"""Shares of few cases, with the interval that shows how little they prove."""

from dataclasses import dataclass

from scipy.stats import binomtest

CONFIDENCE = 0.95
"""Of the interval: the usual one, and that of `central.scoring.verdict.K_SIGMA`."""

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
    """A share with its 95 % Wilson score interval; None of no cases at all."""
    if whole == 0:
        return None
    interval = binomtest(part, whole).proportion_ci(CONFIDENCE, method="wilson")
    return ShareOf(part, whole, part / whole, float(interval.low), float(interval.high))
