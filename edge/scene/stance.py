"""Whether a person stands or walks, and since when; in metres where a place is known, else in body heights."""

import math
from collections.abc import Sequence

import numpy as np

from edge.arrays import FloatArray
from edge.scene.followed import TrackSample
from edge.scene.pace import PACE_S, PACE_SAMPLES, along_picture, depth, foot, head, in_depth_m_s, measured

STATURE_M = 1.7
"""A body's height in the picture stands for this many metres where nothing better is known."""
STILL_M_S = 0.38
"""Slower than this nobody walks: a slow stroll is 0.6 m/s, the sway of a standing person under 0.15."""
UNSURE_M_S = 0.3
"""With a standard error above this, nothing is known of the pace in depth."""
SETTLED_S = 0.3
"""For how long somebody must be that slow to have come to a stand."""
ARRIVED_M = 0.04
"""A person came to a stand when they came this near to where they then stood ..."""
ARRIVED_SIGMA = 3.0
"""... or as near as the scatter of their sightings allows."""
LAST_FEW = 3
"""Sightings whose median is where a person is now: one gone astray moves it by nothing."""
COMING_S = 3.5
"""How far back the walk is looked for that ended in a stand: the last 3 to 4 m of a stroll."""
WALKING_M_S = 0.45
"""Faster than this somebody who stood may be walking on: above `STILL_M_S`, so that nobody at the border goes to and fro."""
WALKING_S = 1.2
"""Somebody who stood walks on when surely faster for this long: a sidestep takes under a second ..."""
STEPPED_AWAY_M = 0.8
"""... or when so far from where they stood while still that fast."""


class Stance:
    """Whether one person stands."""

    def __init__(self) -> None:
        self.stands = False
        self.stood_since_s: float | None = None
        self._slow_along_since_s: float | None = None
        self._slow_since_s: float | None = None
        self._fast_since_s: float | None = None
        self._standing: TrackSample | None = None

    def see(self, samples: Sequence[TrackSample], metres_per_width: float) -> None:
        """Take in the last of a person's samples.

        Args:
            samples: The person's sightings of the last seconds, oldest first.
            metres_per_width: How many metres the picture is wide where the person is.
        """
        along = along_picture(samples)
        if along is None:
            return
        if self.stands:
            self._watch_for_walking(samples, along, metres_per_width)
        elif self._settled(samples, along * metres_per_width):
            self.stands = True
            self.stood_since_s = arrival_s(samples, metres_per_width)
            self._standing = samples[-1]

    def _settled(self, samples: Sequence[TrackSample], along_m_s: float) -> bool:
        """Whether the person has been slow for long enough, in depth as well."""
        now_s = samples[-1].t_s
        if along_m_s >= STILL_M_S:
            self._slow_along_since_s = self._slow_since_s = None
            return False
        if self._slow_along_since_s is None:
            self._slow_along_since_s = now_s
        # The noisy pace in depth is taken over long, but not from before the person slowed down.
        away = in_depth_m_s([sample for sample in samples if sample.t_s >= (self._slow_along_since_s or 0.0)])
        if away is None or away.se > UNSURE_M_S or math.hypot(along_m_s, away.value) >= STILL_M_S:
            self._slow_since_s = None
            return False
        if self._slow_since_s is None:
            self._slow_since_s = now_s
        return now_s - self._slow_since_s >= SETTLED_S

    def _watch_for_walking(
        self, samples: Sequence[TrackSample], along: float, metres_per_width: float
    ) -> None:
        now_s = samples[-1].t_s
        away = in_depth_m_s(samples)
        surely_away = 0.0 if away is None else max(0.0, away.value - away.se)
        if math.hypot(along * metres_per_width, surely_away) < WALKING_M_S:
            self._fast_since_s = None
            return
        if self._fast_since_s is None:
            self._fast_since_s = now_s
        stepped_m = 0.0 if self._standing is None else _between_m(self._standing, samples, metres_per_width)
        if now_s - self._fast_since_s >= WALKING_S or stepped_m > STEPPED_AWAY_M:
            self.stands = False
            self.stood_since_s = self._fast_since_s = self._standing = None
            self._slow_along_since_s = self._slow_since_s = None


def _between_m(then: TrackSample, samples: Sequence[TrackSample], metres_per_width: float) -> float:
    """How far a person has come since `then`, by their last few sightings."""
    last = list(samples)[-LAST_FEW:]
    x, y = np.median([sample.head for sample in last], axis=0)
    ranges = [sample.range_m for sample in last if sample.range_m is not None]
    nearer_m = 0.0 if then.range_m is None or not ranges else float(np.median(ranges)) - then.range_m
    return math.hypot(math.dist((x, y), then.head) * metres_per_width, nearer_m)


def arrival_s(samples: Sequence[TrackSample], metres_per_width: float) -> float:
    """When a person who stands now came to where they stand: head, feet and distance all did."""
    arrivals = [samples[0].t_s]
    for measure in (head, foot):
        rows = measured(samples, measure)
        if len(rows) >= PACE_SAMPLES:
            arrivals.append(_arrival_s(rows, ARRIVED_M / metres_per_width))
    since_s = samples[-1].t_s - COMING_S
    ranges = measured([sample for sample in samples if sample.t_s >= since_s], depth)
    if len(ranges) >= PACE_SAMPLES:
        arrivals.append(_hinge_s(ranges))
    return max(arrivals)


def _hinge_s(rows: FloatArray) -> float:
    """When a noisy value that first changed steadily became steady; minus infinity where it did not change for sure."""
    times, values = rows.T
    best_s, best_rest = -math.inf, math.inf
    for hinge_s in times[:-2]:
        before = np.maximum(0.0, hinge_s - times)
        design = np.column_stack([np.ones_like(times), before])
        fitted, *_ = np.linalg.lstsq(design, values, rcond=None)
        rest = float(np.sum((values - design @ fitted) ** 2))
        spread = math.sqrt(rest / (len(times) - 2)) / max(1e-9, float(np.std(before)) * math.sqrt(len(times)))
        sure = abs(float(fitted[1])) > max(STILL_M_S, ARRIVED_SIGMA * spread)
        if rest < best_rest - 1e-12:
            best_s, best_rest = float(hinge_s) if sure else -math.inf, rest
    return best_s


def _arrival_s(rows: FloatArray, radius: float) -> float:
    """When rows of time and position last came within a radius of where they end."""
    times, points = rows[:, 0], _median_of_three(rows[:, 1:])
    off = np.linalg.norm(points - np.median(points[times >= times[-1] - SETTLED_S], axis=0), axis=1)
    # From one sighting to the next, so that a slow sway is not taken for noise.
    jumps = np.linalg.norm(np.diff(rows[:, 1:], axis=0), axis=1)[times[1:] >= times[-1] - PACE_S]
    radius = max(radius, ARRIVED_SIGMA * 1.4826 * float(np.median(jumps)) / math.sqrt(2.0))
    outside = np.flatnonzero(off > radius)
    if not len(outside):
        return float(times[0])
    last = int(outside[-1])
    if last + 1 == len(off):
        return float(times[-1])
    part = (off[last] - radius) / (off[last] - off[last + 1])
    return float(times[last] + part * (times[last + 1] - times[last]))


def _median_of_three(points: FloatArray) -> FloatArray:
    """Every row replaced by the median of it and its neighbours, which removes single sightings gone astray."""
    inner = np.median(np.stack([points[:-2], points[1:-1], points[2:]]), axis=0)
    return np.concatenate([points[:1], inner, points[-1:]])
