"""A real face that comes nearer before the real networks is found at its distance."""

from pathlib import Path

from benchmarks.approach_distance import WITHIN, approach, error_of


def test_an_approaching_customer_is_placed_within_15_percent_from_1_to_5_m(stills: Path) -> None:
    for each in approach():
        assert abs(error_of(each.with_face, each)) < WITHIN, each


def test_frames_on_which_no_face_is_looked_for_do_not_throw_the_customer_far_off(stills: Path) -> None:
    for each in approach():
        assert abs(error_of(each.body_only, each)) < 0.25, each
