"""Whether something covers a mouth, by how the lower face differs from the upper one in colour, and lips from the skin around them.

A mask, a hand, a cup or a microphone hides lips, and the mesh draws a mouth over it all the same. What is before the lips has another
colour than forehead and nose, or where it has the same, no lips show in it. A beard changes the first and not the second.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from edge.arrays import Float32Array, IndexArray, Pixels
from edge.face.face_frame import FaceFrame

USABLE_PX_PER_CM = 3.5
"""Of a smaller face the lips are two points high, and nothing is told; teeth are not counted either."""
_FACE_PX = 72
"""The face is made this wide before its colours are taken: every point is then the mean of 2 mm of skin."""
_LIGHTEST = 150.0
"""Level of green that the skin of the upper face is brought to, of 255."""
_MOST_GAIN = 12.0
"""A darker picture has too few levels left to tell colours by."""
_AROUND = 0.08
"""Kept around the mesh, in widths of the face."""
_FURTHEST = 3.0
"""A difference counts no further than so many times its spread over the pictures that were learnt from."""

_UPPER = np.array([9, 8, 168, 6, 107, 336, 151, 122, 351])
"""Landmarks on the forehead and the nose's root, which nothing that covers a mouth reaches."""
_CHEEKS = np.array([50, 280, 205, 425])
_ABOVE_LIP = np.array([164, 167, 393, 165, 391])
_CHIN = np.array([199, 200, 201, 421])
_BESIDE = np.array([92, 322, 206, 426])
"""Landmarks of the skin from the nose's wings to the mouth's corners."""
_UPPER_LIP, _OVER_UPPER_LIP = np.array([11, 12, 72, 302, 73, 303]), np.array([164, 167, 393])
_LOWER_LIP, _UNDER_LOWER_LIP = np.array([16, 15, 86, 316, 85, 315]), np.array([18, 83, 313])
_LIPS_MEET = np.array([[13, 14], [82, 87], [312, 317], [81, 178], [311, 402]])
"""Pairs of landmarks on the inner outline of upper and lower lip."""
_MOUTH = np.array([11, 12, 13, 14, 15, 16, 72, 302, 86, 316, 82, 312, 87, 317])
_LIDS = np.array([159, 145, 158, 153, 386, 374, 385, 380, 33, 133, 362, 263])
_NEEDED = np.concatenate([_UPPER, _CHEEKS, _CHIN, _BESIDE, _MOUTH, _LIDS])
"""All of these must lie in the picture."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """What one difference says: log odds for every spread that it is off what is usual, and for its square."""

    usual: float
    spread: float
    weight: float
    squared: float


INTERCEPT = -0.52
"""Log odds of a picture in which every difference is usual. With `CUES` it makes a ridge-regularised logistic regression of 2547 drawn
pictures of some 90 people, bare (lit, coloured, blurred and compressed in every way, with beards and lip colours drawn on) and
with masks, hands, cups and microphones of many colours; judged by people left out, AUC .997."""
CUES = {
    "cheeks lighter": _Cue(-5.2, 14.1, -1.37, 0.62),
    "cheeks' colour": _Cue(9.5, 12.9, 0.87, 0.11),
    "skin above the lip lighter": _Cue(-12.3, 17.2, 1.72, 0.78),
    "skin above the lip redder": _Cue(-3.7, 13.5, -1.13, 0.28),
    "chin lighter": _Cue(-11.3, 18.0, -0.88, -0.19),
    "chin's colour": _Cue(13.5, 15.9, 1.33, -0.35),
    "skin beside the mouth lighter": _Cue(-11.6, 15.3, 0.70, 0.08),
    "skin beside the mouth yellower": _Cue(-4.1, 12.7, -0.45, 0.02),
    "lips redder": _Cue(3.2, 6.6, -2.01, 0.37),
    "lips' colour": _Cue(4.8, 7.1, -2.00, 0.57),
    "between the lips": _Cue(5.8, 7.4, -2.20, 0.08),
    "detail": _Cue(-1.1, 1.3, -1.73, 0.06),
}
"""What is looked at, in the order of `differences`."""


def log_odds(mesh: Float32Array, face: FaceFrame, rgb: Pixels) -> float | None:
    """Log odds that one picture's mouth is covered; None where the face is too small, too dark or not wholly in the picture.

    Args:
        mesh: [478, 3] px.
        face: The frame fitted to it.
        rgb: [height, width, 3], the picture the mesh was found in.
    """
    if face.px_per_cm < USABLE_PX_PER_CM:
        return None
    told = differences(mesh, rgb)
    if told is None:
        return None
    total = INTERCEPT
    for difference, cue in zip(told, CUES.values(), strict=True):
        off = (difference - cue.usual) / cue.spread
        total += cue.weight * off + cue.squared * min(abs(off), _FURTHEST) ** 2
    return total


def differences(mesh: Float32Array, rgb: Pixels) -> tuple[float, ...] | None:
    """What each of `CUES` looks at, in units of CIELAB; None where there is not enough light, or not enough of the face.

    Args:
        mesh: [478, 3] px.
        rgb: [height, width, 3], the picture the mesh was found in.
    """
    needed = mesh[_NEEDED, :2]
    if needed.min() < 0 or (needed.max(axis=0) >= (rgb.shape[1], rgb.shape[0])).any():
        return None
    crop, points = _small(mesh, rgb)
    columns, rows = points.T
    smooth = cv2.blur(crop, (3, 3))[rows, columns].astype(np.float32)
    lightest = float(np.median(smooth[_UPPER, 1]))
    gain = _LIGHTEST / max(lightest, 1.0)
    if gain > _MOST_GAIN:
        return None
    skin = _lab(smooth, gain)
    upper = np.median(skin[_UPPER], axis=0)
    cheeks, above, chin, beside = (
        (np.median(skin[where], axis=0) - upper).tolist() for where in (_CHEEKS, _ABOVE_LIP, _CHIN, _BESIDE)
    )
    upper_lip, lower_lip = skin[_UPPER_LIP].mean(axis=0), skin[_LOWER_LIP].mean(axis=0)
    lips = (upper_lip + lower_lip) / 2
    around = (skin[_OVER_UPPER_LIP].mean(axis=0) + skin[_UNDER_LOWER_LIP].mean(axis=0)) / 2
    _, redder, yellower = (lips - around).tolist()
    meet = _meeting(crop, points)
    between = _lab(meet, gain)[:, 0].mean() - lips[0]
    return (
        cheeks[0],
        math.hypot(*cheeks[1:]),
        above[0],
        above[1],
        chin[0],
        math.hypot(*chin[1:]),
        beside[0],
        beside[2],
        redder,
        math.hypot(redder, yellower),
        abs(float(between)),
        _detail(crop, rows, columns, gain),
    )


def _small(mesh: Float32Array, rgb: Pixels) -> tuple[Pixels, IndexArray]:
    """The face cut out of a picture and made small; where in it the mesh's points lie, [478, 2] column and row."""
    low, high = mesh[:, :2].min(axis=0), mesh[:, :2].max(axis=0)
    width = float(high[0] - low[0])
    rows, columns = rgb.shape[:2]
    left, top = (max(int(side), 0) for side in low - _AROUND * width)
    right, bottom = (
        min(int(side), size) for side, size in zip(high + _AROUND * width, (columns, rows), strict=True)
    )
    crop = rgb[top:bottom, left:right]
    share = min(_FACE_PX / width, 1.0)
    if share < 1.0:
        crop = np.asarray(cv2.resize(crop, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)
    points = ((mesh[:, :2] - (left, top)) * share).astype(np.intp)
    return crop, np.clip(points, 0, (crop.shape[1] - 1, crop.shape[0] - 1))


def _lab(levels: Float32Array, gain: float) -> Float32Array:
    """CIELAB of some colours [n, 3] made lighter: L 0 to 100, a* and b* around 0."""
    lit = np.minimum(levels * np.float32(gain / 255), 1.0).reshape(1, -1, 3)
    return np.asarray(cv2.cvtColor(lit, cv2.COLOR_RGB2LAB)[0], np.float32)


def _meeting(crop: Pixels, points: IndexArray) -> Float32Array:
    """[5, 3] the colours where the lips meet, or of what is between them."""
    columns, rows = points[_LIPS_MEET].sum(axis=1).T // 2
    return np.asarray(crop[rows, columns], np.float32)


def _detail(crop: Pixels, rows: IndexArray, columns: IndexArray, gain: float) -> float:
    """How much lighter and darker it gets down the mouth, against down the eyes: a logarithm."""
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    steps = np.abs(cv2.Sobel(grey, cv2.CV_16S, 0, 1)[rows, columns].astype(np.float64)) * gain
    return math.log1p(float(steps[_MOUTH].mean())) - math.log1p(float(steps[_LIDS].mean()))
