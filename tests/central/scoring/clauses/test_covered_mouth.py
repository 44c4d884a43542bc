"""What the clauses of a smile say of a visit in which the host's mouth was covered."""

import pytest

from tests.central.judged import PROMPT, outcome, verdict
from tests.worlds.desk_facts import NO_SMILE, q, smile, visit

CLAUSES = ("smile.teeth", "smile.lift_cm", "smile.hold_s")


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_mask_is_told_as_the_reason_and_fails_nobody(clause: str) -> None:
    seen = verdict(visit(PROMPT, smile=None, mouth_covered_share=0.98), clause)
    assert seen.outcome == "indeterminate"
    assert seen.reason == "the host's mouth was covered for 98% of the visit"


@pytest.mark.parametrize("clause", CLAUSES)
def test_without_a_cover_a_smile_that_was_not_measured_is_as_before(clause: str) -> None:
    assert outcome(visit(PROMPT, smile=None), clause) == "not_applicable"


@pytest.mark.parametrize("clause", CLAUSES)
def test_no_smile_in_the_few_moments_without_a_cover_decides_nothing(clause: str) -> None:
    seen = verdict(visit(PROMPT, smile=NO_SMILE, mouth_covered_share=0.7), clause)
    assert seen.outcome == "indeterminate"
    assert "covered for 70%" in seen.reason


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_hand_at_the_mouth_for_a_moment_excuses_no_missing_smile(clause: str) -> None:
    assert outcome(visit(PROMPT, smile=NO_SMILE, mouth_covered_share=0.05), clause) == "fail"


def test_a_smile_cut_short_by_a_cup_may_have_lasted_behind_it() -> None:
    short = smile(held_s=1.0, longest_s=1.0)
    assert outcome(visit(PROMPT, smile=short), "smile.hold_s") == "fail"
    seen = verdict(visit(PROMPT, smile=short, mouth_covered_share=0.3), "smile.hold_s")
    assert seen.outcome == "indeterminate"
    assert "covered for 30%" in seen.reason


def test_few_teeth_seen_beside_a_cover_fail_nobody() -> None:
    few = smile(teeth=q(2.0, 0.2, 0.4))
    seen = verdict(visit(PROMPT, smile=few, mouth_covered_share=0.6), "smile.teeth")
    assert seen.outcome == "indeterminate"
    assert "covered for 60%" in seen.reason
