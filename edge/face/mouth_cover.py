"""Whether something covers a mouth, by how the lower face differs from the upper one in colour, and lips from the skin around them.

A mask, a hand, a cup or a microphone hides lips, and the mesh draws a mouth over it all the same. What is before the lips has another
colour than forehead and nose, or where it has the same, no lips show in it. A beard changes the first and not the second.
"""

import math

import numpy as np

from edge.arrays import Float32Array, IndexArray, Pixels
from edge.face.face_frame import FaceFrame
from edge.face.learnt_differences import Weighed, summed
from edge.face.small_face import SmallFace, lies_within, median, small_face

USABLE_PX_PER_CM = 3.5
"""Of a smaller face the lips are two points high, and nothing is told; teeth are not counted either."""
_FACE_PX = 72
"""The face is made this wide before its colours are taken: every point is then the mean of 2 mm of skin."""

_UPPER = np.array([9, 8, 168, 6, 107, 336, 151, 122, 351])
"""Landmarks on the forehead and the nose's root, which nothing that covers a mouth reaches."""
_FOREHEAD = np.array([9, 151, 108, 337])
"""On the forehead, where no frame before hidden eyes reaches, as many reach the nose's root. Of 48 drawn faces behind plain, large, very large and square
dark glasses 31 were taken for covered by the others, and 2 by these; of masks and hands below plain glasses these find three more."""
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


INTERCEPT = -0.52
"""Log odds of a picture in which every difference is usual. With `WEIGHED` it makes a ridge-regularised logistic regression of 2547 drawn
pictures of some 90 people, bare (lit, coloured, blurred and compressed in every way, with beards and lip colours drawn on) and
with masks, hands, cups and microphones of many colours; judged by people left out, AUC .997."""
WEIGHED = {
    "cheeks lighter": Weighed(-5.2, 14.1, -1.37, 0.62),
    "cheeks' colour": Weighed(9.5, 12.9, 0.87, 0.11),
    "skin above the lip lighter": Weighed(-12.3, 17.2, 1.72, 0.78),
    "skin above the lip redder": Weighed(-3.7, 13.5, -1.13, 0.28),
    "chin lighter": Weighed(-11.3, 18.0, -0.88, -0.19),
    "chin's colour": Weighed(13.5, 15.9, 1.33, -0.35),
    "skin beside the mouth lighter": Weighed(-11.6, 15.3, 0.70, 0.08),
    "skin beside the mouth yellower": Weighed(-4.1, 12.7, -0.45, 0.02),
    "lips redder": Weighed(3.2, 6.6, -2.01, 0.37),
    "lips' colour": Weighed(4.8, 7.1, -2.00, 0.57),
    "between the lips": Weighed(5.8, 7.4, -2.20, 0.08),
    "detail": Weighed(-1.1, 1.3, -1.73, 0.06),
}
"""What is looked at, in the order of `differences`."""


def log_odds(mesh: Float32Array, face: FaceFrame, rgb: Pixels, *, eyes_hidden: bool = False) -> float | None:
    """Log odds that one picture's mouth is covered; None where the face is too small, too dark or not wholly in the picture.

    Args:
        mesh: [478, 3] px.
        face: The frame fitted to it.
        rgb: [height, width, 3], the picture the mesh was found in.
        eyes_hidden: Whether something hides both eyes, which may reach over the nose's root.
    """
    if face.px_per_cm < USABLE_PX_PER_CM:
        return None
    told = differences(mesh, rgb, _FOREHEAD if eyes_hidden else _UPPER)
    if told is None:
        return None
    return summed(INTERCEPT, told, WEIGHED.values())


def differences(mesh: Float32Array, rgb: Pixels, upper_face: IndexArray = _UPPER) -> tuple[float, ...] | None:
    """What each of `WEIGHED` looks at, in units of CIELAB; None where there is not enough light, or not enough of the face.

    Args:
        mesh: [478, 3] px.
        rgb: [height, width, 3], the picture the mesh was found in.
        upper_face: Landmarks whose skin the lower face is held against.
    """
    if not lies_within(mesh[_NEEDED, :2], rgb):
        return None
    seen = small_face(mesh, rgb, _FACE_PX, upper_face)
    if seen is None:
        return None
    skin = seen.smooth
    upper = median(skin[upper_face])
    cheeks, above, chin, beside = (
        (median(skin[where]) - upper).tolist() for where in (_CHEEKS, _ABOVE_LIP, _CHIN, _BESIDE)
    )
    upper_lip, lower_lip = skin[_UPPER_LIP].mean(axis=0), skin[_LOWER_LIP].mean(axis=0)
    lips = (upper_lip + lower_lip) / 2
    around = (skin[_OVER_UPPER_LIP].mean(axis=0) + skin[_UNDER_LOWER_LIP].mean(axis=0)) / 2
    _, redder, yellower = (lips - around).tolist()
    meet = seen.points[_LIPS_MEET].sum(axis=1) // 2
    between = seen.lab(meet)[:, 0].mean() - lips[0]
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
        _detail(seen),
    )


def _detail(seen: SmallFace) -> float:
    """How much lighter and darker it gets down the mouth, against down the eyes: a logarithm."""
    steps = seen.steps()
    return math.log1p(float(steps[_MOUTH].mean())) - math.log1p(float(steps[_LIDS].mean()))
