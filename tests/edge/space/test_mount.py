"""Camera axes turn into the desk's frame by where the camera stands and how it is turned."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.settings.desk_toml import Mount
from edge.space.mount import (
    level_axes,
    point_in_desk_frame_m,
    roll_deg,
    to_desk,
    yaw_pitch_deg,
)

AHEAD = (0.0, 0.0, 1.0)
RIGHT = (1.0, 0.0, 0.0)


def test_a_camera_that_looks_straight_out_has_its_right_on_the_hosts_right_and_its_down_below() -> None:
    assert point_in_desk_frame_m(Mount(height_m=1.5), (1.0, 0.5, 3.0)) == pytest.approx([1.0, 3.0, 1.0])


def test_a_camera_that_looks_at_the_host_sees_them_behind_the_desks_edge() -> None:
    place = point_in_desk_frame_m(Mount(x_m=0.2, y_m=0.1, height_m=1.2, yaw_deg=180.0), (0.3, 0.0, 0.8))
    assert place == pytest.approx([-0.1, -0.7, 1.2])


@given(yaw=st.floats(-179, 179), pitch=st.floats(-85, 85), roll=st.floats(-45, 45))
def test_the_optical_axis_looks_where_the_mount_says(yaw: float, pitch: float, roll: float) -> None:
    mount = Mount(yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll)
    assert yaw_pitch_deg(*to_desk(mount) @ AHEAD) == pytest.approx((yaw, pitch), abs=1e-6)
    assert roll_deg(yaw, pitch, *to_desk(mount) @ RIGHT) == pytest.approx(roll, abs=1e-6)
    assert to_desk(mount) @ to_desk(mount).T == pytest.approx(np.eye(3), abs=1e-12)


def test_a_camera_rolled_to_the_right_has_its_right_side_sunk() -> None:
    assert (to_desk(Mount(roll_deg=10.0)) @ RIGHT)[2] < 0


@given(yaw=st.floats(-80, 80), pitch=st.floats(-60, 60))
def test_a_host_who_looks_at_the_camera_faces_against_its_axis(yaw: float, pitch: float) -> None:
    staff_camera = Mount(yaw_deg=180.0)
    right, up = level_axes(yaw, pitch)
    forward = np.cross(up, right)
    into_camera = to_desk(staff_camera).T
    assert (into_camera @ forward)[2] < 0
    assert yaw_pitch_deg(*forward) == pytest.approx((yaw, pitch), abs=1e-6)
    assert roll_deg(yaw, pitch, *right) == pytest.approx(0.0, abs=1e-6)
