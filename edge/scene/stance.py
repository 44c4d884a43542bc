"""Whether a person stands or walks, and since when; in metres where a place is known, else in body heights."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from edge.scene.followed import Sample

FloatArray = NDArray[np.float64]

STATURE_M = 1.7
"""A body's height in the picture stands for this many metres where nothing better is known."""
PACE_S = 0.8
"""Over which the pace along the picture is taken: longer than one step, so that a step's sway does not count."""
DEPTH_PACE_S = 1.2
"""Over which the pace towards the camera is taken; sizes are noisier than positions."""
STILL_M_S = 0.30
"""Slower than this nobody walks: a slow stroll is 0.6 m/s, the sway of a standing person under 0.1."""
SETTLED_S = 0.45
"""For how long somebody must be that slow to have come to a stand."""
ARRIVED_M = 0.12
"""A person came to a stand when they came this near to where they then stood ..."""
WALKING_M_S = 0.35
WALKING_S = 1.2
"""Somebody who stood walks on when faster for this long: a sidestep takes under a second."""
STEPPED_AWAY_M = 1.0
"""Or when this far from where they stood."""
LEAST_SAMPLES = 3


class Stance:
    """Whether one person stands."""

    def __init__(self) -> None:
        self.stands = False
        self.stood_since_s: float | None = None
        self._slow_since_s: float | None = None
        self._fast_since_s: float | None = None
        self._standing_at: FloatArray | None = None

    def see(self, samples: Sequence[Sample], metres_per_width: float) -> None:
        """Take in the last of a person's samples.

        Args:
            samples: The person's sightings of the last seconds, oldest first.
            metres_per_width: How many metres the picture is wide where the person is.
        """
        now_s = samples[-1].t_s
        pace = pace_m_s(samples, metres_per_width)
        if pace is None:
            return
        if self.stands:
            self._watch_for_walking(now_s, pace)
            return
        if pace >= STILL_M_S:
            self._slow_since_s = None
            return
        if self._slow_since_s is None:
            self._slow_since_s = now_s
        if now_s - self._slow_since_s >= SETTLED_S:
            self.stands = True
            self.stood_since_s = arrival_s(samples, metres_per_width)
            self._fast_since_s = None

    def _watch_for_walking(self, now_s: float, pace: float) -> None:
        if pace < WALKING_M_S:
            self._fast_since_s = None
            return
        if self._fast_since_s is None:
            self._fast_since_s = now_s
        if now_s - self._fast_since_s >= WALKING_S:
            self.stands = False
            self.stood_since_s = self._slow_since_s = self._fast_since_s = None


def pace_m_s(samples: Sequence[Sample], metres_per_width: float) -> float | None:
    """How fast a person moves now; None when too little has been seen to tell.

    Along the picture the slower of head and feet counts: arms that reach up and counters that hide feet move one of them,
    only walking moves both.
    """
    recent = _since(samples, PACE_S)
    if len(recent) < LEAST_SAMPLES or recent[-1].t_s - recent[0].t_s < PACE_S / 2:
        return None
    times = np.array([sample.t_s for sample in recent])
    along = _speed(times, np.array([sample.head for sample in recent]))
    feet = [(sample.t_s, sample.foot) for sample in recent if sample.foot is not None]
    if len(feet) > len(recent) / 2 and len(feet) >= LEAST_SAMPLES:
        along = min(along, _speed(np.array([t_s for t_s, _ in feet]), np.array([foot for _, foot in feet])))
    return math.hypot(along * metres_per_width, _depth_pace_m_s(samples))


def arrival_s(samples: Sequence[Sample], metres_per_width: float) -> float:
    """When a person who stands now came to where they stand."""
    settled = _since(samples, SETTLED_S)
    head = np.median([sample.head for sample in settled], axis=0)
    feet = [sample.foot for sample in settled if sample.foot is not None]
    foot = np.median(feet, axis=0) if feet else None
    radius = ARRIVED_M / metres_per_width
    later_s, later_off = settled[-1].t_s, 0.0
    for sample in reversed(samples):
        off = math.dist(sample.head, head)
        if foot is not None and sample.foot is not None:
            off = min(off, math.dist(sample.foot, foot))
        if off > radius:
            return sample.t_s + (later_s - sample.t_s) * (off - radius) / (off - later_off)
        later_s, later_off = sample.t_s, min(off, radius)
    return samples[0].t_s


def _since(samples: Sequence[Sample], span_s: float) -> list[Sample]:
    from_s = samples[-1].t_s - span_s - 1e-9
    return [sample for sample in samples if sample.t_s >= from_s]


def _speed(times: FloatArray, points: FloatArray) -> float:
    return math.hypot(_slope(times, points[:, 0]), _slope(times, points[:, 1]))


def _depth_pace_m_s(samples: Sequence[Sample]) -> float:
    """Pace towards or away from the camera, as far as it stands out of the noise."""
    placed = [sample for sample in _since(samples, DEPTH_PACE_S) if sample.range_m is not None]
    if len(placed) < LEAST_SAMPLES + 1 or placed[-1].t_s - placed[0].t_s < DEPTH_PACE_S / 2:
        return 0.0
    times = np.array([sample.t_s for sample in placed])
    ranges = np.array([sample.range_m for sample in placed], np.float64)
    slope = _slope(times, ranges)
    residual = ranges - slope * times
    noise = 1.4826 * float(np.median(np.abs(residual - np.median(residual))))
    slope_se = noise / (float(np.std(times)) * math.sqrt(len(times)))
    return max(0.0, abs(slope) - slope_se)


def _slope(times: FloatArray, values: FloatArray) -> float:
    """Theil and Sen's slope: the median over all pairs, which a few bad sightings do not move."""
    first, second = np.triu_indices(len(times), 1)
    return float(np.median((values[second] - values[first]) / (times[second] - times[first])))
