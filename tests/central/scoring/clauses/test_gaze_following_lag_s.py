"""Eyes that move with the customer."""

from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import gaze, visit


def test_a_customer_who_stood_still_shows_nothing_of_following() -> None:
    assert outcome(visit(PROMPT, gaze=gaze(following_lag_s=None)), "gaze.following_lag_s") == "not_applicable"
