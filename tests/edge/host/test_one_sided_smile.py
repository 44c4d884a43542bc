"""Where one side of a face is still, the side that moves smiles; where both are, neither does, however they waver."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from edge.face.followed_face import FollowedFace
from edge.face.host_view import host_view
from edge.host.host_meter import HostMeter
from edge.observation import Estimate, FrameSeen, HostView
from edge.settings.desk_toml import Camera, Lens, Mount
from edge.vision.sightings import MeshSighting
from protocol.measurements import Smile
from tests.worlds.host_figures.head import Head, mesh
from tests.worlds.host_figures.views import REST, Doing, Script, view

RATE_HZ = 15.0
LIFT_CM = 1.17
FRAME = (1280, 720)
BLACK = np.zeros((720, 1280, 3), np.uint8)
CAMERA = Camera(
    name="staff",
    watches="staff",
    lens=Lens(horizontal_view_deg=66),
    mount=Mount(y_m=0.1, height_m=1.2, yaw_deg=180),
)


def seen(*stretches: tuple[Head, float], jitter_px: float = 0.2) -> Iterator[tuple[float, HostView]]:
    """What a camera measures of heads shown for so many seconds each."""
    random = np.random.default_rng(16)
    followed, frame = FollowedFace(), 0
    for head, seconds in stretches:
        sighting = mesh(head, CAMERA, FRAME)
        for _ in range(round(seconds * RATE_HZ)):
            points = sighting.points + random.normal(0, jitter_px, sighting.points.shape)
            drawn = MeshSighting(points.astype(np.float32), sighting.presence)
            t_s, frame = frame / RATE_HZ, frame + 1
            measured = host_view(drawn, None, None, BLACK, CAMERA, FRAME, followed=followed, t_s=t_s)
            assert measured is not None
            yield t_s, measured


def smile_of(*stretches: tuple[Head, float]) -> Smile:
    meter, last_s = HostMeter(smile_measured=True), 0.0
    for t_s, measured in seen(*stretches):
        meter.observe(FrameSeen(t_s, "staff", host=measured, host_sought=True), ())
        last_s = t_s
    smile = meter.conduct(0.0, last_s, (), work=None).smile
    assert smile is not None
    return smile


@pytest.mark.parametrize(
    "smiling",
    [
        Head(lift_left_cm=LIFT_CM, wider_cm=1.0),
        Head(lift_right_cm=LIFT_CM, wider_cm=1.0),
        Head(lift_left_cm=LIFT_CM, lift_right_cm=LIFT_CM, wider_cm=2.0),
    ],
    ids=["left", "right", "both"],
)
def test_a_face_smiles_as_high_as_the_side_that_moves(smiling: Head) -> None:
    smile = smile_of((Head(), 22.0), (smiling, 2.0))
    assert smile.onset_s == pytest.approx(22.0, abs=0.1)
    assert smile.median_lift_cm is not None
    assert smile.median_lift_cm.value == pytest.approx(LIFT_CM, abs=0.08)


@pytest.mark.parametrize("lift_cm", [0.38, 0.45, 0.6])
@pytest.mark.parametrize("side", [1, -1])
def test_a_gentle_smile_of_one_side_is_one(lift_cm: float, side: int) -> None:
    script = Script().do(REST, 30.0)
    begun_s = script.t_s
    smile = script.do(Doing(one_sided_cm=side * lift_cm, wider_cm=0.3), 3.0).conduct().smile
    assert smile is not None
    assert smile.onset_s == pytest.approx(begun_s, abs=0.1)
    assert smile.median_lift_cm is not None
    assert smile.median_lift_cm.value == pytest.approx(lift_cm, abs=0.05)


@pytest.mark.parametrize("lower_cm", [0.6, 0.75, 0.9])
def test_a_smile_of_both_sides_is_the_mean_of_both(lower_cm: float) -> None:
    script = Script().do(REST, 30.0).do(Doing(lift_cm=lower_cm, one_sided_cm=0.9 - lower_cm), 2.0)
    assert script.now.lift_cm is not None
    assert script.now.lift_cm.value == pytest.approx((0.9 + lower_cm) / 2, abs=0.02)


@pytest.mark.parametrize("wavers_cm", [0.06, 0.10, 0.15])
def test_the_larger_of_two_still_corners_that_waver_is_no_lift(wavers_cm: float) -> None:
    """The larger of two numbers about nothing is above it by .56 of what each wavers by; of that hardly anything may be left."""
    random = np.random.default_rng(4)
    meter, lifts = HostMeter(smile_measured=True), []
    for frame in range(int(120 * RATE_HZ)):
        left, right = random.normal(0.0, wavers_cm, 2).tolist()
        wavering = replace(
            view(REST), lift_left_cm=Estimate(left, wavers_cm), lift_right_cm=Estimate(right, wavers_cm)
        )
        now = meter.observe(FrameSeen(frame / RATE_HZ, "staff", host=wavering, host_sought=True), ())
        assert not now.smiling
        if frame > 30 * RATE_HZ and now.lift_cm is not None:
            lifts.append(now.lift_cm.value)
    assert np.mean(lifts) == pytest.approx(0.0, abs=max(0.01, 0.1 * wavers_cm))


def test_a_side_that_half_follows_leaves_it_unsure_how_high_the_smile_is() -> None:
    clear = Script().do(REST, 30.0).do(Doing(one_sided_cm=1.0, wider_cm=1.0), 2.0).now.lift_cm
    half = Script().do(REST, 30.0).do(Doing(lift_cm=0.4, one_sided_cm=0.6, wider_cm=1.0), 2.0).now.lift_cm
    assert clear is not None
    assert half is not None
    assert 0.7 < half.value < 1.0
    assert half.se > 1.3 * clear.se
    assert half.value + 1.645 * half.se > 1.0


def test_what_is_unsure_of_a_one_sided_smile_is_in_what_the_visit_says() -> None:
    clear = Script().do(REST, 30.0).do(Doing(one_sided_cm=1.0, wider_cm=1.0), 2.0).conduct().smile
    half = Script().do(REST, 30.0).do(Doing(lift_cm=0.4, one_sided_cm=0.6, wider_cm=1.0), 2.0).conduct().smile
    assert clear is not None
    assert half is not None
    assert clear.peak_lift_cm is not None
    assert half.peak_lift_cm is not None
    assert half.peak_lift_cm.se > 1.3 * clear.peak_lift_cm.se
