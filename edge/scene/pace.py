"""How fast a person walks over the floor, along the picture and towards or away from the camera."""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from edge.arrays import FloatArray, IndexArray
from edge.observation import Estimate
from edge.scene.followed import TrackSample

Measure = Callable[[TrackSample], tuple[float, ...] | None]

PACE_S, PACE_SAMPLES = 0.8, 4
"""Over at least so long and so many sightings the pace along the picture is taken: a single step's sway does not count."""
DEPTH_PACE_S, DEPTH_PACE_SAMPLES = (1.0, 1.8, 2.4), 5
"""The same for the pace in depth: sizes are noisier than positions, so it is taken over longer the noisier they are ..."""
DEPTH_PACE_SE_M_S = 0.15
"""... until its standard error is this."""
LONGEST_PACE_S = 2.5
"""Where sightings are rarer than that a pace is not known."""


def head(sample: TrackSample) -> tuple[float, ...] | None:
    """Where the head is in the picture, in picture widths."""
    return sample.head


def foot(sample: TrackSample) -> tuple[float, ...] | None:
    """Where the feet are, if they are in the picture."""
    return sample.foot


def depth(sample: TrackSample) -> tuple[float, ...] | None:
    """How far from the camera, in metres, if that is known."""
    return None if sample.range_m is None else (sample.range_m,)


def measured(samples: Sequence[TrackSample], measure: Measure) -> FloatArray:
    """Rows of time and measure, of the samples that have it."""
    rows = [(sample.t_s, *where) for sample in samples if (where := measure(sample)) is not None]
    return np.array(rows, np.float64)


def along_picture(samples: Sequence[TrackSample]) -> float | None:
    """How fast a person moves along the picture now, in picture widths per second; None when too little was seen.

    The slower of head and feet counts: arms that reach up and counters that hide feet move one of them, only walking moves both.
    """
    recent = _recent(samples, PACE_S, PACE_SAMPLES)
    if recent is None:
        return None
    paces = [_speed(measured(recent, head))]
    feet = measured(recent, foot)
    if len(feet) > len(recent) / 2 and len(feet) >= PACE_SAMPLES - 1:
        paces.append(_speed(feet))
    return min(paces)


def in_depth_m_s(samples: Sequence[TrackSample]) -> Estimate | None:
    """How fast a person comes nearer or goes away now, without the sign.

    0 for somebody whose distance is not known; None when too little was seen.
    """
    placed = [sample for sample in samples if sample.range_m is not None]
    if len(placed) < len(samples) / 2:
        return Estimate(0.0, 0.0)
    pace = None
    for span_s in DEPTH_PACE_S:
        recent = _recent(placed, span_s, DEPTH_PACE_SAMPLES)
        pace = pace if recent is None else _depth_slope(recent)
        if pace is not None and pace.se <= DEPTH_PACE_SE_M_S:
            break
    return pace


def _depth_slope(samples: Sequence[TrackSample]) -> Estimate:
    """Size of the slope of the range. Face and body do not agree exactly, so only sightings measured alike are compared."""
    rows = measured(samples, depth)
    alike: dict[tuple[str, ...], list[int]] = {}
    for index, sample in enumerate(samples):
        alike.setdefault(sample.cues, []).append(index)
    slopes = np.concatenate([_slopes(rows[indices]) for indices in alike.values()])
    if len(slopes) < len(samples):
        slopes = _slopes(rows)
    slope = float(np.median(slopes))
    residual = rows[:, 1] - slope * rows[:, 0]
    noise = 1.4826 * float(np.median(np.abs(residual - np.median(residual))))
    return Estimate(abs(slope), noise / (float(np.std(rows[:, 0])) * math.sqrt(len(rows))))


def _recent(samples: Sequence[TrackSample], span_s: float, least: int) -> Sequence[TrackSample] | None:
    """The samples of the last `span_s`, or more for there to be `least` of them; None when there are not."""
    if len(samples) < least:
        return None
    from_s = samples[-1].t_s - span_s - 1e-9
    recent = [sample for sample in samples if sample.t_s >= from_s]
    if len(recent) < least:
        recent = list(samples)[-least:]
    span = recent[-1].t_s - recent[0].t_s
    return recent if span_s / 2 <= span <= LONGEST_PACE_S else None


def _speed(rows: FloatArray) -> float:
    """Length of the velocity of rows of time and position."""
    return math.hypot(
        *(float(np.median(_slopes(rows[:, [0, column]]))) for column in range(1, rows.shape[1]))
    )


def _slopes(rows: FloatArray) -> FloatArray:
    """The slopes between all pairs of rows of time and value; their median is Theil and Sen's, which outliers do not move."""
    first, second = _pairs(len(rows))
    return np.asarray((rows[second, 1] - rows[first, 1]) / (rows[second, 0] - rows[first, 0]), np.float64)


@lru_cache(maxsize=128)
def _pairs(count: int) -> tuple[IndexArray, IndexArray]:
    first, second = np.triu_indices(count, 1)
    return first, second
