"""The median wait, with those who left counted as having waited longer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.scoring.wait import Wait
from central.statistics.waiting import kaplan_meier_median, waiting

SECONDS = st.lists(st.floats(0, 600), max_size=30)


def test_without_leavers_it_is_the_wait_by_which_half_were_attended_to() -> None:
    assert kaplan_meier_median([1.0, 2.0, 3.0, 4.0], []) == 2.0


def test_dropping_those_who_left_would_flatter_the_desk() -> None:
    attended, left = [2.0, 3.0, 10.0, 12.0], [4.0, 5.0, 6.0]
    assert kaplan_meier_median(attended, []) == 3.0
    assert kaplan_meier_median(attended, left) == 10.0


def test_a_textbook_case() -> None:
    # Freireich's leukaemia trial, the 6-MP arm: the median remission is 23 weeks.
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    assert kaplan_meier_median(ended, censored) == 23


def test_there_is_no_median_when_more_than_half_were_never_attended_to() -> None:
    day = waiting([Wait(2.0, 0.1, "reaction", "turned"), Wait(8.0, 0.3, "left"), Wait(9.0, 0.3, "left")])
    assert (day.median_s, day.longer_than_s) == (None, 9.0)
    assert (day.attended, day.censored) == (1, 2)


def test_waits_that_could_not_be_observed_are_counted_and_left_out() -> None:
    day = waiting([Wait(2.0, 0.1, "reaction", "turned"), Wait(60.0, 0.3, "unseen")])
    assert (day.median_s, day.unseen) == (2.0, 1)


def test_a_day_without_visits_has_no_median() -> None:
    day = waiting([])
    assert (day.median_s, day.longer_than_s) == (None, None)


@given(SECONDS, SECONDS)
def test_leavers_never_shorten_the_median(ended: list[float], left: list[float]) -> None:
    alone = kaplan_meier_median(ended, [])
    with_leavers = kaplan_meier_median(ended, left)
    if with_leavers is not None:
        assert alone is not None
        assert with_leavers >= alone or with_leavers == pytest.approx(alone)
