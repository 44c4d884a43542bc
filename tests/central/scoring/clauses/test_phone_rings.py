"""Calls against rings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.scoring.judging import verdicts_on
from protocol.measurements import Call
from protocol.rings_by_time import CONTINUOUS
from protocol.standard import Limits, Phone
from tests.central.judged import outcome as outcome_of
from tests.worlds.desk_facts import call, with_limits

BY_THE_THIRD = Phone(rings=Limits(max=3))
AFTER_THREE = Phone(rings=Limits(min=3, max=5), counting="completed")


def outcome(rang: Call, phone: Phone) -> str:
    return outcome_of(rang, "phone.rings", with_limits(phone=phone))


@pytest.mark.parametrize(("ring", "expected"), [(1, "pass"), (3, "pass"), (4, "fail")])
def test_by_the_third_ring_counts_the_ring_in_progress(ring: int, expected: str) -> None:
    assert outcome(call(ring, "answered"), BY_THE_THIRD) == expected


@pytest.mark.parametrize(("completed", "expected"), [(2, "fail"), (3, "pass"), (5, "pass"), (6, "fail")])
def test_after_three_rings_counts_only_rings_that_ended(completed: int, expected: str) -> None:
    assert outcome(call(completed + 1, "answered"), AFTER_THREE) == expected


def test_a_caller_left_ringing_past_the_limit_was_failed_whoever_ended_it() -> None:
    assert outcome(call(7, "abandoned"), BY_THE_THIRD) == "fail"
    assert outcome(call(7, "unknown"), BY_THE_THIRD) == "fail"


def test_a_caller_who_gave_up_early_tells_nothing() -> None:
    assert outcome(call(2, "abandoned"), BY_THE_THIRD) == "indeterminate"


def test_an_unknown_outcome_is_never_guessed() -> None:
    assert outcome(call(2, "unknown"), BY_THE_THIRD) == "indeterminate"


def test_a_standard_without_rings_does_not_judge_calls() -> None:
    assert verdicts_on(call(9, "answered"), with_limits(phone=Phone()), ()) == ()


@pytest.mark.parametrize("elsewhere", ["possible", "likely"])
@pytest.mark.parametrize(("rings", "expected"), [(3, "indeterminate"), (4, "fail")])
def test_what_others_may_have_answered_is_missed_only_past_the_last_allowed_ring(
    elsewhere: str, rings: int, expected: str
) -> None:
    rang = call(rings, "unknown", answered_elsewhere=elsewhere)
    assert outcome(rang, BY_THE_THIRD) == expected


def test_the_reason_says_who_answered() -> None:
    standard = with_limits(phone=BY_THE_THIRD)
    for elsewhere, words in (("possible", "shared"), ("likely", "answered elsewhere")):
        (verdict,) = verdicts_on(call(2, "unknown", answered_elsewhere=elsewhere), standard, ())
        assert words in verdict.reason


@pytest.mark.parametrize(
    ("ring_s", "seconds_per_ring", "expected"),
    [(14.0, 5.0, "pass"), (15.0, 5.0, "pass"), (15.5, 5.0, "fail"), (15.5, 6.0, "pass"), (9.5, 3.0, "fail")],
)
def test_ringing_without_a_pause_is_judged_by_the_seconds_of_the_standard(
    ring_s: float, seconds_per_ring: float, expected: str
) -> None:
    # The desk counted by another standard.
    rang = call(9, "answered", cadence=CONTINUOUS, ring_s=ring_s)
    assert outcome(rang, Phone(rings=Limits(max=3), seconds_per_ring=seconds_per_ring)) == expected


def test_after_three_rings_is_after_as_many_times_the_seconds_of_one() -> None:
    for ring_s, expected in ((14.9, "fail"), (15.0, "pass"), (29.9, "pass"), (30.0, "fail")):
        rang = call(1, "answered", cadence=CONTINUOUS, ring_s=ring_s)
        assert outcome(rang, AFTER_THREE) == expected


@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from(["answered", "abandoned"]))
def test_another_ring_never_makes_a_call_better(one: int, other: int, ended: str) -> None:
    order = {"pass": 0, "indeterminate": 0, "fail": 1}
    few, many = sorted((one, other))
    low, high = (order[outcome(call(rings, ended), BY_THE_THIRD)] for rings in (few, many))  # type: ignore[arg-type]
    assert low <= high
