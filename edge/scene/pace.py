"""How fast a person walks over the floor, along the picture and towards or away from the camera."""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from edge.arrays import FloatArray, IndexArray
from edge.observation import Estimate
from edge.scene.followed import TrackSample

Measure = Callable[[TrackSample], tuple[float, ...] | None]

LEAST_SAMPLES = 4
"""Fewer sightings give no pace."""
DEPTH_SAMPLES = 5
"""The same for the pace in depth: sizes are noisier than positions."""
COVERED_SHARE = 0.6
"""A part seen over less than this share of the time asked about gives no pace."""
GROWTH_SE = 0.004
"""Standard error of one sighting's logarithm of a size that no scatter shows, as when few sightings happen to agree."""
POSITION_SE = 0.0005
"""The same of a position, in picture widths: half a pixel of 720p."""
MAD_SIGMA = 1.4826
"""From the median absolute deviation to one sigma of a normal distribution."""


def head(sample: TrackSample) -> tuple[float, ...] | None:
    """Where the head is in the picture, in picture widths."""
    return sample.head


def foot(sample: TrackSample) -> tuple[float, ...] | None:
    """Where the feet are, if they are in the picture."""
    return sample.foot


def measured(samples: Sequence[TrackSample], measure: Measure) -> FloatArray:
    """Rows of time and measure, of the samples that have it."""
    rows = [(sample.t_s, *where) for sample in samples if (where := measure(sample)) is not None]
    return np.array(rows, np.float64)


def last_seconds(samples: Sequence[TrackSample], span_s: float) -> Sequence[TrackSample] | None:
    """The samples of the last `span_s`; None when there are too few, or they cover too little of it."""
    from_s = samples[-1].t_s - span_s - 1e-9 if samples else 0.0
    recent = [sample for sample in samples if sample.t_s >= from_s]
    if len(recent) < LEAST_SAMPLES or recent[-1].t_s - recent[0].t_s < COVERED_SHARE * span_s:
        return None
    return recent


def along_picture(samples: Sequence[TrackSample]) -> Estimate:
    """How fast a person moves along the picture, in picture widths per second, over the samples given.

    The slower of head and feet counts: arms that reach up and counters that hide feet move one of them, only walking moves both.
    """
    paces = [_speed(measured(samples, head))]
    feet = measured(samples, foot)
    if len(feet) > len(samples) / 2 and len(feet) >= LEAST_SAMPLES - 1:
        paces.append(_speed(feet))
    return min(paces, key=lambda pace: pace.value)


def growth_per_s(samples: Sequence[TrackSample]) -> Estimate | None:
    """How fast the logarithm of a person's range changes, over the samples given, with its sign.

    Every part of the person has its own growth, which its true size and the camera's angle do not touch; of what they say the weighted
    median counts, since a part that turns or bends looks as if it went away. None where no part is measured often enough.
    """
    span_s = samples[-1].t_s - samples[0].t_s
    slopes = [
        slope
        for rows in part_rows(samples).values()
        if len(rows) >= DEPTH_SAMPLES and rows[-1, 0] - rows[0, 0] >= COVERED_SHARE * span_s
        for slope in [line(rows, GROWTH_SE)]
    ]
    if not slopes:
        return None
    values, errors = (np.array([getattr(slope, name) for slope in slopes]) for name in ("value", "se"))
    weights = errors**-2.0
    order = np.argsort(values)
    middle = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    value = float(values[order][middle])
    scatter = math.sqrt(float(np.sum(weights * (values - value) ** 2)) / max(1, len(values) - 1))
    # A median is surer of itself by a quarter less than a mean; parts share joints, which the factor covers, too.
    return Estimate(value, 1.25 * max(1.0, scatter) / math.sqrt(float(weights.sum())))


def part_rows(samples: Sequence[TrackSample]) -> dict[str, FloatArray]:
    """Rows of time and logarithm of the range, for each part of a person that was measured."""
    rows: dict[str, list[tuple[float, float]]] = {}
    for sample in samples:
        for part, range_m in sample.ranges_m.items():
            rows.setdefault(part, []).append((sample.t_s, math.log(max(range_m, 0.05))))
    return {part: np.array(each, np.float64) for part, each in rows.items()}


def line(rows: FloatArray, least_se: float) -> Estimate:
    """The slope through rows of time and value: Theil and Sen's, which outliers do not move, with its standard error."""
    times, values = rows[:, 0], rows[:, 1]
    first, second = _pairs(len(rows))
    slope = median((values[second] - values[first]) / (times[second] - times[first]))
    rest = values - slope * times
    noise = MAD_SIGMA * median(np.abs(rest - median(rest)))
    off = times - times.sum() / len(times)
    return Estimate(slope, max(noise, least_se) / math.sqrt(float(off @ off)))


def median(values: FloatArray) -> float:
    """The median of ``[n]`` finite values, without the checks that make numpy's ten times slower on a few of them."""
    ordered = np.sort(values)
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def _speed(rows: FloatArray) -> Estimate:
    """Length of the velocity of rows of time and position."""
    lines = [line(rows[:, [0, column]], POSITION_SE) for column in range(1, rows.shape[1])]
    return Estimate(math.hypot(*(each.value for each in lines)), max(each.se for each in lines))


@lru_cache(maxsize=128)
def _pairs(count: int) -> tuple[IndexArray, IndexArray]:
    first, second = np.triu_indices(count, 1)
    return first, second
