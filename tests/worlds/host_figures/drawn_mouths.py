"""Mouths as not everybody has them, drawn on pictures of others: a tooth missing, dark or apart, braces, lips pale or like skin, a beard over them."""

from collections.abc import Callable

import cv2
import numpy as np

from edge.arrays import Float32Array, FloatArray, Mask, Pixels
from edge.face import face_frame
from edge.face.face_frame import FaceFrame

Draw = Callable[[Pixels, Float32Array], Pixels]
"""A picture and the mesh of the face in it, [478, 3] px, to the picture with something drawn on that face."""

TOOTH_MM = 4.6
_INNER = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95]
_OUTER = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
_UPPER_MIDDLE, _LOWER_MIDDLE = 13, 14
_SKIN_AROUND = [164, 167, 393, 18, 83, 313, 50, 280, 205, 425]
"""Landmarks of the skin above and below the lips and on the cheeks."""
_OVER_LIP = [92, 165, 167, 164, 393, 391, 322]
"""Skin above the upper lip, from the person's right to their left."""


def missing(at_teeth: float, wide_mm: float, *, black: float = 1.0) -> Draw:
    """No tooth, or a dark one, over a width of the row.

    Args:
        at_teeth: Where its middle is, in teeth to the person's left of the mouth's middle.
        wide_mm: How wide it is.
        black: How much of the light is gone.
    """

    def draw(rgb: Pixels, mesh: Float32Array) -> Pixels:
        face = face_frame.fit(mesh)
        hole = _strip(rgb, mesh, face, at_teeth * TOOTH_MM, wide_mm) & _polygon(mesh[_INNER, :2], rgb)
        dark = _level(rgb, hole, 10) * 0.25 + np.array([8.0, 3.0, 3.0])
        what = (1 - black) * rgb + black * np.minimum(dark, 45.0)
        return _laid(rgb, hole, what, _soft(face))

    return draw


def braces(
    metal: tuple[int, int, int], teeth_shown: int, *, wire_mm: float = 0.6, bracket_mm: float = 3.0
) -> Draw:
    """A wire along the row, and a bracket on every tooth that shows."""

    def draw(rgb: Pixels, mesh: Float32Array) -> Pixels:
        face = face_frame.fit(mesh)
        inner = _polygon(mesh[_INNER, :2], rgb)
        left_mm, up_mm = _place_mm(rgb, mesh, face)
        lit = rgb.max(axis=2) > 0.55 * _level(rgb, inner, 95).max()
        teeth = inner & lit & (np.abs(left_mm) < teeth_shown * TOOTH_MM / 2)
        level = _upper_mm(mesh, face) - 3.5
        # The row follows the upper lip's bow: lower in the middle than at its sides.
        up_mm = up_mm - level - 0.006 * left_mm**2
        tooth = (left_mm + TOOTH_MM / 2) % TOOTH_MM - TOOTH_MM / 2
        bracket = (np.abs(tooth + TOOTH_MM / 2 * np.sign(-tooth)) < bracket_mm / 2) & (
            np.abs(up_mm) < bracket_mm / 2
        )
        shown = (bracket | (np.abs(up_mm) < wire_mm / 2)) & teeth
        shine = 1 + 0.35 * np.sin(3.1 * left_mm)[..., None]
        light = _level(rgb, teeth, 90).max() / 255
        return _laid(rgb, shown, np.array(metal) * shine * light, _soft(face))

    return draw


def lips_like_skin(share: float, *, paler: float = 0.0) -> Draw:
    """Lips of a colour between their own and that of the skin around them.

    Args:
        share: How far it is the skin's.
        paler: How much lighter than that, in CIELAB L.
    """

    def draw(rgb: Pixels, mesh: Float32Array) -> Pixels:
        face = face_frame.fit(mesh)
        lips = _polygon(mesh[_OUTER, :2], rgb) & ~_polygon(mesh[_INNER, :2], rgb)
        columns, rows = np.clip(mesh[_SKIN_AROUND, :2].astype(int), 0, (rgb.shape[1] - 1, rgb.shape[0] - 1)).T
        lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        skin = np.median(lab[rows, columns], axis=0)
        own = np.median(lab[lips], axis=0)
        moved = lab + share * (skin - own) + (paler, 0.0, 0.0)
        what = 255 * np.clip(cv2.cvtColor(moved.astype(np.float32), cv2.COLOR_LAB2RGB), 0, 1)
        return _laid(rgb, lips, what, _soft(face))

    return draw


def beard_over_lip(colour: tuple[int, int, int], *, down_mm: float, dense: float = 0.9) -> Draw:
    """A moustache that hangs over the upper lip.

    Args:
        colour: Of the hair, in full light.
        down_mm: How far it hangs below the upper lip's inner edge; less than 0: so much of the lip is bare.
        dense: How much of what is under it the hair hides.
    """

    def draw(rgb: Pixels, mesh: Float32Array) -> Pixels:
        face = face_frame.fit(mesh)
        down = -face.axes[:2, 1] * face.px_per_cm / 10
        upper = mesh[_INNER[:11], :2]
        bow = np.sin(np.linspace(0.0, np.pi, 11))[:, None] ** 0.5
        outline = np.vstack([mesh[_OVER_LIP, :2], (upper + down_mm * bow * down)[::-1]])
        shown = _polygon(outline, rgb)
        grain = np.random.default_rng(3).normal(1.0, 0.35, rgb.shape[:2])
        light = np.median(rgb[_polygon(mesh[_OVER_LIP + _OUTER[:11][::-1], :2], rgb)]) / 180
        hair = np.array(colour) * light * np.clip(cv2.blur(grain, (3, 3)), 0.3, 2.0)[..., None]
        return _laid(rgb, shown, hair, _soft(face), dense)

    return draw


def _soft(face: FaceFrame) -> float:
    """Standard deviation in px of an edge as soft as a lens makes it."""
    return max(0.3 * face.px_per_cm / 10, 0.4)


def _upper_mm(mesh: Float32Array, face: FaceFrame) -> float:
    """Height of the upper lip's inner edge against the mouth's middle."""
    middle = mesh[_INNER, :2].mean(axis=0)
    return float((mesh[_UPPER_MIDDLE, :2] - middle) @ _mm(face)[:, 1])


def _mm(face: FaceFrame) -> FloatArray:
    """[2, 2] that takes a way in the picture, px, to mm to the person's left and up."""
    return np.asarray(np.linalg.inv(face.axes[:2, :2] * face.px_per_cm / 10).T, np.float64)


def _place_mm(rgb: Pixels, mesh: Float32Array, face: FaceFrame) -> tuple[FloatArray, FloatArray]:
    """Of every picture point, how far to the person's left and up it lies from the middle of the mouth."""
    rows, columns = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
    middle = mesh[_INNER, :2].mean(axis=0)
    placed = np.stack([columns - middle[0], rows - middle[1]], axis=-1) @ _mm(face)
    return placed[..., 0], placed[..., 1]


def _strip(rgb: Pixels, mesh: Float32Array, face: FaceFrame, at_mm: float, wide_mm: float) -> Mask:
    left_mm, _ = _place_mm(rgb, mesh, face)
    return np.asarray(np.abs(left_mm - at_mm) < wide_mm / 2)


def _level(rgb: Pixels, where: Mask, percent: float) -> FloatArray:
    """[3] the colour that so many percent of a region are darker than."""
    return np.asarray(np.percentile(rgb[where], percent, axis=0), np.float64)


def _polygon(outline: FloatArray | Float32Array, rgb: Pixels) -> Mask:
    filled = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillPoly(filled, [np.round(outline).astype(np.int32)], 1)
    return filled.view(np.bool_)


def _laid(rgb: Pixels, shown: Mask, what: FloatArray, blur_px: float, dense: float = 1.0) -> Pixels:
    soft = dense * cv2.GaussianBlur(shown.astype(np.float64), (0, 0), blur_px)[..., None]
    return np.asarray(np.clip(rgb * (1 - soft) + what * soft, 0, 255), np.uint8)
