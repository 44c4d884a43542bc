"""Where in the picture a person touches the floor, also when feet are hidden or cut off."""

import numpy as np
from numpy.typing import NDArray

from edge.space.anthropometry import (
    ANKLE_HEIGHT_SHARE,
    HIP_HEIGHT_SHARE,
    SHOULDER_HEIGHT_SHARE,
    SHOULDER_WIDTH_M,
    STATURE_M,
)
from edge.space.joints import ANKLES, HIPS, SEEN_SCORE, SHOULDERS
from edge.vision.sightings import BodySighting

FloatArray = NDArray[np.float64]

EDGE_SHARE = 0.02
"""A box that ends this close to the picture's edge, as a share of the picture, is cut off there."""


def ankle_foot_px(body: BodySighting, frame_size: tuple[int, int]) -> tuple[float, float] | None:
    """The point on the floor between the feet, from ankles that are seen; pixels."""
    points = np.asarray(body.keypoints, np.float64)
    ankles = points[[row for row in ANKLES if points[row, 2] >= SEEN_SCORE]]
    width, height = frame_size
    inside = (ankles[:, :2] >= 0).all() and (ankles[:, 0] <= width).all() and (ankles[:, 1] <= height).all()
    if not len(ankles) or not inside:
        return None
    _, top, _, bottom = body.box_px
    x, y = ankles[:, :2].mean(axis=0)
    return float(x), float(y + ANKLE_HEIGHT_SHARE * (bottom - top))


def foot_px(body: BodySighting, frame_size: tuple[int, int]) -> tuple[float, float] | None:
    """Where the person touches the floor, in pixels; may lie below the picture. None when nothing tells.

    Ankles that are seen, else the bottom of a box that the picture's edge does not cut, else what the torso or the shoulders
    of an upright body of usual proportions say.
    """
    from_ankles = ankle_foot_px(body, frame_size)
    if from_ankles is not None:
        return from_ankles
    left, _, right, bottom = body.box_px
    if bottom < (1.0 - EDGE_SHARE) * frame_size[1]:
        return (left + right) / 2, bottom
    return _extrapolated(np.asarray(body.keypoints, np.float64), frame_size)


def _extrapolated(points: FloatArray, frame_size: tuple[int, int]) -> tuple[float, float] | None:
    shoulders = _middle(points, SHOULDERS)
    if shoulders is None:
        return None
    hips = _middle(points, HIPS)
    if hips is not None and hips[1] > shoulders[1]:
        below_hips = HIP_HEIGHT_SHARE / (SHOULDER_HEIGHT_SHARE - HIP_HEIGHT_SHARE)
        foot = hips + below_hips * (hips - shoulders)
    else:
        span = float(np.linalg.norm(points[SHOULDERS[0], :2] - points[SHOULDERS[1], :2]))
        drop = SHOULDER_HEIGHT_SHARE * STATURE_M.value / SHOULDER_WIDTH_M.value
        foot = shoulders + np.array([0.0, drop * span])
    # What is cut off lies outside the picture, however long the legs were taken to be.
    return float(foot[0]), float(max(foot[1], frame_size[1]))


def _middle(points: FloatArray, rows: tuple[int, int]) -> FloatArray | None:
    pair = points[list(rows)]
    return np.asarray(pair[:, :2].mean(axis=0), np.float64) if (pair[:, 2] >= SEEN_SCORE).all() else None
