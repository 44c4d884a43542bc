"""How long a smile is held."""

import pytest

from tests.central.judged import PROMPT, outcome, verdict
from tests.worlds.desk_facts import NO_SMILE, smile, visit, with_limits


def test_a_host_who_was_hardly_seen_may_have_smiled() -> None:
    assert outcome(visit(PROMPT, smile=NO_SMILE, host_coverage=0.3), "smile.hold_s") == "indeterminate"


def test_how_long_is_as_sure_as_the_smiles_begin_and_end() -> None:
    asked = with_limits(smile={"hold_s": {"min": 2.0}})
    clear = smile(longest_s=1.8, onset_se_s=0.03, offset_se_s=0.04)
    dim = smile(longest_s=1.8, onset_se_s=0.3, offset_se_s=0.4)
    assert verdict(visit(PROMPT, smile=clear), "smile.hold_s", asked).outcome == "fail"
    told = verdict(visit(PROMPT, smile=dim), "smile.hold_s", asked)
    assert told.outcome == "indeterminate"
    assert told.se == pytest.approx(0.5)


def test_a_short_smile_is_judged_by_its_longest_stretch() -> None:
    seen = visit(PROMPT, smile=smile(held_s=3.0, longest_s=1.0))
    assert outcome(seen, "smile.hold_s") == "fail"
