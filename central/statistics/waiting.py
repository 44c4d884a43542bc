"""The median wait of many customers, counting those who left before they were attended to as having waited longer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import CensoredData, ecdf

from central.scoring.wait import Wait


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
