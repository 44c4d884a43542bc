"""What one frame shows of the host's body."""

import numpy as np
import pytest

from edge.face.body_view import body_view
from edge.observation import Estimate
from edge.settings.desk_toml import Mount
from edge.vision.sightings import PoseSighting

NOSE_PX = (350.0, 120.0)
AT_CHIN, ON_DESK = (355.0, 150.0), (450.0, 420.0)


def hand_to_face(
    left: tuple[float, float], right: tuple[float, float], *, scale: float = 1.0, shoulders_seen: float = 0.9
) -> Estimate | None:
    """Of a body whose shoulders are 100 px apart, and whose hands are where they are said to be."""
    points = np.zeros((33, 4), np.float32)
    points[:, 3] = 0.9
    points[[11, 12], 3] = shoulders_seen
    points[0, :2] = NOSE_PX
    points[11, :2], points[12, :2] = (400, 200), (300, 200)
    points[19, :2], points[20, :2] = left, right
    points[:, :2] *= scale
    seen = body_view(
        PoseSighting(points, np.zeros((33, 3), np.float32), 1.0), None, Mount(), (1280, 720), None
    )
    assert seen is not None
    return seen.hand_to_face


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_a_hand_at_the_chin_is_as_near_in_a_large_picture_as_in_a_small_one(scale: float) -> None:
    way = hand_to_face(AT_CHIN, ON_DESK, scale=scale)
    assert way is not None
    assert way.value == pytest.approx(0.3, abs=0.01)


def test_either_hand_counts_and_hands_on_the_desk_are_far() -> None:
    assert hand_to_face(AT_CHIN, ON_DESK) == hand_to_face(ON_DESK, AT_CHIN)
    way = hand_to_face(ON_DESK, ON_DESK)
    assert way is not None
    assert way.value > 2.0


def test_without_shoulders_there_is_no_measure_of_how_near_a_hand_is() -> None:
    assert hand_to_face(AT_CHIN, ON_DESK, shoulders_seen=0.1) is None
