"""Heads of known geometry before a camera on the desk: what is measured has the sign, the side and the size it should have."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge.face.host_view import host_view
from edge.observation import Estimate, HostView
from edge.settings.desk_toml import Camera, Lens, Mount
from edge.vision.sightings import MeshSighting, PoseSighting
from tests.worlds.host_figures.head import Head, gaze, mesh

FRAME = (1280, 720)
BLACK = np.zeros((720, 1280, 3), np.uint8)
DESK_CAMERA = Camera(
    name="staff",
    watches="staff",
    lens=Lens(horizontal_view_deg=66),
    mount=Mount(x_m=0.1, y_m=0.1, height_m=1.1, yaw_deg=180, pitch_deg=10, roll_deg=2),
)


def measured(head: Head, camera: Camera = DESK_CAMERA) -> HostView:
    view = host_view(mesh(head, camera, FRAME), None, None, BLACK, camera, FRAME)
    assert view is not None
    return view


def value(estimate: Estimate | None) -> float:
    assert estimate is not None
    return estimate.value


def test_a_host_who_faces_the_customers_has_no_yaw_pitch_or_roll() -> None:
    view = measured(Head())
    assert value(view.head_yaw_deg) == pytest.approx(0.0, abs=3)
    assert value(view.head_pitch_deg) == pytest.approx(0.0, abs=3)
    assert value(view.head_roll_deg) == pytest.approx(0.0, abs=3)


@given(yaw=st.floats(-40, 40), pitch=st.floats(-25, 25), roll=st.floats(-15, 15), x=st.floats(-0.25, 0.25))
def test_the_heads_pose_is_told_wherever_it_is(yaw: float, pitch: float, roll: float, x: float) -> None:
    view = measured(Head(place_m=(x, -0.6, 1.25), yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll))
    assert value(view.head_yaw_deg) == pytest.approx(yaw, abs=5)
    assert value(view.head_pitch_deg) == pytest.approx(pitch, abs=5)
    assert value(view.head_roll_deg) == pytest.approx(roll, abs=7)


@given(yaw=st.floats(-25, 25), right=st.floats(-20, 20), up=st.floats(-15, 10), pitch=st.floats(-15, 10))
def test_the_gaze_is_the_heads_turn_and_the_eyes_together(
    yaw: float, right: float, up: float, pitch: float
) -> None:
    head = Head(yaw_deg=yaw, pitch_deg=pitch, eyes_right_deg=right, eyes_up_deg=up)
    x, y, z = gaze(head)
    view = measured(head)
    assert value(view.gaze_yaw_deg) == pytest.approx(np.degrees(np.arctan2(x, y)), abs=7)
    assert value(view.gaze_pitch_deg) == pytest.approx(np.degrees(np.arcsin(z)), abs=7)


@pytest.mark.parametrize("turn", [-40, -25, -15, 15, 25, 40])
@pytest.mark.parametrize("camera_yaw", [150, 180, 210])
def test_a_turn_of_15_degrees_has_its_side_from_whichever_side_the_camera_looks(
    turn: float, camera_yaw: float
) -> None:
    mount = Mount(
        x_m=0.0, y_m=0.1, height_m=1.1, yaw_deg=camera_yaw if camera_yaw <= 180 else camera_yaw - 360
    )
    aside = 0.7 * np.tan(np.radians(camera_yaw - 180))
    camera = DESK_CAMERA.model_copy(update={"mount": mount.model_copy(update={"x_m": aside})})
    view = measured(Head(yaw_deg=turn), camera)
    assert np.sign(value(view.head_yaw_deg)) == np.sign(turn)
    assert value(view.head_yaw_deg) == pytest.approx(turn, abs=8)


def test_a_staff_camera_that_says_nothing_of_its_yaw_looks_at_the_host() -> None:
    silent = Camera(name="staff", watches="staff", mount=Mount(y_m=0.1, height_m=1.25))
    seen = mesh(
        Head(yaw_deg=20),
        DESK_CAMERA.model_copy(update={"mount": Mount(y_m=0.1, height_m=1.25, yaw_deg=180)}),
        FRAME,
    )
    view = host_view(seen, None, None, BLACK, silent, FRAME)
    assert view is not None
    assert value(view.head_yaw_deg) == pytest.approx(20, abs=5)


def test_the_mirror_image_of_a_host_is_measured_as_the_mirror_image() -> None:
    camera = Camera(name="staff", watches="staff", mount=Mount(y_m=0.1, height_m=1.2, yaw_deg=180))
    head = Head(
        place_m=(0.12, -0.6, 1.25),
        yaw_deg=20,
        roll_deg=8,
        eyes_right_deg=10,
        lift_left_cm=0.8,
        lift_right_cm=0.3,
    )
    mirrored = replace(
        head,
        place_m=(-0.12, -0.6, 1.25),
        yaw_deg=-20,
        roll_deg=-8,
        eyes_right_deg=-10,
        lift_left_cm=0.3,
        lift_right_cm=0.8,
    )
    one, other = measured(head, camera), measured(mirrored, camera)
    assert value(one.head_yaw_deg) == pytest.approx(-value(other.head_yaw_deg), abs=0.1)
    assert value(one.head_roll_deg) == pytest.approx(-value(other.head_roll_deg), abs=0.1)
    assert value(one.gaze_yaw_deg) == pytest.approx(-value(other.gaze_yaw_deg), abs=0.1)
    assert value(one.lift_left_cm) == pytest.approx(value(other.lift_right_cm), abs=0.01)


@pytest.mark.parametrize("lift", [0.3, 0.6, 1.0])
@pytest.mark.parametrize(("yaw", "pitch"), [(0, 0), (15, 0), (-15, 0), (0, 15), (0, -15), (12, -12)])
def test_a_lift_is_the_same_whatever_way_the_head_is_turned(lift: float, yaw: float, pitch: float) -> None:
    turned = Head(yaw_deg=yaw, pitch_deg=pitch)
    raised, rest = measured(turned.smiling(lift)), measured(turned)
    for side in ("lift_left_cm", "lift_right_cm"):
        assert value(getattr(raised, side)) - value(getattr(rest, side)) == pytest.approx(lift, abs=0.15)


def test_one_raised_corner_is_on_the_persons_own_side() -> None:
    view, rest = measured(Head(lift_left_cm=0.8)), measured(Head())
    assert value(view.lift_left_cm) - value(rest.lift_left_cm) > 0.6
    assert value(view.lift_right_cm) - value(rest.lift_right_cm) < 0.1


@given(distance=st.floats(0.45, 1.5), x=st.floats(-0.2, 0.2), z=st.floats(1.0, 1.45))
@example(distance=0.453125, x=-0.125, z=1.4375).via("the head is above the picture")
def test_the_eyes_are_where_they_are_unless_the_picture_ends_before_them(
    distance: float, x: float, z: float
) -> None:
    seen = mesh(Head(place_m=(x, 0.1 - distance, z)), DESK_CAMERA, FRAME)
    view = host_view(seen, None, None, BLACK, DESK_CAMERA, FRAME)
    eyes_px = seen.points[[33, 133, 362, 263], :2].mean(axis=0)
    if not ((eyes_px >= 0) & (eyes_px < FRAME)).all():
        assert view is None
        return
    assert view is not None
    assert view.eyes_m == pytest.approx((x, 0.1 - distance, z), abs=0.08 * distance + 0.02)


def test_an_angle_of_a_small_face_is_less_sure() -> None:
    level = DESK_CAMERA.model_copy(update={"mount": Mount(y_m=0.1, height_m=1.25, yaw_deg=180)})
    near, far = measured(Head(), level), measured(Head(place_m=(0.0, -2.4, 1.25)), level)
    for field in ("gaze_yaw_deg", "head_yaw_deg", "mouth_open_cm"):
        assert getattr(far, field).se > getattr(near, field).se


def test_nothing_seen_of_the_host_is_no_view() -> None:
    assert host_view(None, None, None, BLACK, DESK_CAMERA, FRAME) is None


def test_points_that_coincide_are_no_face() -> None:
    degenerate = MeshSighting(np.full((478, 3), 100.0, np.float32), 1.0)
    assert host_view(degenerate, None, None, BLACK, DESK_CAMERA, FRAME) is None


def test_a_trunk_that_leans_towards_the_customers_leans_forward() -> None:
    points = np.ones((33, 4), np.float32)
    world = np.zeros((33, 3), np.float32)
    # Before a camera that looks at the host, towards the customers is towards the camera: away is negative.
    world[[11, 12]] = (0.0, -0.5 * np.cos(np.radians(20)), -0.5 * np.sin(np.radians(20)))
    level = DESK_CAMERA.model_copy(update={"mount": Mount(yaw_deg=180)})
    view = host_view(None, PoseSighting(points, world, 1.0), None, BLACK, level, FRAME)
    assert view is not None
    assert value(view.lean_deg) == pytest.approx(20, abs=1)


def test_a_cameras_tilt_is_no_lean() -> None:
    points = np.ones((33, 4), np.float32)
    world = np.zeros((33, 3), np.float32)
    world[[11, 12]] = (0.0, -0.5 * np.cos(np.radians(15)), 0.5 * np.sin(np.radians(15)))
    up = DESK_CAMERA.model_copy(update={"mount": Mount(yaw_deg=180, pitch_deg=15)})
    view = host_view(None, PoseSighting(points, world, 1.0), None, BLACK, up, FRAME)
    assert view is not None
    assert value(view.lean_deg) == pytest.approx(0, abs=1)


def test_hips_behind_a_desk_tell_no_lean() -> None:
    points = np.ones((33, 4), np.float32)
    points[[23, 24], 3] = 0.1
    world = np.zeros((33, 3), np.float32)
    world[[11, 12]] = (0.0, -0.5, 0.0)
    view = host_view(None, PoseSighting(points, world, 1.0), None, BLACK, DESK_CAMERA, FRAME)
    assert view is not None
    assert view.lean_deg is None


def test_a_view_holds_numbers_and_no_picture_or_landmarks() -> None:
    view = measured(Head())
    for field in fields(view):
        held = getattr(view, field.name)
        parts = (
            [getattr(held, part.name) for part in fields(held)]
            if hasattr(held, "__dataclass_fields__")
            else held
        )
        for part in parts if isinstance(parts, list | tuple) else [parts]:
            assert part is None or type(part) is float
