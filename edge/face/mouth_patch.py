"""The mouth cut out of the picture as seen from straight ahead, at a known scale, with its lips and what is between them marked."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from edge.arrays import Float32Array, FloatArray, Mask, Pixels
from edge.face.face_frame import FaceFrame

_INNER_LIP = np.array(
    [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95]
)
"""Landmarks of the lips' inner outline: from the right corner over the upper lip to the left corner and back
below (FACEMESH_LIPS of MediaPipe)."""
_OUTER_LIP = np.array(
    [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
)
"""Landmarks of the outer outline, in the same order."""
_BOTH_LIPS = np.concatenate([_INNER_LIP, _OUTER_LIP])
_RIGHT_CORNER, _UPPER_MIDDLE, _LEFT_CORNER, _LOWER_MIDDLE = 0, 5, 10, 15
"""Places in both outlines."""

_FINEST_PX_PER_MM = 2.5
"""Finer than this the patch costs time and resolves teeth 4 mm wide no better."""
_OVERSAMPLED = 3.0
"""Pixels of the patch for one of the picture: enough that the outlines, which fall between pixels, are not
rounded away."""
_LIGHTEST = 200.0
"""Level of green that the lightest twentieth of a mouth and its surroundings has in a well exposed picture, of 255."""
_MOST_GAIN = 12.0
"""A picture darker than this takes away has too few levels left to tell colours by."""
_MARGIN_MM = 0.5
"""Kept around the outer outline, so that interpolation at the lips' edge has neighbours."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """The lips of one mesh in the face's own plane, in mm: left, up."""

    inner_mm: FloatArray
    outer_mm: FloatArray

    @property
    def opening_mm(self) -> float:
        """How far the lips are apart at their middle."""
        return float(self.inner_mm[_UPPER_MIDDLE, 1] - self.inner_mm[_LOWER_MIDDLE, 1])

    @property
    def width_mm(self) -> float:
        """From corner to corner of the inner outline."""
        return float(self.inner_mm[_LEFT_CORNER, 0] - self.inner_mm[_RIGHT_CORNER, 0])


@dataclass(frozen=True, slots=True)
class MouthPatch:
    """A rectified mouth."""

    lab: Pixels
    """[rows, columns, 3], CIELAB in OpenCV's 8 bits: L stretched to 255 levels, a* and b* moved up by 128."""
    between: Mask
    """[rows, columns] inside the inner outline."""
    lips: Mask
    """Between the outlines."""
    lower_lip: Mask
    px_per_mm: float
    gain: float
    """How many times lighter the picture was made before its colours were taken: 1 where it was light enough."""


def outlines(face: FaceFrame) -> Outlines:
    """The lips of a face."""
    both = face.laid.take(_BOTH_LIPS, axis=0)[:, :2] * (face.unit_cm.value * 10)
    return Outlines(both[: len(_INNER_LIP)], both[len(_INNER_LIP) :])


def rectified(mesh: Float32Array, face: FaceFrame, lips: Outlines, rgb: Pixels) -> MouthPatch:
    """The mouth of a face.

    Args:
        mesh: [478, 3] px.
        face: The frame fitted to it.
        lips: Its outlines.
        rgb: [height, width, 3], the picture the mesh was found in.
    """
    seen_px_per_mm = face.px_per_cm / 10
    px_per_mm = min(_FINEST_PX_PER_MM, _OVERSAMPLED * seen_px_per_mm)
    leftwards, upwards = zip(*lips.outer_mm.tolist(), strict=True)
    low, high = min(leftwards) - _MARGIN_MM, max(upwards) + _MARGIN_MM
    columns = max(math.ceil((max(leftwards) + _MARGIN_MM - low) * px_per_mm), 1)
    rows = max(math.ceil((high - min(upwards) + _MARGIN_MM) * px_per_mm), 1)
    (across_x, up_x, _), (across_y, up_y, _), _ = (face.axes * seen_px_per_mm).tolist()
    from_middle = low - sum(leftwards) / len(leftwards), high - sum(upwards) / len(upwards)
    seen_x, seen_y, _ = zip(*mesh.take(_OUTER_LIP, axis=0).tolist(), strict=True)
    start_x = sum(seen_x) / len(seen_x) + across_x * from_middle[0] + up_x * from_middle[1]
    start_y = sum(seen_y) / len(seen_y) + across_y * from_middle[0] + up_y * from_middle[1]
    patch = np.asarray(
        cv2.warpAffine(
            rgb,
            np.array(
                [
                    [across_x / px_per_mm, -up_x / px_per_mm, start_x],
                    [across_y / px_per_mm, -up_y / px_per_mm, start_y],
                ]
            ),
            (columns, rows),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )
    corner, scale = np.array([low, high]), np.array([px_per_mm, -px_per_mm])
    between, mouth = (
        _filled((outline - corner) * scale, (rows, columns)) for outline in (lips.inner_mm, lips.outer_mm)
    )
    ring = mouth & ~between
    lower = ring.copy()
    corners_up = float(lips.inner_mm[_RIGHT_CORNER, 1] + lips.inner_mm[_LEFT_CORNER, 1]) / 2
    lower[: round((high - corners_up) * px_per_mm)] = False
    gain = _gain(patch)
    if gain > 1.0:
        patch = np.asarray(cv2.convertScaleAbs(patch, alpha=gain), np.uint8)
    lab = np.asarray(cv2.cvtColor(patch, cv2.COLOR_RGB2LAB), np.uint8)
    return MouthPatch(lab, between, ring, lower, px_per_mm, gain)


def percentile(picture: Pixels, channel: int, percent: int, where: Mask | None = None) -> float:
    """The level below which so many percent of some pixels lie; on 256 levels counting is faster than sorting.

    Args:
        picture: [rows, columns, channels].
        channel: Of the picture.
        percent: How many.
        where: [rows, columns] which pixels are meant; at least one. None: all.
    """
    mask = None if where is None else where.view(np.uint8)
    counted = cv2.calcHist([picture], [channel], mask, [256], [0, 256])
    reached = counted.ravel().cumsum(dtype=np.float64)
    return float(reached.searchsorted(reached[-1] * percent / 100))


def _gain(patch: Pixels) -> float:
    """What brings the lightest part of a mouth to where it is in a well exposed picture.

    A picture's code is all but a power of the light, so that a shorter exposure scales it, colours included.
    """
    lightest = percentile(patch, 1, 95)
    return min(max(_LIGHTEST / max(lightest, 1.0), 1.0), _MOST_GAIN)


def _filled(outline_px: FloatArray, shape: tuple[int, int]) -> Mask:
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [np.round(outline_px).astype(np.int32)], 1)
    return mask.view(np.bool_)
