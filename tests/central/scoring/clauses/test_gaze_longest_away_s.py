"""Looks away from the customer."""

from tests.central.judged import PROMPT, outcome
from tests.worlds.desk_facts import gaze, visit


def test_eyes_that_were_away_for_too_long_fail() -> None:
    assert outcome(visit(PROMPT, gaze=gaze(longest_away_s=9.0)), "gaze.longest_away_s") == "fail"


def test_eyes_that_were_never_seen_decide_nothing() -> None:
    assert outcome(visit(PROMPT, gaze=gaze(longest_away_s=None)), "gaze.longest_away_s") == "indeterminate"
