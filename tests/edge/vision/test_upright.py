"""Which way up a picture is shows in the people in it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.camera.video import VideoFile
from edge.vision.body_detector import MODEL, BodyDetector, Detail
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from edge.vision.sightings import BodySighting
from edge.vision.upright import UprightCheck, camera_mend, clip_mend, how_it_stands, look_through
from tests.worlds.drawn_people import body


@pytest.fixture(scope="module")
def detector() -> BodyDetector:
    return BodyDetector(Network(ModelStore().session(MODEL)))


def turned(path: Path, quarters: int) -> Iterator[Frame]:
    """The clip as a camera shows it that must be turned so many quarters to the left."""
    for frame in VideoFile(path, "door"):
        yield replace(frame, rgb=np.ascontiguousarray(np.rot90(frame.rgb, -quarters)))


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize(
    "clip", ["smile_singleface.mp4", "lean_cap12.mp4", "approach_walkpause.gif", "approach_storeaisle.gif"]
)
def test_people_near_and_far_show_which_way_up_a_picture_is(
    clip: str, quarters: int, clips: Path, detector: BodyDetector
) -> None:
    check = UprightCheck(detector.find)
    look_through(turned(clips / clip, quarters), check, within_s=60.0)
    assert check.quarters == quarters


def test_an_empty_room_shows_nothing_of_it(clips: Path, detector: BodyDetector) -> None:
    check = UprightCheck(detector.find)
    look_through(islice(VideoFile(clips / "approach_onebyone.mp4", "door"), 20), check, within_s=60.0)
    assert (check.looks, check.quarters) == (0, None)


def test_one_picture_is_not_enough() -> None:
    def find(rgb: Pixels, detail: Detail) -> list[BodySighting]:
        assert detail is Detail.COARSE
        return [body(score=0.6)] if rgb[0, 0, 0] else []

    standing_on_its_head = np.zeros((4, 4, 3), np.uint8)
    standing_on_its_head[-1, -1] = 255
    check = UprightCheck(find)
    told = []
    for _ in range(3):
        check.look(standing_on_its_head)
        told.append(check.quarters)
    assert told == [None, None, 2]


@pytest.mark.parametrize(
    ("quarters", "wrong", "camera", "clip"),
    [
        (1, "a quarter to the right", "upright", "transpose=2"),
        (2, "on their heads", "rotation = 180", "hflip,vflip"),
        (3, "a quarter to the left", "upright", "transpose=1"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(quarters: int, wrong: str, camera: str, clip: str) -> None:
    assert wrong in how_it_stands(quarters)
    assert camera in camera_mend(quarters)
    assert clip in clip_mend(quarters)
