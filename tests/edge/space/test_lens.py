"""Pixels and rays are two names of one thing."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from edge.settings.desk_toml import Camera, Lens
from edge.space.lens import focal_px, pixels, rays, square_to

SIZE = (1280, 720)


def test_the_middle_of_the_picture_looks_along_the_optical_axis() -> None:
    assert rays(Lens(), SIZE, (640.0, 360.0)) == pytest.approx([0.0, 0.0], abs=1e-12)


@pytest.mark.parametrize("lens", [Lens(), Lens(k1=-0.12, k2=0.02), Lens(horizontal_view_deg=102.0, k1=-0.05)])
def test_the_edges_of_the_picture_are_the_angle_of_view_apart_whatever_the_distortion(lens: Lens) -> None:
    left, right = rays(lens, SIZE, np.array([[0.0, 360.0], [1280.0, 360.0]]))
    seen_deg = math.degrees(math.atan(right[0]) - math.atan(left[0]))
    assert seen_deg == pytest.approx(lens.horizontal_view_deg, abs=1e-6)


def test_the_focal_length_of_the_camera_module_3_at_720p() -> None:
    assert focal_px(Lens(), (1280, 720)) == pytest.approx(985.5, abs=0.1)


@pytest.mark.parametrize("lens", [Lens(), Lens(horizontal_view_deg=102.0, k1=-0.05)])
def test_a_portrait_picture_has_its_angle_of_view_along_its_longer_side(lens: Lens) -> None:
    upright = (720, 1280)
    top, bottom = rays(lens, upright, np.array([[360.0, 0.0], [360.0, 1280.0]]))
    seen_deg = math.degrees(math.atan(bottom[1]) - math.atan(top[1]))
    assert seen_deg == pytest.approx(lens.horizontal_view_deg, abs=1e-6)
    assert focal_px(lens, upright) == pytest.approx(focal_px(lens, SIZE)), "a metre away is a metre away"


def test_a_lens_that_leaves_a_corner_without_a_ray_is_refused_for_portrait_pictures_too() -> None:
    for width, height in ((1280, 720), (720, 1280)):
        with pytest.raises(ValidationError, match="no light reaches the picture's corners"):
            Camera(
                name="front",
                watches="customers",
                width=width,
                height=height,
                lens=Lens(horizontal_view_deg=120.0, k1=-0.12),
            )


@given(
    x=st.floats(0, 1280),
    y=st.floats(0, 720),
    view_deg=st.floats(30, 100),
    k1=st.floats(-0.1, 0.1),
    k2=st.floats(-0.01, 0.01),
)
@example(x=0.0, y=0.0, view_deg=31.0, k1=-2.2e-309, k2=0.0).via("next to no distortion")
@example(x=0.0, y=0.0, view_deg=98.0, k1=-0.09375, k2=-0.0078125).via("no ray falls on the corner")
def test_a_pixel_of_any_lens_that_the_settings_allow_survives_the_way_to_a_ray_and_back(
    x: float, y: float, view_deg: float, k1: float, k2: float
) -> None:
    lens = Lens(horizontal_view_deg=view_deg, k1=k1, k2=k2)
    try:
        Camera(name="front", watches="customers", width=SIZE[0], height=SIZE[1], lens=lens)
    except ValidationError as error:
        assert "no light reaches the picture's corners" in str(error)
        corner = rays(lens, SIZE, (0.0, 0.0))
        assert math.dist(pixels(lens, SIZE, corner), (0.0, 0.0)) > 0.0, "refused for a reason"
        return
    there_and_back = pixels(lens, SIZE, rays(lens, SIZE, (x, y)))
    assert there_and_back == pytest.approx([x, y], abs=0.05)


@given(x=st.floats(-0.6, 0.6), y=st.floats(-0.4, 0.4))
def test_something_that_faces_the_camera_keeps_its_size_when_it_moves_out_of_the_middle(
    x: float, y: float
) -> None:
    towards = np.array([x, y, 1.0]) / math.sqrt(x * x + y * y + 1.0)
    across = np.cross(towards, [0.0, 1.0, 0.0])
    ends = [2.0 * towards + side * 0.1 * across / np.linalg.norm(across) for side in (-1.0, 1.0)]
    seen = square_to((x, y), np.array([end[:2] / end[2] for end in ends]))
    assert math.dist(*seen) == pytest.approx(0.2 / 2.0)
