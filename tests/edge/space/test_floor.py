"""A pixel of the floor is a place, if the camera's height is known and the pixel looks down."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.settings.desk_toml import Camera, Lens, Mount
from edge.space.floor import footing
from tests.worlds.people import ON_THE_DESK, SIZE, UNKNOWN, project


@given(
    x_m=st.floats(-1.5, 1.5), y_m=st.floats(2.6, 8.0), roll_deg=st.floats(-5, 5), yaw_deg=st.floats(-10, 10)
)
def test_a_point_of_the_floor_is_found_again(x_m: float, y_m: float, roll_deg: float, yaw_deg: float) -> None:
    mount = Mount(x_m=0.4, y_m=-0.2, height_m=1.6, pitch_deg=-15.0, roll_deg=roll_deg, yaw_deg=yaw_deg)
    camera = Camera(
        name="front", watches="customers", lens=Lens(horizontal_view_deg=80.0, k1=-0.05), mount=mount
    )
    x_px, y_px = project(np.array([[x_m, y_m, 0.0]]), camera, SIZE)[0]
    found = footing(camera, SIZE, (x_px, y_px), pixel_se=2.0)
    assert found is not None
    assert (found.place.x_m, found.place.y_m) == pytest.approx((x_m, y_m), abs=0.02)


def test_nothing_is_said_of_the_floor_when_the_cameras_height_is_not_known() -> None:
    assert footing(UNKNOWN, SIZE, (640.0, 700.0), pixel_se=2.0) is None


def test_a_pixel_above_the_horizon_shows_no_floor() -> None:
    assert footing(ON_THE_DESK, SIZE, (640.0, 100.0), pixel_se=2.0) is None


def test_the_error_grows_with_the_distance_and_is_never_smaller_than_tilt_and_pixel_make_it() -> None:
    near, far = (
        footing(
            ON_THE_DESK, SIZE, tuple(project(np.array([[0.0, y_m, 0.0]]), ON_THE_DESK, SIZE)[0]), pixel_se=3.0
        )
        for y_m in (2.5, 6.0)
    )
    assert near is not None
    assert far is not None
    assert near.place.se_m < far.place.se_m / 3
    # One degree of tilt at 6 m under a camera 1.35 m high: 6.15 m of slope by height, times the angle.
    assert far.place.se_m > 0.0175 * 6.0**2 / 1.35


@pytest.mark.parametrize("error_deg", [-1.0, 1.0])
def test_a_tilt_that_is_a_degree_off_stays_within_twice_the_stated_error(error_deg: float) -> None:
    really = ON_THE_DESK.model_copy(update={"mount": Mount(height_m=1.35, pitch_deg=-8.0 + error_deg)})
    seen = tuple(project(np.array([[0.5, 4.0, 0.0]]), really, SIZE)[0])
    found = footing(ON_THE_DESK, SIZE, seen, pixel_se=2.0)
    assert found is not None
    assert abs(found.place.y_m - 4.0) < 2 * found.place.se_m
