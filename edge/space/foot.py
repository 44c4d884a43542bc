"""Where in the picture a person touches the floor, also when feet are hidden or cut off."""

import numpy as np

from edge.arrays import FloatArray
from edge.space.anthropometry import (
    ANKLE_HEIGHT_SHARE,
    HEAD_ABOVE_SHOULDERS_M,
    HIP_HEIGHT_SHARE,
    SHOULDER_HEIGHT_SHARE,
    SHOULDER_WIDTH_M,
    STATURE_M,
)
from edge.space.joints import ANKLES, EARS, EYES, HIPS, NOSE, SEEN_SCORE, SHOULDERS
from edge.vision.sightings import BodySighting

EDGE_SHARE = 0.035
"""A box that ends this close to the picture's edge, as a share of the picture, is cut off there: MoveNet's reach .97 to 1."""
HIDDEN_SHARE = 0.25
"""A box that ends this share of its height above where an upright body's feet would be has its legs hidden, as by a counter."""


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
    """Where the person touches the floor, in pixels; may lie below the picture. None when nothing shows it.

    Ankles that are seen, else the bottom of the box; where the picture's edge or something else hides the legs, what torso or
    shoulders of an upright body of usual proportions give.
    """
    from_ankles = ankle_foot_px(body, frame_size)
    if from_ankles is not None:
        return from_ankles
    left, top, right, bottom = body.box_px
    upright = _upright(np.asarray(body.keypoints, np.float64))
    if bottom > (1.0 - EDGE_SHARE) * frame_size[1]:
        # What is cut off lies outside the picture, however short the legs were taken to be.
        return None if upright is None else (upright[0], max(upright[1], float(frame_size[1])))
    if upright is not None and upright[1] - bottom > HIDDEN_SHARE * (bottom - top):
        return upright
    return (left + right) / 2, bottom


def _upright(points: FloatArray) -> tuple[float, float] | None:
    """Where the feet of an upright body would be, from what is seen of its upper part."""
    shoulders = _middle(points, SHOULDERS)
    if shoulders is None:
        return None
    hips = _middle(points, HIPS)
    if hips is not None and hips[1] > shoulders[1]:
        below_hips = HIP_HEIGHT_SHARE / (SHOULDER_HEIGHT_SHARE - HIP_HEIGHT_SHARE)
        foot = hips + below_hips * (hips - shoulders)
        return float(foot[0]), float(foot[1])
    drop_m = SHOULDER_HEIGHT_SHARE * STATURE_M.value
    span = float(np.linalg.norm(points[SHOULDERS[0], :2] - points[SHOULDERS[1], :2]))
    drops = [drop_m / SHOULDER_WIDTH_M.value * span]
    face = points[[row for row in (NOSE, *EYES, *EARS) if points[row, 2] >= SEEN_SCORE], :2]
    if len(face):
        drops.append(drop_m / HEAD_ABOVE_SHOULDERS_M.value * float(shoulders[1] - face[:, 1].mean()))
    return float(shoulders[0]), float(shoulders[1] + max(drops))  # Turned and bent parts only look smaller.


def _middle(points: FloatArray, rows: tuple[int, int]) -> FloatArray | None:
    pair = points[list(rows)]
    return np.asarray(pair[:, :2].mean(axis=0), np.float64) if (pair[:, 2] >= SEEN_SCORE).all() else None
