"""A limit, a value and its error."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from central.scoring.verdict import K_SIGMA, as_count, judge_quantity, judge_value, within
from protocol.standard import Limits
from tests.worlds.desk_facts import AT_MOST_5, q

VALUES = st.floats(-100, 100)
ERRORS = st.floats(0, 20)
ORDER = {"pass": 0, "indeterminate": 1, "fail": 2}


def test_a_value_clear_of_the_limit_passes_or_fails() -> None:
    assert judge_value("phone.rings", 4.0, 0.1, AT_MOST_5).outcome == "pass"
    assert judge_value("phone.rings", 6.0, 0.1, AT_MOST_5).outcome == "fail"


def test_a_limit_inside_the_error_decides_nothing() -> None:
    assert judge_value("respond.within_s", 4.9, 0.1, AT_MOST_5).outcome == "indeterminate"
    assert judge_value("respond.within_s", 5.1, 0.1, AT_MOST_5).outcome == "indeterminate"


def test_what_is_counted_exactly_keeps_to_a_limit_it_reaches() -> None:
    assert judge_value("phone.rings", 5, 0.0, AT_MOST_5).outcome == "pass"
    assert judge_value("phone.rings", 6, 0.0, AT_MOST_5).outcome == "fail"


def test_a_verdict_says_what_was_measured_and_what_was_asked() -> None:
    verdict = judge_value("respond.within_s", 6.0, 0.1, AT_MOST_5)
    assert (verdict.value, verdict.se, verdict.limits) == (6.0, 0.1, AT_MOST_5)
    assert verdict.reason


@given(VALUES, ERRORS, VALUES)
def test_it_is_indeterminate_just_when_the_limit_lies_within_the_error(
    value: float, se: float, limit: float
) -> None:
    distance = abs(value - limit)
    assume(abs(distance - K_SIGMA * se) > 1e-9)
    for limits in (Limits(max=limit), Limits(min=limit)):
        indeterminate = judge_value("smile.teeth", value, se, limits).outcome == "indeterminate"
        assert indeterminate == (distance < K_SIGMA * se)


@given(VALUES, VALUES, ERRORS, VALUES)
def test_more_of_what_has_a_maximum_is_never_better(
    one: float, other: float, se: float, limit: float
) -> None:
    low, high = sorted((one, other))
    outcomes = [judge_value("smile.teeth", value, se, Limits(max=limit)).outcome for value in (low, high)]
    assert ORDER[outcomes[0]] <= ORDER[outcomes[1]]


@given(VALUES, ERRORS, ERRORS, VALUES)
def test_a_larger_error_never_decides_what_a_smaller_one_left_open(
    value: float, one: float, other: float, limit: float
) -> None:
    small, large = sorted((one, other))
    if judge_value("smile.teeth", value, small, Limits(min=limit)).outcome == "indeterminate":
        assert judge_value("smile.teeth", value, large, Limits(min=limit)).outcome == "indeterminate"


@given(VALUES, VALUES, VALUES, VALUES)
def test_pass_and_fail_are_sure_of_every_value_the_measured_one_may_stand_for(
    one: float, other: float, minimum: float, maximum: float
) -> None:
    low, high = sorted((one, other))
    limits = Limits(min=min(minimum, maximum), max=max(minimum, maximum))
    kept = [
        min(minimum, maximum) <= value <= max(minimum, maximum) for value in (low, (low + high) / 2, high)
    ]
    outcome = within(low, high, limits)
    assert outcome != "pass" or all(kept)
    assert outcome != "fail" or not any(kept)


@pytest.mark.parametrize(
    ("teeth", "outcome"), [(8.0, "pass"), (7.6, "pass"), (7.5, "indeterminate"), (7.4, "fail")]
)
def test_eight_teeth_are_eight_after_rounding(teeth: float, outcome: str) -> None:
    limits = Limits(min=8)
    assert judge_value("smile.teeth", teeth, 0.02, limits, as_count(limits)).outcome == outcome


def test_a_value_that_was_hardly_ever_measurable_decides_nothing() -> None:
    assert judge_quantity("gaze.on_customer_share", q(9.0, 0.1, coverage=0.3), AT_MOST_5).outcome == (
        "indeterminate"
    )
