"""Eyes on the customer."""

from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import gaze, q, visit

CLAUSE = "gaze.on_customer_share"


def test_eyes_that_were_elsewhere_for_most_of_the_time_fail() -> None:
    assert outcome(visit(PROMPT, gaze=gaze(on_customer_share=q(0.3, 0.05))), CLAUSE) == "fail"


def test_eyes_that_were_never_seen_decide_nothing() -> None:
    assert outcome(visit(PROMPT, gaze=gaze(on_customer_share=None)), CLAUSE) == "indeterminate"
