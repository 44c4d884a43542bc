"""Lays the dense mesh of 478 points over one face: MediaPipe's attention mesh.

It comes in three parts. The trunk lays all points but the irises', and tells whether there is a face at all. Two branches draw finer what
needs it, the lips and the eyes with their irises; they run only where that is wanted.
"""

from math import atan2
from typing import Any, Self

import numpy as np

from edge.arrays import Float32Array, IndexArray, Pixels
from edge.vision.networks.crops import Square, square_around
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network, sigmoid
from edge.vision.networks.preprocess import FloatCanvas
from edge.vision.sightings import FaceSighting, MeshSighting

TRUNK, LIPS, EYES = (f"face_landmarks_attention_{part}" for part in ("mesh", "lips", "eyes"))
"""Their names in the models' manifest."""

SIDE = 192
"""Of the input, in pixels."""

GROWTH = 1.5
"""Crop over face box; MediaPipe's face_landmark graphs."""

LEAST_PRESENCE = 0.5
"""Below, the crop holds no face; MediaPipe's min_tracking_confidence."""

IRIS_LANDMARKS = 10
"""The last ones; the coarse mesh does not have them."""

RIGHT_EYE_CORNER, LEFT_EYE_CORNER = 33, 263
"""Outer corners of the person's eyes, in the canonical face mesh."""


class FaceMesh:
    """The mesh network with its layout and buffers.

    Args:
        trunk: Lays the coarse mesh.
        lips: Draws the lips finer.
        eyes: Draws the eyes finer, and the irises.
        layout: Lists which landmarks the outputs of the two hold.
    """

    def __init__(self, trunk: Network, lips: Network, eyes: Network, layout: dict[str, Any]) -> None:
        self._trunk = trunk
        self._lips = lips
        self._eyes = eyes
        self._canvas = FloatCanvas(SIDE, low=0.0, high=1.0)
        self._landmarks = int(layout["landmarks"])
        self._lip_rows = _rows(layout, lips.outputs)
        self._eye_rows = _rows(layout, eyes.outputs)
        self._iris_rows, self._contours = _iris_contours(layout)

    @classmethod
    def of(cls, models: ModelStore, threads: int = 1) -> Self:
        """The mesh of a models folder, to run on so many threads."""
        trunk, lips, eyes = (Network(models.session(name, threads)) for name in (TRUNK, LIPS, EYES))
        return cls(trunk, lips, eyes, models.layout(TRUNK))

    def fit(self, rgb: Pixels, square: Square, eyes_as: MeshSighting | None = None) -> MeshSighting:
        """The mesh of the face in a square of a picture; its presence is the probability that there is one.

        Args:
            rgb: The picture.
            square: Where the face is.
            eyes_as: The same face a moment before: its eyes are taken to have stayed in it as they were. None: they are looked at.
        """
        seen = self._trunk.run(self._canvas.cut(rgb, square))
        presence = sigmoid(seen.pop("conv_faceflag")).item()
        mesh = seen["output_mesh_identity"].reshape(-1, 3)
        points = np.empty((self._landmarks, 3), np.float32)
        points[: len(mesh)] = mesh
        points[self._iris_rows] = self._contours.dot(mesh)
        drawn: Float32Array | None = None
        if presence >= LEAST_PRESENCE:
            points[self._lip_rows, :2] = self._lips.run_all(seen)["output_lips"].reshape(-1, 2)
            drawn = None if eyes_as is None else eyes_as.eyes
            coarse = points[self._eye_rows, :2]
            if drawn is None:
                finer = self._eyes.run_all(seen)
                drawn = (
                    np.concatenate([finer[name].ravel() for name in self._eyes.outputs]).reshape(-1, 2)
                    - coarse
                )
            points[self._eye_rows, :2] = coarse + drawn
        return MeshSighting(square.to_picture(points, SIDE), presence, drawn)


def _rows(layout: dict[str, Any], outputs: tuple[str, ...]) -> IndexArray:
    """The landmarks that some outputs hold, one output after another."""
    return np.array([row for name in outputs for row in layout["refined"][name]])


def _iris_contours(layout: dict[str, Any]) -> tuple[IndexArray, Float32Array]:
    """The rows of the iris landmarks, and for each the weights [irises, landmarks] of the coarse mesh that make the mean of its eye's contour.

    An iris' depth is that mean's, and where no branch has drawn it, its place.
    """
    irises: list[int] = []
    weights: list[Float32Array] = []
    for iris, contour in layout["depth_averaged_over"].items():
        mean = np.zeros(layout["landmarks"] - IRIS_LANDMARKS, np.float32)
        mean[contour] = 1.0 / len(contour)
        irises += layout["refined"][iris]
        weights += [mean] * len(layout["refined"][iris])
    return np.array(irises), np.array(weights)


def square_of_detection(face: FaceSighting) -> Square:
    """Where to lay the mesh for a detected face: upright by its eyes."""
    (right_x, right_y), (left_x, left_y) = face.keypoints[:2].tolist()
    corners = np.array(face.box_px, np.float32).reshape(2, 2)
    return square_around(corners, atan2(left_y - right_y, left_x - right_x), GROWTH)


def square_of_mesh(points: Float32Array) -> Square:
    """Where to lay the mesh in the next frame, given [478, 3] of this one."""
    x, y = (points[LEFT_EYE_CORNER, :2] - points[RIGHT_EYE_CORNER, :2]).tolist()
    return square_around(points, atan2(y, x), GROWTH)
