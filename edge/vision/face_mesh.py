"""Lays the dense mesh of 478 points over one face: MediaPipe's attention mesh."""

from math import atan2
from typing import Any

import numpy as np

from edge.vision.crops import Square, square_around
from edge.vision.network import Network, sigmoid
from edge.vision.preprocess import FloatCanvas, Picture
from edge.vision.sightings import FaceSighting, Floats, MeshSighting

MODEL = "face_landmarks_attention"

SIDE = 192
"""Of the input, in pixels."""

GROWTH = 1.5
"""Crop over face box; MediaPipe's face_landmark graphs."""

LEAST_PRESENCE = 0.5
"""Below, the crop holds no face; MediaPipe's min_tracking_confidence."""

RIGHT_EYE_CORNER, LEFT_EYE_CORNER = 33, 263
"""Outer corners of the person's eyes, in the canonical face mesh."""


class FaceMesh:
    """The mesh network with its layout and buffers."""

    def __init__(self, network: Network, layout: dict[str, Any]) -> None:
        self._network = network
        self._canvas = FloatCanvas(SIDE, low=0.0, high=1.0)
        self._points = np.empty((layout["landmarks"], 3), np.float32)
        self._refined = {name: np.array(rows) for name, rows in layout["refined"].items()}
        self._iris_depth = [
            (self._refined[iris], np.array(contour))
            for iris, contour in layout["depth_averaged_over"].items()
        ]

    def fit(self, rgb: Picture, square: Square) -> MeshSighting:
        """The mesh of the face in a square of a picture; its presence says whether there is one."""
        outputs = self._network.run(self._canvas.cut(rgb, square))
        points = self._points
        mesh = outputs["output_mesh_identity"].reshape(-1, 3)
        points[: len(mesh)] = mesh
        for name, rows in self._refined.items():
            points[rows, :2] = outputs[name].reshape(-1, 2)
        for iris, contour in self._iris_depth:
            points[iris, 2] = points[contour, 2].mean()
        presence = float(sigmoid(outputs["conv_faceflag"].ravel()[:1])[0])
        return MeshSighting(square.to_picture(points / np.float32(SIDE)), presence)


def square_of_detection(face: FaceSighting) -> Square:
    """Where to lay the mesh for a detected face: upright by its eyes."""
    (right_x, right_y), (left_x, left_y) = face.keypoints[:2].tolist()
    corners = np.array(face.box_px, np.float32).reshape(2, 2)
    return square_around(corners, atan2(left_y - right_y, left_x - right_x), GROWTH)


def square_of_mesh(points: Floats) -> Square:
    """Where to lay the mesh in the next frame, given [478, 3] of this one."""
    x, y = (points[LEFT_EYE_CORNER, :2] - points[RIGHT_EYE_CORNER, :2]).tolist()
    return square_around(points, atan2(y, x), GROWTH)
