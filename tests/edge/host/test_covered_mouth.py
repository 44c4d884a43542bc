"""While something covers the host's mouth nothing is said of a smile, and nothing learnt of the resting face."""

from dataclasses import replace

import pytest

from tests.worlds.host_figures.views import REST, SMILE, Script

MASKED = replace(SMILE, covered=True)


def test_a_mask_gives_no_smile_no_lift_and_no_teeth() -> None:
    script = Script().do(MASKED, 30.0)
    assert all(now.smiling is None and now.lift_cm is None and now.teeth is None for now in script.nows)
    assert script.conduct().smile is None
    assert script.conduct().mouth_covered_share == pytest.approx(1.0)


def test_no_resting_face_is_learnt_from_a_mask() -> None:
    script = Script().do(MASKED, 60.0)
    assert not script.now.baseline_known
    script.do(REST, 25.0).do(SMILE, 2.0)
    assert script.now.smiling
    assert script.now.lift_cm is not None
    assert script.now.lift_cm.value == pytest.approx(SMILE.lift_cm, abs=0.1)


def test_a_smile_that_a_hand_comes_before_ends_there_and_is_not_over() -> None:
    script = Script().do(REST, 25.0).do(SMILE, 2.0).do(MASKED, 3.0)
    smile = script.conduct().smile
    assert smile is not None
    assert smile.held_s == pytest.approx(2.0, abs=0.2)
    assert script.conduct().mouth_covered_share == pytest.approx(0.1, abs=0.02)


def test_a_bare_mouth_has_no_share_of_covering() -> None:
    assert Script().do(REST, 5.0).conduct().mouth_covered_share is None


def test_a_desk_that_may_not_measure_smiles_says_nothing_of_covers() -> None:
    script = Script(smile_measured=False).do(MASKED, 5.0)
    assert script.conduct().mouth_covered_share is None
