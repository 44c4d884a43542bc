"""Places in a contest: intervals of ranks, and who won alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.statistics.ranking import NoRankingError, placed, tied, winners

FEW_DRAWS = 1000
"""Enough for how often somebody wins alone, of a thousand contests."""
Counts = list[list[tuple[int, int]]]


def _alone(cases: list[int], shares: list[float], contests: int) -> list[int]:
    """Who won alone in each of many contests of hosts whose true shares these are; -1 where nobody did."""
    drawn = np.random.default_rng(20260921)
    found = []
    for seed in range(contests):
        met = drawn.binomial(cases, shares)
        counts = [[(int(part), whole)] for part, whole in zip(met, cases, strict=True)]
        first = winners(placed(counts, [1.0], seed, FEW_DRAWS))
        found.append(first[0] if len(first) == 1 else -1)
    return found


def test_of_twenty_equal_hosts_one_wins_alone_in_at_most_five_of_a_hundred_contests() -> None:
    found = _alone([200] * 20, [0.7] * 20, 1000)
    assert sum(each >= 0 for each in found) <= 50


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
@pytest.mark.parametrize("cases", [10, 30, 200])
def test_of_two_equal_hosts_one_wins_alone_in_at_most_five_of_a_hundred_contests(
    cases: int, share: float
) -> None:
    found = _alone([cases] * 2, [share] * 2, 1000)
    assert sum(each >= 0 for each in found) <= 50


@pytest.mark.parametrize("share", [0.7, 0.9])
def test_few_cases_beside_many_win_alone_no_more_often(share: float) -> None:
    found = _alone([10] * 3 + [500] * 3, [share] * 6, 1000)
    assert sum(each >= 0 for each in found) <= 50


def test_who_is_truly_better_than_nineteen_others_wins_alone_in_nine_of_ten_contests() -> None:
    found = _alone([200] * 20, [0.9] + [0.7] * 19, 1000)
    assert sum(each == 0 for each in found) >= 900
    assert sum(each > 0 for each in found) == 0


def test_a_contestant_of_whom_nothing_else_is_known_than_of_another_shares_the_place() -> None:
    first, second, third = placed([[(80, 100)], [(80, 100)], [(10, 100)]], [1.0], 3)
    assert first == second
    assert (first.rank_low, first.rank_high) == (1, 2)
    assert (third.rank_low, third.rank_high) == (3, 3)
    assert tied(first, second)
    assert not tied(first, third)
    assert winners((first, second, third)) == (0, 1)


def test_one_contestant_is_first_and_nobody_is_no_contest() -> None:
    (only,) = placed([[(3, 10)]], [1.0], 1)
    assert (only.rank_low, only.rank_high, only.best) == (1, 1, 1.0)
    with pytest.raises(NoRankingError, match="nobody"):
        placed([], [1.0], 1)
    with pytest.raises(NoRankingError, match="at least one decided case"):
        placed([[(0, 0)]], [1.0], 1)
    with pytest.raises(NoRankingError, match="weighs more than 0"):
        placed([[(1, 2)]], [0.0], 1)


def test_weights_say_which_element_counts_how_much() -> None:
    polite, quick = [(95, 100), (60, 100)], [(60, 100), (95, 100)]
    by_first = placed([polite, quick], [3.0, 1.0], 7)
    by_second = placed([polite, quick], [1.0, 3.0], 7)
    assert winners(by_first) == (0,)
    assert winners(by_second) == (1,)
    # Only the proportions of weights matter.
    assert placed([polite, quick], [30.0, 10.0], 7) == by_first
    assert by_first[0].score == pytest.approx(0.75 * 0.95 + 0.25 * 0.6, abs=0.01)


def test_a_rank_interval_holds_the_true_rank_in_nineteen_of_twenty_contests() -> None:
    # Shares that are as far apart as their prior says, so that the intervals are held to what they promise.
    drawn = np.random.default_rng(7)
    held = asked = 0
    for seed in range(150):
        truth = drawn.beta(0.5, 0.5, 8)
        met = drawn.binomial(60, truth)
        places = placed([[(int(each), 60)] for each in met], [1.0], seed, FEW_DRAWS)
        ranks = np.argsort(np.argsort(-truth)) + 1
        held += sum(p.rank_low <= rank <= p.rank_high for p, rank in zip(places, ranks, strict=True))
        asked += 8
    assert held / asked >= 0.95


one_count = st.integers(1, 60).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
contests = st.integers(1, 2).flatmap(
    lambda elements: st.lists(
        st.lists(one_count, min_size=elements, max_size=elements), min_size=1, max_size=5
    )
)


@given(contests, st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_the_order_in_which_contestants_are_given_moves_nobody(
    counts: Counts, seed: int, order: object
) -> None:
    weights = [1.0, 2.0][: len(counts[0])]
    straight = placed(counts, weights, seed, 200)
    mixed = list(range(len(counts)))
    order.shuffle(mixed)  # type: ignore[attr-defined]
    again = placed([counts[each] for each in mixed], weights, seed, 200)
    assert [straight[each] for each in mixed] == list(again)
    assert placed(counts, weights, seed, 200) == straight


@given(contests, st.integers(0, 2**32))
def test_somebody_always_won_and_everybody_has_a_rank_that_is_there(counts: Counts, seed: int) -> None:
    places = placed(counts, [1.0] * len(counts[0]), seed, 200)
    assert winners(places)
    assert all(1 <= each.rank_low <= each.rank_high <= len(counts) for each in places)
    assert all(0 <= each.low <= each.score <= each.high <= 1 for each in places)


@given(contests)
def test_one_more_case_that_was_met_lowers_no_score_and_moves_nobody_elses(counts: Counts) -> None:
    weights = [1.0] * len(counts[0])
    (met, whole), *rest = counts[0]
    more = [(met + 1, whole + 1), *rest]
    # Each by itself, so that the same draws are compared.
    (before,), (after,) = placed([counts[0]], weights, 1, 200), placed([more], weights, 1, 200)
    assert after.score >= before.score
    assert after.low >= before.low


def test_places_that_were_reckoned_once_are_reckoned_the_same_for_ever() -> None:
    places = placed([[(180, 200)], [(140, 200)], [(150, 200)], [(9, 10)]], [1.0], 20260921)
    assert [(each.rank_low, each.rank_high, round(each.score, 6)) for each in places] == PINNED


PINNED = [(1, 2, 0.89801), (3, 4, 0.699005), (2, 4, 0.748756), (1, 4, 0.863637)]
"""As they came out when they were first reckoned."""
