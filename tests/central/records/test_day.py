"""Days in a desk's own time zone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.records.day import Day, day_of

ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Shanghai", "America/St_Johns", "Pacific/Auckland"])


def test_a_moment_belongs_to_the_day_of_its_own_place() -> None:
    new_years_eve_23h_utc_s = 1_798_757_999.0
    assert day_of(new_years_eve_23h_utc_s, "UTC").date == date(2026, 12, 31)
    assert day_of(new_years_eve_23h_utc_s, "Asia/Shanghai").date == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)]
)
def test_a_day_is_as_long_as_its_clocks_say(day: date, hours: int) -> None:
    berlin = Day(day, "Europe/Berlin")
    assert berlin.end_s - berlin.start_s == hours * 3600


@given(st.floats(0, 4e9), ZONES)
def test_every_moment_lies_in_its_own_day_and_in_no_other(wall_s: float, zone: str) -> None:
    day = day_of(wall_s, zone)
    assert wall_s in day
    assert day.end_s not in day
    assert day_of(day.end_s, zone).start_s == day.end_s


def test_a_stretch_over_midnight_is_cut_between_its_days() -> None:
    first, second = Day(date(2026, 5, 1), "Europe/Berlin"), Day(date(2026, 5, 2), "Europe/Berlin")
    midnight_s = second.start_s
    assert [day.clip(midnight_s - 60, midnight_s + 30) for day in (first, second)] == [
        (midnight_s - 60, midnight_s),
        (midnight_s, midnight_s + 30),
    ]
