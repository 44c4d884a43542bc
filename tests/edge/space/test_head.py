"""The size of a face says how far away it is, whichever way it is turned."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge.space.head import distance_from_keypoints_m
from edge.space.lens import rays
from tests.worlds.people import AT_EYE_HEIGHT, SIZE, UNKNOWN, Somebody, face_of

FACE_BEFORE_MIDDLE_M = 0.08
"""Eyes and ears are nearer than the middle of the head, by no more than the eyes lie before the ears."""


@given(y_m=st.floats(0.8, 5.0), aside=st.floats(-0.5, 0.5), turned_deg=st.floats(-50.0, 50.0))
@example(y_m=0.875, aside=0.5, turned_deg=49.0).via(
    "turned 76 degrees from the camera, beside the picture's edge"
)
def test_a_face_of_mean_size_is_found_at_its_distance_wherever_it_is_and_looks(
    y_m: float, aside: float, turned_deg: float
) -> None:
    who = Somebody(x_m=aside * y_m, y_m=y_m, turned_deg=turned_deg)
    flat = rays(UNKNOWN.lens, SIZE, face_of(who, AT_EYE_HEIGHT).keypoints)
    found = distance_from_keypoints_m(flat[:2], flat[2], flat[4:6], point_se=0.002)
    assert found is not None
    distance_m = math.hypot(who.x_m, who.y_m)
    assert found.value == pytest.approx(distance_m, abs=FACE_BEFORE_MIDDLE_M + 2 / 3 * found.se)


def test_eyes_that_fall_on_one_point_have_no_distance() -> None:
    assert distance_from_keypoints_m(np.zeros((2, 2)), np.zeros(2), None, point_se=0.002) is None
