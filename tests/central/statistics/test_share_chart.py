"""Charts of shares: what they promise of false signals and of true ones, and what never changes them."""

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.statistics.change_watch import LEAST_REFERENCE
from central.statistics.share_chart import CountedPeriod, share_stretch

FIRST = date(2026, 1, 1)
DAYS = st.lists(
    st.integers(0, 30).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))),
    min_size=1,
    max_size=45,
)


def days_of(
    seed: int,
    days: int,
    share: float = 0.85,
    *,
    least: int = 20,
    most: int = 60,
    spread: float = 0.0,
    weekends: bool = False,
    falls_on: int | None = None,
) -> list[CountedPeriod]:
    """A showroom's days: each with a drawn number of visits, of which as many are met as chance has it; ``spread`` is what else moves the share of a day."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(days):
        day = FIRST + timedelta(days=number)
        whole, moved = int(random.integers(least, most + 1)), spread * float(random.standard_normal())
        true = min(1.0, max(0.0, (0.70 if falls_on is not None and number >= falls_on else share) + moved))
        if not weekends or day.weekday() < 5:
            found.append(CountedPeriod(day, int(random.binomial(whole, true)), whole))
    return found


def signalled(days: list[CountedPeriod]) -> list[date]:
    stretch = share_stretch(days)
    return [stretch.points[change.signalled].first_day for change in stretch.watch.changes]


@pytest.mark.parametrize(
    "shop",
    [
        {},
        {"least": 1, "most": 5},
        {"spread": 0.06, "weekends": True},
        {"share": 0.98},
    ],
    ids=["steady", "few a day", "over-dispersed and closed on weekends", "nearly all met"],
)
def test_of_a_hundred_charts_without_a_fault_at_most_five_signal_within_thirty_days(
    shop: dict[str, float],
) -> None:
    """The last thirty days of 145: the reference is full by then, and a year's last thirty are held against the same."""
    false = 0
    for seed in range(100):
        days = days_of(1000 + seed, 145, **shop)  # type: ignore[arg-type]
        late = days[-1].first_day - timedelta(days=30)
        false += any(day > late for day in signalled(days))
    assert false <= 5


@pytest.mark.parametrize(
    "shop",
    [{}, {"least": 20, "most": 20}, {"spread": 0.04}, {"weekends": True}],
    ids=["20 to 60 a day", "20 a day", "over-dispersed", "weekends closed"],
)
def test_a_fall_from_85_to_70_is_signalled_within_ten_days_in_eighty_of_a_hundred(
    shop: dict[str, float],
) -> None:
    found = 0
    for seed in range(100):
        days = days_of(5000 + seed, 90, falls_on=80, **shop)  # type: ignore[arg-type]
        stretch = share_stretch(days)
        found += any(
            change.direction == "down"
            and stretch.points[change.signalled].first_day >= FIRST + timedelta(days=80)
            for change in stretch.watch.changes
        )
    assert found >= 80


def fallen_seen(falls_on: int, within_days: int) -> int:
    """Of a hundred showrooms with 20 visits a day and closed weekends, in how many a fall is noticed within so many days of the calendar."""
    found = 0
    for seed in range(100):
        days = days_of(
            5000 + seed, falls_on + within_days, least=20, most=20, weekends=True, falls_on=falls_on
        )
        stretch = share_stretch(days)
        found += any(
            change.direction == "down"
            and stretch.points[change.signalled].first_day >= FIRST + timedelta(days=falls_on)
            for change in stretch.watch.changes
        )
    return found


@pytest.mark.parametrize("falls_on", [130, 131])
def test_with_twenty_visits_and_closed_weekends_a_fall_takes_eight_open_days_and_a_full_reference(
    falls_on: int,
) -> None:
    """A Monday and a Tuesday: of the ten days that follow eight are open."""
    assert fallen_seen(falls_on, 10) >= 80


@pytest.mark.parametrize("falls_on", [80, 130])
def test_with_twenty_visits_and_closed_weekends_ten_open_days_are_enough(falls_on: int) -> None:
    assert fallen_seen(falls_on, 14) >= 80


def test_a_signal_says_where_to_look_and_lasts_until_the_level_is_back() -> None:
    level = [CountedPeriod(FIRST + timedelta(days=n), 34, 40) for n in range(60)]
    fallen = [CountedPeriod(FIRST + timedelta(days=n), 26, 40) for n in range(60, 75)]
    back = [CountedPeriod(FIRST + timedelta(days=n), 34, 40) for n in range(75, 100)]
    stretch = share_stretch([*level, *fallen])
    (change,) = stretch.watch.changes
    assert change.direction == "down"
    assert change.until is None
    assert 60 <= change.began <= change.signalled <= 65
    assert stretch.watch.now == change
    (over,) = share_stretch([*level, *fallen, *back]).watch.changes
    assert over.until is not None
    assert over.until > 75


def test_a_single_day_on_which_nobody_was_attended_to_is_signalled_at_once() -> None:
    days = [CountedPeriod(FIRST + timedelta(days=n), 34, 40) for n in range(40)]
    assert signalled([*days, CountedPeriod(FIRST + timedelta(days=40), 0, 40)]) == [
        FIRST + timedelta(days=40)
    ]


def test_before_twenty_days_there_are_intervals_and_no_limits() -> None:
    stretch = share_stretch(days_of(1, LEAST_REFERENCE))
    assert not stretch.watch.points
    assert {(point.low, point.high) for point in stretch.points} == {(None, None)}


def test_laneys_limits_are_wider_where_days_differ_more_than_their_counts_explain() -> None:
    plain, scattered = share_stretch(days_of(3, 90)), share_stretch(days_of(3, 90, spread=0.12))
    assert (plain.over_dispersed, scattered.over_dispersed) == (False, True)
    assert scattered.sigma_z > 1.3
    assert sum(point.outside for point in scattered.points) <= 1


def test_laneys_own_example_of_a_plain_chart() -> None:
    """Shares that alternate by one standard deviation of their counts have a mean range of two: sigma_z is 2 / 1.128 where the test lets it."""
    days = [CountedPeriod(FIRST + timedelta(days=n), 84 if n % 2 else 116, 200) for n in range(30)]
    stretch = share_stretch(days)
    assert stretch.level == pytest.approx(0.5)
    assert stretch.sigma_z == pytest.approx(2 * (0.08 / (0.25 / 200) ** 0.5) / 1.128)


def test_days_without_a_case_are_no_points() -> None:
    assert share_stretch([CountedPeriod(FIRST, 0, 0)]).points == ()
    assert share_stretch([]).level is None


def test_more_met_than_there_were_is_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        share_stretch([CountedPeriod(FIRST, 3, 2)])


@settings(max_examples=40)
@given(DAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_days_come_never_changes_a_chart(
    days: list[tuple[int, int]], random: Random
) -> None:
    counted = [CountedPeriod(FIRST + timedelta(days=n), *each) for n, each in enumerate(days)]
    shuffled = random.sample(counted, len(counted))
    assert share_stretch(shuffled) == share_stretch(counted)


@settings(max_examples=40)
@given(DAYS, st.integers(0, 44))
def test_another_met_visit_never_lowers_the_share_of_its_day(days: list[tuple[int, int]], place: int) -> None:
    counted = [CountedPeriod(FIRST + timedelta(days=n), *each) for n, each in enumerate(days)]
    day = FIRST + timedelta(days=place % len(days))
    before = {point.first_day: point.share for point in share_stretch(counted).points}
    after = {
        point.first_day: point.share for point in share_stretch([*counted, CountedPeriod(day, 1, 1)]).points
    }
    for first_day, share in before.items():
        assert after[first_day].share >= share.share
        assert after[first_day].low >= share.low
