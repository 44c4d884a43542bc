"""How often an exponentially weighted mean of scores crosses its limits when nothing changed, and how soon when something did. Pure."""

from functools import cache

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

LAMBDA = 0.2
"""Weight of the newest score. Lucas and Saccucci (Technometrics 32, 1990, tables 3 and 5): best for a shift of one sigma, and close to best up to
two; a fall from .85 to .70 is 1.9 sigma at 20 cases a day and 3.3 sigma at 60."""
WATCHED_POINTS = 30
"""The stretch over which false signals are counted: 30 points."""
FALSE_SIGNALS = 0.015
"""Chance of a signal within `WATCHED_POINTS` when nothing changed. Promised are at most five of a hundred charts: of charts that signal for nothing
with this chance, more than five do so in one hundred of two hundred. A smaller chance would notice a fall later."""
_CELLS = 201
"""Into which the way between the limits is cut; the chance then stands to the third digit."""


def signal_chance(limit_sigma: float, points: int, shift_sigma: float = 0.0) -> float:
    """The chance that the mean crosses its limits within so many points, from 0 on.

    The mean is a Markov chain between its limits (Brook and Evans, Biometrika 59, 1972): a step from one cell to another has the chance
    that a normal score takes it there.

    Args:
        limit_sigma: The limit, in standard deviations of the mean.
        points: How many scores come.
        shift_sigma: By how much the scores have moved, in their own standard deviation.
    """
    width = 2.0 * limit_sigma * spread() / _CELLS
    middles = (np.arange(_CELLS) - _CELLS // 2) * width
    kept = (1.0 - LAMBDA) * middles[:, None]
    above = (middles[None, :] + width / 2.0 - kept) / LAMBDA - shift_sigma
    below = (middles[None, :] - width / 2.0 - kept) / LAMBDA - shift_sigma
    step = norm.cdf(above) - norm.cdf(below)
    inside = np.zeros(_CELLS)
    inside[_CELLS // 2] = 1.0
    for _ in range(points):
        inside = inside @ step
    return float(1.0 - inside.sum())


@cache
def limit_sigma() -> float:
    """The limit at which `FALSE_SIGNALS` hold, in standard deviations of the mean."""
    return float(
        brentq(lambda limit: signal_chance(limit, WATCHED_POINTS) - FALSE_SIGNALS, 2.0, 6.0, xtol=1e-4)
    )


def spread(inflation: float = 1.0, reference_points: int | None = None) -> float:
    """The standard deviation of the mean of scores of one sigma, after long.

    Args:
        inflation: Of its variance, where scores that follow each other hang together; see `inflation_of`.
        reference_points: By how many points the scores were made; what these do not know of the true level is added.
    """
    unknown = 0.0 if reference_points is None else 1.0 / reference_points
    return float((LAMBDA / (2.0 - LAMBDA) * inflation + unknown * inflation) ** 0.5)


def inflation_of(correlation: float) -> float:
    """By how much the variance of the mean grows where each score is correlated with the one before (a process AR(1)).

    Of scores with the correlations r^k the weighted mean has the variance LAMBDA / (2 - LAMBDA) times (1 + r(1 - LAMBDA)) / (1 - r(1 - LAMBDA)).
    """
    carried = correlation * (1.0 - LAMBDA)
    return (1.0 + carried) / (1.0 - carried)
