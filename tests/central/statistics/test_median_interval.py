"""The interval of a median wait holds the median, and holds the true one nearly always."""

import random

from hypothesis import given
from hypothesis import strategies as st

from central.statistics.waiting import kaplan_meier_median, kaplan_meier_median_interval

WAITS = st.lists(st.floats(0.1, 600.0), max_size=80)


@given(WAITS, WAITS)
def test_where_there_is_an_interval_the_median_lies_in_it(
    ended_s: list[float], censored_s: list[float]
) -> None:
    found = kaplan_meier_median_interval(ended_s, censored_s)
    if found is not None:
        median_s = kaplan_meier_median(ended_s, censored_s)
        assert median_s is not None
        assert found[0] <= median_s <= found[1]


def test_nobody_attended_to_and_hardly_anybody_give_no_interval() -> None:
    assert kaplan_meier_median_interval([], [3.0] * 50) is None
    assert kaplan_meier_median_interval([3.0], [9.0] * 50) is None


def test_the_true_median_is_within_it_in_some_nineteen_of_twenty_times() -> None:
    """Waits of exponential length, median ln 2 times four seconds, of which a third is cut short before its end."""
    chance = random.Random(11)
    true_s, held, drawn = 4.0 * 0.693147, 0, 300
    for _ in range(drawn):
        ended: list[float] = []
        censored: list[float] = []
        for _ in range(60):
            wait_s, cut_s = chance.expovariate(0.25), chance.expovariate(0.125)
            (ended if wait_s <= cut_s else censored).append(min(wait_s, cut_s))
        found = kaplan_meier_median_interval(ended, censored)
        assert found is not None
        held += found[0] <= true_s <= found[1]
    assert 0.91 * drawn <= held <= 0.99 * drawn
