"""Things that come before a desk and are nobody, drawn: a dog, a pram, a suitcase; each with its outline."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from edge.arrays import Mask, Pixels

SIDE_PX = 400
"""Of the square in which each is drawn."""
_GRAIN = 12.0
"""Standard deviation of the levels of fur and cloth."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A drawn thing."""

    rgb: Pixels
    """[side, side, 3]."""
    shown: Mask
    """[side, side] where it is."""

    def laid_on(self, room: Pixels, foot: tuple[float, float], height_px: int) -> Pixels:
        """A room with the thing standing on its floor.

        Args:
            room: [height, width, 3].
            foot: Where the middle of its lower edge is, in shares of the picture.
            height_px: How tall it is there.
        """
        top, bottom, left, right = _extent(self.shown)
        share = height_px / (bottom - top)
        size = (max(round((right - left) * share), 2), height_px)
        rgb = cv2.resize(self.rgb[top:bottom, left:right], size, interpolation=cv2.INTER_AREA)
        shown = cv2.resize(self.shown[top:bottom, left:right].astype(np.float32), size)[..., None]
        x = round(foot[0] * room.shape[1] - size[0] / 2)
        y = round(foot[1] * room.shape[0] - size[1])
        x0, y0 = max(x, 0), max(y, 0)
        x1, y1 = min(x + size[0], room.shape[1]), min(y + size[1], room.shape[0])
        laid = room.copy()
        if x1 > x0 and y1 > y0:
            part = slice(y0 - y, y1 - y), slice(x0 - x, x1 - x)
            there = laid[y0:y1, x0:x1]
            laid[y0:y1, x0:x1] = np.round(there * (1 - shown[part]) + rgb[part] * shown[part]).astype(
                np.uint8
            )
        return np.asarray(laid, np.uint8)


def dog() -> Thing:
    """A brown dog from the side."""
    return _drawn(_dog)


def pram() -> Thing:
    """A pram with its hood up."""
    return _drawn(_pram)


def suitcase() -> Thing:
    """A suitcase on wheels with its handle out."""
    return _drawn(_suitcase)


THINGS: Mapping[str, Callable[[], Thing]] = {"a dog": dog, "a pram": pram, "a suitcase": suitcase}


def from_picture(rgb: Pixels) -> Thing:
    """A picture that stands there whole, such as a portrait in its frame."""
    square = np.asarray(cv2.resize(rgb, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA), np.uint8)
    return Thing(square, np.ones((SIDE_PX, SIDE_PX), np.bool_))


def animal_portrait() -> Thing:
    """A framed portrait of a cat that looks out of it: two ears, two eyes, a nose and a mouth."""
    picture = np.full((SIDE_PX, SIDE_PX, 3), (150, 160, 170), np.uint8)
    for ear in ([(110, 150), (130, 50), (190, 110)], [(290, 150), (270, 50), (210, 110)]):
        cv2.fillPoly(picture, [np.array(ear, np.int32)], (150, 110, 70))
    cv2.ellipse(picture, (200, 200), (110, 100), 0, 0, 360, (170, 125, 80), -1)
    for x in (160, 240):
        cv2.ellipse(picture, (x, 180), (20, 16), 0, 0, 360, (120, 170, 60), -1)
        cv2.ellipse(picture, (x, 180), (5, 15), 0, 0, 360, (15, 15, 15), -1)
    cv2.fillPoly(picture, [np.array([(190, 220), (210, 220), (200, 234)], np.int32)], (200, 120, 120))
    cv2.ellipse(picture, (185, 240), (15, 10), 0, 0, 180, (60, 40, 30), 3)
    cv2.ellipse(picture, (215, 240), (15, 10), 0, 0, 180, (60, 40, 30), 3)
    cv2.ellipse(picture, (200, 400), (120, 120), 0, 180, 360, (160, 118, 76), -1)
    cv2.rectangle(picture, (0, 0), (SIDE_PX - 1, SIDE_PX - 1), (60, 45, 30), 24)
    return from_picture(_grained(picture))


def _dog(draw: Pixels, tone: tuple[int, int, int]) -> None:
    cv2.ellipse(draw, (200, 210), (120, 50), 0, 0, 360, tone, -1)
    for x in (105, 135, 265, 295):
        cv2.rectangle(draw, (x - 12, 230), (x + 12, 340), tone, -1)
    cv2.ellipse(draw, (310, 160), (30, 60), 30, 0, 360, tone, -1)
    cv2.ellipse(draw, (345, 125), (45, 30), 10, 0, 360, tone, -1)
    cv2.ellipse(draw, (318, 118), (14, 34), 15, 0, 360, tone, -1)
    cv2.ellipse(draw, (70, 170), (12, 55), -30, 0, 360, tone, -1)


def _pram(draw: Pixels, tone: tuple[int, int, int]) -> None:
    cv2.ellipse(draw, (190, 180), (120, 90), 0, 0, 180, tone, -1)
    cv2.ellipse(draw, (190, 180), (120, 110), 0, 180, 270, tone, -1)
    cv2.line(draw, (300, 190), (370, 90), tone, 10)
    cv2.line(draw, (130, 250), (250, 330), tone, 8)
    cv2.line(draw, (250, 250), (130, 330), tone, 8)
    for x in (120, 260):
        cv2.circle(draw, (x, 335), 34, tone, 9)


def _suitcase(draw: Pixels, tone: tuple[int, int, int]) -> None:
    cv2.rectangle(draw, (130, 130), (270, 345), tone, -1)
    for x in (160, 240):
        cv2.line(draw, (x, 30), (x, 140), tone, 8)
    cv2.line(draw, (156, 30), (244, 30), tone, 12)
    for x in (150, 250):
        cv2.circle(draw, (x, 352), 14, tone, -1)


def _drawn(draw: Callable[[Pixels, tuple[int, int, int]], None]) -> Thing:
    """What a function draws, in one tone with the shade of something round and the grain of fur or cloth."""
    outline = np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8)
    draw(outline, (255, 255, 255))
    shown = outline[..., 0] > 0
    down = np.linspace(1.15, 0.7, SIDE_PX)[:, None, None]
    rgb = np.broadcast_to(np.array([112.0, 84.0, 60.0]) * down, (SIDE_PX, SIDE_PX, 3))
    return Thing(_grained(np.asarray(np.clip(rgb, 0, 255), np.uint8)), np.asarray(shown, np.bool_))


def _grained(rgb: Pixels) -> Pixels:
    grain = np.random.default_rng(5).normal(0.0, _GRAIN, rgb.shape[:2])[..., None]
    return np.asarray(np.clip(rgb + grain, 0, 255), np.uint8)


def _extent(shown: Mask) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
