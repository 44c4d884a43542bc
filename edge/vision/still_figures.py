"""Finds figures that did not move between two pictures: posters, or people who happened to keep still."""

from collections.abc import Sequence

import cv2
import numpy as np

from edge.arrays import Pixels
from edge.observation import Box
from edge.vision.body_detector import Detail
from edge.vision.body_memory import CLEAR_SCORE
from edge.vision.upright import FindBodies

HEAD_SHARE = 0.4
"""Of a body's height, from the top: head and shoulders, which sway and breathe."""
CHANGED_OVER_REST = 1.5
"""Somebody alive changes their part of the picture by so many times what the rest of it changes through noise and coding ..."""
CHANGED_LEVELS = 0.7
"""... and by this many levels of 255 at least."""
BLUR = 5
"""Side of the square over which noise is averaged, in pixels."""


def still_figures(before: Pixels, after: Pixels, find: FindBodies) -> Sequence[Box]:
    """The bodies of a picture whose heads and shoulders look as they did in an earlier one.

    Args:
        before: RGB [height, width, 3].
        after: The same size, some seconds later.
        find: Finds the bodies in a picture.

    Returns:
        Their boxes, in shares of the picture.
    """
    height, width = after.shape[:2]
    change = np.abs(_smooth(after) - _smooth(before)).mean(axis=2)
    rest = float(np.median(change))
    found = []
    for body in find(after, Detail.FINE):
        left, top, right, bottom = body.box_px
        rows = slice(int(top), max(int(top) + 1, int(top + HEAD_SHARE * (bottom - top))))
        part = change[rows, int(left) : max(int(left) + 1, int(right))]
        still = float(part.mean()) < max(CHANGED_LEVELS, CHANGED_OVER_REST * rest)
        if body.score >= CLEAR_SCORE and still:
            found.append(Box(left / width, top / height, right / width, bottom / height))
    return found


def _smooth(rgb: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.asarray(cv2.blur(rgb.astype(np.float32), (BLUR, BLUR)), np.float32)
