"""Where work is taken up again."""

from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import posture, q, visit, with_limits


def test_work_resumed_when_the_customer_was_out_of_sight_was_not_resumed_too_early() -> None:
    away = posture(resumed_work_m=q(3.5, 0.2, coverage=0.0))
    assert outcome(visit(PROMPT, posture=away), "work.resume_work_m") == "pass"
    both = with_limits(work={"resume_work_m": {"min": 2.0, "max": 5.0}})
    assert outcome(visit(PROMPT, posture=away), "work.resume_work_m", both) == "indeterminate"
