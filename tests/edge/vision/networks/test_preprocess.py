import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.vision.networks.crops import Letterbox, Square
from edge.vision.networks.preprocess import ByteCanvas, FloatCanvas


def _gradient(width: int, height: int) -> np.ndarray:
    """Red grows with x, green with y: the place of a pixel can be read from it."""
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return np.stack([x, y, np.full_like(x, 128.0)], -1).astype(np.uint8)


@settings(max_examples=30)
@given(st.integers(100, 1400), st.integers(100, 900))
def test_what_a_letterboxed_pixel_shows_is_where_the_letterbox_says(width: int, height: int) -> None:
    picture = _gradient(width, height)
    box = Letterbox.centred((width, height), 128)
    tensor = FloatCanvas(128, low=0.0, high=1.0).place(picture, box)[0]
    inside = np.array([[box.left + box.width // 2, box.top + box.height // 2]])
    x, y = box.to_picture(inside + 0.5)[0]
    red, green, _ = tensor[inside[0, 1], inside[0, 0]] * 255
    assert red == pytest.approx(255 * (x - 0.5) / (width - 1), abs=4.0)
    assert green == pytest.approx(255 * (y - 0.5) / (height - 1), abs=4.0)


def test_what_the_picture_does_not_fill_is_black_even_after_a_picture_of_other_shape() -> None:
    canvas = FloatCanvas(128, low=-1.0, high=1.0)
    canvas.place(np.full((400, 200, 3), 255, np.uint8), Letterbox.centred((200, 400), 128))
    tensor = canvas.place(np.full((200, 400, 3), 255, np.uint8), Letterbox.centred((400, 200), 128))
    assert np.allclose(tensor[0, 32:96], 1.0)
    assert np.allclose(tensor[0, :32], -1.0)
    assert np.allclose(tensor[0, 96:], -1.0)


def test_bytes_reach_movenet_as_they_are() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (216, 384, 3), np.uint8)
    tensor = ByteCanvas(384, 224).place(picture, Letterbox.cornered((384, 216), (384, 224)))
    assert tensor.dtype == np.int32
    assert (tensor[0, :216] == picture).all()
    assert (tensor[0, 216:] == 0).all()


def test_a_shrunk_picture_keeps_its_mean() -> None:
    """No aliasing: every pixel of a 720p picture counts, also thin lines that fall between the samples."""
    picture = np.zeros((720, 1280, 3), np.uint8)
    picture[:, ::10] = 250
    tensor = ByteCanvas(128, 96).place(picture, Letterbox.cornered((1280, 720), (128, 96)))
    assert tensor[0, :72].mean() == pytest.approx(25.0, abs=2.0)


@pytest.mark.parametrize("angle", [0.0, 0.4, -2.0])
def test_what_a_cut_pixel_shows_is_where_the_square_says(angle: float) -> None:
    picture = _gradient(1280, 720)
    square = Square(640.0, 360.0, 300.0, angle)
    tensor = FloatCanvas(192, low=0.0, high=1.0).cut(picture, square)[0]
    x, y = square.to_picture(np.array([[40.5 / 192, 100.5 / 192]], np.float32))[0]
    assert tensor[100, 40, 0] * 255 == pytest.approx(255 * x / 1280, abs=1.5)
    assert tensor[100, 40, 1] * 255 == pytest.approx(255 * y / 720, abs=1.5)


def test_a_cut_reaches_outside_the_picture_by_repeating_its_edge_or_black() -> None:
    picture = np.full((100, 100, 3), 200, np.uint8)
    outside = Square(0.0, 50.0, 60.0)
    canvas = FloatCanvas(64, low=0.0, high=255.0)
    assert canvas.cut(picture, outside)[0, 32, 5, 0] == 200.0
    assert canvas.cut(picture, outside, cv2.BORDER_CONSTANT)[0, 32, 5, 0] == 0.0
