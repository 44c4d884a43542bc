"""Feet are where ankles are seen, and where an upright body would have them when they are hidden."""

from dataclasses import replace

import numpy as np
import pytest

from edge.space.foot import ankle_foot_px, foot_px
from edge.vision.sightings import BodySighting
from tests.worlds.people import AT_EYE_HEIGHT, ON_THE_DESK, SIZE, Somebody, project, sight


def floor_px(who: Somebody) -> tuple[float, float]:
    x, y = project(np.array([[who.x_m, who.y_m, 0.0]]), ON_THE_DESK, SIZE)[0]
    return float(x), float(y)


def behind_a_counter(body: BodySighting, from_px: float) -> BodySighting:
    """The body with everything below a line of the picture hidden."""
    keypoints = body.keypoints.copy()
    keypoints[keypoints[:, 1] > from_px, 2] = 0.1
    left, top, right, _ = body.box_px
    return replace(body, box_px=(left, top, right, from_px), keypoints=keypoints)


def test_feet_in_view_are_found_on_the_floor() -> None:
    who = Somebody(x_m=0.8, y_m=4.0)
    assert foot_px(sight(who, ON_THE_DESK), SIZE) == pytest.approx(floor_px(who), abs=8)


def test_feet_behind_a_counter_are_not_taken_to_stand_on_its_top() -> None:
    who = Somebody(y_m=3.5)
    hidden = behind_a_counter(sight(who, ON_THE_DESK), from_px=470.0)
    assert ankle_foot_px(hidden, SIZE) is None
    found = foot_px(hidden, SIZE)
    assert found is not None
    assert found[1] == pytest.approx(floor_px(who)[1], abs=60)


def test_feet_below_the_picture_are_below_the_picture() -> None:
    found = foot_px(sight(Somebody(y_m=1.2), ON_THE_DESK), SIZE)
    assert found is not None
    assert found[1] >= SIZE[1]


def test_a_head_alone_at_the_pictures_edge_has_no_feet() -> None:
    body = sight(Somebody(y_m=3.0), AT_EYE_HEIGHT)
    keypoints = body.keypoints.copy()
    keypoints[5:, 2] = 0.05
    left, top, right, _ = body.box_px
    assert foot_px(BodySighting((left, top, right, 720.0), 0.4, keypoints), SIZE) is None
