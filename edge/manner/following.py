"""Following: by how much the gaze lags behind a customer who moves."""

import math

import numpy as np
from numpy.typing import NDArray

from protocol.measurements import Quantity

Series = NDArray[np.float64]

_STEP_S = 0.1
_LEAST_LAG_S, _MOST_LAG_S = -0.5, 2.5
"""People look ahead of what they follow by no more than half a second, and lose it within two or three."""
_MOVED_DEG = 8.0
"""A customer who moved less (standard deviation 2.5 times smaller) does not tell following from looking straight ahead."""
_ALIKE = 0.6
"""Least correlation for the gaze to be following at all."""
_SHORTEST_S = 3.0
_LONGEST_HOLE_S = 0.6


def following_lag(times_s: Series, gaze_deg: Series, bearing_deg: Series) -> Quantity | None:
    """Seconds the gaze lags behind the customer's bearing; None when they moved too little, or the gaze did not follow.

    The lag at which the gaze correlates best with the bearing, both on an even grid of time; its error from how sharp that best is.

    Args:
        times_s: [n], rising.
        gaze_deg: [n] yaw of the gaze.
        bearing_deg: [n] yaw of the way to the customer.
    """
    if len(times_s) < 2 or times_s[-1] - times_s[0] < _SHORTEST_S:
        return None
    grid = np.arange(times_s[0], times_s[-1], _STEP_S)
    nearest = np.abs(times_s[np.searchsorted(times_s, grid).clip(0, len(times_s) - 1)] - grid)
    gaze = np.interp(grid, times_s, gaze_deg)
    bearing = np.interp(grid, times_s, bearing_deg)
    if np.ptp(bearing) < _MOVED_DEG:
        return None
    lags = np.arange(round(_LEAST_LAG_S / _STEP_S), round(_MOST_LAG_S / _STEP_S) + 1)
    alike = np.array([_correlation(gaze, bearing, int(lag), nearest <= _LONGEST_HOLE_S) for lag in lags])
    best = int(np.nanargmax(alike)) if not np.isnan(alike).all() else -1
    if best < 0 or alike[best] < _ALIKE:
        return None
    offset, sharpness = _parabola(alike, best)
    looks = max((times_s[-1] - times_s[0]) / 1.0, 2.0)
    unexplained = max(1 - float(alike[best]) ** 2, 0.01)
    se = math.sqrt(unexplained / (looks * max(sharpness, 1e-3))) * _STEP_S
    return Quantity(value=float((lags[best] + offset) * _STEP_S), se=max(se, _STEP_S / 2))


def _correlation(gaze: Series, bearing: Series, lag: int, seen: NDArray[np.bool_]) -> float:
    """Correlation of the gaze with the bearing ``lag`` steps before."""
    later = gaze[max(lag, 0) : len(gaze) + min(lag, 0)]
    earlier = bearing[max(-lag, 0) : len(bearing) - max(lag, 0)]
    both = seen[max(lag, 0) : len(gaze) + min(lag, 0)]
    later, earlier = later[both], earlier[both]
    if len(later) < _SHORTEST_S / _STEP_S / 2 or later.std() < 1e-6 or earlier.std() < 1e-6:
        return math.nan
    return float(np.corrcoef(later, earlier)[0, 1])


def _parabola(alike: Series, best: int) -> tuple[float, float]:
    """Where between the steps the best lies, and how sharp it is."""
    if not 0 < best < len(alike) - 1 or np.isnan(alike[best - 1 : best + 2]).any():
        return 0.0, 0.0
    before, peak, after = alike[best - 1 : best + 2]
    curve = 2 * peak - before - after
    return (float((after - before) / (2 * curve)), float(curve)) if curve > 0 else (0.0, 0.0)
