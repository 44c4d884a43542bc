"""The face's own frame: where a mesh lies once the head's position, size and pose are taken out of it."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from edge.arrays import Float32Array, FloatArray
from edge.observation import Estimate
from edge.space.anthropometry import EYE_DISTANCE_M

_STABLE: dict[int, tuple[float, float, float, float]] = {
    33: (-4.446, 2.664, 3.173, 1.0),
    133: (-1.856, 2.585, 3.758, 1.0),
    362: (1.856, 2.585, 3.758, 1.0),
    263: (4.446, 2.664, 3.173, 1.0),
    168: (0.0, 3.271, 5.236, 1.0),
    6: (0.0, 2.473, 5.789, 1.0),
    197: (0.0, 1.728, 6.317, 1.0),
    195: (0.0, 1.059, 6.775, 1.0),
    5: (0.0, 0.366, 7.243, 1.0),
    4: (0.0, -0.463, 7.587, 1.0),
    143: (-6.408, 2.236, 1.561, 0.5),
    372: (6.408, 2.236, 1.561, 0.5),
    127: (-7.743, 2.365, -2.005, 0.5),
    356: (7.743, 2.365, -2.005, 0.5),
    234: (-7.664, 0.673, -2.436, 0.5),
    454: (7.664, 0.673, -2.436, 0.5),
    54: (-6.279, 6.615, 1.426, 0.25),
    284: (6.279, 6.615, 1.426, 0.25),
    10: (0.0, 8.262, 4.482, 0.25),
}
"""Points of the canonical face that neither mouth, brow nor lids move, by landmark: x to the person's left, y
up, z out of the face, in face units (a centimetre on the canonical face), and the weight of the point in the
fit. Coordinates: MediaPipe's canonical face model, in geometry_pipeline_metadata_landmarks of
face_landmarker.task (Google, Apache-2.0)."""
_INDEX = np.array(list(_STABLE))
"""Landmarks of the stable points."""
_EYE_CORNERS = 4
"""The first of them are the corners of the eyes, between which the face is anchored in the picture."""
_CANONICAL: FloatArray = np.array([row[:3] for row in _STABLE.values()])
"""[points, 3] where they lie on the canonical face, in face units."""
_WEIGHT: FloatArray = np.array([row[3] for row in _STABLE.values()])
_WEIGHT /= _WEIGHT.sum()
"""[points] weights of the fit; their sum is 1."""
_ROOT_WEIGHT: FloatArray = np.sqrt(_WEIGHT)[:, None]
_CENTRE: FloatArray = _WEIGHT @ _CANONICAL
"""[3] weighted mean of the canonical points, in face units."""
_ARMS: FloatArray = _CANONICAL - _CENTRE
"""[points, 3] from that centre to each point, in face units."""
_SPREAD = float((_WEIGHT[:, None] * _ARMS**2).sum())
"""Weighted sum of squared arms, in square face units: what the fitted scale is measured against."""
_SUMS: FloatArray = np.vstack(
    [
        _WEIGHT,
        [0.25 if at < _EYE_CORNERS else 0.0 for at in range(len(_STABLE))],
        (_ARMS * _WEIGHT[:, None]).T,
    ]
)
"""[5, points] that takes seen points to their weighted mean, to the middle of the eyes' corners, and to their moments against the arms."""

_PUPILS_UNITS = Estimate(6.55, 0.15)
"""Distance between the pupils on the mesh, in face units."""
_UNIT_CM = 100 * EYE_DISTANCE_M.value / _PUPILS_UNITS.value
"""A face unit of a face whose pupils are as far apart as most people's."""
POPULATION_UNIT_CM = Estimate(
    _UNIT_CM,
    _UNIT_CM * math.hypot(EYE_DISTANCE_M.se / EYE_DISTANCE_M.value, _PUPILS_UNITS.se / _PUPILS_UNITS.value),
)
"""Size of a face unit on an adult's face of which nothing else is known."""


class NoFaceError(ValueError):
    """A mesh has no extent: its points coincide or are not finite."""


@dataclass(frozen=True, slots=True)
class FaceFrame:
    """A similarity that lays a mesh over the canonical face."""

    axes: FloatArray
    """[3, 3]: columns are the face's left, up and outward axes, in camera axes (right, down, forward)."""
    px_per_unit: float
    centre_px: tuple[float, float]
    """Between the eyes, where the face is anchored in the picture."""
    residual: float
    """How far the fitted points lie from the canonical ones, root mean square in face units."""
    laid: FloatArray
    """[478, 3] the mesh's points in face units: left, up, out."""
    unit_cm: Estimate = POPULATION_UNIT_CM
    """Size of a face unit on this face; an average one's until `sized`."""

    @property
    def px_per_cm(self) -> float:
        """Picture points per centimetre at the face."""
        return self.px_per_unit / self.unit_cm.value

    @property
    def fixed(self) -> FloatArray:
        """[19, 3] the points that no expression moves, in face units."""
        return self.laid.take(_INDEX, axis=0)

    def sized(self, unit_cm: Estimate) -> "FaceFrame":
        """The same face, with the size of its units known (`edge.face.scale`)."""
        return FaceFrame(self.axes, self.px_per_unit, self.centre_px, self.residual, self.laid, unit_cm)


def fit(mesh: Float32Array) -> FaceFrame:
    """The face's frame, from the points that no expression moves.

    Weighted absolute orientation (Umeyama, 1991) of 19 mesh points on the canonical face.

    Args:
        mesh: [478, 3] px.

    Raises:
        NoFaceError: The mesh has no extent.
    """
    seen = mesh.take(_INDEX, axis=0).astype(np.float64)
    sums = _SUMS.dot(seen)
    (x, y, z), (eyes_x, eyes_y, _) = sums[:2].tolist()
    arms = seen * _ROOT_WEIGHT
    spread = float(np.vdot(arms, arms)) - (x * x + y * y + z * z)
    if not math.isfinite(spread) or spread < 1.0:
        raise NoFaceError(
            f"the mesh's points spread over {spread:.3g} px\N{SUPERSCRIPT TWO}: no face has that size"
        )
    singular, left, right = cv2.SVDecomp(sums[2:].T)
    axes: FloatArray = left.dot(right)
    if (
        _determinant(axes) < 0.0
    ):  # Mirrored: of rotations the one with the least direction turned round comes nearest.
        singular[2] = -singular[2]
        left[:, 2] = -left[:, 2]
        axes = left.dot(right)
    scale = sum(singular[:, 0].tolist()) / _SPREAD
    to_units = axes / scale
    return FaceFrame(
        axes=axes,
        px_per_unit=scale,
        centre_px=(eyes_x, eyes_y),
        residual=math.sqrt(max(spread - scale**2 * _SPREAD, 0.0)) / scale,
        laid=mesh.astype(np.float64).dot(to_units) + (_CENTRE - sums[0].dot(to_units)),
    )


def _determinant(axes: FloatArray) -> float:
    """Of [3, 3], without the general routine's overhead."""
    (a, b, c), (d, e, f), (g, h, i) = axes.tolist()
    return float(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g))
