"""A face keeps its size whatever its eyes do."""

from dataclasses import replace

import numpy as np
import pytest

from edge.face.followed_face import FollowedFace
from edge.face.host_view import host_view
from edge.host.host_meter import HostMeter
from edge.observation import FrameSeen, HostView
from edge.settings.desk_toml import Camera, Lens, Mount
from edge.vision.sightings import MeshSighting
from tests.worlds.host_figures.head import Head, mesh
from tests.worlds.host_figures.leaning import leans

FRAME = (1280, 720)
BLACK = np.zeros((720, 1280, 3), np.uint8)
CAMERA = Camera(
    name="staff",
    watches="staff",
    lens=Lens(horizontal_view_deg=66),
    mount=Mount(y_m=0.1, height_m=1.2, yaw_deg=180),
)
RATE_HZ = 15.0
JITTER_PX = 0.3


def looked_at(*stretches: tuple[Head, float], jitter_px: float = 0.0) -> list[tuple[float, HostView]]:
    """What a camera measures of heads shown for so many seconds each."""
    random = np.random.default_rng(8)
    followed = FollowedFace()
    seen: list[tuple[float, HostView]] = []
    for head, seconds in stretches:
        for _ in range(round(seconds * RATE_HZ)):
            t_s = len(seen) / RATE_HZ
            sighting = mesh(head, CAMERA, FRAME)
            points = sighting.points + random.normal(0, jitter_px, sighting.points.shape)
            drawn = MeshSighting(points.astype(np.float32), sighting.presence)
            view = host_view(drawn, None, None, BLACK, CAMERA, FRAME, followed=followed, t_s=t_s)
            assert view is not None
            seen.append((t_s, view))
    return seen


def sizes(view: HostView) -> tuple[float, float]:
    assert view.px_per_cm is not None
    assert view.distance_m is not None
    return view.px_per_cm, view.distance_m.value


@pytest.mark.parametrize("yaw", [0.0, 20.0])
@pytest.mark.parametrize("eyes", [-40.0, -30.0, -20.0, -10.0, 10.0, 20.0, 30.0, 40.0])
def test_eyes_that_turn_leave_the_face_as_large_and_as_far_as_it_is(eyes: float, yaw: float) -> None:
    head = Head(yaw_deg=yaw)
    ahead = sizes(looked_at((head, 0.1))[0][1])
    aside = sizes(looked_at((replace(head, eyes_right_deg=eyes), 0.1))[0][1])
    assert aside == pytest.approx(ahead, rel=0.02)


@pytest.mark.parametrize("opening", [0.2, 0.15, 0.1, 0.05, 0.0])
def test_lids_that_close_leave_it_so_too(opening: float) -> None:
    view = looked_at((Head(), 5.0), (Head(lids_open_share=opening), 1.0))
    assert sizes(view[-1][1]) == pytest.approx(sizes(view[60][1]), rel=0.01)


def test_nobody_leans_who_only_moves_their_eyes() -> None:
    head = Head(unit_cm=1.05)
    aside, up, shut = (
        replace(head, eyes_right_deg=38.0),
        replace(head, eyes_right_deg=-30.0, eyes_up_deg=12.0),
        replace(head, lids_open_share=0.03),
    )
    stretches = [(head, 3.0), (aside, 3.0), (head, 2.0), (shut, 1.0), (up, 3.0)] * 3
    meter = HostMeter(smile_measured=True)
    nows = [
        meter.observe(FrameSeen(t_s, "staff", host=view, host_sought=True), ())
        for t_s, view in looked_at(*stretches, jitter_px=JITTER_PX)
    ]
    assert max(abs(now.lean_deg.value) for now in nows if now.lean_deg is not None) < 2.0
    assert leans(nows) == ()


@pytest.mark.parametrize("unit_cm", [0.88, 0.96, 1.04])
def test_the_pool_comes_nearer_to_the_truth_than_its_first_frame(unit_cm: float) -> None:
    seen = looked_at((Head(unit_cm=unit_cm), 60.0), jitter_px=JITTER_PX)
    first, last = (view.distance_m for view in (seen[0][1], seen[-1][1]))
    assert first is not None
    assert last is not None
    assert last.se < first.se
    assert last.value == pytest.approx(0.7, abs=1.645 * last.se)


def test_closed_eyes_have_no_gaze() -> None:
    seen = looked_at((Head(), 1.0), (Head(lids_open_share=0.02), 1.0))
    (_, both), (_, shut) = seen[0], seen[-1]
    assert both.gaze_yaw_deg is not None
    assert (shut.gaze_yaw_deg, shut.gaze_pitch_deg) == (None, None)
    assert shut.head_yaw_deg is not None
