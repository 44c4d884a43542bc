"""Calendars that are kept as text, and the holidays of countries."""

from datetime import date

import pytest

from central.calendars.kept_calendar import calendar_text, calendar_version, read_calendar
from central.calendars.opening_times import ExceptionalHours, OpeningTimes, WeeklyHours
from central.calendars.public_holidays import UnknownCountryError, public_holidays

TIMES = OpeningTimes(
    "Europe/Berlin",
    (WeeklyHours(0, 540, 720, date(2026, 1, 1)), WeeklyHours(0, 780, 1080)),
    (
        ExceptionalHours(date(2026, 12, 24), date(2026, 12, 26), "Weihnachten"),
        ExceptionalHours(date(2026, 12, 27), date(2026, 12, 27), "早上", 600, 660),
    ),
)


def test_a_calendar_comes_back_as_it_was_kept() -> None:
    assert calendar_text(read_calendar(calendar_text(TIMES))) == calendar_text(TIMES)
    assert set(read_calendar(calendar_text(TIMES)).weekly) == set(TIMES.weekly)


def test_a_calendar_that_says_the_same_in_another_order_is_the_same_version() -> None:
    turned = OpeningTimes(TIMES.timezone, TIMES.weekly[::-1], TIMES.exceptions[::-1])
    assert calendar_version(calendar_text(turned)) == calendar_version(calendar_text(TIMES))
    other = OpeningTimes("Europe/Vienna", TIMES.weekly, TIMES.exceptions)
    assert calendar_version(calendar_text(other)) != calendar_version(calendar_text(TIMES))


def test_only_public_holidays_close_and_those_of_a_part_of_a_country_only_there() -> None:
    bavaria = {each.first_day for each in public_holidays("DE", "BY")}
    berlin = {each.first_day for each in public_holidays("DE", "BE")}
    assert date(2026, 1, 6) in bavaria - berlin
    assert {date(2026, 12, 25), date(2026, 5, 1)} <= berlin
    assert date(2026, 12, 24) not in berlin
    assert date(2026, 10, 1) in {each.first_day for each in public_holidays("CN")}


def test_a_country_or_a_part_that_nothing_is_known_of_is_refused_with_what_is_known() -> None:
    with pytest.raises(UnknownCountryError, match="two letters"):
        public_holidays("XX")
    with pytest.raises(UnknownCountryError, match="BY"):
        public_holidays("DE", "Bayern")
