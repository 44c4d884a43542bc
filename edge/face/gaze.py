"""Where the eyes look: the head's pose, and on top of it the place of the irises between the lids."""

import math
from dataclasses import dataclass

import numpy as np

from edge.arrays import Float32Array, FloatArray
from edge.face.face_frame import FaceFrame

IRIS_DEPTH_CM = 0.98
"""From an eye's centre of rotation to the plane of its iris: 13.5 mm to the cornea's front (Fry and Hill, 1962), less 3.7 mm."""
_REACH_DEG = 40.0
"""Eyes turn no further in practice; beyond, the head follows."""

HEAD_SE_DEG = 3.5
"""Standard error of a head angle of a well resolved face (MediaPipe's own matrix as reference)."""
_HEAD_SHARE = 0.2
"""A mesh's turn falls short of the head's by up to so much of it."""
_EYE_SE_DEG = 4.0
"""Standard error of the eyes' turn in the head at full resolution, mean of both eyes: the personal angle between the eye's
axis and the line of sight, 3 to 5 degrees, is most of it."""
_IRIS_PX = 0.3
"""Standard error of an iris' place against its lids' corners, mean of both eyes, in px."""
_HEAD_PX = 1.0
"""Standard error of the far ends of the head's axes, in px."""
_HEAD_ARM_CM = 7.0
"""From the middle of the head to the far ends of the axes fitted to it: the outermost fitted points lie 7.7 face units
aside (`face_frame`)."""

_IRISES = np.array([468, 473])
"""Landmarks of the irises' centres, the person's right one first; so are both pairs of corners."""
_OUTER_CORNERS = np.array([33, 263])
"""Landmarks of the lids' corners at the temples."""
_INNER_CORNERS = np.array([133, 362])
"""Landmarks of the lids' corners at the nose."""
_IRIS_ABOVE_CORNERS_CM = 0.12
"""Looking straight ahead an iris' centre lies this much above the line between the lids' corners."""


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction in camera axes with its standard error."""

    vector: FloatArray
    """[3], length 1: right, down, forward."""
    se_deg: float


def head_direction(face: FaceFrame) -> Direction:
    """Where the nose points."""
    turned = math.degrees(math.acos(min(max(-float(face.axes[2, 2]), -1.0), 1.0)))
    resolved = math.degrees(_HEAD_PX / (_HEAD_ARM_CM * face.px_per_cm))
    return Direction(face.axes[:, 2], math.sqrt(HEAD_SE_DEG**2 + (_HEAD_SHARE * turned) ** 2 + resolved**2))


def gaze_direction(mesh: Float32Array, face: FaceFrame) -> Direction:
    """Where the eyes look, as the mean of both.

    Args:
        mesh: [478, 3] px.
        face: The frame fitted to it.
    """
    irises = face.points(mesh, _IRISES)
    corners = (face.points(mesh, _OUTER_CORNERS) + face.points(mesh, _INNER_CORNERS)) / 2
    offset = (irises - corners)[:, :2].mean(axis=0) * face.unit_cm.value
    left = _turn_deg(float(offset[0]))
    up = _turn_deg(float(offset[1]) - _IRIS_ABOVE_CORNERS_CM)
    head = head_direction(face)
    return Direction(
        face.axes @ in_head(left, up),
        math.hypot(head.se_deg, eyes_se_deg(face)),
    )


def eyes_se_deg(face: FaceFrame) -> float:
    """Standard error of the eyes' turn in the head."""
    return math.hypot(_EYE_SE_DEG, math.degrees(_IRIS_PX / (IRIS_DEPTH_CM * face.px_per_cm)))


def in_head(left_deg: float, up_deg: float) -> FloatArray:
    """[3] direction in the face's axes (left, up, out) of eyes turned so far to the person's left, and up."""
    left, up = math.radians(left_deg), math.radians(up_deg)
    return np.array([math.sin(left) * math.cos(up), math.sin(up), math.cos(left) * math.cos(up)])


def _turn_deg(offset_cm: float) -> float:
    turn = math.degrees(math.asin(min(max(offset_cm / IRIS_DEPTH_CM, -1.0), 1.0)))
    return min(max(turn, -_REACH_DEG), _REACH_DEG)
