"""Finds faces: MediaPipe's short-range detector (to about 1 m) and full-range detector (to 3 to 4 m)."""

from dataclasses import dataclass

import cv2
import numpy as np

from edge.arrays import Float32Array, Pixels
from edge.vision.networks.crops import Letterbox, Square
from edge.vision.networks.network import Network, sigmoid
from edge.vision.networks.overlap import weighted_suppression
from edge.vision.networks.preprocess import FloatCanvas
from edge.vision.sightings import FaceSighting

SAME_FACE_OVERLAP = 0.3
"""Intersection over union; MediaPipe's face_detection graphs."""


@dataclass(frozen=True, slots=True)
class FaceDetectorKind:
    """The constants of one of MediaPipe's face detectors (its face_detection_*.pbtxt)."""

    model: str
    side: int
    """Of the square input, in pixels."""
    grids: tuple[tuple[int, int], ...]
    """Cells along a side, and anchors in each cell."""
    least_score: float


SHORT_RANGE = FaceDetectorKind("face_detection_short_range", 128, ((16, 2), (8, 6)), 0.5)
"""face_detection_short_range.pbtxt."""
FULL_RANGE = FaceDetectorKind("face_detection_full_range", 192, ((48, 1),), 0.6)
"""face_detection_full_range.pbtxt."""


class FaceDetector:
    """One detector, with its anchors and buffers."""

    def __init__(self, kind: FaceDetectorKind, network: Network) -> None:
        self._kind = kind
        self._network = network
        self._canvas = FloatCanvas(kind.side, low=-1.0, high=1.0)
        self._anchors = anchors(kind.grids)

    def find(self, rgb: Pixels) -> list[FaceSighting]:
        """All faces in a picture, surest first."""
        height, width = rgb.shape[:2]
        box = Letterbox.centred((width, height), self._kind.side)
        rows = self._run(self._canvas.place(rgb, box))
        return [_sighting(box.to_picture(row.reshape(-1, 2) * self._kind.side), score) for row, score in rows]

    def find_in(self, rgb: Pixels, square: Square) -> list[FaceSighting]:
        """All faces in a part of a picture, surest first, in pixels of the whole picture."""
        rows = self._run(self._canvas.cut(rgb, square, cv2.BORDER_CONSTANT))
        return [_sighting(square.to_picture(row.reshape(-1, 2)), score) for row, score in rows]

    def _run(self, tensor: Float32Array) -> list[tuple[Float32Array, float]]:
        outputs = self._network.run(tensor).values()
        logits = next(output for output in outputs if output.shape[-1] == 1)[0, :, 0]
        raw = next(output for output in outputs if output.shape[-1] > 1)[0]
        scores = sigmoid(logits)
        likely = scores > self._kind.least_score
        if not likely.any():
            return []
        rows = decode(raw[likely], self._anchors[likely], self._kind.side)
        return weighted_suppression(rows, scores[likely], SAME_FACE_OVERLAP)


def anchors(grids: tuple[tuple[int, int], ...]) -> Float32Array:
    """Centres of the anchors [n, 2], x and y in shares of the input: (i + 0.5) / cells, rows first."""
    layers = []
    for cells, each in grids:
        middles = (np.arange(cells) + 0.5) / cells
        y, x = np.meshgrid(middles, middles, indexing="ij")
        layers.append(np.repeat(np.stack([x, y], -1).reshape(-1, 2), each, axis=0))
    return np.concatenate(layers).astype(np.float32)


def decode(raw: Float32Array, centres: Float32Array, side: int) -> Float32Array:
    """Network output to boxes and keypoints.

    Args:
        raw: [n, 4 + 2k]: centre x, y, width, height, then keypoints, in input pixels from the anchor.
        centres: [n, 2], of the anchors.
        side: Of the input, in pixels.

    Returns:
        [n, 4 + 2k]: left, top, right, bottom, then keypoints, in shares of the input.
    """
    shares = raw / np.float32(side)
    middle, half = shares[:, :2] + centres, shares[:, 2:4] / 2.0
    keypoints = shares[:, 4:].reshape(len(raw), -1, 2) + centres[:, None]
    return np.concatenate([middle - half, middle + half, keypoints.reshape(len(raw), -1)], axis=1)


def _sighting(points: Float32Array, score: float) -> FaceSighting:
    left, top, right, bottom = points[:2].ravel().tolist()
    return FaceSighting((left, top, right, bottom), score, points[2:])
