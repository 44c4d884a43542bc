"""Whether a camera's picture is stretched: irises are round, and faces are about as high for their width as other faces.

The mesh follows a stretched iris by six tenths and a stretched face by seven, as it was taught on faces of the usual shape. What people's own faces
differ by is the error of one camera's answer, however long one person is looked at.
"""

import math
from collections import deque

import numpy as np

from edge.arrays import Float32Array
from edge.face.eyes import MeshEye
from edge.face.face_frame import FaceFrame
from edge.observation import Estimate

_IRIS_DRAWN, _IRIS_FOLLOWS = 0.152, 0.61
"""Logarithm of an iris' width over its height as the mesh draws it in a true picture, since lids hide its top and bottom, and by how much of a
stretch's logarithm it grows. Mean of fourteen faces (twelve stills, two clips), each resampled to .8, .9, 1.1 and 1.2 of its width."""
_FACE_DRAWN, _FACE_FOLLOWS = -0.297, 0.722
"""The same of the way between the eyes' outer corners over that from the nose's root to the chin."""
_IRIS_SHARE = 0.3
"""What the irises weigh: by them alone one person's answer has an error of .095, by the face's shape alone .055."""
_JAW_DROPS = 0.35
"""Of a mouth's opening the chin goes down by so much: with it, smiles and speech make no face look squeezed."""
STRETCH_SE = 0.055
"""Standard error of the logarithm of the stretch by one person's face: what people differ by (fourteen faces, each judged by the others)."""
_TOLD, _TOLD_STILL = 0.15, 0.11
"""A stretch is told from this logarithm on (16 %, 2.7 of its errors: the most unusual of fourteen faces has .14), and no longer below the second."""
_FACING = 0.95
"""Cosine of the mesh's turn from the camera, 18 degrees: a face turned further is foreshortened."""
_LEAST_OPEN = 0.12
"""Lids closer than this share of the eye's width hide most of the iris."""
_LEAST_IRIS_PX = 3.0
"""A smaller iris has no shape."""
_LOOK_S = 0.5
"""Faces are looked at so often."""
_LEAST_LOOKS = 5
"""Looks from which on something is told: half the error of one is the mesh's jitter."""
_PERSON_LOOKS = 120
"""Beyond so many looks, a minute, a person weighs no more against the others before the same camera."""
_PEOPLE_KEPT = 20
"""So many people are remembered: a week of one desk's hosts."""


def log_stretch(mesh: Float32Array, face: FaceFrame, eyes: tuple[MeshEye, MeshEye]) -> float | None:
    """Logarithm of how many times too wide a face looks, by one look; None where it is turned away, small, or its eyes do not show.

    Args:
        mesh: [478, 3] px.
        face: The frame fitted to it.
        eyes: The eyes in it.
    """
    if -float(face.axes[2, 2]) < _FACING:
        return None
    irises = [
        math.log(eye.iris_px / high_px)
        for eye, high_px in zip(eyes, (_apart(mesh, 470, 472), _apart(mesh, 475, 477)), strict=True)
        if eye.shown and eye.open_share >= _LEAST_OPEN and min(eye.iris_px, high_px) >= _LEAST_IRIS_PX
    ]
    high = _apart(mesh, 168, 152) - _JAW_DROPS * _apart(mesh, 13, 14)
    wide = _apart(mesh, 33, 263)
    if not irises or min(high, wide) <= 0.0:
        return None
    by_iris = (sum(irises) / len(irises) - _IRIS_DRAWN) / _IRIS_FOLLOWS
    by_face = (math.log(wide / high) - _FACE_DRAWN) / _FACE_FOLLOWS
    return _IRIS_SHARE * by_iris + (1 - _IRIS_SHARE) * by_face


class PictureStretch:
    """What the faces before one camera tell of its picture, pooled over looks and people."""

    def __init__(self) -> None:
        self._people: deque[list[float]] = deque([[]], maxlen=_PEOPLE_KEPT)
        """The latest looks of each."""
        self._looked_s: float | None = None
        self._told: Estimate | None = None

    @property
    def told(self) -> Estimate | None:
        """How many times too wide the picture shows things, 1 where it is true; None while no stretch is told."""
        return self._told

    def next_person(self) -> None:
        """The face that comes is another person's."""
        if self._people[-1]:
            self._people.append([])

    def observe(self, t_s: float, mesh: Float32Array, face: FaceFrame, eyes: tuple[MeshEye, MeshEye]) -> None:
        """Take a frame into account.

        Args:
            t_s: When the light arrived.
            mesh: [478, 3] px.
            face: The frame fitted to it.
            eyes: The eyes in it.
        """
        if self._looked_s is not None and 0.0 <= t_s - self._looked_s < _LOOK_S:
            return
        look = log_stretch(mesh, face, eyes)
        if look is None:
            return
        self._looked_s = t_s
        person = self._people[-1]
        person.append(look)
        del person[:-_PERSON_LOOKS]
        looks = sum(len(each) for each in self._people)
        pooled = sum(len(each) * float(np.median(each)) for each in self._people if each) / looks
        least = _TOLD if self._told is None else _TOLD_STILL
        if looks < _LEAST_LOOKS or abs(pooled) < least:
            self._told = None
            return
        self._told = Estimate(math.exp(pooled), math.exp(pooled) * STRETCH_SE)


def _apart(mesh: Float32Array, one: int, other: int) -> float:
    (x, y, _), (to_x, to_y, _) = mesh[[one, other]].tolist()
    return math.hypot(to_x - x, to_y - y)
