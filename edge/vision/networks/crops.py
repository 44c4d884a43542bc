"""Where a network's input lies in the picture: letterboxes and turned squares, and the way there and back.

Points are continuous: pixel column i covers i to i + 1, its centre is at i + 0.5.
"""

from dataclasses import dataclass
from math import cos, floor, hypot, pi, sin
from typing import Self

import numpy as np

from edge.arrays import AnyFloatArray, Float32Array, FloatArray

_CUT_SHARE = 0.02
"""Of a part's longer side: a body this close to where the part cuts the picture may reach beyond it."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """A whole picture shrunk into a network's input without changing its shape; what it does not fill is black."""

    input_width: int
    input_height: int
    left: int
    """Column of the input at which the picture begins."""
    top: int
    width: int
    """Columns of the input the picture fills."""
    height: int
    picture_width: int
    picture_height: int

    @classmethod
    def centred(cls, picture: tuple[int, int], side: int) -> Self:
        """In the middle of a square input, as MediaPipe's detectors take it.

        Args:
            picture: Width and height of the picture.
            side: Width and height of the input.
        """
        scale = side / max(picture)
        width, height = max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))
        return cls(side, side, (side - width) // 2, (side - height) // 2, width, height, *picture)

    @classmethod
    def cornered(cls, picture: tuple[int, int], input_size: tuple[int, int]) -> Self:
        """At the top left of the input, as MoveNet takes it.

        Args:
            picture: Width and height of the picture.
            input_size: Width and height of the input.
        """
        scale = min(input_size[0] / picture[0], input_size[1] / picture[1])
        width, height = max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))
        return cls(*input_size, 0, 0, width, height, *picture)

    def to_picture(self, points: AnyFloatArray) -> Float32Array:
        """Input pixels to picture pixels; [..., 2] of x, y."""
        scale = np.array([self.picture_width / self.width, self.picture_height / self.height])
        corner = np.array([self.left, self.top])
        moved: Float32Array = ((points.astype(np.float64) - corner) * scale).astype(np.float32)
        return moved


@dataclass(frozen=True, slots=True)
class PicturePart:
    """A part of a picture, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def cuts(self, box: tuple[float, float, float, float], picture: tuple[int, int]) -> bool:
        """Whether a box in it may reach beyond it, into what else the picture of this width and height shows."""
        edge = _CUT_SHARE * max(self.right - self.left, self.bottom - self.top)
        return (
            (box[0] < self.left + edge and self.left > 0)
            or (box[1] < self.top + edge and self.top > 0)
            or (box[2] > self.right - edge and self.right < picture[0])
            or (box[3] > self.bottom - edge and self.bottom < picture[1])
        )


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the picture, turned about its centre."""

    x: float
    """Of the centre, in pixels."""
    y: float
    side: float
    """In pixels."""
    angle: float = 0.0
    """Radians by which the square is turned, clockwise as seen in the picture."""

    def to_picture(self, points: Float32Array, sides: float = 1.0) -> Float32Array:
        """Points of the square to picture pixels.

        Args:
            points: [n, 2 or 3] of x, y and perhaps z, which becomes pixels too.
            sides: How long the square's sides are in the points' own measure; 1 where they are shares.
        """
        across, down = self.side / sides * cos(self.angle), self.side / sides * sin(self.angle)
        turn = np.array(
            [[across, down, 0.0], [-down, across, 0.0], [0.0, 0.0, self.side / sides]], np.float32
        )
        middle = sides / 2
        corner = np.array(
            [self.x - middle * (across - down), self.y - middle * (across + down), 0.0], np.float32
        )
        axes = points.shape[1]
        moved: Float32Array = points.dot(turn[:axes, :axes])
        moved += corner[:axes]
        return moved

    def affine(self, pixels: int) -> FloatArray:
        """The matrix [2, 3] that takes a pixel index of a crop of `pixels` x `pixels` to one of the picture."""
        across, down = self.side / pixels * cos(self.angle), self.side / pixels * sin(self.angle)
        # From the first pixel's centre, and back from continuous points to indices.
        first = 0.5 - pixels / 2
        left, top = self.x + first * (across - down) - 0.5, self.y + first * (across + down) - 0.5
        return np.array([[across, -down, left], [down, across, top]])


def square_around(points: AnyFloatArray, angle: float, growth: float) -> Square:
    """The square that MediaPipe takes around landmarks: upright bounds, their longer side times `growth`, turned by `angle`."""
    x, y = points[:, 0], points[:, 1]
    left, right = float(x.min()), float(x.max())
    top, bottom = float(y.min()), float(y.max())
    return Square((left + right) / 2, (top + bottom) / 2, growth * max(right - left, bottom - top), angle)


def square_along(centre: AnyFloatArray, rim: AnyFloatArray, growth: float) -> Square:
    """The square around a circle given by its centre and a rim point above it: upright for a person who is upright."""
    x, y = (float(value) for value in rim[:2] - centre[:2])
    angle = pi / 2 - np.arctan2(-y, x)
    angle -= 2 * pi * floor((angle + pi) / (2 * pi))
    return Square(float(centre[0]), float(centre[1]), 2 * growth * hypot(x, y), float(angle))
