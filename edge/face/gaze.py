"""Where the eyes look: the head's pose, and on top of it the place of the irises between the lids."""

import math
from dataclasses import dataclass

import numpy as np

from edge.arrays import FloatArray
from edge.face.eyes import IRIS_DEPTH_CM, MeshEye, in_head
from edge.face.face_frame import FaceFrame

HEAD_SE_DEG = 3.5
"""Standard error of a head angle of a well resolved face (MediaPipe's own matrix as reference)."""
YAW_DRAWN, PITCH_DRAWN = 0.74, 0.67
"""A mesh turns its face by so much of what the head is turned aside, and up or down, from the line of sight. Twelve stills whose faces were
turned in place: 0.77, 0.71 and 0.64 at 15, 25 and 35 degrees aside, 0.64 to 0.67 up and down; two photographs at 15 and 45 degrees aside:
0.73 and 0.87 (`benchmarks.host_intervals` holds what comes of it against the turns)."""
_HEAD_SHARE = 0.12
"""What of a turn these shares leave unsure."""
_FURTHEST = math.radians(85)
"""No mesh holds on a face that is turned further."""
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


@dataclass(frozen=True, slots=True)
class Head:
    """How a head is turned."""

    axes: FloatArray
    """[3, 3]: columns are its left, up and outward axes, in camera axes (right, down, forward)."""
    se_deg: float


def head_of(face: FaceFrame) -> Head:
    """The head behind a face, which is turned further than its mesh."""
    axes = _turned_further(face.axes)
    turned = math.degrees(math.acos(min(max(-float(axes[2, 2]), -1.0), 1.0)))
    resolved = math.degrees(_HEAD_PX / (_HEAD_ARM_CM * face.px_per_cm))
    return Head(axes, math.sqrt(HEAD_SE_DEG**2 + (_HEAD_SHARE * turned) ** 2 + resolved**2))


def _turned_further(axes: FloatArray) -> FloatArray:
    """A mesh's axes [3, 3], turned the shortest way to where the head faces."""
    x, y, z = axes[:, 2].tolist()
    yaw = _within(math.atan2(x, -z) / YAW_DRAWN)
    pitch = _within(math.atan2(-y, math.hypot(x, z)) / PITCH_DRAWN)
    out = (math.sin(yaw) * math.cos(pitch), -math.sin(pitch), -math.cos(yaw) * math.cos(pitch))
    a, b, c = y * out[2] - z * out[1], z * out[0] - x * out[2], x * out[1] - y * out[0]
    bend = 1.0 / (1.0 + x * out[0] + y * out[1] + z * out[2])
    straight = 1.0 - bend * (a * a + b * b + c * c)
    ab, ac, bc = bend * a * b, bend * a * c, bend * b * c
    turn = np.array(
        [
            [straight + bend * a * a, ab - c, ac + b],
            [ab + c, straight + bend * b * b, bc - a],
            [ac - b, bc + a, straight + bend * c * c],
        ]
    )
    turned: FloatArray = turn.dot(axes)
    return turned


def _within(angle: float) -> float:
    return min(max(angle, -_FURTHEST), _FURTHEST)


def gaze_direction(eyes: tuple[MeshEye, MeshEye], face: FaceFrame, head: Head) -> Direction | None:
    """Where the eyes look: the mean of both, or the one that is open; None while both are closed.

    Args:
        eyes: What the frame shows of them.
        face: The frame fitted to the face, sized.
        head: The head behind it.
    """
    seen = [eye for eye in eyes if eye.open]
    if not seen:
        return None
    left = sum(eye.left_deg for eye in seen) / len(seen)
    up = sum(eye.up_deg for eye in seen) / len(seen)
    return Direction(
        head.axes.dot(in_head(left, up)),
        math.hypot(head.se_deg, eyes_se_deg(face, len(seen))),
    )


def eyes_se_deg(face: FaceFrame, eyes: int) -> float:
    """Standard error of the turn in the head of so many eyes' mean."""
    both = math.hypot(_EYE_SE_DEG, math.degrees(_IRIS_PX / (IRIS_DEPTH_CM * face.px_per_cm)))
    return both * math.sqrt(2 / eyes)
