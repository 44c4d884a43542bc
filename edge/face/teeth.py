"""How many teeth show: the lit, unreddened run between the inner lips, in tooth widths."""

import math

import cv2
import numpy as np

from edge.arrays import Float32Array, Mask, Pixels
from edge.face.face_frame import FaceFrame
from edge.face.mouth_patch import MouthPatch, outlines, rectified
from edge.observation import Estimate

TOOTH_MM = 4.6
"""Mean apparent width of a tooth seen from the front, over the run from molar to molar, in this project's scale (4.5 where
the irises alone set it)."""
USABLE_PX_PER_MM = 0.35
"""Below this a tooth is less than two pixels wide, and its count is not credible."""
_SHARP_PX_PER_MM = 0.7
"""From here on the count no longer gets better."""
_SHARP_SE = 0.9
"""Standard error of the count at that resolution: mean error .8 teeth over 36 labelled faces."""
_CLOSED_MM = 1.0
"""Lips less than this apart show no teeth."""
_CLOSED_SE = 0.4
"""Standard error of the count, in teeth, when none shows: a sliver of one tooth may be missed."""
_GAP_MM = 2.0
"""Wider interruptions than this end the run of teeth: a dark corner of the mouth, not a gap between two teeth."""

_LIGHT_BELOW_P90 = 36.0
"""A tooth is at most this much darker than the lightest tenth between the lips, in CIELAB L (0..100); it and
the limits below count within .8 teeth in the mean on 36 labelled faces (benchmarks/host_accuracy.py)."""
_LIGHT_SHARE_OF_P90 = 0.4
"""And at least this share as light as it: in dim light the difference alone would admit everything."""
_LIGHT_AT_LEAST = 20.0
"""And never darker than this L: the inside of a dark mouth has a lightest tenth too."""
_RED_BELOW_LIP = 3.0
"""A tooth is at least this much less red than the lips' median, in CIELAB a*."""
_RED_SHARE_OF_LIP = 0.25
"""Or by this share of the lips' redness, where that is more."""
_LOOSE_RED_SHARE = 0.15
"""The same share for the looser limit, which asks how much the count depends on the limit."""
_LOOSE_LIP_PERCENTILE = 75
"""The redder part of the lower lip, which the looser limit is taken against."""
_TELLS_APART = 3.0
"""When a looser limit of redness, against the redder part of the lower lip, adds more teeth than this, teeth and
lips do not differ in this light, and nothing is counted."""
_LEVELS_PER_L = 255 / 100
"""Levels of an 8-bit picture for one unit of CIELAB L (OpenCV stretches 0..100 to 0..255)."""
_NO_RED = 128.0
"""CIELAB in 8 bits, as `MouthPatch` holds it."""
_COLUMN_MM = 0.8
"""A column of the patch shows a tooth from this height of tooth on."""
_COLUMN_SHARE = 0.12
"""Of the height of the highest column: what is lower is the rim of a tooth, or noise."""
_ENOUGH_PIXELS = 30
"""Fewer pixels than this between the lips or on the lower lip give no percentiles: the mouth is all but
closed."""


def count(mesh: Float32Array, face: FaceFrame, rgb: Pixels) -> Estimate | None:
    """Visible teeth with their standard error; None where the picture is too coarse or too dim to count them.

    Args:
        mesh: [478, 3] px.
        face: The frame fitted to it.
        rgb: [height, width, 3], the picture the mesh was found in.
    """
    px_per_mm = face.px_per_cm / 10
    if px_per_mm < USABLE_PX_PER_MM:
        return None
    lips = outlines(mesh, face)
    if lips.opening_mm < _CLOSED_MM:
        return Estimate(0.0, _CLOSED_SE)
    runs = _tooth_runs_mm(rectified(mesh, face, lips, rgb))
    if runs is None:
        return Estimate(0.0, _CLOSED_SE)
    strict, loose = (run_mm / TOOTH_MM for run_mm in runs)
    if loose - strict > _TELLS_APART:
        return None
    resolved = _SHARP_SE * max(1.0, math.sqrt(_SHARP_PX_PER_MM / px_per_mm))
    scale = strict * face.unit_cm.se / face.unit_cm.value
    return Estimate(strict, math.sqrt(resolved**2 + scale**2 + ((loose - strict) / 2) ** 2))


def _tooth_runs_mm(patch: MouthPatch) -> tuple[float, float] | None:
    """Widths of the run of teeth by the strict and by the loose limit of redness; None where the lips are all but closed."""
    if min(np.count_nonzero(patch.between), np.count_nonzero(patch.lower_lip)) < _ENOUGH_PIXELS:
        return None
    light, red = patch.lab[..., 0], patch.lab[..., 1]
    lip_red = _percentile(red[patch.lips], 50) - _NO_RED
    redder = _percentile(red[patch.lower_lip], _LOOSE_LIP_PERCENTILE) - _NO_RED
    bright = patch.between & (light > _light_limit(light[patch.between]) * _LEVELS_PER_L)
    strict, loose = (
        _longest_run(bright & (red < _NO_RED + limit), patch.px_per_mm)
        for limit in (_red_limit(lip_red, _RED_SHARE_OF_LIP), _red_limit(redder, _LOOSE_RED_SHARE))
    )
    return strict, loose


def _percentile(levels: Pixels, percent: int) -> float:
    """The level below which so many percent of some pixels lie; on 256 levels counting is faster than sorting."""
    reached = np.cumsum(np.bincount(levels, minlength=256))
    return float(np.searchsorted(reached, reached[-1] * percent / 100))


def _light_limit(between: Pixels) -> float:
    bright = _percentile(between, 90) / _LEVELS_PER_L
    return max(bright - _LIGHT_BELOW_P90, _LIGHT_SHARE_OF_P90 * bright, _LIGHT_AT_LEAST)


def _red_limit(lip_red: float, share: float) -> float:
    return lip_red - max(_RED_BELOW_LIP, share * abs(lip_red))


def _longest_run(tooth: Mask, resolution: float) -> float:
    """Width in mm of the longest run of columns that show a tooth and that no wide gap interrupts."""
    height_mm = cv2.reduce(tooth.view(np.uint8), 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0] / resolution
    columns = np.flatnonzero(height_mm > max(_COLUMN_MM, _COLUMN_SHARE * float(height_mm.max())))
    if columns.size == 0:
        return 0.0
    ends = np.flatnonzero(np.diff(columns) > _GAP_MM * resolution)
    first = columns[np.concatenate([[0], ends + 1])]
    last = columns[np.concatenate([ends, [columns.size - 1]])]
    return float((last - first + 1).max()) / resolution
