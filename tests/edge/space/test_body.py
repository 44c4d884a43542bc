"""The size of a body says how far away it is, from whichever side and however little of it is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.space.body import range_from_body
from edge.space.joints import joints_of
from edge.vision.sightings import BodySighting
from tests.worlds.people import AT_EYE_HEIGHT, ON_THE_DESK, SIZE, UNKNOWN, Somebody, sight


@given(y_m=st.floats(2.6, 6.0), turned_deg=st.floats(-180.0, 180.0))
def test_a_whole_body_of_mean_size_is_found_at_its_distance_from_every_side(
    y_m: float, turned_deg: float
) -> None:
    body = sight(Somebody(y_m=y_m, turned_deg=turned_deg), ON_THE_DESK)
    found = range_from_body(joints_of(body, SIZE, ON_THE_DESK), ON_THE_DESK)
    assert found is not None
    assert found.range_m.value == pytest.approx(y_m, rel=0.08)


def test_somebody_cut_off_at_the_waist_is_measured_by_what_is_left_of_them() -> None:
    body = sight(Somebody(y_m=1.2), ON_THE_DESK)
    found = range_from_body(joints_of(body, SIZE, ON_THE_DESK), ON_THE_DESK)
    assert found is not None
    assert "stature" not in found.parts
    assert found.range_m.value == pytest.approx(1.2, rel=0.1)


def test_shoulders_turned_aside_do_not_push_a_body_away() -> None:
    body = sight(Somebody(y_m=4.0, turned_deg=80.0), ON_THE_DESK)
    found = range_from_body(joints_of(body, SIZE, ON_THE_DESK), ON_THE_DESK)
    assert found is not None
    assert "shoulders" not in found.parts


def test_somebody_bent_over_looks_no_farther_than_their_shoulders_say() -> None:
    body = sight(Somebody(y_m=3.0), AT_EYE_HEIGHT)
    keypoints = body.keypoints.copy()
    keypoints[:5, 1] = keypoints[5:7, 1].mean()
    keypoints[11:13, 1] = keypoints[5:7, 1].mean() + 40
    found = range_from_body(joints_of(BodySighting(body.box_px, 0.5, keypoints), SIZE, UNKNOWN), UNKNOWN)
    assert found is not None
    assert found.range_m.value == pytest.approx(3.0, rel=0.15)


def test_a_body_of_which_nothing_is_sure_has_no_distance() -> None:
    body = sight(Somebody(), AT_EYE_HEIGHT)
    keypoints = body.keypoints.copy()
    keypoints[:, 2] = 0.1
    assert (
        range_from_body(joints_of(BodySighting(body.box_px, 0.3, keypoints), SIZE, UNKNOWN), UNKNOWN) is None
    )


def test_eyes_that_the_network_imagines_on_the_back_of_a_head_are_not_a_face() -> None:
    facing = joints_of(sight(Somebody(turned_deg=0.0), AT_EYE_HEIGHT), SIZE, UNKNOWN)
    away = joints_of(sight(Somebody(turned_deg=180.0), AT_EYE_HEIGHT), SIZE, UNKNOWN)
    assert facing.faces_camera
    assert not away.faces_camera
