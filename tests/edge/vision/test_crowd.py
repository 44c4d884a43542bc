"""More people than the network gives of one picture: real ones, cut out in memory and placed side by side."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.arrays import Pixels
from edge.camera.opening import open_source
from edge.settings.desk_toml import Camera
from edge.vision.body_detector import MODEL, BodyDetector
from edge.vision.body_memory import BodyMemory
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network

PICTURE = (1280, 720)
STANDING_AT_S = (15.0, 33.0, 56.0)
FOCAL_PX = 985.0
"""Of a 66 degree view."""
STATURE_M = 1.7
FAR_M = (2.5, 4.0, 3.0, 5.0, 3.5, 4.5, 2.8, 4.2)


@pytest.fixture(scope="module")
def detector() -> BodyDetector:
    return BodyDetector(Network(ModelStore().session(MODEL, 1)))


@pytest.fixture(scope="module")
def people(clips: Path, detector: BodyDetector) -> list[Pixels]:
    """Three people who stand whole in the picture, cut out."""
    cut = []
    wanted = list(STANDING_AT_S)
    for frame in open_source(
        Camera(name="customers", watches="customers", source=str(clips / "approach_onebyone.mp4"))
    ):
        if wanted and frame.t_s >= wanted[0]:
            wanted.pop(0)
            (body, *_) = detector.find(frame.rgb)
            left, top, right, bottom = (round(side) for side in body.box_px)
            cut.append(frame.rgb[max(0, top - 4) : bottom + 4, max(0, left - 6) : right + 6].copy())
    return cut


def placed(people: list[Pixels], far_m: tuple[float, ...]) -> Pixels:
    """People in a row, as tall as they look from so far away, before a wall."""
    picture = np.full((PICTURE[1], PICTURE[0], 3), 150, np.uint8)
    room = PICTURE[0] / len(far_m)
    for number, away_m in sorted(enumerate(far_m), key=lambda each: -each[1]):
        person = people[number % len(people)]
        person = person[:, ::-1] if number % 2 else person
        height = min(round(FOCAL_PX * STATURE_M / away_m), PICTURE[1] - 20)
        width = min(round(person.shape[1] * height / person.shape[0]), round(1.3 * room))
        left = min(max(0, round((number + 0.5) * room - width / 2)), PICTURE[0] - width)
        bottom = min(PICTURE[1] - 5, round(PICTURE[1] * 0.45 + FOCAL_PX * 1.2 / away_m))
        top = max(0, bottom - height)
        picture[top:bottom, left : left + width] = cv2.resize(person, (width, bottom - top))
    return picture


def test_eight_people_at_two_to_five_metres_are_eight(detector: BodyDetector, people: list[Pixels]) -> None:
    picture = placed(people, FAR_M)
    believed = BodyMemory().believe(detector.find(picture), PICTURE, 0.0)
    assert len(believed) == 8
    middles = sorted((body.box_px[0] + body.box_px[2]) / 2 for body in believed)
    for number, middle in enumerate(middles):
        assert middle == pytest.approx((number + 0.5) * PICTURE[0] / 8, abs=60)


@pytest.mark.parametrize("count", [3, 5, 6])
def test_fewer_people_are_as_many_as_they_are(
    detector: BodyDetector, people: list[Pixels], count: int
) -> None:
    picture = placed(people, FAR_M[:count])
    assert len(BodyMemory().believe(detector.find(picture), PICTURE, 0.0)) == count
