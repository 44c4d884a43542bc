"""When a showroom is open: lunch breaks, holidays, and days on which the clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from central.calendars.opening_times import (
    DAY_MIN,
    ExceptionalHours,
    OpeningTimes,
    WeeklyHours,
    open_between,
    open_seconds,
)

HOUR_S = 3600.0


def unix(text: str, zone: str = "Europe/Berlin") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def every_day(*hours: tuple[int, int], zone: str = "Europe/Berlin") -> OpeningTimes:
    weekly = tuple(WeeklyHours(day, opens * 60, closes * 60) for day in range(7) for opens, closes in hours)
    return OpeningTimes(zone, weekly)


def test_a_day_with_a_lunch_break_is_two_stretches() -> None:
    times = every_day((9, 12), (13, 18))
    assert open_between(times, unix("2026-09-21"), unix("2026-09-22")) == (
        (unix("2026-09-21 09:00"), unix("2026-09-21 12:00")),
        (unix("2026-09-21 13:00"), unix("2026-09-21 18:00")),
    )


def test_a_showroom_that_is_open_round_the_clock_is_open_as_long_as_the_day_lasts() -> None:
    times = every_day((0, 24))
    assert open_seconds(times, unix("2026-03-29"), unix("2026-03-30")) == 23 * HOUR_S
    assert open_seconds(times, unix("2026-10-25"), unix("2026-10-26")) == 25 * HOUR_S
    assert len(open_between(times, unix("2026-03-01"), unix("2026-04-01"))) == 1


def test_hours_that_the_clocks_jump_over_are_not_open() -> None:
    assert open_seconds(every_day((2, 3)), unix("2026-03-29"), unix("2026-03-30")) == 0.0
    assert open_seconds(every_day((1, 4)), unix("2026-03-29"), unix("2026-03-30")) == 2 * HOUR_S


def test_a_holiday_closes_and_a_special_day_has_its_own_hours() -> None:
    times = every_day((9, 18))
    holiday = ExceptionalHours(date(2026, 12, 25), date(2026, 12, 26), "Christmas")
    eve = [
        ExceptionalHours(date(2026, 12, 24), date(2026, 12, 24), "Christmas Eve", *hours)
        for hours in ((9 * 60, 11 * 60), (12 * 60, 13 * 60))
    ]
    closed = OpeningTimes(times.timezone, times.weekly, (holiday, *eve))
    assert open_seconds(closed, unix("2026-12-23"), unix("2026-12-28")) == (9 + 3 + 0 + 0 + 9) * HOUR_S


def test_hours_hold_from_their_first_day_to_their_last() -> None:
    hours = WeeklyHours(0, 540, 600, date(2026, 9, 14), date(2026, 9, 21))
    times = OpeningTimes("Europe/Berlin", (hours,))
    assert open_seconds(times, unix("2026-09-01"), unix("2026-10-01")) == 2 * HOUR_S


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "UTC"])


@st.composite
def weeks(draw: st.DrawFn) -> OpeningTimes:
    weekly = []
    for day in range(7):
        edges = sorted(draw(st.sets(st.integers(0, DAY_MIN), max_size=6)))
        weekly += [WeeklyHours(day, *pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    return OpeningTimes(draw(ZONES), tuple(weekly))


@given(weeks(), st.integers(0, 366), st.floats(0.0, 10 * 86400.0), st.floats(0.0, 1.0))
def test_open_time_adds_up_wherever_a_stretch_is_cut(
    times: OpeningTimes, day: int, lasted_s: float, cut: float
) -> None:
    from_s = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)).timestamp()
    to_s, cut_s = from_s + lasted_s, from_s + lasted_s * cut
    stretches = open_between(times, from_s, to_s)
    assert all(from_s <= start_s < end_s <= to_s for start_s, end_s in stretches)
    assert all(one[1] < other[0] for one, other in pairwise(stretches))
    whole = open_seconds(times, from_s, cut_s) + open_seconds(times, cut_s, to_s)
    assert abs(open_seconds(times, from_s, to_s) - whole) < 1e-3


@given(weeks(), st.integers(0, 365 * 24 * 60))
def test_a_minute_is_open_where_the_clock_on_the_wall_says_so(times: OpeningTimes, minute: int) -> None:
    at_s = datetime(2026, 1, 1, tzinfo=UTC).timestamp() + minute * 60.0
    local = datetime.fromtimestamp(at_s, ZoneInfo(times.timezone))
    told = any(
        hours.weekday == local.weekday()
        and hours.opens_min <= local.hour * 60 + local.minute < hours.closes_min
        for hours in times.weekly
    )
    # Of an hour that comes twice, hours end or begin in the first: the second may differ.
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    assert twice or told == bool(open_between(times, at_s, at_s + 1.0))
