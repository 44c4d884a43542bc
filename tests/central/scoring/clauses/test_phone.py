"""Calls against rings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.scoring.clauses.phone import judge_call, service_level
from protocol.measurements import Call
from protocol.standard import Limits, Phone
from tests.central.desk_facts import call

BY_THE_THIRD = Phone(rings=Limits(max=3))
AFTER_THREE = Phone(rings=Limits(min=3, max=5), counting="completed")


def outcome(rang: Call, phone: Phone) -> str:
    (verdict,) = judge_call(rang, phone)
    return verdict.outcome


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
    assert judge_call(call(9, "answered"), Phone()) == ()


def test_both_service_level_formulas_from_the_same_counts() -> None:
    calls = [
        *[call(2, "answered")] * 6,
        *[call(5, "answered")] * 2,
        *[call(1, "abandoned")] * 1,
        *[call(6, "abandoned")] * 1,
        call(3, "unknown"),
    ]
    level = service_level(calls, BY_THE_THIRD)
    assert level.of_answered == 6 / 8
    assert level.of_offered == 7 / 10
    assert level.unknown == 1


def test_no_calls_have_no_service_level() -> None:
    level = service_level([], BY_THE_THIRD)
    assert (level.of_answered, level.of_offered) == (None, None)


@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from(["answered", "abandoned"]))
def test_another_ring_never_makes_a_call_better(one: int, other: int, ended: str) -> None:
    order = {"pass": 0, "indeterminate": 0, "fail": 1}
    few, many = sorted((one, other))
    low, high = (order[outcome(call(rings, ended), BY_THE_THIRD)] for rings in (few, many))  # type: ignore[arg-type]
    assert low <= high
