"""Where the eyes look: the head's pose, and on top of it the place of the irises between the lids."""

import math
from dataclasses import dataclass

import numpy as np

from edge.arrays import FloatArray
from edge.face.eyes import IRIS_DEPTH_CM, MeshEye, in_head
from edge.face.face_frame import FaceFrame

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


def gaze_direction(eyes: tuple[MeshEye, MeshEye], face: FaceFrame, head: Direction) -> Direction | None:
    """Where the eyes look: the mean of both, or the one that is open; None while both are closed.

    Args:
        eyes: What the frame shows of them.
        face: The frame fitted to the face, sized.
        head: Where its nose points.
    """
    seen = [eye for eye in eyes if eye.open]
    if not seen:
        return None
    left = sum(eye.left_deg for eye in seen) / len(seen)
    up = sum(eye.up_deg for eye in seen) / len(seen)
    return Direction(
        face.axes @ np.array(in_head(left, up)),
        math.hypot(head.se_deg, eyes_se_deg(face, len(seen))),
    )


def eyes_se_deg(face: FaceFrame, eyes: int) -> float:
    """Standard error of the turn in the head of so many eyes' mean."""
    both = math.hypot(_EYE_SE_DEG, math.degrees(_IRIS_PX / (IRIS_DEPTH_CM * face.px_per_cm)))
    return both * math.sqrt(2 / eyes)
