"""The mouth in the face's own frame: how high its corners are, how wide and how far open it is."""

import math
from dataclasses import dataclass

import numpy as np

from edge.face.face_frame import FaceFrame
from edge.observation import Estimate

_CORNER_UP = -4.343
"""Height of the mouth's corners on the canonical face at rest, in face units (MediaPipe's canonical face
model, see face_frame)."""
_NOSE_TO_CORNER = -2.254
"""Height of the corners above the base of the nose on the same face, in face units."""

_RIGHT_CORNER, _LEFT_CORNER, _UPPER_LIP, _LOWER_LIP, _NOSE_BASE = range(5)
"""Rows of `_INDEX`."""
_INDEX = np.array([61, 291, 13, 14, 2])
"""Their landmarks in the canonical face mesh; the lips by the inner outline."""

_POINT_PX = 0.28
"""Standard error of a lip point against full resolution: 0.40 mm at 0.7 px/mm, 0.74 mm at 0.35 px/mm (facts of the project)."""
_MODEL_CM = 0.06
"""What the mesh model itself wavers by, from light, compression and the face's own play."""
_POSE_CM_PER_DEG = 0.009
"""What is left of a height's dependence on the head's turn away from the camera once the pose is taken out."""
NOSE_LIFT_PER_PITCH_DEG = 0.0157
"""What is left of the pitch in the corners' height against the nose once the pose is taken out, in cm for every degree that the face
looks above the camera: the mesh draws noses too flat. From the regression in `benchmarks.smile_shape`."""


@dataclass(frozen=True, slots=True)
class Mouth:
    """A mouth; lifts are against the canonical resting face, not yet against the person's own."""

    lift_left_cm: Estimate
    lift_right_cm: Estimate
    lift_above_nose_cm: Estimate
    width_cm: Estimate
    open_cm: Estimate


def measure(face: FaceFrame) -> Mouth:
    """The mouth of one face."""
    points = face.laid.take(_INDEX, axis=0).tolist()
    unit = face.unit_cm
    noise = error_cm(face)

    def scaled(units: float, factor: float = 1.0) -> Estimate:
        return Estimate(units * unit.value, math.hypot(factor * noise, units * unit.se))

    left, right = points[_LEFT_CORNER], points[_RIGHT_CORNER]
    above_nose = (left[1] + right[1]) / 2 - points[_NOSE_BASE][1] - _NOSE_TO_CORNER
    pitch_deg = math.degrees(math.asin(min(max(-float(face.axes[1, 2]), -1.0), 1.0)))
    return Mouth(
        lift_left_cm=scaled(left[1] - _CORNER_UP),
        lift_right_cm=scaled(right[1] - _CORNER_UP),
        lift_above_nose_cm=scaled(above_nose - NOSE_LIFT_PER_PITCH_DEG * pitch_deg / unit.value),
        width_cm=scaled(left[0] - right[0], math.sqrt(2)),
        open_cm=scaled(points[_UPPER_LIP][1] - points[_LOWER_LIP][1], math.sqrt(2)),
    )


def error_cm(face: FaceFrame) -> float:
    """Standard error of a mouth point's height in cm: resolution, the mesh model, the head's pose."""
    turned = math.degrees(math.acos(min(max(-float(face.axes[2, 2]), -1.0), 1.0)))
    pose = _POSE_CM_PER_DEG * turned
    return math.sqrt((_POINT_PX / face.px_per_cm) ** 2 + _MODEL_CM**2 + pose**2)
