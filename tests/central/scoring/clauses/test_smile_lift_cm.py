"""The lift of the mouth corners."""

from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import NO_SMILE, smile, visit


def test_while_the_resting_face_is_being_learnt_lift_decides_nothing() -> None:
    learning = visit(PROMPT, smile=smile(baseline="learning"))
    assert outcome(learning, "smile.lift_cm") == "indeterminate"
    assert outcome(learning, "smile.teeth") == "pass"
    unsmiling = NO_SMILE.model_copy(update={"baseline": "learning"})
    assert outcome(visit(PROMPT, smile=unsmiling), "smile.hold_s") == "indeterminate"
