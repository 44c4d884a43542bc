"""What one frame shows of the eyes: how far the lids are open, where the irises stand between them, how wide the irises are."""

import math
from dataclasses import dataclass

import numpy as np

from edge.arrays import Float32Array
from edge.face.face_frame import FaceFrame

CLOSED_BELOW = 0.10
"""Opening of the lids over the eye's width below which the mesh has no iris to go by and draws one where it would be. A straight
look opens them by 0.22 to 0.36, a look down at the desk by 0.12 and more (clips and stills of the project; blinks reach 0.01)."""

IRIS_DEPTH_CM = 0.98
"""From an eye's centre of rotation to the plane of its iris: 13.5 mm to the cornea's front (Fry and Hill, 1962), less 3.7 mm."""
REACH_DEG = 40.0
"""Eyes turn no further in practice; beyond, the head follows."""
_REACH_SINE = math.sin(math.radians(REACH_DEG))
_IRIS_ABOVE_CORNERS_CM = 0.12
"""Looking straight ahead an iris' centre lies this much above the line between the lids' corners."""

_POINTS = np.array(
    [
        468,
        469,
        471,
        33,
        133,
        159,
        145,
        158,
        153,
        160,
        144,
        473,
        474,
        476,
        263,
        362,
        386,
        374,
        385,
        380,
        387,
        373,
    ]
)
"""Of each eye, the person's right one first: the iris' centre and two opposite points of its rim, the corners at temple and nose,
then three pairs of points on upper and lower lid."""
_OF_ONE_EYE = len(_POINTS) // 2
"""Points of one eye."""
_RIM_PX = np.array([469, 471, 474, 476])
"""The rims' points again: their distance is measured in the picture, where the mesh is surest."""


@dataclass(frozen=True, slots=True)
class MeshEye:
    """One eye of a mesh."""

    open_share: float
    """Opening of the lids over the eye's width."""
    left_deg: float
    """How far the eye is turned in the head, to the person's left."""
    up_deg: float
    iris_px: float
    """Chord of the iris in the picture, from rim to rim on the line that lies level in the eye."""
    foreshortened: float
    """How many times longer than this chord the iris is, since it is seen at an angle; 1 for an eye that looks into the camera."""

    shown: bool = True
    """Whether it is not behind dark glass or a patch, where the mesh makes it up."""

    @property
    def open(self) -> bool:
        """Whether there is an iris to be seen."""
        return self.shown and self.open_share >= CLOSED_BELOW

    @property
    def iris_across_px(self) -> float:
        """Diameter of the iris in the picture, as it would be if the eye looked into the camera."""
        return self.iris_px * self.foreshortened


def look(
    mesh: Float32Array, face: FaceFrame, shown: tuple[bool, bool] = (True, True)
) -> tuple[MeshEye, MeshEye]:
    """The person's right eye and their left one.

    Args:
        mesh: [478, 3] px.
        face: The frame fitted to it.
        shown: Whether each can be seen, the person's right one first: not behind dark glass or a patch.
    """
    laid = face.laid.take(_POINTS, axis=0).tolist()
    rims = mesh.take(_RIM_PX, axis=0).tolist()
    axes = face.axes.tolist()
    return (
        _eye(laid[:_OF_ONE_EYE], rims[:2], face, axes, shown=shown[0]),
        _eye(laid[_OF_ONE_EYE:], rims[2:], face, axes, shown=shown[1]),
    )


def in_head(left_deg: float, up_deg: float) -> tuple[float, float, float]:
    """Direction in the face's axes (left, up, out) of eyes turned so far to the person's left, and up."""
    left, up = math.radians(left_deg), math.radians(up_deg)
    return math.sin(left) * math.cos(up), math.sin(up), math.cos(left) * math.cos(up)


def _eye(
    laid: list[list[float]],
    rim_px: list[list[float]],
    face: FaceFrame,
    axes: list[list[float]],
    *,
    shown: bool,
) -> MeshEye:
    iris, _, _, outer, inner, *lids = laid
    upper, lower, further_upper, further_lower, nearer_upper, nearer_lower = lids
    width = math.hypot(outer[0] - inner[0], outer[1] - inner[1])
    opening = (
        upper[1] - lower[1] + further_upper[1] - further_lower[1] + nearer_upper[1] - nearer_lower[1]
    ) / 3
    unit_cm = face.unit_cm.value
    left = _turn_deg((iris[0] - (outer[0] + inner[0]) / 2) * unit_cm)
    up = _turn_deg((iris[1] - (outer[1] + inner[1]) / 2) * unit_cm - _IRIS_ABOVE_CORNERS_CM)
    across, down = rim_px[0][0] - rim_px[1][0], rim_px[0][1] - rim_px[1][1]
    chord = math.hypot(across, down)
    return MeshEye(
        max(opening / width, 0.0) if width > 0.0 else 0.0,
        left,
        up,
        chord,
        _foreshortened(across, down, chord, axes, left, up),
        shown=shown,
    )


def _turn_deg(offset_cm: float) -> float:
    sine = offset_cm / IRIS_DEPTH_CM
    if sine >= _REACH_SINE:
        return REACH_DEG
    return -REACH_DEG if sine <= -_REACH_SINE else math.degrees(math.asin(sine))


def _foreshortened(
    across: float, down: float, chord: float, axes: list[list[float]], left_deg: float, up_deg: float
) -> float:
    """A disc's diameter over its chord in a direction of the picture: the chord's ends lie in the disc's own plane."""
    if chord <= 0.0:
        return 1.0
    a, b, c = in_head(left_deg, up_deg)
    x, y, z = (row[0] * a + row[1] * b + row[2] * c for row in axes)
    away = (across * x + down * y) / chord / (min(-_LEAST_FACING, z))
    return math.sqrt(1.0 + away * away)


_LEAST_FACING = 0.3
"""An iris seen more from the side than this (73 degrees) is not there to be measured."""
