"""Searches of a room in which nothing moves are spared, and nobody who comes is found later for it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.camera.video import VideoFile
from edge.settings.desk_toml import Camera
from edge.vision.body_detector import BodyDetector, Detail
from edge.vision.eye import Eye
from edge.vision.networks.model_store import ModelStore
from edge.vision.schedule import Schedule
from edge.vision.sightings import BodySighting, Look
from edge.vision.stillness import MOVED_FOR_S, SEARCH_AFTER_S, Stillness
from tests.worlds.worse_copies import COPIES, Copy

ROOM = cv2.resize(
    np.random.default_rng(5).integers(40, 200, (9, 16, 3), np.uint8),
    (1280, 720),
    interpolation=cv2.INTER_CUBIC,
).astype(np.uint8)
STEP_S = 0.1


def test_a_room_in_which_nobody_was_found_is_still_until_something_moves() -> None:
    stillness = Stillness()
    assert not stillness.still(ROOM, 0.0)
    stillness.found_nobody(ROOM, 0.0)
    assert stillness.still(ROOM, 0.2)
    someone = ROOM.copy()
    someone[300:460, 600:650] //= 2
    assert not stillness.still(someone, 0.4)
    assert not stillness.still(ROOM, 0.6), "who went out of the picture again may be half in it"


def test_a_still_room_is_searched_all_the_same_now_and_then() -> None:
    stillness = Stillness()
    stillness.found_nobody(ROOM, 0.0)
    assert stillness.still(ROOM, SEARCH_AFTER_S - STEP_S)
    assert not stillness.still(ROOM, SEARCH_AFTER_S)


def test_who_moved_in_is_searched_for_a_while_although_they_stand_still() -> None:
    stillness = Stillness()
    stillness.found_nobody(ROOM, 0.0)
    someone = ROOM.copy()
    someone[300:460, 600:650] //= 2
    for step in range(1, round(MOVED_FOR_S / STEP_S)):
        assert not stillness.still(someone, step * STEP_S)
        stillness.found_nobody(someone, step * STEP_S)
    assert stillness.still(someone, MOVED_FOR_S + 2 * STEP_S)


def test_where_somebody_is_no_search_is_spared() -> None:
    stillness = Stillness()
    stillness.found_nobody(ROOM, 0.0)
    stillness.found_somebody(0.1)
    assert not stillness.still(ROOM, 0.2)


def test_a_room_that_stays_as_it_is_is_made_sure_of_by_coarse_and_fine_looks_in_turn(
    models: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    details: list[tuple[float, Detail]] = []
    find, now_s = BodyDetector.find, 0.0

    def noted(self: BodyDetector, rgb: Pixels, detail: Detail) -> list[BodySighting]:
        details.append((now_s, detail))
        return find(self, rgb, detail)

    monkeypatch.setattr(BodyDetector, "find", noted)
    eye = Eye(Camera(name="c", watches="customers"), models, Schedule(budget_cores=0.8, measured=False))
    wall = np.full((720, 1280, 3), 120, np.uint8)
    someone = wall.copy()
    someone[300:460, 600:650] //= 2
    for step in range(66):
        now_s = step / 5
        eye.look(Frame(now_s, "c", step, someone if step == 65 else wall))
    assert [detail for _, detail in details[:5]] == [Detail.FINE, *[Detail.COARSE, Detail.FINE] * 2]
    assert details[5:] == [(13.0, Detail.FINE)], "what has changed is looked at finely, and at once"


@pytest.mark.parametrize("noise", [0.0, 4.0, 12.0])
@pytest.mark.parametrize("light", [1.0, 0.12])
def test_a_sensors_noise_is_no_change_by_daylight_and_a_person_is_one_in_the_dark(
    light: float, noise: float
) -> None:
    random = np.random.default_rng(3)

    def seen(rgb: Pixels) -> Pixels:
        return np.clip(rgb * light + random.normal(0.0, noise, rgb.shape), 0, 255).astype(np.uint8)

    stillness = Stillness()
    stillness.found_nobody(seen(ROOM), 0.0)
    if light == 1.0:
        assert stillness.still(seen(ROOM), 0.1)
    someone = ROOM.copy()
    someone[300:460, 600:650] //= 2
    assert not stillness.still(seen(someone), 0.2)


STEADY = ("as it is", "a quarter of the light", "an eighth of the light")
"""The copies in which an empty room stays the same from frame to frame."""

ARRIVALS = ((0.0, 7.5), (20.5, 24.0), (46.5, 51.5))
"""Stretches of approach_onebyone in which the room is empty, and then somebody comes in."""


@pytest.fixture(scope="module")
def arrivals(clips: Path) -> list[list[Frame]]:
    frames = list(VideoFile(clips / "approach_onebyone.mp4", "c"))
    return [[frame for frame in frames if begin_s <= frame.t_s <= end_s] for begin_s, end_s in ARRIVALS]


@pytest.fixture
def host_comes(clips: Path) -> list[Frame]:
    """An empty wall for 5 s, then the host's face is carried in from the side and stays."""
    faces = [frame.rgb for frame in VideoFile(clips / "smile_singleface.mp4", "c")][:45]
    height, width = faces[0].shape[:2]
    wall = np.full((height, width, 3), 90, np.uint8)
    frames = []
    for number in range(120):
        rgb = wall.copy()
        if number >= 75:
            shown = min(width, (number - 74) * width // 12)
            rgb[:, :shown] = faces[number - 75][:, width - shown :]
        frames.append(Frame(number / 15.0, "c", number, rgb))
    return frames


def _looks(frames: list[Frame], watches: str, copy: Copy, models: ModelStore) -> tuple[list[Look], float]:
    """What an eye sees, and how many runs a second of its searches that took."""
    schedule = Schedule(budget_cores=0.8, measured=False)
    eye = Eye(Camera.model_validate({"name": "c", "watches": watches}), models, schedule)
    looks = [
        eye.look(Frame(frame.t_s, frame.camera, frame.index, copy(frame.rgb, frame.index)))
        for frame in frames
    ]
    reached = schedule.reached_hz("c", frames[-1].t_s)
    return looks, reached["bodies" if watches == "customers" else "host_search"]


def _told(looks: list[Look]) -> list[str]:
    return [repr((look.t_s, look.bodies, look.host_mesh, look.host_sought, look.host_body)) for look in looks]


def _never_spare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stillness, "still", lambda *_: False)


@pytest.mark.parametrize("name", COPIES)
def test_who_comes_in_is_found_in_the_same_frame_as_without_sparing(
    name: str, arrivals: list[list[Frame]], models: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    spared = [_looks(frames, "customers", COPIES[name], models) for frames in arrivals]
    _never_spare(monkeypatch)
    for frames, (looks, hz) in zip(arrivals, spared, strict=True):
        all_looks, all_hz = _looks(frames, "customers", COPIES[name], models)
        assert any(look.bodies for look in all_looks)
        assert _told(looks) == _told(all_looks)
        assert hz < 0.8 * all_hz or name not in STEADY


@pytest.mark.parametrize("name", COPIES)
def test_a_host_who_comes_back_is_found_in_the_same_frame_as_without_sparing(
    name: str, host_comes: list[Frame], models: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, hz = _looks(host_comes, "staff", COPIES[name], models)
    _never_spare(monkeypatch)
    all_looks, all_hz = _looks(host_comes, "staff", COPIES[name], models)
    assert any(look.host_mesh for look in all_looks)
    assert _told(looks) == _told(all_looks)
    assert hz < 0.5 * all_hz or name not in STEADY
