"""Clips as a camera in worse light, or a worse camera, would have given them: every picture with its number in the clip."""

from collections.abc import Callable, Mapping

import numpy as np

from edge.arrays import Pixels

Copy = Callable[[Pixels, int], Pixels]


def dark(rgb: Pixels, _number: int) -> Pixels:
    """A quarter of the light."""
    return np.asarray(rgb * 0.25, np.uint8)


def night(rgb: Pixels, _number: int) -> Pixels:
    """An eighth of it."""
    return np.asarray(rgb * 0.12, np.uint8)


def noisy(rgb: Pixels, number: int) -> Pixels:
    """Other noise in every picture."""
    noise = np.random.default_rng(number).normal(0.0, 12.0, rgb.shape)
    return np.asarray(np.clip(rgb + noise, 0, 255), np.uint8)


def flickering(rgb: Pixels, number: int) -> Pixels:
    """Bands of mains light that move from frame to frame, by a tenth."""
    rows = np.arange(rgb.shape[0]) / rgb.shape[0]
    bands = 1.0 + 0.1 * np.sin(2 * np.pi * (1.3 * rows + 0.37 * number))
    return np.asarray(np.clip(rgb * bands[:, None, None], 0, 255), np.uint8)


COPIES: Mapping[str, Copy] = {
    "as it is": lambda rgb, _: rgb,
    "a quarter of the light": dark,
    "an eighth of the light": night,
    "noisy": noisy,
    "noisy in the dark": lambda rgb, number: noisy(dark(rgb, number), number),
    "flickering": flickering,
}
