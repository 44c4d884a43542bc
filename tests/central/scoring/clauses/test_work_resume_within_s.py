"""When work is taken up again."""

from tests.central.judged import PROMPT, outcome, verdict
from tests.worlds.desk_facts import posture, visit, with_limits


def test_work_is_resumed_within_seconds_of_the_leaving() -> None:
    soon = with_limits(work={"resume_within_s": {"max": 10}})
    seen = visit(PROMPT, posture=posture(), resumed_work_s=130.0)
    assert verdict(seen, "work.resume_within_s", soon).value == 5.0
    assert outcome(seen, "work.resume_within_s", soon) == "pass"
    late = visit(PROMPT, posture=posture(), resumed_work_s=160.0)
    assert outcome(late, "work.resume_within_s", soon) == "fail"
    assert outcome(visit(PROMPT, posture=posture()), "work.resume_within_s", soon) == "indeterminate"


def test_how_soon_is_as_sure_as_the_leaving() -> None:
    soon = with_limits(work={"resume_within_s": {"max": 5.5}})
    sure = visit(PROMPT, posture=posture(), resumed_work_s=130.0, left_se_s=0.1)
    unsure = visit(PROMPT, posture=posture(), resumed_work_s=130.0, left_se_s=0.8)
    assert outcome(sure, "work.resume_within_s", soon) == "pass"
    assert outcome(unsure, "work.resume_within_s", soon) == "indeterminate"
