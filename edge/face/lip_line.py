"""Whether the upper lip shows: hair that hangs over it, or lips of the colour of the skin around them, leave no line to go by."""

import math

import cv2
import numpy as np

from edge.arrays import Float32Array, FloatArray, Pixels
from edge.face.face_frame import FaceFrame

_UPPER = np.array([[39, 37, 0, 267, 269], [81, 82, 13, 312, 311]])
_LOWER = np.array([[181, 84, 17, 314, 405], [178, 87, 14, 317, 402]])
"""Landmarks along the middle of each lip, on its outer and on its inner outline, from the person's right to their left."""
_ABOVE = np.array([164, 167, 393])
_CHEEKS = np.array([50, 280, 205, 425])
"""Landmarks of the skin between nose and lip, and of the cheeks."""
_HALF_LOOK_MM = 0.8
"""Half the side of the square whose mean is one look: two mm of lip or skin, and a few hairs of a beard."""
_LIGHTEST = 150.0
"""Level of green that the cheeks are brought to before colours are taken, of 255."""
_MOST_GAIN = 12.0
"""A picture darker than this takes away has too few levels left to tell colours by."""
_LEAST_COLOUR = 3.0
"""Cheeks with less colour than this, in CIELAB, are in a picture without colours: by them nothing is told."""
_YELLOW_SHARE = 0.5
"""Hair and skin are yellower where they are redder, lips are not: so much of what something is yellower is taken from its redness."""
_APART_SHARE = 0.5
"""How much the two lips' difference weighs against the upper lip's from the skin above it: both are as telling, and the first is twice as large."""
_LEAST = -0.2
"""What shows of an upper lip, in the cheeks' colour, is this at least. Bare lips of twelve stills in seven lights have -.20 to .86, below hair of
six colours 9 in 10 have less."""


def shows(mesh: Float32Array, face: FaceFrame, rgb: Pixels) -> bool | None:
    """Whether the upper lip can be told from what is around it; None in a picture too dark or without the colours to say so.

    Args:
        mesh: [478, 3] px.
        face: The frame fitted to it.
        rgb: [height, width, 3], the picture the mesh was found in.
    """
    half = max(round(_HALF_LOOK_MM * face.px_per_cm / 10), 1)
    places = (
        mesh[_UPPER, :2].mean(axis=0),
        mesh[_LOWER, :2].mean(axis=0),
        mesh[_ABOVE, :2],
        mesh[_CHEEKS, :2],
    )
    seen = np.stack([_colour(rgb, where, half) for where in places])
    gain = _LIGHTEST / max(float(seen[-1, 1]), 1.0)
    if gain > _MOST_GAIN:
        return None
    lit = np.minimum(seen[None] * (gain / 255), 1.0).astype(np.float32)
    upper, lower, above, cheeks = cv2.cvtColor(lit, cv2.COLOR_RGB2LAB)[0, :, 1:].tolist()
    colour = math.hypot(*cheeks)
    if colour < _LEAST_COLOUR:
        return None
    apart = lower[0] - upper[0] + abs(upper[1] - lower[1])
    redder = upper[0] - above[0] - _YELLOW_SHARE * (upper[1] - above[1])
    return bool(redder - _APART_SHARE * apart >= _LEAST * colour)


def _colour(rgb: Pixels, points: Float32Array, half: int) -> FloatArray:
    """[3] median of the means of squares around points [n, 2]."""
    rows, columns = rgb.shape[:2]
    means = []
    for column, row in points.tolist():
        left = min(max(round(column) - half, 0), columns - 1)
        top = min(max(round(row) - half, 0), rows - 1)
        means.append(cv2.mean(rgb[top : top + 2 * half + 1, left : left + 2 * half + 1])[:3])
    return np.asarray(np.median(means, axis=0), np.float64)
