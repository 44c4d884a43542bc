"""Charts of single values, such as the median wait of each day."""

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.statistics.median_chart import Valued, value_stretch

FIRST = date(2026, 1, 1)


def valued(values: list[float]) -> list[Valued]:
    return [Valued(FIRST + timedelta(days=n), each) for n, each in enumerate(values)]


def test_the_limits_are_wheelers() -> None:
    """Values that alternate between 4 and 6 have a mean range of 2: 5 plus and minus 2.66 times 2, not below 0."""
    stretch = value_stretch(valued([4.0, 6.0] * 15))
    assert (stretch.level, stretch.mean_range) == (5.0, 2.0)
    assert stretch.highest_range == pytest.approx(6.534)
    assert {point.low for point in stretch.points} == {0.0}
    assert [point.high for point in stretch.points] == pytest.approx([10.32] * 30)


def medians(seed: int, days: int, longer_from: int | None = None) -> list[float]:
    """Of the waits of thirty visits a day, which are log-normal: most are short, and some very long."""
    random = np.random.default_rng(seed)
    return [
        float(np.median(random.lognormal(1.0 if longer_from is None or n < longer_from else 1.6, 0.8, 30)))
        for n in range(days)
    ]


def test_medians_that_stay_signal_in_few_of_a_hundred_charts_and_those_that_grow_are_noticed() -> None:
    false = found = 0
    for seed in range(100):
        false += any(
            change.signalled >= 100 for change in value_stretch(valued(medians(seed, 130))).watch.changes
        )
        changes = value_stretch(valued(medians(seed, 110, 100))).watch.changes
        found += any(change.direction == "up" and change.signalled >= 100 for change in changes)
    assert false <= 5
    assert found >= 80


def test_one_wild_day_is_outside_its_limits_and_no_change() -> None:
    stretch = value_stretch(valued([*medians(1, 60), 500.0, *medians(2, 5)]))
    assert stretch.points[60].outside
    assert not stretch.watch.changes


def test_another_value_after_none_ever_varied_is_a_change_on_its_third_day() -> None:
    stretch = value_stretch(valued([3.0] * 40 + [4.0] * 3))
    assert [change.signalled for change in stretch.watch.changes] == [42]


def test_a_single_day_has_neither_limits_nor_ranges() -> None:
    stretch = value_stretch(valued([3.0]))
    assert (stretch.mean_range, stretch.highest_range, stretch.points[0].high) == (None, None, None)


def test_two_values_of_one_day_are_refused() -> None:
    with pytest.raises(ValueError, match="two values"):
        value_stretch([Valued(FIRST, 1.0), Valued(FIRST, 2.0)])


@given(st.lists(st.floats(0, 600), max_size=30), st.randoms(use_true_random=False))
def test_the_order_in_which_values_come_never_changes_a_chart(values: list[float], random: Random) -> None:
    days = valued(values)
    assert value_stretch(random.sample(days, len(days))) == value_stretch(days)
