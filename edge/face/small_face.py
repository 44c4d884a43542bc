"""A face made small, and its colours at the mesh's points: what is enough to tell what covers a part of it."""

from dataclasses import dataclass

import cv2
import numpy as np

from edge.arrays import Float32Array, FloatArray, IndexArray, Pixels

_LIGHTEST = 150.0
"""Level of green that bare skin is brought to, of 255."""
_MOST_GAIN = 12.0
"""A darker picture has too few levels left to tell colours by."""
_AROUND = 0.08
"""Kept around the mesh, in widths of the face."""


@dataclass(frozen=True, slots=True)
class SmallFace:
    """A face cut out of a picture and made small."""

    crop: Pixels
    """[rows, columns, 3] RGB."""
    points: IndexArray
    """[478, 2] column and row of the mesh's points in it."""
    smooth: Float32Array
    """[478, 3] CIELAB around each point, made as light as a well exposed face."""
    gain: float
    """How many times lighter it was made."""

    def lab(self, points: IndexArray) -> Float32Array:
        """[n, 3] CIELAB of single points [n, 2] of the crop, made as light."""
        return _lab(self.crop[points[:, 1], points[:, 0]], self.gain)

    def steps(self, *, across: bool = False) -> FloatArray:
        """[478] how much lighter or darker it gets down (or across) the picture at each of the mesh's points."""
        grey = cv2.cvtColor(self.crop, cv2.COLOR_RGB2GRAY)
        slope = cv2.Sobel(grey, cv2.CV_16S, int(across), int(not across))
        columns, rows = self.points.T
        return np.asarray(np.abs(slope[rows, columns]) * self.gain, np.float64)


def lies_within(points: Float32Array, rgb: Pixels) -> bool:
    """Whether all of some points [n, 2] px lie in a picture."""
    rows, columns = rgb.shape[:2]
    return bool(points.min() >= 0 and (points.max(axis=0) < (columns, rows)).all())


def small_face(mesh: Float32Array, rgb: Pixels, face_px: int, skin: IndexArray) -> SmallFace | None:
    """A face made small; None where it is too dark.

    Args:
        mesh: [478, 3] px.
        rgb: [height, width, 3], the picture the mesh was found in.
        face_px: How wide to make the face, if it is wider.
        skin: Landmarks whose median is bare skin.
    """
    low, high = mesh[:, :2].min(axis=0), mesh[:, :2].max(axis=0)
    width = float(high[0] - low[0])
    rows, columns = rgb.shape[:2]
    left, top = (max(int(side), 0) for side in low - _AROUND * width)
    right, bottom = (
        min(int(side), size) for side, size in zip(high + _AROUND * width, (columns, rows), strict=True)
    )
    crop = rgb[top:bottom, left:right]
    share = min(face_px / width, 1.0)
    if share < 1.0:
        crop = np.asarray(cv2.resize(crop, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)
    within = ((mesh[:, :2] - (left, top)) * share).astype(np.intp)
    points = np.clip(within, 0, (crop.shape[1] - 1, crop.shape[0] - 1))
    smooth = np.asarray(cv2.blur(crop, (3, 3)), np.uint8)[points[:, 1], points[:, 0]]
    gain = _LIGHTEST / max(float(median(smooth[skin])[1]), 1.0)
    return None if gain > _MOST_GAIN else SmallFace(crop, points, _lab(smooth, gain), gain)


def median(values: Float32Array | Pixels) -> Float32Array:
    """Of each column of a few values [n, m]: what NumPy's own does, without what it costs to begin."""
    ordered = np.sort(values.astype(np.float32), axis=0)
    middle = ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]
    return np.asarray(middle / 2, np.float32)


def _lab(levels: Pixels, gain: float) -> Float32Array:
    """CIELAB of some colours [n, 3] made lighter: L 0 to 100, a* and b* around 0."""
    lit = np.minimum(levels.astype(np.float32) * np.float32(gain / 255), 1.0).reshape(1, -1, 3)
    return np.asarray(cv2.cvtColor(lit, cv2.COLOR_RGB2LAB)[0], np.float32)
