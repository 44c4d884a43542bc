"""Charts are cut where something changed, and each part is held against its own beginning."""

from datetime import date, timedelta

from central.statistics.change_watch import LEAST_REFERENCE
from central.statistics.period_charts import ChartMark, share_chart
from central.statistics.share_chart import CountedPeriod

FIRST = date(2026, 1, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def level(part: int, from_day: int, until: int) -> list[CountedPeriod]:
    return [CountedPeriod(day(number), part, 40) for number in range(from_day, until)]


def test_a_fall_with_the_standard_is_no_signal_and_a_fall_without_it_is_one() -> None:
    """Where the numbers asked for became stricter, fewer visits meet them: that is no change of the service."""
    fallen = [*level(36, 0, 50), *level(26, 50, 90)]
    assert [signal.up for signal in share_chart(fallen, []).signals] == [False]
    chart = share_chart(fallen, [ChartMark(day(50), "standard", "house@4")])
    assert chart.signals == ()
    assert [stretch.level for stretch in chart.stretches] == [0.9, 0.65]


def test_after_a_change_a_chart_says_how_many_points_it_still_needs() -> None:
    mark = ChartMark(day(50), "model", "desk-1")
    assert share_chart(level(36, 0, 50), [mark]).learning == LEAST_REFERENCE + 1
    assert share_chart(level(36, 0, 57), [mark]).learning == LEAST_REFERENCE - 6
    assert share_chart(level(36, 0, 71), [mark]).learning is None


def test_a_signal_before_the_latest_change_lasts_no_more() -> None:
    chart = share_chart([*level(36, 0, 50), *level(26, 50, 60)], [ChartMark(day(60), "baseline", "agreed")])
    assert len(chart.signals) == 1
    assert chart.now is None


def test_without_any_point_there_is_a_chart_that_is_still_learning() -> None:
    chart = share_chart([], [])
    assert (chart.signals, chart.now, chart.learning) == ((), None, LEAST_REFERENCE + 1)
