"""How long a smile is held."""

from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import NO_SMILE, smile, visit


def test_a_host_who_was_hardly_seen_may_have_smiled() -> None:
    assert outcome(visit(PROMPT, smile=NO_SMILE, host_coverage=0.3), "smile.hold_s") == "indeterminate"


def test_a_short_smile_is_judged_by_its_longest_stretch() -> None:
    seen = visit(PROMPT, smile=smile(held_s=3.0, longest_s=1.0))
    assert outcome(seen, "smile.hold_s") == "fail"
