"""Following: by how much the gaze lags behind a customer who moves."""

import math

import numpy as np

from edge.arrays import FloatArray
from protocol.measurements import Quantity

_STEP_S = 0.05
"""Step between the lags that are tried: three quarters of a frame at 15 Hz; the parabola finds what lies between."""
_LEAST_LAG_S, _MOST_LAG_S = -0.5, 2.5
"""People look ahead of what they follow by no more than half a second, and lose it within two or three."""
_MOVED_DEG = 8.0
"""A customer who moved less does not distinguish following from looking straight ahead: a gaze wavers by 3 to 5 degrees."""
_ALIKE = 0.6
"""Least correlation for the gaze to be following at all: a third of its variance is then the customer's way. By judgement."""
_SHORTEST_S = 3.0
"""Less time than this holds no lag of up to 2.5 s and a movement to find it by."""
_INDEPENDENT_S = 0.3
"""Looks closer than this share their error: eyes rest on one spot for 0.2 to 0.3 s."""
_LEAST_SE_S = 0.05
"""No lag is known better than to about a frame at 15 Hz."""


def following_lag(times_s: FloatArray, gaze_deg: FloatArray, bearing_deg: FloatArray) -> Quantity | None:
    """Seconds the gaze lags behind the customer's bearing; None when they moved too little, or the gaze did not follow.

    The lag at which the gaze correlates best with where the customer was so long ago. Its error is that of a straight line's place: what the
    gaze wavers by, over how fast the customer moved, by the number of independent looks.

    Args:
        times_s: [n], rising.
        gaze_deg: [n] yaw of the gaze.
        bearing_deg: [n] yaw of the way to the customer.
    """
    if len(times_s) < 2 or times_s[-1] - times_s[0] < _SHORTEST_S or np.ptp(bearing_deg) < _MOVED_DEG:
        return None
    if gaze_deg.std() == 0.0:
        return None
    lags = np.arange(_LEAST_LAG_S, _MOST_LAG_S + _STEP_S / 2, _STEP_S)
    alike = np.array([_correlation(gaze_deg, _earlier(times_s, bearing_deg, lag)) for lag in lags])
    best = int(alike.argmax())
    if alike[best] < _ALIKE:
        return None
    lag = float(lags[best] + _STEP_S * _between(alike, best))
    return Quantity(value=lag, se=_error(times_s, gaze_deg, _earlier(times_s, bearing_deg, lag)))


def _earlier(times_s: FloatArray, bearing_deg: FloatArray, lag_s: float) -> FloatArray:
    """Where the customer was a lag ago; before they were seen, where they were seen first."""
    return np.interp(times_s - lag_s, times_s, bearing_deg)


def _correlation(gaze: FloatArray, bearing: FloatArray) -> float:
    return float(np.corrcoef(gaze, bearing)[0, 1]) if bearing.std() > 0.0 else -1.0


def _between(alike: FloatArray, best: int) -> float:
    """Where between the steps the best lies, by a parabola."""
    if not 0 < best < len(alike) - 1:
        return 0.0
    before, peak, after = alike[best - 1 : best + 2]
    curve = 2 * peak - before - after
    return float((after - before) / (2 * curve)) if curve > 0 else 0.0


def _error(times_s: FloatArray, gaze: FloatArray, bearing: FloatArray) -> float:
    gain, offset = np.polyfit(bearing, gaze, 1)
    wavers_deg = float(np.std(gaze - gain * bearing - offset))
    speed_deg_s = abs(gain) * float(np.sqrt(np.mean(np.gradient(bearing, times_s) ** 2)))
    looks = max((times_s[-1] - times_s[0]) / _INDEPENDENT_S, 1.0)
    return max(float(wavers_deg / max(speed_deg_s, 1.0) / math.sqrt(looks)), _LEAST_SE_S)
