"""Faces with something before mouth or eyes, drawn on pictures of bare ones: masks, hands, cups, dark glasses, patches; and beards, which cover no mouth."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from edge.arrays import Float32Array, FloatArray, Mask, Pixels

Draw = Callable[[Pixels, Float32Array], Pixels]
"""A picture and the mesh of the face in it, [478, 3] px, to the picture with something drawn on that face."""

_JAW = [93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323]
"""Landmarks of the face's lower outline, from the person's right ear to the left one."""
_SKIN = [9, 8, 151, 6, 118, 347]
_RIGHT_EYE, _LEFT_EYE = (33, 133), (263, 362)
"""Landmarks of the eyes' outer and inner corners."""
_LIPS = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
_WHITE_IN_SUN = 200.0
"""Level of a face's lightest skin in a well exposed picture: things beside it are lit as it is."""


def mask_of(colour: tuple[int, int, int] | None, *, stripes: bool = False) -> Draw:
    """A mask from the nose's root to below the chin.

    Args:
        colour: In RGB, in full light; None: that of the face's own skin.
        stripes: Whether every second stripe of it is dark blue.
    """

    def draw(rgb: Pixels, mesh: Float32Array) -> Pixels:
        chin, width = mesh[152, :2], _width(mesh)
        jaw = mesh[_JAW, :2] + 0.06 * (mesh[_JAW, :2] - mesh[1, :2])
        outline = np.vstack([jaw, mesh[[346, 197, 117], :2]])
        cloth = np.broadcast_to(_lit(colour, rgb, mesh), rgb.shape).copy()
        down, across = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
        if stripes:
            dark = np.sin((down + 0.5 * across) * 2 * np.pi / (0.09 * width)) > 0
            cloth[dark] = _lit((40, 50, 110), rgb, mesh)
        bulge = ((across - mesh[13, 0]) / (0.5 * width)) ** 2
        pleat = np.exp(-(((down - mesh[13, 1] - 0.05 * width) / (0.02 * width)) ** 2))
        below = (down - mesh[197, 1]) / max(float(chin[1] - mesh[197, 1]), 1.0)
        shade = (1 - 0.25 * np.clip(bulge, 0, 1)) * (1 - 0.15 * pleat) * (1 - 0.2 * np.clip(below, 0, 1))
        return _laid(rgb, _polygon(outline, rgb), cloth * shade[..., None], width)

    return draw


def hand(rgb: Pixels, mesh: Float32Array) -> Pixels:
    """Four fingers from the side over the mouth."""
    width, tone = _width(mesh), 0.9 * _lit(None, rgb, mesh)
    mouth = mesh[[13, 14], :2].mean(axis=0)
    down, across = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
    shown = np.zeros(rgb.shape[:2], np.bool_)
    shade = np.ones(rgb.shape[:2])
    for finger in range(4):
        level = mouth[1] + (finger - 1.5) * 0.13 * width
        beyond = np.maximum(across - (mouth[0] + 0.3 * width), 0.0)
        off = np.hypot(down - level - 0.2 * (mouth[0] - across), beyond) / (0.07 * width)
        inside = off < 1
        shown |= inside
        shade = np.where(inside, 1 - 0.35 * off**3, shade)
    return _laid(rgb, shown, tone * shade[..., None], width)


def cup(rgb: Pixels, mesh: Float32Array) -> Pixels:
    """A white cup that is drunk from."""
    width = _width(mesh)
    left, top = mesh[13, 0] - 0.3 * width, mesh[13, 1] - 0.12 * width
    down, across = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
    shown = (np.abs(across - mesh[13, 0]) < 0.3 * width) & (down > top) & (down < top + 0.9 * width)
    round_ = 1 - 0.4 * ((across - left) / (0.6 * width) - 0.3) ** 2
    return _laid(rgb, shown, _lit((235, 235, 230), rgb, mesh) * round_[..., None], width)


def dark_glasses(rgb: Pixels, mesh: Float32Array) -> Pixels:
    """Two dark lenses and what holds them together."""
    glass = _lens(rgb, mesh, *_RIGHT_EYE) | _lens(rgb, mesh, *_LEFT_EYE)
    return _laid(
        rgb, glass, np.broadcast_to(_lit((22, 20, 22), rgb, mesh), rgb.shape), _width(mesh), dense=0.93
    )


def lenses(
    wide: float,
    high: float,
    *,
    corners: float,
    tint: tuple[int, int, int],
    rim: tuple[int, int, int] | None = None,
) -> Draw:
    """Dark glasses of another shape.

    Args:
        wide: Half of a lens' width, as a share of the way between the eyes' outer corners.
        high: Half of its height, likewise.
        corners: How square they are: 2 is an ellipse, 4 the shape of `dark_glasses`.
        tint: Of the glass.
        rim: Colour of a frame around each lens.
    """

    def draw(rgb: Pixels, mesh: Float32Array) -> Pixels:
        width, shape = _width(mesh), (wide, high, corners)
        glass = _lens(rgb, mesh, *_RIGHT_EYE, shape) | _lens(rgb, mesh, *_LEFT_EYE, shape)
        drawn = rgb
        if rim is not None:
            outer = (wide + 0.03, high + 0.03, corners)
            frame = _lens(rgb, mesh, *_RIGHT_EYE, outer) | _lens(rgb, mesh, *_LEFT_EYE, outer)
            drawn = _laid(drawn, frame, np.broadcast_to(_lit(rim, rgb, mesh), rgb.shape), width)
        return _laid(drawn, glass, np.broadcast_to(_lit(tint, rgb, mesh), rgb.shape), width, dense=0.93)

    return draw


def eye_patch(rgb: Pixels, mesh: Float32Array) -> Pixels:
    """A white patch over the person's right eye."""
    cloth = np.broadcast_to(_lit((225, 220, 212), rgb, mesh), rgb.shape)
    return _laid(rgb, _lens(rgb, mesh, *_RIGHT_EYE), cloth, _width(mesh))


def _lens(
    rgb: Pixels,
    mesh: Float32Array,
    outer: int,
    inner: int,
    shape: tuple[float, float, float] = (0.3, 0.24, 4.0),
) -> Mask:
    """Where a lens lies that hides the eye between two corners; half its width and height, and how square it is, as in `lenses`."""
    wide, high, corners = shape
    apart = float(np.hypot(*(mesh[33, :2] - mesh[263, :2])))
    column, row = mesh[[outer, inner], :2].mean(axis=0)
    down, across = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
    aside, below = np.abs(across - column) / (wide * apart), np.abs(down - row) / (high * apart)
    return np.asarray(aside**corners + below**corners < 1)


def beard(rgb: Pixels, mesh: Float32Array) -> Pixels:
    """A dark full beard, which leaves the lips bare."""
    width = _width(mesh)
    outline = np.vstack([mesh[_JAW[2:-2], :2], mesh[[411, 391, 2, 165, 187], :2]])
    shown = _polygon(outline, rgb) & ~_polygon(mesh[_LIPS, :2], rgb)
    grain = np.random.default_rng(3).normal(1.0, 0.35, rgb.shape[:2])
    hair = _lit((60, 42, 32), rgb, mesh) * np.clip(cv2.blur(grain, (3, 3)), 0.3, 2.0)[..., None]
    return _laid(rgb, shown, hair, width, dense=0.85)


MASKS: Mapping[str, Draw] = {
    "white": mask_of((235, 235, 235)),
    "blue": mask_of((130, 175, 205)),
    "black": mask_of((28, 28, 30)),
    "like skin": mask_of(None),
    "striped": mask_of((225, 215, 190), stripes=True),
}
DARK_GLASSES: Mapping[str, Draw] = {
    "plain": dark_glasses,
    "narrow": lenses(0.31, 0.16, corners=6.0, tint=(18, 18, 25)),
    "round": lenses(0.23, 0.22, corners=2.0, tint=(25, 42, 33)),
    "large": lenses(0.34, 0.28, corners=3.0, tint=(45, 38, 30)),
    "white frames": lenses(0.29, 0.22, corners=4.0, tint=(25, 25, 35), rim=(225, 225, 220)),
}
COVERS: Mapping[str, Draw] = {**MASKS, "hand": hand, "cup": cup}


def _width(mesh: Float32Array) -> float:
    return float(np.ptp(mesh[:, 0]))


def _lit(colour: tuple[int, int, int] | None, rgb: Pixels, mesh: Float32Array) -> FloatArray:
    """[3] a colour in the light that falls on the face; the skin's own for None."""
    columns, rows = np.clip(mesh[_SKIN, :2].astype(int), 0, (rgb.shape[1] - 1, rgb.shape[0] - 1)).T
    skin = np.asarray(np.median(rgb[rows, columns], axis=0), np.float64)
    return skin if colour is None else np.asarray(np.array(colour) * skin.max() / _WHITE_IN_SUN)


def _polygon(outline: FloatArray | Float32Array, rgb: Pixels) -> Mask:
    filled = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillPoly(filled, [np.round(outline).astype(np.int32)], 1)
    return filled.view(np.bool_)


def _laid(rgb: Pixels, shown: Mask, what: FloatArray, width: float, dense: float = 1.0) -> Pixels:
    """Something laid over a picture, with edges as soft as a lens makes them."""
    soft = dense * cv2.GaussianBlur(shown.astype(np.float64), (0, 0), max(0.006 * width, 0.4))[..., None]
    return np.asarray(np.clip(rgb * (1 - soft) + what * soft, 0, 255), np.uint8)
