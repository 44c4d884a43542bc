"""How many teeth show: the lit, unreddened run between the inner lips, in tooth widths."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.manner.face_frame import Array, FaceFrame
from edge.observation import Estimate
from edge.vision.sightings import Floats

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

_INNER_LIP = np.array(
    [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95]
)
_OUTER_LIP = np.array(
    [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
)

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
_GAP_MM = 2.0
"""Wider interruptions than this end the run of teeth: a dark corner of the mouth, not a gap between two teeth."""
_PATCH_PX_PER_MM = 2.5
_MARGIN_MM = 2.0

# A tooth is nearly as light as the lightest tenth between the lips, and less red than the lips (CIELAB).
_LIGHT_BELOW_P90 = 36.0
_LIGHT_SHARE_OF_P90 = 0.4
_LIGHT_AT_LEAST = 20.0
_RED_BELOW_LIP = 3.0
_RED_SHARE_OF_LIP = 0.25
_LOOSE_RED_SHARE = 0.15
_LOOSE_LIP_PERCENTILE = 75
_TELLS_APART = 3.0
"""When a looser limit of redness, against the redder part of the lower lip, adds more teeth than this, the light does not tell
teeth from lips, and nothing is said."""
_LEVELS_PER_L = 255 / 100
_NO_RED = 128.0
"""OpenCV's 8-bit CIELAB: L stretched to 255 levels, a* moved up by 128."""
_COLUMN_MM = 0.8
"""A column of the patch shows a tooth from this height of tooth on, or an eighth of the highest column."""
_COLUMN_SHARE = 0.12
_ENOUGH_PIXELS = 30


def count(mesh: Floats, face: FaceFrame, rgb: Pixels) -> Estimate | None:
    """Visible teeth with their standard error; None where the picture is too coarse or too dim to count them.

    Args:
        mesh: [478, 3] px.
        face: The frame fitted to it.
        rgb: [height, width, 3], the picture the mesh was found in.
    """
    px_per_mm = face.px_per_cm / 10
    if px_per_mm < USABLE_PX_PER_MM:
        return None
    inner, outer = (
        face.points(mesh, index)[:, :2] * face.unit_cm.value * 10 for index in (_INNER_LIP, _OUTER_LIP)
    )
    if _height(inner) < _CLOSED_MM:
        return Estimate(0.0, _CLOSED_SE)
    left, top = outer[:, 0].min() - _MARGIN_MM, outer[:, 1].max() + _MARGIN_MM
    right, bottom = outer[:, 0].max() + _MARGIN_MM, outer[:, 1].min() - _MARGIN_MM
    resolution = min(_PATCH_PX_PER_MM, 3 * px_per_mm)
    size = (max(math.ceil((right - left) * resolution), 1), max(math.ceil((top - bottom) * resolution), 1))
    patch = _rectified(mesh, face, rgb, (left, top), resolution, size)
    between = _filled((inner - (left, top)) * (resolution, -resolution), size)
    lips = _filled((outer - (left, top)) * (resolution, -resolution), size) & ~between
    if between.sum() < _ENOUGH_PIXELS or lips.sum() < _ENOUGH_PIXELS:
        return Estimate(0.0, _CLOSED_SE)
    lab = np.asarray(cv2.cvtColor(patch, cv2.COLOR_RGB2LAB), np.uint8)
    light, red = lab[..., 0], lab[..., 1]
    lower = lips.copy()
    lower[: round((top - float(inner[[0, 10], 1].mean())) * resolution)] = False
    lip_red = _percentile(red[lips], 50) - _NO_RED
    redder = _percentile(red[lower], _LOOSE_LIP_PERCENTILE) - _NO_RED if lower.any() else lip_red
    bright = between & (light > _light_limit(light[between]) * _LEVELS_PER_L)
    strict, loose = (
        _longest_run(bright & (red < _NO_RED + limit), resolution) / TOOTH_MM
        for limit in (_red_limit(lip_red, _RED_SHARE_OF_LIP), _red_limit(redder, _LOOSE_RED_SHARE))
    )
    if loose - strict > _TELLS_APART:
        return None
    resolved = _SHARP_SE * max(1.0, math.sqrt(_SHARP_PX_PER_MM / px_per_mm))
    scale = strict * face.unit_cm.se / face.unit_cm.value
    return Estimate(strict, math.sqrt(resolved**2 + scale**2 + ((loose - strict) / 2) ** 2))


def _height(inner: Array) -> float:
    """Opening at the middle of the lips, in mm."""
    return float(inner[5, 1] - inner[15, 1])


def _rectified(
    mesh: Floats,
    face: FaceFrame,
    rgb: Pixels,
    corner_mm: tuple[float, float],
    resolution: float,
    size: tuple[int, int],
) -> Pixels:
    """The mouth as seen from straight ahead, at a known scale."""
    px_per_mm = face.px_per_cm / 10
    across = face.axes[:2, 0] * px_per_mm
    down = -face.axes[:2, 1] * px_per_mm
    lips = mesh[_OUTER_LIP]
    middle_px = lips[:, :2].mean(axis=0)
    middle_mm = face.points(mesh, _OUTER_LIP)[:, :2].mean(axis=0) * face.unit_cm.value * 10
    start = middle_px + across * (corner_mm[0] - middle_mm[0]) + down * (middle_mm[1] - corner_mm[1])
    to_picture = np.column_stack([across / resolution, down / resolution, start])
    patch: Pixels = cv2.warpAffine(  # type: ignore[assignment]
        rgb,
        to_picture,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return patch


def _filled(outline: Array, size: tuple[int, int]) -> Mask:
    mask = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], 1)
    filled: Mask = mask.astype(bool)
    return filled


def _percentile(levels: Pixels, percent: int) -> float:
    """The level below which so many percent of some pixels lie; faster on 256 levels than sorting."""
    reached = np.cumsum(np.bincount(levels, minlength=256))
    return float(np.searchsorted(reached, reached[-1] * percent / 100))


def _light_limit(between: Pixels) -> float:
    bright = _percentile(between, 90) / _LEVELS_PER_L
    return max(bright - _LIGHT_BELOW_P90, _LIGHT_SHARE_OF_P90 * bright, _LIGHT_AT_LEAST)


def _red_limit(lip_red: float, share: float) -> float:
    return lip_red - max(_RED_BELOW_LIP, share * abs(lip_red))


def _longest_run(tooth: Mask, resolution: float) -> float:
    """Width in mm of the longest run of columns that show a tooth and that no wide gap interrupts."""
    height_mm = np.count_nonzero(tooth, axis=0) / resolution
    columns = np.flatnonzero(height_mm > max(_COLUMN_MM, _COLUMN_SHARE * float(height_mm.max())))
    if columns.size == 0:
        return 0.0
    ends = np.flatnonzero(np.diff(columns) > _GAP_MM * resolution)
    first = columns[np.concatenate([[0], ends + 1])]
    last = columns[np.concatenate([ends, [columns.size - 1]])]
    return float((last - first + 1).max()) / resolution
