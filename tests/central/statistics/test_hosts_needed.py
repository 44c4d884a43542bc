"""How many hosts an hour needs, from what was measured, held against the formula of Erlang where that is exact."""

from math import exp, factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.statistics.hosts_needed import (
    MOST_HOSTS,
    HostsNeeded,
    MeasuredHours,
    VisitLengths,
    hosts_needed,
)

MONDAY_TEN = (0, 10)
IN_TIME_S = 5.0


def erlang_need(per_hour: float, mean_s: float, share: float = 0.9) -> int:
    """The fewest hosts of an M/M/c queue that so many customers wait for `IN_TIME_S` at most (Erlang C; Gross and Harris, Fundamentals of Queueing Theory, 2.3)."""
    load = per_hour * mean_s / 3600.0
    hosts = int(load) + 1
    while True:
        last = load**hosts / factorial(hosts) / (1 - load / hosts)
        waits = last / (sum(load**k / factorial(k) for k in range(hosts)) + last)
        if 1 - waits * exp(-(hosts - load) * IN_TIME_S / mean_s) >= share:
            return hosts
        hosts += 1


def markov_hours(per_hour: float, weeks: int, seed: int) -> MeasuredHours:
    drawn = np.random.default_rng(seed)
    return MeasuredHours(tuple(tuple(drawn.uniform(0, 3600, drawn.poisson(per_hour))) for _ in range(weeks)))


def markov_lengths(mean_s: float, n: int, seed: int) -> VisitLengths:
    return VisitLengths(tuple(np.random.default_rng(seed).exponential(mean_s, n)), ())


def need(hours: MeasuredHours, lengths: VisitLengths, seed: int = 1, replicates: int = 100) -> HostsNeeded:
    return hosts_needed({MONDAY_TEN: hours}, lengths, IN_TIME_S, seed, replicates=replicates)[MONDAY_TEN]


@pytest.mark.parametrize(("per_hour", "mean_s"), [(3.0, 120.0), (12.0, 180.0), (20.0, 240.0), (30.0, 400.0)])
def test_where_customers_come_evenly_the_need_is_that_of_erlangs_formula(
    per_hour: float, mean_s: float
) -> None:
    asked = erlang_need(per_hour, mean_s)
    held = 0
    for seed in range(10):
        found = need(markov_hours(per_hour, 13, seed), markov_lengths(mean_s, 300, seed), seed)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= asked <= found.high
    assert held >= 9


def test_with_much_data_the_interval_closes_upon_the_formula() -> None:
    # 8 customers an hour of 6 minutes each: 2 hosts do for .80 of them, 3 for .96.
    assert erlang_need(8.0, 360.0) == 3
    found = need(markov_hours(8.0, 400, 5), markov_lengths(360.0, 4000, 5))
    assert (found.low, found.hosts, found.high) == (3, 3, 3)


def test_customers_who_come_all_at_once_need_more_hosts_than_the_formula_says() -> None:
    even = MeasuredHours(tuple(tuple(600.0 * k + 5.0 for k in range(6)) for _ in range(12)))
    at_once = MeasuredHours(tuple(tuple(1800.0 + k for k in range(6)) for _ in range(12)))
    lengths = VisitLengths((240.0,) * 40, ())
    assert need(even, lengths).hosts == 1
    assert need(at_once, lengths).hosts == 6


def test_visits_that_were_not_seen_to_their_end_count_as_longer_and_not_as_short() -> None:
    hours = markov_hours(12.0, 13, 3)
    short = VisitLengths((60.0,) * 40, ())
    cut = VisitLengths((60.0,) * 20 + (900.0,) * 20, (60.0,) * 40)
    dropped_or_short = need(hours, short).hosts
    counted = need(hours, cut).hosts
    assert dropped_or_short is not None
    assert counted is not None
    assert counted > dropped_or_short


def test_what_cannot_be_reckoned_says_why() -> None:
    hours, lengths = markov_hours(6.0, 8, 1), markov_lengths(100.0, 50, 1)
    assert need(MeasuredHours(()), lengths).why_not == "no_data"
    assert need(hours, VisitLengths((), ())).why_not == "none_attended"
    assert need(hours, VisitLengths((), (60.0,) * 50)).why_not == "all_censored"
    assert need(hours, VisitLengths((60.0,) * 5, ())).why_not == "few_visits"
    assert need(MeasuredHours(hours.hours[:3]), lengths).why_not == "few_hours"
    assert need(MeasuredHours(((),) * 9), lengths).why_not == "nobody_came"


def test_more_customers_than_anybody_can_serve_need_more_than_were_tried() -> None:
    found = need(markov_hours(200.0, 6, 1), VisitLengths((900.0,) * 40, ()), replicates=20)
    assert found.hosts == MOST_HOSTS + 1


few_hours = st.lists(st.lists(st.floats(0, 3599), max_size=6), min_size=4, max_size=6)


@settings(max_examples=15)
@given(few_hours, st.lists(st.floats(1, 900), min_size=30, max_size=40), st.randoms(use_true_random=False))
def test_the_order_in_which_things_were_measured_changes_nothing(
    hours: list[list[float]], lasted: list[float], order: object
) -> None:
    one = MeasuredHours(tuple(map(tuple, hours)))
    straight = need(one, VisitLengths(tuple(lasted[3:]), tuple(lasted[:3])), replicates=20)
    for each in (*hours, hours, lasted[3:]):
        order.shuffle(each)  # type: ignore[attr-defined]
    other = MeasuredHours(tuple(map(tuple, reversed(hours))))
    again = need(other, VisitLengths(tuple(reversed(lasted[3:])), tuple(reversed(lasted[:3]))), replicates=20)
    assert straight == again
