"""Teeth shown."""

from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import NO_SMILE, q, smile, visit, with_limits


def test_two_houses_want_different_smiles() -> None:
    seen = visit(PROMPT, smile=smile(teeth=q(9.0, 0.2)))
    assert outcome(seen, "smile.teeth") == "pass"
    assert outcome(seen, "smile.teeth", with_limits(smile={"teeth": {"max": 4}})) == "fail"


def test_no_smile_does_not_break_a_maximum() -> None:
    quiet = with_limits(smile={"teeth": {"max": 4}})
    assert outcome(visit(PROMPT, smile=NO_SMILE), "smile.teeth", quiet) == "not_applicable"


def test_teeth_that_were_too_small_to_count_decide_nothing() -> None:
    assert outcome(visit(PROMPT, smile=smile(teeth=None)), "smile.teeth") == "indeterminate"
