import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.arrays import Pixels
from edge.camera.pixel_format import FORMATS, UnknownFormatError, to_rgb

PACKED = {"BGR888": (0, 1, 2), "RGB888": (2, 1, 0), "XBGR8888": (0, 1, 2, 3), "XRGB8888": (2, 1, 0, 3)}
"""Which colour stands where in memory; 3 is the byte that means nothing."""

halves = st.integers(1, 24)
paddings = st.integers(0, 16)


def _smooth(width: int, height: int) -> Pixels:
    """A picture without edges, so that the coarse colour of YUV loses nothing."""
    x, y = np.meshgrid(np.linspace(40, 200, width), np.linspace(60, 180, height))
    return np.stack([x, y, (x + y) / 2], -1).astype(np.uint8)


def _padded(plane: Pixels, stride: int) -> Pixels:
    rows = np.full((plane.shape[0], stride), 255, np.uint8)
    rows[:, : plane.shape[1]] = plane
    return rows.ravel()


def _planes(rgb: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """Y, U and V as OpenCV makes them (BT.601, limited range)."""
    height, width = rgb.shape[:2]
    flat = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420).astype(np.uint8, copy=False).ravel()
    y, rest = flat[: width * height], flat[width * height :]
    u, v = rest.reshape(2, height // 2, width // 2)
    return y.reshape(height, width), u, v


def _delivered(rgb: Pixels, pixel_format: str, stride: int) -> Pixels:
    """The bytes a camera would deliver for a picture, rows padded to `stride`."""
    height, width = rgb.shape[:2]
    if pixel_format in PACKED:
        with_spare = np.dstack([rgb, np.full((height, width), 77, np.uint8)])
        return _padded(with_spare[..., PACKED[pixel_format]].reshape(height, -1), stride)
    y, u, v = _planes(rgb)
    if pixel_format in {"NV12", "NV21"}:
        pairs = np.stack([u, v] if pixel_format == "NV12" else [v, u], -1).reshape(height // 2, width)
        return np.concatenate([_padded(y, stride), _padded(pairs, stride)])
    first, second = (u, v) if pixel_format == "YUV420" else (v, u)
    return np.concatenate([_padded(y, stride), _padded(first, stride // 2), _padded(second, stride // 2)])


@given(st.sampled_from(sorted(PACKED)), st.integers(1, 40), st.integers(1, 40), paddings, paddings)
def test_packed_pixels_come_back_exactly(
    pixel_format: str, width: int, height: int, padding: int, tail: int
) -> None:
    rgb = np.random.default_rng(width * 100 + height).integers(0, 256, (height, width, 3), np.uint8)
    stride = width * len(PACKED[pixel_format]) + padding
    buffer = np.concatenate([_delivered(rgb, pixel_format, stride), np.zeros(tail, np.uint8)])
    assert (to_rgb(buffer, pixel_format, (width, height), stride) == rgb).all()


@given(st.sampled_from(["NV12", "NV21", "YUV420", "YVU420"]), halves, halves, paddings, paddings)
def test_planes_come_back_to_within_their_rounding(
    pixel_format: str, half_width: int, half_height: int, padding: int, tail: int
) -> None:
    width, height, stride = 2 * half_width, 2 * half_height, 2 * (half_width + padding)
    rgb = _smooth(width, height)
    buffer = np.concatenate([_delivered(rgb, pixel_format, stride), np.zeros(tail, np.uint8)])
    found = to_rgb(buffer, pixel_format, (width, height), stride)
    unpadded = to_rgb(_delivered(rgb, pixel_format, width), pixel_format, (width, height), width)
    assert (found == unpadded).all()
    if width >= 16 and height >= 16:
        assert np.abs(found.astype(int) - rgb).mean() < 6.0


@pytest.mark.parametrize("pixel_format", sorted(FORMATS))
def test_the_picture_is_contiguous_and_not_the_cameras_memory(pixel_format: str) -> None:
    stride = 64 * 4 + 32
    buffer = _delivered(_smooth(64, 48), pixel_format, stride)
    rgb = to_rgb(buffer, pixel_format, (64, 48), stride)
    assert rgb.shape == (48, 64, 3)
    assert rgb.flags.c_contiguous
    assert not np.shares_memory(rgb, buffer)


def test_red_is_red_in_every_format() -> None:
    red = np.zeros((32, 32, 3), np.uint8)
    red[..., 0] = 200
    for pixel_format in FORMATS:
        stride = 32 * 4
        rgb = to_rgb(_delivered(red, pixel_format, stride), pixel_format, (32, 32), stride)
        assert rgb[..., 0].mean() > 190, pixel_format
        assert rgb[..., 1:].max() < 12, pixel_format


def test_an_unknown_format_is_named_with_those_that_are_read() -> None:
    with pytest.raises(UnknownFormatError, match="SRGGB10_CSI2P is none of BGR888"):
        to_rgb(np.zeros(100, np.uint8), "SRGGB10_CSI2P", (4, 4), 8)


def test_too_few_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="95 bytes are too few for 8x8 NV12 in rows of 8"):
        to_rgb(np.zeros(95, np.uint8), "NV12", (8, 8), 8)
