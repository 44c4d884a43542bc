"""Eyes that move with the customer."""

from tests.central.desk_facts import gaze, visit
from tests.central.judged import PROMPT, outcome


def test_a_customer_who_stood_still_shows_nothing_of_following() -> None:
    assert outcome(visit(PROMPT, gaze=gaze(following_lag_s=None)), "gaze.following_lag_s") == "not_applicable"
