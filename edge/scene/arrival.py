"""When somebody who stands came to where they stand, with the standard error of that."""

import math
from collections.abc import Sequence

import numpy as np

from edge.arrays import FloatArray
from edge.observation import Estimate
from edge.scene.followed import TrackSample
from edge.scene.pace import GROWTH_SE, MAD_SIGMA, foot, head, measured, part_rows

ARRIVED_M = 0.04
"""A person has arrived but for the last of their slowing down when this near to where they then stand ..."""
ARRIVED_SIGMA = 3.0
"""... or as near as the scatter of their sightings allows."""
SETTLED_S, LAST_FEW = 0.3, 3
"""Over the last of these, and so many sightings, the place is taken where somebody stands."""
SCATTER_S = 0.8
"""Over which the scatter of sightings is taken."""
COMING_S = 3.5
"""How far back growth is looked at for the walk that ended in a stand: the last 3 to 4 m of a stroll."""
LEAST_ROWS = 5
"""Fewer sightings of a part do not show when its growth ended."""
ENTERED_OVER_S = 0.4
"""Over which the pace is taken at which somebody comes that near."""
LONGEST_SLOWING_S = 0.4
"""What is left of slowing down takes no longer than half a step of an unhurried walk."""
SLOWING_SE_S = 0.12
"""When a stand begins is no sharper than that: feet, head and arms come to rest a quarter of a second apart."""


def arrival(samples: Sequence[TrackSample], metres_per_width: float) -> Estimate:
    """When a person who stands now came to where they stand: head, feet and distance all did."""
    arrivals = [Estimate(samples[0].t_s, 0.0)]
    radius = ARRIVED_M / metres_per_width
    for measure in (head, foot):
        rows = measured(samples, measure)
        if len(rows) >= LEAST_ROWS:
            arrivals.append(_arrival(rows, radius))
    growing = [sample for sample in samples if sample.t_s >= samples[-1].t_s - COMING_S]
    rows = _growth(growing)
    if len(rows) >= LEAST_ROWS:
        range_m = float(
            np.median([sample.range_m for sample in growing if sample.range_m is not None] or [1.0])
        )
        arrivals.append(_arrival(rows, ARRIVED_M / range_m))
    last = max(arrivals, key=lambda each: each.value)
    return Estimate(last.value, math.hypot(last.se, SLOWING_SE_S))


def _growth(samples: Sequence[TrackSample]) -> FloatArray:
    """Rows of time and logarithm of the range against where it ended: at each time the weighted median of what the parts say."""
    ended: dict[float, list[tuple[float, float]]] = {}
    for rows in part_rows(samples).values():
        if len(rows) < LEAST_ROWS:
            continue
        weight = _scatter(rows[:, 1:]) ** -2.0
        end = float(_end(rows)[0])
        for t_s, value in rows.tolist():
            ended.setdefault(t_s, []).append((value - end, weight))
    return np.array([(t_s, _weighted_median(each)) for t_s, each in sorted(ended.items())], np.float64)


def _weighted_median(values: list[tuple[float, float]]) -> float:
    ordered = sorted(values)
    passed = np.cumsum([weight for _, weight in ordered])
    return ordered[int(np.searchsorted(passed, passed[-1] / 2))][0]


def _arrival(rows: FloatArray, arrived: float) -> Estimate:
    """When rows of time and position came to rest, slowing down from where they last came within a radius of where they end."""
    times, points = rows[:, 0], _median_of_three(rows[:, 1:])
    off = np.linalg.norm(points - _end(rows), axis=1)
    noise = _scatter(rows[times >= times[-1] - SCATTER_S, 1:])
    radius = max(arrived, ARRIVED_SIGMA * noise)
    outside = np.flatnonzero(off > radius)
    if not len(outside):
        return Estimate(float(times[0]), 0.0)
    last = int(outside[-1])
    if last + 1 == len(off):
        return Estimate(float(times[-1]), float(times[-1] - times[-2]))
    look_s = float(times[last + 1] - times[last])
    part = (off[last] - radius) / (off[last] - off[last + 1])
    outside_s = float(times[last])
    pace = float(np.interp(outside_s - ENTERED_OVER_S, times, off) - off[last]) / ENTERED_OVER_S
    # Who is found at rest at the next of few looks came in before the line between the two looks does.
    walked_s = float(off[last] - radius) / pace if pace > 0.0 else look_s
    entered_s = outside_s + min(float(part) * look_s, walked_s)
    # At an even slowing down, the last of the way takes twice as long as at the pace of entering.
    slowing_s = min((radius + arrived) / pace, LONGEST_SLOWING_S) if pace > 0.0 else LONGEST_SLOWING_S
    at_s = min(entered_s + slowing_s, float(times[-1]))
    return Estimate(at_s, math.hypot(look_s / math.sqrt(12.0), slowing_s / 2))


def _end(rows: FloatArray) -> FloatArray:
    """Where rows of time and position end."""
    last = max(LAST_FEW, int(np.count_nonzero(rows[:, 0] >= rows[-1, 0] - SETTLED_S)))
    return np.asarray(np.median(rows[-last:, 1:], axis=0), np.float64)


def _scatter(points: FloatArray) -> float:
    """Of single sightings, from one to the next, so that neither walk nor sway is taken for it."""
    if len(points) < 2:
        return GROWTH_SE
    jumps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    return max(GROWTH_SE / 4, MAD_SIGMA * float(np.median(jumps)) / math.sqrt(2.0))


def _median_of_three(points: FloatArray) -> FloatArray:
    """Every row replaced by the median of it and its neighbours, which removes single sightings gone astray."""
    inner = np.median(np.stack([points[:-2], points[1:-1], points[2:]]), axis=0)
    return np.concatenate([points[:1], inner, points[-1:]])
