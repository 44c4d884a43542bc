"""Whether a person stands or walks, and since when; in metres where a place is known, else in body heights."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from edge.scene.followed import Sample

FloatArray = NDArray[np.float64]

STATURE_M = 1.7
"""A body's height in the picture stands for this many metres where nothing better is known."""
PACE_S, PACE_SAMPLES = 0.8, 4
"""Over at least so long and so many sightings the pace along the picture is taken: a single step's sway does not count."""
DEPTH_PACE_S, DEPTH_PACE_SAMPLES = 1.2, 5
"""The same for the pace towards the camera; sizes are noisier than positions."""
LONGEST_PACE_S = 2.0
"""Where sightings are rarer than that a pace is not known."""
STILL_M_S = 0.22
"""Slower than this nobody walks: a slow stroll is 0.5 m/s, the sway of a standing person under 0.1."""
SETTLED_S = 0.45
"""For how long somebody must be that slow to have come to a stand."""
ARRIVED_M = 0.03
ARRIVED_DEPTH_M = 0.35
"""A person came to a stand when they came this near to where they then stood, along the picture and in depth ..."""
ARRIVED_SIGMA = 3.0
"""... or as near as the scatter of their sightings lets tell."""
WALKING_M_S = 0.35
WALKING_S = 1.2
"""Somebody who stood walks on when faster for this long: a sidestep takes under a second."""


class Stance:
    """Whether one person stands."""

    def __init__(self) -> None:
        self.stands = False
        self.stood_since_s: float | None = None
        self._slow_since_s: float | None = None
        self._fast_since_s: float | None = None

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
    recent = _recent(samples, PACE_S, PACE_SAMPLES)
    depth = _depth_pace_m_s(samples)
    if recent is None or depth is None:
        return None
    paces = []
    for point in (_head, _foot):
        seen = [(sample.t_s, *where) for sample in recent if (where := point(sample)) is not None]
        if len(seen) > len(recent) / 2 and len(seen) >= PACE_SAMPLES - 1:
            paces.append(_pace(np.array(seen)))
    return math.hypot(min(paces) * metres_per_width, depth)


def arrival_s(samples: Sequence[Sample], metres_per_width: float) -> float:
    """When a person who stands now came to where they stand: head, feet and distance all did."""
    arrivals = [samples[0].t_s]
    for measure, radius in (
        (_head, ARRIVED_M / metres_per_width),
        (_foot, ARRIVED_M / metres_per_width),
        (_depth, ARRIVED_DEPTH_M),
    ):
        seen = [(sample.t_s, *where) for sample in samples if (where := measure(sample)) is not None]
        if len(seen) >= PACE_SAMPLES:
            arrivals.append(_arrival_s(np.array(seen), radius))
    return max(arrivals)


def _head(sample: Sample) -> tuple[float, ...] | None:
    return sample.head


def _foot(sample: Sample) -> tuple[float, ...] | None:
    return sample.foot


def _depth(sample: Sample) -> tuple[float, ...] | None:
    return None if sample.range_m is None else (sample.range_m,)


def _arrival_s(seen: FloatArray, radius: float) -> float:
    """When rows of time and position last came within a radius of where they end."""
    times, points = seen[:, 0], _median_of_three(seen[:, 1:])
    off = np.linalg.norm(points - np.median(points[times >= times[-1] - SETTLED_S], axis=0), axis=1)
    # From one sighting to the next, so that a slow sway is not taken for noise.
    jumps = np.linalg.norm(np.diff(seen[:, 1:], axis=0), axis=1)[times[1:] >= times[-1] - PACE_S]
    radius = max(radius, ARRIVED_SIGMA * 1.4826 * float(np.median(jumps)) / math.sqrt(2.0))
    outside = np.flatnonzero(off > radius)
    if not len(outside) or outside[-1] + 1 == len(off):
        return float(times[0] if not len(outside) else times[-1])
    last = outside[-1]
    part = (off[last] - radius) / (off[last] - off[last + 1])
    return float(times[last] + part * (times[last + 1] - times[last]))


def _median_of_three(points: FloatArray) -> FloatArray:
    """Every row replaced by the median of it and its neighbours, which removes single sightings gone astray."""
    inner = np.median(np.stack([points[:-2], points[1:-1], points[2:]]), axis=0)
    return np.concatenate([points[:1], inner, points[-1:]])


def _recent(samples: Sequence[Sample], span_s: float, least: int) -> list[Sample] | None:
    """The samples of the last `span_s`, or more for there to be `least` of them; None when there are not."""
    from_s = samples[-1].t_s - span_s - 1e-9
    recent = [sample for sample in samples if sample.t_s >= from_s]
    if len(recent) < least:
        recent = list(samples)[-least:]
    span = recent[-1].t_s - recent[0].t_s
    return recent if len(recent) >= least and span_s / 2 <= span <= LONGEST_PACE_S else None


def _pace(seen: FloatArray) -> float:
    """Length of the velocity of rows of time and position."""
    return float(np.linalg.norm([_slope(seen[:, 0], column) for column in seen[:, 1:].T]))


def _depth_pace_m_s(samples: Sequence[Sample]) -> float | None:
    """Pace towards or away from the camera, as far as it stands out of the noise; 0 for somebody whose place is not known."""
    placed = [sample for sample in samples if sample.range_m is not None]
    if len(placed) < len(samples) / 2:
        return 0.0
    recent = _recent(placed, DEPTH_PACE_S, DEPTH_PACE_SAMPLES)
    if recent is None:
        return None
    times = np.array([sample.t_s for sample in recent])
    ranges = np.array([sample.range_m for sample in recent], np.float64)
    slope = _slope(times, ranges)
    residual = ranges - slope * times
    noise = 1.4826 * float(np.median(np.abs(residual - np.median(residual))))
    slope_se = noise / (float(np.std(times)) * math.sqrt(len(times)))
    return max(0.0, abs(slope) - slope_se)


def _slope(times: FloatArray, values: FloatArray) -> float:
    """Theil and Sen's slope: the median over all pairs, which a few bad sightings do not move."""
    first, second = np.triu_indices(len(times), 1)
    return float(np.median((values[second] - values[first]) / (times[second] - times[first])))
