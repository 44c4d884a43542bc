"""How many teeth show: the lit, unreddened run between the inner lips, in tooth widths."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from edge.arrays import Float32Array, FloatArray, Mask, Pixels
from edge.face import lip_line
from edge.face.face_frame import FaceFrame
from edge.face.mouth_patch import MouthPatch, Outlines, percentile, rectified
from edge.observation import Estimate

TOOTH_MM = 4.6
"""Mean apparent width of a tooth seen from the front, over the run from molar to molar, in this project's scale (4.5 where
the irises alone set it)."""
USABLE_PX_PER_MM = 0.35
"""Below this a tooth is less than two pixels wide, and its count is not credible."""
_SHARP_PX_PER_MM = 0.7
"""From here on the count no longer gets better."""
_SHARP_SE = 0.9
"""Standard error of the count at that resolution: mean error .8 teeth over 36 labelled faces."""
_CLOSED_MM = 1.0
"""Lips less than this apart show no teeth."""
_CLOSED_SE = 0.4
"""Standard error of the count, in teeth, when none shows: a sliver of one tooth may be missed."""
_GAP_MM = 2.0
"""Narrower interruptions lie between two teeth side by side; wider ones are a gap in the row, and show no tooth."""
_MISSING_MM = 6.0
"""A row goes on beyond a gap of one missing tooth, which is this wide at most with a space beside it."""
_WHOLE_TOOTH_MM = 0.75 * TOOTH_MM
"""And beyond a wider one, of several missing teeth, where what shows there is all but a tooth wide: what is narrower is a light spot at the
corner of the mouth."""

_HARDLY_ANY = 1.5
"""Fewer teeth than this are believed only where the upper lip shows, which hair may hide together with the teeth."""

_LIGHT_BELOW_P90 = 36.0
"""A tooth is at most this much darker than the lightest tenth between the lips, in CIELAB L (0..100); it and
the limits below count within .8 teeth in the mean on 36 labelled faces (benchmarks/host_accuracy.py)."""
_LIGHT_SHARE_OF_P90 = 0.4
"""And at least this share as light as it: in dim light the difference alone would admit everything."""
_LIGHT_SHARE_OF_LIP = 0.5
"""And never half as dark as the lips: the inside of a dark mouth has a lightest tenth too, and the lips' own rims."""
_RED_BELOW_LIP = 3.0
"""A tooth is at least this much less red than the lips' median, in CIELAB a*."""
_RED_SHARE_OF_LIP = 0.25
"""Or by this share of the lips' redness, where that is more."""
_LOOSE_RED_SHARE = 0.15
"""The same share for the looser limit, which asks how much the count depends on the limit."""
_LOOSE_LIP_PERCENTILE = 75
"""The redder part of the lower lip, which the looser limit is taken against."""
_TELLS_APART = 4.0
"""When a looser limit of redness, or none, adds more teeth than this, teeth and lips do not differ in this
light, and nothing is counted."""
_RED_PER_GAIN = 0.3
"""How much more a tooth must be less red for every time that the picture was made lighter: rounding to whole levels blurs a* by so
much."""
_LIP_LIKE_TEETH = 0.5
"""Where so much of the upper lip would be teeth by its colour, light hair hangs over it and over what is below it: nothing is counted."""
_FILLED_SHARE = 0.5
"""What is light over this share of the opening may be a tooth whatever its colour; the lips' edges, where they reach into the outline,
are less."""
_NINETY_PERCENT = 1.645
"""Standard errors to either side that hold nine of ten: the loosest answer shall lie within them."""
_L, _A = 0, 1
"""Channels of a patch in CIELAB: light, and red against green."""
_LEVELS_PER_L = 255 / 100
"""Levels of an 8-bit picture for one unit of CIELAB L (OpenCV stretches 0..100 to 0..255)."""
_NO_RED = 128.0
"""CIELAB in 8 bits, as `MouthPatch` holds it."""
_COLUMN_MM = 0.8
"""A column of the patch shows a tooth from this height of tooth on."""
_COLUMN_SHARE = 0.12
"""Of the height of the highest column: what is lower is the rim of a tooth, or noise."""
_ENOUGH_PIXELS = 30
"""Fewer pixels than this between the lips or on the lower lip give no percentiles: the mouth is all but
closed."""


def count(mesh: Float32Array, face: FaceFrame, lips: Outlines, rgb: Pixels) -> Estimate | None:
    """Visible teeth with their standard error; None where the picture is too coarse or too dim to count them.

    Args:
        mesh: [478, 3] px.
        face: The frame fitted to it.
        lips: Its outlines.
        rgb: [height, width, 3], the picture the mesh was found in.
    """
    px_per_mm = face.px_per_cm / 10
    if px_per_mm < USABLE_PX_PER_MM:
        return None
    if lips.opening_mm < _CLOSED_MM:
        return None if lip_line.shows(mesh, face, rgb) is False else Estimate(0.0, _CLOSED_SE)
    rows = _tooth_rows(rectified(mesh, face, lips, rgb))
    if rows is None or rows.unsure_by > _TELLS_APART:
        return None
    if rows.strict < _HARDLY_ANY and lip_line.shows(mesh, face, rgb) is False:
        return None
    resolved = _SHARP_SE * max(1.0, math.sqrt(_SHARP_PX_PER_MM / px_per_mm))
    scale = rows.strict * face.unit_cm.se / face.unit_cm.value
    return Estimate(rows.strict, math.sqrt(resolved**2 + scale**2 + (rows.unsure_by / _NINETY_PERCENT) ** 2))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Teeth in a row, by three answers to what is a tooth."""

    strict: float
    """Light, and less red than the lips by the whole limit."""
    loose: float
    """Less red by the looser one."""
    light: float
    """Or light at least over most of the opening, whatever its colour: a tongue, a tooth in shade, or a picture without colours."""

    @property
    def unsure_by(self) -> float:
        """By how much the answers differ, in teeth: colours that tell teeth from lips and tongue leave no difference."""
        return max(self.loose, self.light) - self.strict


def _tooth_rows(patch: MouthPatch) -> _Rows | None:
    """The rows of teeth of a mouth; None where its colours can tell nothing."""
    if (
        min(cv2.countNonZero(each.view(np.uint8)) for each in (patch.between, patch.lower_lip))
        < _ENOUGH_PIXELS
    ):
        return _Rows(0.0, 0.0, 0.0)
    light, red = cv2.extractChannel(patch.lab, _L), cv2.extractChannel(patch.lab, _A)
    lip_red = percentile(patch.lab, _A, 50, patch.lips) - _NO_RED
    redder = percentile(patch.lab, _A, _LOOSE_LIP_PERCENTILE, patch.lower_lip) - _NO_RED
    least = _RED_BELOW_LIP + _RED_PER_GAIN * (patch.gain - 1)
    if lip_red < least:
        return None
    lit = light > _light_limit(patch) * _LEVELS_PER_L
    bright = patch.between & lit
    unreddened, rather = (
        red < _NO_RED + limit
        for limit in (
            lip_red - max(least, _RED_SHARE_OF_LIP * lip_red),
            redder - max(least, _LOOSE_RED_SHARE * redder),
        )
    )
    if _share(lit & unreddened, patch.lips & ~patch.lower_lip) > _LIP_LIKE_TEETH:
        return None
    strict, loose = (_shows_tooth(bright & each, patch.px_per_mm) for each in (unreddened, rather))
    filled = _height_mm(bright, patch.px_per_mm) > np.maximum(
        _COLUMN_MM, _FILLED_SHARE * _height_mm(patch.between, patch.px_per_mm)
    )
    return _Rows(*(_row_mm(shown, patch.px_per_mm) / TOOTH_MM for shown in (strict, loose, strict | filled)))


def _share(marked: Mask, where: Mask) -> float:
    """How much of a part of a patch is marked; 0 of none."""
    inside = (marked & where).view(np.uint8)
    return cv2.countNonZero(inside) / max(cv2.countNonZero(where.view(np.uint8)), 1)


def _light_limit(patch: MouthPatch) -> float:
    """L from which on something between the lips may be a tooth."""
    bright = percentile(patch.lab, _L, 90, patch.between) / _LEVELS_PER_L
    return max(
        bright - _LIGHT_BELOW_P90,
        _LIGHT_SHARE_OF_P90 * bright,
        _LIGHT_SHARE_OF_LIP * percentile(patch.lab, _L, 50, patch.lips) / _LEVELS_PER_L,
    )


def _height_mm(tooth: Mask, resolution: float) -> FloatArray:
    """How much of each column of a patch is marked."""
    counted = cv2.reduce(tooth.view(np.uint8), 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0]
    return np.asarray(counted / resolution, np.float64)


def _shows_tooth(tooth: Mask, resolution: float) -> Mask:
    """Columns that show a tooth, and not just its rim."""
    height_mm = _height_mm(tooth, resolution)
    shown: Mask = height_mm > max(_COLUMN_MM, _COLUMN_SHARE * float(height_mm.max()))
    return shown


def _row_mm(shown: Mask, resolution: float) -> float:
    """Width of the row that the columns with teeth make, less its gaps.

    Where teeth are missing, dark or apart from the next, the row goes on beyond; a narrow spot far off is no part of it.
    """
    pieces: list[float] = []
    before = -math.inf
    for first, last in _runs(np.flatnonzero(shown).tolist(), _GAP_MM * resolution):
        begins, ended = first / resolution, (last + 1) / resolution
        if begins - before > _MISSING_MM:
            pieces.append(0.0)
        pieces[-1] += ended - begins
        before = ended
    widest = max(pieces, default=0.0)
    return sum(piece for piece in pieces if piece >= min(widest, _WHOLE_TOOTH_MM))


def _runs(columns: list[int], widest_gap: float) -> list[tuple[int, int]]:
    """First and last of every run of rising numbers that are no further apart than the widest gap."""
    runs = []
    first = last = columns[0] if columns else 0
    for column in columns:
        if column - last > widest_gap:
            runs.append((first, last))
            first = column
        last = column
    return [*runs, (first, last)] if columns else []
