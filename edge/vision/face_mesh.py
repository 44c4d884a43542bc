"""Lays the dense mesh of 478 points over one face: MediaPipe's attention mesh."""

from math import atan2
from typing import Any

import numpy as np

from edge.arrays import Float32Array, IndexArray, Pixels
from edge.vision.networks.crops import Square, square_around
from edge.vision.networks.network import Network, sigmoid
from edge.vision.networks.preprocess import FloatCanvas
from edge.vision.sightings import FaceSighting, MeshSighting

MODEL = "face_landmarks_attention"
"""Its name in the models' manifest."""

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
    """The mesh network with its layout and buffers."""

    def __init__(self, network: Network, layout: dict[str, Any]) -> None:
        """Take the network, and the layout that lists which landmarks its refined outputs hold."""
        self._network = network
        self._canvas = FloatCanvas(SIDE, low=0.0, high=1.0)
        self._refined = tuple(layout["refined"])
        refined_rows = [row for name in self._refined for row in layout["refined"][name]]
        self._source = _last_source(layout["landmarks"], refined_rows)
        self._irises, self._eyes = _iris_depths(layout)

    def fit(self, rgb: Pixels, square: Square) -> MeshSighting:
        """The mesh of the face in a square of a picture; its presence is the probability that there is one."""
        outputs = self._network.run(self._canvas.cut(rgb, square))
        mesh = outputs["output_mesh_identity"].reshape(-1, 3)
        places = [mesh[:, :2], *(outputs[name].reshape(-1, 2) for name in self._refined)]
        points = np.empty((len(self._source), 3), np.float32)
        points[:, :2] = np.concatenate(places)[self._source]
        points[: len(mesh), 2] = mesh[:, 2]
        points[self._irises, 2] = self._eyes @ mesh[:, 2]
        points *= np.float32(1 / SIDE)
        presence = sigmoid(outputs["conv_faceflag"]).item()
        return MeshSighting(square.to_picture(points), presence)


def _last_source(landmarks: int, refined_rows: list[int]) -> IndexArray:
    """For every landmark the row that places it, among the mesh's rows followed by the refined ones: the last that does."""
    source = np.arange(landmarks)
    source[refined_rows] = landmarks - IRIS_LANDMARKS + np.arange(len(refined_rows))
    return source


def _iris_depths(layout: dict[str, Any]) -> tuple[IndexArray, Float32Array]:
    """The rows of the iris landmarks, and for each the weights [irises, landmarks] of the mesh's depths that make its own."""
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
