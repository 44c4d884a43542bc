"""A still face pasted into the picture of a real visit, in memory."""

from dataclasses import replace
from pathlib import Path

import cv2
import pytest

from edge.camera.opening import open_source
from edge.desk import Desk
from edge.face.perception import Perception
from edge.observation import End
from edge.settings.desk_toml import Camera, Settings
from edge.settings.last_good import Configuration
from edge.vision.networks.model_store import ModelStore
from edge.vision.schedule import Schedule
from protocol.measurements import Encounter, Measurement
from protocol.standards_folder import find_standard

UNTIL_S = 21.0
"""The first of the three visits is over."""


def measured(clips: Path, still: Path | None) -> tuple[list[Encounter], Desk]:
    """The visits of the clip's beginning, with a still at the picture's left or without."""
    camera = Camera(name="customers", watches="customers", source=str(clips / "approach_onebyone.mp4"))
    eye = Perception(camera, ModelStore(), Schedule(Settings().vision.cpu_budget, measured=False))
    desk = Desk(Configuration(Settings(cameras=(camera,)), find_standard("eight-teeth")))
    told: list[Measurement] = []
    poster = None if still is None else cv2.imread(str(still))
    for frame in open_source(camera):
        if frame.t_s > UNTIL_S:
            break
        rgb = frame.rgb.copy()
        if poster is not None:
            height = rgb.shape[0] // 2
            rgb[20 : 20 + height, 10 : 10 + height] = cv2.resize(poster, (height, height))[..., ::-1]
        told += desk.observe(eye.observe(replace(frame, rgb=rgb)))
    told += desk.observe(End(UNTIL_S))
    return [each for each in told if isinstance(each, Encounter)], desk


def test_a_visit_beside_a_pasted_face_is_measured_as_without_it(clips: Path, stills: Path) -> None:
    (alone,), _ = measured(clips, None)
    (beside,), _ = measured(clips, stills / "f1.jpg")
    assert beside.party_size == alone.party_size == 1
    assert beside.simultaneous_max == 1
    assert beside.came_near_s == pytest.approx(alone.came_near_s, abs=0.2)
    assert beside.stopped_s == pytest.approx(alone.stopped_s, abs=0.3)
    assert beside.left_s == pytest.approx(alone.left_s, abs=0.2)
