"""Finds bodies, seen from the front or from behind: MoveNet multipose, up to six at once."""

from enum import Enum

import numpy as np

from edge.arrays import Float32Array, Pixels
from edge.vision.networks.crops import Letterbox
from edge.vision.networks.network import Network
from edge.vision.networks.overlap import box_overlap, keypoint_similarity
from edge.vision.networks.preprocess import ByteCanvas
from edge.vision.sightings import BodySighting

MODEL = "movenet_multipose"
"""Its name in the models' manifest."""

INPUT_STEP = 32
"""MoveNet's sides are multiples of this."""

LEAST_SCORE = 0.1
"""Below, nothing that MoveNet reports on the labelled clips is a person; who is believed decides `BodyMemory`."""

SAME_BODY_SIMILARITY = 0.45
"""COCO's keypoint similarity from which two detections are one body."""
SAME_BODY_OVERLAP = 0.65
"""From these on two detections are one body. Repeated ones reach 0.88 and 0.59 on the labelled clips, people half hidden behind one
another 0.24 and 0.27."""


class Detail(Enum):
    """How finely a picture is looked at: columns of the network's input."""

    COARSE = 256
    """About half the cost; people to about 4 m in a 66 degree view."""
    FINE = 384
    """People to about 6 m."""


class BodyDetector:
    """MoveNet multipose with its buffers."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._canvases: dict[tuple[int, int], ByteCanvas] = {}

    def find(self, rgb: Pixels, detail: Detail = Detail.FINE) -> list[BodySighting]:
        """All bodies in a picture, surest first, each once."""
        height, width = rgb.shape[:2]
        size = input_size((width, height), detail)
        canvas = self._canvases.setdefault(size, ByteCanvas(*size))
        box = Letterbox.cornered((width, height), size)
        (rows,) = self._network.run(canvas.place(rgb, box)).values()
        found = decode(rows[0], box)
        return distinct([_inside(body, width, height) for body in found])


def input_size(picture: tuple[int, int], detail: Detail) -> tuple[int, int]:
    """Width and height of the network's input: the longer side by `detail`, the other no larger than it must be."""
    width, height = picture
    shorter = -(-detail.value * min(picture) // (max(picture) * INPUT_STEP)) * INPUT_STEP
    return (detail.value, shorter) if width >= height else (shorter, detail.value)


def decode(rows: Float32Array, box: Letterbox) -> list[BodySighting]:
    """MoveNet's rows to sightings.

    Args:
        rows: [6, 56]: 17 x (y, x, score), then top, left, bottom, right, score, in shares of the padded input.
        box: How the picture lies in the input.
    """
    size = np.array([box.input_width, box.input_height], np.float32)
    found = []
    for row in rows:
        if row[55] < LEAST_SCORE:
            continue
        keypoints = row[:51].reshape(17, 3)[:, [1, 0, 2]]
        keypoints[:, :2] = box.to_picture(keypoints[:, :2] * size)
        corners = box.to_picture(row[[52, 51, 54, 53]].reshape(2, 2) * size)
        left, top, right, bottom = corners.ravel().tolist()
        found.append(BodySighting((left, top, right, bottom), float(row[55]), keypoints))
    return sorted(found, key=lambda body: -body.score)


def distinct(bodies: list[BodySighting]) -> list[BodySighting]:
    """Drop what repeats a surer body.

    Args:
        bodies: Surest first.
    """
    kept: list[BodySighting] = []
    for body in bodies:
        if not any(_same(body, other) for other in kept):
            kept.append(body)
    return kept


def _same(body: BodySighting, other: BodySighting) -> bool:
    return (
        keypoint_similarity(body.keypoints, other.keypoints, other.box_px) > SAME_BODY_SIMILARITY
        or box_overlap(body.box_px, other.box_px) > SAME_BODY_OVERLAP
    )


def _inside(body: BodySighting, width: int, height: int) -> BodySighting:
    """The body with its box cut at the picture's edges, which MoveNet oversteps by a pixel or two."""
    left, top, right, bottom = body.box_px
    box = (max(0.0, left), max(0.0, top), min(float(width), right), min(float(height), bottom))
    return BodySighting(box, body.score, body.keypoints)
