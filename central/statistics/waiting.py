"""The median wait of many customers, counting those who left before they were attended to as having waited longer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import CensoredData, ecdf

from central.scoring.wait import Wait
from central.statistics.share import CONFIDENCE

_Z = float(ndtri(0.5 + 0.5 * CONFIDENCE))
"""Standard deviations to either side within which that part of a normal distribution lies."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The waits of a day."""

    attended: int
    censored: int
    """Customers who left, or whose watching was cut short, while they waited."""
    unseen: int
    """Waits that could not be observed; they prove nothing and are left out."""
    median_s: float | None
    """Kaplan-Meier median; None when more than half were still waiting as far as anyone could see."""
    longer_than_s: float | None
    """Where there is no median: the longest wait that was seen."""


def waiting(waits: Sequence[Wait]) -> Waiting:
    """Count waits by their end and estimate the median by Kaplan-Meier."""
    attended = [wait.seconds for wait in waits if wait.end == "reaction"]
    censored = [wait.seconds for wait in waits if wait.censored]
    median_s = kaplan_meier_median(attended, censored)
    longest_s = max(attended + censored, default=None) if median_s is None else None
    unseen = sum(wait.end == "unseen" for wait in waits)
    return Waiting(len(attended), len(censored), unseen, median_s, longest_s)


def kaplan_meier_median(ended_s: Sequence[float], censored_s: Sequence[float]) -> float | None:
    """The first wait by which half of the customers, censored ones included, had been attended to."""
    if not ended_s:
        return None
    survival = ecdf(CensoredData(uncensored=list(ended_s), right=list(censored_s))).sf
    reached = np.flatnonzero(survival.probabilities <= 0.5 + 1e-9)
    return float(survival.quantiles[reached[0]]) if reached.size else None


def kaplan_meier_median_interval(
    ended_s: Sequence[float], censored_s: Sequence[float]
) -> tuple[float, float] | None:
    """The 95 % interval of the median wait: the waits at which the interval of the survival holds a half (Brookmeyer and Crowley 1982, Biometrics 38:29).

    Each survival has the interval of its log-log transform (Kalbfleisch and Prentice), which stays between 0 and 1.

    Returns:
        None where either end lies beyond all that was seen.
    """
    if not ended_s:
        return None
    at_s, ended = np.unique(np.asarray(ended_s, dtype=float), return_counts=True)
    everybody = np.sort(
        np.concatenate([np.asarray(ended_s, dtype=float), np.asarray(censored_s, dtype=float)])
    )
    waiting_still = len(everybody) - np.searchsorted(everybody, at_s, side="left")
    left = ended < waiting_still
    survival = np.cumprod(1.0 - ended / waiting_still)
    # Greenwood's variance; after the last wait of all, where nobody waits any more, there is none.
    spread = np.sqrt(np.cumsum(ended[left] / (waiting_still[left] * (waiting_still[left] - ended[left]))))
    half = _Z * spread / np.abs(np.log(survival[left]))
    low, high = survival.copy(), survival.copy()
    low[left], high[left] = survival[left] ** np.exp(half), survival[left] ** np.exp(-half)
    begins, ends = np.flatnonzero(low <= 0.5 + 1e-9), np.flatnonzero(high < 0.5 - 1e-9)
    if not begins.size or not ends.size:
        return None
    return float(at_s[begins[0]]), float(at_s[ends[0]])
