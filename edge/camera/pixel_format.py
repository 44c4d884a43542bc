"""Turns the bytes a camera delivers into RGB, whatever layout it chose."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from edge.arrays import Pixels


class UnknownFormatError(ValueError):
    """A camera delivers a layout that is not read here."""


def to_rgb(buffer: Pixels, pixel_format: str, size: tuple[int, int], stride: int) -> Pixels:
    """A picture of its own, whose memory is not the camera's.

    The names are libcamera's and say how a pixel stands in a little-endian word: in memory, RGB888 is blue, green, red and BGR888 is red,
    green, blue. The planar layouts are read as BT.601, limited range, which is what `PiCamera` asks for.

    Args:
        buffer: The bytes, flat; rows may be padded at their right, and the buffer at its end.
        pixel_format: One of `FORMATS`.
        size: Width and height of the picture; even for NV12, NV21, YUV420 and YVU420.
        stride: Pixels from one row to the next (of the Y plane).

    Returns:
        [height, width, 3], contiguous.

    Raises:
        UnknownFormatError: The format is not one of `FORMATS`.
        ValueError: The buffer is too small for the picture.
    """
    if pixel_format not in FORMATS:
        raise UnknownFormatError(f"pixel format {pixel_format} is none of {', '.join(FORMATS)}")
    rows, convert = FORMATS[pixel_format]
    width, height = size
    needed = stride * (height * rows // 2)
    if buffer.size < needed:
        raise ValueError(
            f"{buffer.size} bytes are too few for {width}x{height} {pixel_format} in rows of {stride}"
        )
    return convert(buffer[:needed].reshape(-1, stride), width, height)


def _three_bytes(order: int | None) -> Callable[[Pixels, int, int], Pixels]:
    def convert(rows: Pixels, width: int, height: int) -> Pixels:
        pixels = rows[:, : 3 * width].reshape(height, width, 3)
        return pixels.copy() if order is None else _converted(pixels, order)

    return convert


def _four_bytes(order: int) -> Callable[[Pixels, int, int], Pixels]:
    def convert(rows: Pixels, width: int, height: int) -> Pixels:
        return _converted(rows[:, : 4 * width].reshape(height, width, 4), order)

    return convert


def _two_planes(order: int) -> Callable[[Pixels, int, int], Pixels]:
    def convert(rows: Pixels, width: int, height: int) -> Pixels:  # noqa: ARG001
        return _converted(rows[:, :width], order)

    return convert


def _three_planes(order: int) -> Callable[[Pixels, int, int], Pixels]:
    def convert(rows: Pixels, width: int, height: int) -> Pixels:  # noqa: ARG001
        # The padding stands between the half rows of the small planes too: convert with it, then cut it off.
        return np.ascontiguousarray(_converted(rows, order)[:, :width])

    return convert


def _converted(pixels: Pixels, order: int) -> Pixels:
    return cv2.cvtColor(pixels, order).astype(np.uint8, copy=False)


FORMATS: Mapping[str, tuple[int, Callable[[Pixels, int, int], Pixels]]] = {
    "BGR888": (2, _three_bytes(None)),
    "RGB888": (2, _three_bytes(cv2.COLOR_BGR2RGB)),
    "XBGR8888": (2, _four_bytes(cv2.COLOR_RGBA2RGB)),
    "XRGB8888": (2, _four_bytes(cv2.COLOR_BGRA2RGB)),
    "NV12": (3, _two_planes(cv2.COLOR_YUV2RGB_NV12)),
    "NV21": (3, _two_planes(cv2.COLOR_YUV2RGB_NV21)),
    "YUV420": (3, _three_planes(cv2.COLOR_YUV2RGB_I420)),
    "YVU420": (3, _three_planes(cv2.COLOR_YUV2RGB_YV12)),
}
"""Half picture heights of rows that a layout takes, and how it is converted."""
