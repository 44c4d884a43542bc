"""Whether something hides an eye (dark glasses, a patch), by how what lies around and in it differs from the skin of the same face.

The mesh draws an iris on dark glass and cloth too. Around a bare eye there is skin, seen through clear glasses as well; in it white and
dark lie side by side.
"""

import math
from dataclasses import dataclass

import numpy as np

from edge.arrays import Float32Array, FloatArray, IndexArray, Pixels
from edge.face.face_frame import FaceFrame
from edge.face.learnt_differences import Weighed, summed
from edge.face.small_face import SmallFace, lies_within, median, small_face

USABLE_PX_PER_CM = 3.5
"""Of a smaller face an eye is two points high, and nothing is told."""
_FACE_PX = 96
"""The face is made this wide: an eye is then 5 points high."""
_SKIN = np.array([151, 9, 8, 107, 336, 50, 280, 205, 425])
"""Landmarks on forehead and cheeks: whether a mask or glasses are worn, most of them are bare."""
_BETWEEN = np.linspace(0.0, 1.0, 9)[1:-1, None]
"""Steps from one corner of an eye to the other."""


@dataclass(frozen=True, slots=True)
class _Eye:
    """Landmarks of one eye."""

    lids: IndexArray
    below: IndexArray
    above: IndexArray
    iris: IndexArray
    corners: tuple[int, int]


_RIGHT = _Eye(
    np.array([33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7]),
    np.array([24, 23, 22, 230, 229]),
    np.array([28, 27, 29, 223, 224]),
    np.array([468, 469, 470, 471, 472]),
    (33, 133),
)
_LEFT = _Eye(
    np.array([263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249]),
    np.array([254, 253, 252, 450, 449]),
    np.array([258, 257, 259, 443, 444]),
    np.array([473, 474, 475, 476, 477]),
    (263, 362),
)

INTERCEPT = -2.25
"""Log odds of an eye in which every difference is usual. With `WEIGHED` it makes a ridge-regularised logistic regression of 1428 eyes of some 85
people, bare, behind clear glasses, behind dark ones of many shapes and colours, and under patches, in every light; judged by
people left out, AUC .996."""
WEIGHED = {
    "skin above it lighter": Weighed(-22.7, 21.6, -0.57, 0.69),
    "light and dark along it": Weighed(21.2, 18.7, -1.02, 0.11),
    "lightest along it": Weighed(-22.2, 23.7, -0.78, 0.64),
    "skin below against the iris": Weighed(10.4, 13.0, -1.10, 0.27),
    "steps down the lids": Weighed(3.7, 1.3, -1.64, 0.14),
    "steps across the eye": Weighed(3.4, 1.2, -1.23, -0.20),
    "skin around it uneven": Weighed(6.0, 4.9, -0.34, 0.57),
    "skin below it redder": Weighed(-3.9, 8.0, -1.23, 0.31),
}
"""What is looked at, in the order of `differences`."""


def log_odds(mesh: Float32Array, face: FaceFrame, rgb: Pixels) -> tuple[float, float] | None:
    """Log odds that the person's right eye is hidden, and the left one; None where the face is too small, too dark or not wholly in the picture.

    Args:
        mesh: [478, 3] px.
        face: The frame fitted to it.
        rgb: [height, width, 3], the picture the mesh was found in.
    """
    if face.px_per_cm < USABLE_PX_PER_CM:
        return None
    told = differences(mesh, rgb)
    if told is None:
        return None
    right, left = (summed(INTERCEPT, each, WEIGHED.values()) for each in told)
    return right, left


def differences(mesh: Float32Array, rgb: Pixels) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """What each of `WEIGHED` looks at, of the right eye and of the left one; None where there is not enough light, or of the face.

    Args:
        mesh: [478, 3] px.
        rgb: [height, width, 3], the picture the mesh was found in.
    """
    if not lies_within(mesh[:, :2], rgb):
        return None
    seen = small_face(mesh, rgb, _FACE_PX, _SKIN)
    if seen is None:
        return None
    skin = median(seen.smooth[_SKIN])
    down, across = seen.steps(), seen.steps(across=True)
    return _of_one(_RIGHT, seen, skin, down, across), _of_one(_LEFT, seen, skin, down, across)


def _of_one(
    eye: _Eye, seen: SmallFace, skin: Float32Array, down: FloatArray, across: FloatArray
) -> tuple[float, ...]:
    below, above = (median(seen.smooth[where]) - skin for where in (eye.below, eye.above))
    outer, inner = seen.points[list(eye.corners)]
    along = seen.lab(np.round(outer + _BETWEEN * (inner - outer)).astype(np.intp))[:, 0]
    iris = float(median(seen.lab(seen.points[eye.iris]))[0])
    around = seen.smooth[np.concatenate([eye.below, eye.above]), 0]
    return (
        float(above[0]),
        float(np.ptp(along)),
        float(along.max() - skin[0]),
        float(below[0] + skin[0]) - iris,
        math.log1p(float(down[eye.lids].mean())),
        math.log1p(float(across[np.concatenate([eye.lids, eye.iris])].mean())),
        float(around.std()),
        float(below[1]),
    )
