"""The next look is due a week, month, quarter or year after the latest one, whatever the calendar does at its ends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.monitoring.rhythm import RHYTHMS, Rhythm, due_on


@pytest.mark.parametrize(
    ("last", "rhythm", "due"),
    [
        ("2026-01-31", "month", "2026-02-28"),
        ("2028-01-31", "month", "2028-02-29"),
        ("2026-12-15", "month", "2027-01-15"),
        ("2026-11-30", "quarter", "2027-02-28"),
        ("2028-02-29", "year", "2029-02-28"),
        ("2026-12-28", "week", "2027-01-04"),
    ],
)
def test_the_calendar_at_its_ends(last: str, rhythm: Rhythm, due: str) -> None:
    assert due_on(date.fromisoformat(last), rhythm) == date.fromisoformat(due)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from(RHYTHMS))
def test_a_later_look_is_never_due_before_an_earlier_one(last: date, rhythm: Rhythm) -> None:
    lengths = {"week": (7, 7), "month": (28, 31), "quarter": (89, 92), "year": (365, 366)}
    shortest, longest = lengths[rhythm]
    assert timedelta(days=shortest) <= due_on(last, rhythm) - last <= timedelta(days=longest)
    assert due_on(last, rhythm) <= due_on(last + timedelta(days=1), rhythm)
