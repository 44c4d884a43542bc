"""For what share of an encounter a hand is at the host's face."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.camera.frame import Frame
from edge.face.perception import Perception
from edge.host.host_meter import HostMeter
from edge.vision.networks.model_store import ModelStore
from edge.vision.schedule import Schedule
from protocol.measurements import Posture, Quantity
from tests.worlds.host_figures import footage
from tests.worlds.host_figures.views import REST, Doing, Script

AT_CHIN, ON_DESK = replace(REST, hand_to_face=0.4), replace(REST, hand_to_face=1.8)


def posture(script: Script) -> Posture:
    measured = script.conduct().posture
    assert measured is not None
    return measured


def share(script: Script) -> Quantity:
    measured = posture(script).hand_at_face_share
    assert measured is not None
    return measured


def test_the_share_of_the_time_is_measured() -> None:
    measured = share(Script().do(ON_DESK, 6.0).do(AT_CHIN, 3.0).do(ON_DESK, 3.0))
    assert measured.value == pytest.approx(0.25, abs=0.02)
    assert measured.coverage == pytest.approx(1.0, abs=0.01)


def now_and_then(doing: Doing) -> Iterator[Doing]:
    """The pose is looked at on one frame of five."""
    while True:
        yield doing
        yield from (replace(doing, hand_to_face=None),) * 4


@pytest.mark.parametrize("minutes", [0.1, 3.0])
def test_a_pose_looked_at_three_times_a_second_is_enough_however_long_ago(minutes: float) -> None:
    away, near = now_and_then(ON_DESK), now_and_then(AT_CHIN)
    script = Script().do(lambda _: next(away), 30.0 * minutes).do(lambda _: next(near), 30.0 * minutes)
    assert share(script).value == pytest.approx(0.5, abs=0.05)
    assert share(script).coverage > 0.95


def test_a_hand_about_as_far_as_the_limit_leaves_the_share_unsure() -> None:
    clear, close = (
        share(Script().do(ON_DESK, 20.0)),
        share(Script().do(replace(REST, hand_to_face=0.72), 20.0)),
    )
    assert clear.value == close.value == 0.0
    assert close.se > 3 * clear.se


def test_a_recording_without_poses_gives_the_measurement_that_it_gave() -> None:
    before = posture(Script().do(REST, 5.0))
    assert before.hand_at_face_share is None
    assert "hand" not in before.model_dump_json()


def test_hands_at_chin_and_cheek_are_found_in_footage(clips: Path) -> None:
    """Seen by a person who looked at the clip: a hand at jaw or chin from 43.9 to 45.4 s and from 46.1 to 51.7 s."""
    perception, meter = Perception(footage.STAFF, ModelStore(), Schedule(8.0)), HostMeter(smile_measured=True)
    part = [(t_s, rgb) for t_s, rgb in footage.clip(clips / "lean_cap12.mp4") if 38.0 <= t_s <= 54.0][::3]
    for index, (t_s, rgb) in enumerate(part):
        meter.observe(perception.observe(Frame(t_s, "staff", index, rgb)), ())
    spans = {
        (38.0, 43.0): 0.0,
        (44.2, 45.2): 1.0,
        (46.5, 51.5): 1.0,
        (52.5, 54.0): 0.0,
        (38.0, 54.0): 7.1 / 16,
    }
    for (start_s, end_s), at_face in spans.items():
        measured = meter.conduct(start_s, end_s, (), work=None).posture
        assert measured is not None
        assert measured.hand_at_face_share is not None
        assert measured.hand_at_face_share.value == pytest.approx(at_face, abs=0.06), (start_s, end_s)
