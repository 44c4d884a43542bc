"""A real person who walks out of a staff zone drawn on the footage."""

from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

import pytest

from edge.camera.opening import open_source
from edge.desk import Desk
from edge.face.perception import Perception
from edge.observation import End, FrameSeen
from edge.settings.desk_toml import Camera, Settings
from edge.settings.last_good import Configuration
from edge.vision.networks.model_store import ModelStore
from edge.vision.schedule import Schedule
from protocol.measurements import Encounter
from protocol.standards_folder import find_standard

UNTIL_S = 12.0
"""The first of the three visitors has stood before the camera for four seconds."""
WHERE_THEY_COME_IN = ((0.3, 0.92), (0.75, 0.92), (0.75, 1.0), (0.3, 1.0))
ELSEWHERE = ((0.8, 0.5), (1.0, 0.5), (1.0, 1.0), (0.8, 1.0))


@pytest.fixture(scope="module")
def seen(clips: Path) -> list[FrameSeen]:
    """What the models see of the first visit."""
    camera = Camera(name="customers", watches="customers", source=str(clips / "approach_onebyone.mp4"))
    eye = Perception(camera, ModelStore(), Schedule(Settings().vision.cpu_budget, measured=False))
    return [eye.observe(frame) for frame in takewhile(lambda each: each.t_s < UNTIL_S, open_source(camera))]


def visits(seen: Sequence[FrameSeen], zone: tuple[tuple[float, float], ...] | None) -> list[Encounter]:
    camera = Camera(name="customers", watches="customers", staff_zone=zone)
    desk = Desk(Configuration(Settings(cameras=(camera,)), find_standard("eight-teeth")))
    told = [each for frame in seen for each in desk.observe(frame)]
    told += desk.observe(End(UNTIL_S))
    return [each for each in told if isinstance(each, Encounter)]


def test_who_walks_out_of_the_zone_is_no_visit(seen: list[FrameSeen]) -> None:
    assert visits(seen, WHERE_THEY_COME_IN) == []


def test_the_same_person_is_a_visit_where_the_zone_lies_elsewhere(seen: list[FrameSeen]) -> None:
    (with_zone,), (without,) = visits(seen, ELSEWHERE), visits(seen, None)
    assert with_zone == without
    assert without.may_be_staff is None
