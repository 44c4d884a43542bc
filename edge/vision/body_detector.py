"""Finds bodies, seen from the front or from behind: MoveNet multipose, and where it gives six, two looks more."""

import math
from enum import Enum

import numpy as np

from edge.arrays import Float32Array, Pixels
from edge.vision.networks.crops import Letterbox, PicturePart
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


MOST_AT_ONCE = 6
"""The network gives no more bodies of one picture: where it gives so many, the picture is full, and others may be in it."""
TILE_SHARE = 0.62
"""Of the picture's longer side, for each of two tiles: who stands in the overlap of a quarter is whole in one of them, unless within a step of
the camera."""
TILE_EDGE_SHARE = 0.02
"""Of a tile's longer side: a body this close to where a tile cuts the picture is cut, and found whole in the other or in the whole picture."""
INSIDE_SHARE = 0.7
"""A body of a tile so much of whose box lies in that of a body of much the same height is that body."""
LIKE_HEIGHT = 0.75
"""The lower of two heights over the higher, from which on they are much the same."""


CANVASES_KEPT = 4
"""Inputs of so many sizes are kept for the next look: the parts of pictures that are looked at have many, of up to a megabyte."""


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
        """All bodies in a picture, surest first, each once; a picture that is full is looked at again in two tiles."""
        found = self._find(rgb, detail)
        if len(found) < MOST_AT_ONCE:
            return distinct(found)
        return with_those_of_tiles(distinct(found), self._find_in_tiles(rgb, detail))

    def find_in(self, rgb: Pixels, part: PicturePart, detail: Detail = Detail.FINE) -> list[BodySighting]:
        """The bodies in a part of a picture, six at most, surest first, looked at as finely as if it were the whole."""
        cut = np.ascontiguousarray(rgb[part.top : part.bottom, part.left : part.right])
        scale = detail.value / max(rgb.shape[:2])
        height, width = (math.ceil(scale * side / INPUT_STEP) * INPUT_STEP for side in cut.shape[:2])
        found = self._look(cut, (width, height))
        return distinct([_moved(_moved(body, 0, part.left), 1, part.top) for body in found])

    def _find_in_tiles(self, rgb: Pixels, detail: Detail) -> list[BodySighting]:
        """The bodies that two overlapping tiles show whole."""
        height, width = rgb.shape[:2]
        along = 0 if width >= height else 1
        length = (width, height)[along]
        side = round(TILE_SHARE * length)
        found = []
        for begin, cuts in ((0, (False, True)), (length - side, (True, False))):
            tile = rgb[:, begin : begin + side] if along == 0 else rgb[begin : begin + side]
            for body in self._find(np.ascontiguousarray(tile), detail):
                near, far = body.box_px[along], body.box_px[along + 2]
                edge = TILE_EDGE_SHARE * side
                if (cuts[0] and near < edge) or (cuts[1] and far > side - edge):
                    continue
                found.append(_moved(body, along, begin))
        return found

    def _find(self, rgb: Pixels, detail: Detail) -> list[BodySighting]:
        """What the network gives of a picture, surest first."""
        return self._look(rgb, input_size((rgb.shape[1], rgb.shape[0]), detail))

    def _look(self, rgb: Pixels, size: tuple[int, int]) -> list[BodySighting]:
        """What it gives of a picture in an input of some width and height."""
        height, width = rgb.shape[:2]
        canvas = self._canvases.pop(size, None) or ByteCanvas(*size)
        self._canvases[size] = canvas
        if len(self._canvases) > CANVASES_KEPT:
            del self._canvases[next(iter(self._canvases))]
        box = Letterbox.cornered((width, height), size)
        (rows,) = self._network.run(canvas.place(rgb, box)).values()
        found = decode(rows[0], box)
        return [_inside(body, width, height) for body in found]


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


def with_those_of_tiles(whole: list[BodySighting], tiles: list[BodySighting]) -> list[BodySighting]:
    """The bodies of a whole picture and those of its tiles that are none of them, surest first."""
    kept = list(whole)
    for body in sorted(tiles, key=lambda each: -each.score):
        if not any(_same(body, other) or _inside_of(body, other) for other in kept):
            kept.append(body)
    return sorted(kept, key=lambda each: -each.score)


def _inside_of(body: BodySighting, other: BodySighting) -> bool:
    """Whether a box lies mostly within another of much the same height, or the other way about."""
    heights = sorted((body.height_px, other.height_px))
    if heights[0] < LIKE_HEIGHT * heights[1]:
        return False
    sides = [
        max(0.0, min(body.box_px[end], other.box_px[end]) - max(body.box_px[end - 2], other.box_px[end - 2]))
        for end in (2, 3)
    ]
    areas = [(each.box_px[2] - each.box_px[0]) * each.height_px for each in (body, other)]
    return sides[0] * sides[1] > INSIDE_SHARE * max(min(areas), 1.0)


def _moved(body: BodySighting, along: int, by_px: int) -> BodySighting:
    """A body found in a tile that begins `by_px` along x (0) or y (1), in the whole picture."""
    box = list(body.box_px)
    box[along] += by_px
    box[along + 2] += by_px
    keypoints = body.keypoints.copy()
    keypoints[:, along] += by_px
    return BodySighting((box[0], box[1], box[2], box[3]), body.score, keypoints)


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
