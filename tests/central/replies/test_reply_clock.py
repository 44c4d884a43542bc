"""How long a reply took, until when it was due, and why then."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.calendars.opening_times import ExceptionalHours, OpeningTimes, WeeklyHours
from central.replies.cycles import Ending, Pause, ReplyCycle
from central.replies.due_warning import warning_moment
from central.replies.reply_clock import Hours, Promise, ReplyClock, Stay, reckon

HOUR = 3600.0
DAY = 24 * HOUR
WEEKDAYS = tuple(WeeklyHours(day, 9 * 60, 12 * 60) for day in range(5)) + tuple(
    WeeklyHours(day, 13 * 60, 18 * 60) for day in range(5)
)
EASTER = (ExceptionalHours(date(2026, 4, 3), date(2026, 4, 6), "Easter"),)
BERLIN = OpeningTimes("Europe/Berlin", WEEKDAYS, EASTER)
ALWAYS = OpeningTimes("UTC", tuple(WeeklyHours(day, 0, 1440) for day in range(7)))
NEVER = OpeningTimes("Europe/Berlin")


def unix(text: str, zone: str = "Europe/Berlin") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def clock(
    asked: str,
    ended: str | None = None,
    *,
    within_h: float = 24,
    hours: Hours = "calendar",
    now: str = "2026-12-01",
    times: OpeningTimes = BERLIN,
    ending: Ending = "replied",
    pauses: tuple[Pause, ...] = (),
) -> ReplyClock:
    cycle = ReplyCycle(
        1, unix(asked), None if ended is None else unix(ended), ending if ended else None, pauses
    )
    return reckon(cycle, Promise(within_h * HOUR, hours), (Stay(unix(asked), 1, "Nord", times),), unix(now))


def test_both_hours_stand_side_by_side_over_a_weekend_with_a_lunch_break() -> None:
    found = clock("2026-03-20 17:00", "2026-03-23 10:30", within_h=8, hours="business")
    assert (found.calendar_s, found.business_s) == (65.5 * HOUR, 2.5 * HOUR)
    assert found.due_s == unix("2026-03-23 17:00")
    assert found.outcome == "met"


def test_twenty_four_hours_are_an_hour_of_the_clock_more_or_less_when_the_clocks_change() -> None:
    assert clock("2026-03-28 12:00").due_s == unix("2026-03-29 13:00")
    assert clock("2026-10-24 12:00").due_s == unix("2026-10-25 11:00")


def test_hours_of_business_keep_to_the_wall_over_both_changes() -> None:
    night = OpeningTimes("Europe/Berlin", tuple(WeeklyHours(day, 60, 240) for day in range(7)))
    assert clock("2026-03-29 00:00", times=night, hours="business", within_h=2).due_s == unix(
        "2026-03-29 04:00"
    )
    assert clock("2026-10-25 00:00", times=night, hours="business", within_h=4).due_s == unix(
        "2026-10-25 04:00"
    )


def test_a_deadline_tells_every_stretch_that_was_counted_and_why_the_others_were_not() -> None:
    found = clock(
        "2026-04-02 17:00",
        hours="business",
        within_h=3,
        pauses=(Pause(unix("2026-04-07 09:30"), unix("2026-04-07 10:00")),),
    )
    told = [(each.why, each.seconds / HOUR, each.title) for each in found.explained]
    assert told == [
        ("open", 1.0, ""),
        ("shut", 111.0, "Easter"),
        ("open", 0.5, ""),
        ("paused", 0.5, ""),
        ("open", 1.5, ""),
    ]
    assert sum(each.seconds for each in found.explained if each.counted) == 3 * HOUR
    assert found.due_s == found.explained[-1].to_s == unix("2026-04-07 11:30")
    assert found.paused_s == 0.5 * HOUR


def test_late_stays_late_whatever_comes_after_the_deadline() -> None:
    asked, due = "2026-03-23 10:00", unix("2026-03-24 10:00")
    later = (Pause(due + 1, None),)
    assert clock(asked, now="2026-03-24 10:00").outcome == "running"
    for found in (
        clock(asked),
        clock(asked, pauses=later),
        clock(asked, "2026-03-24 10:01"),
        clock(asked, "2026-03-30 10:01", ending="closed"),
        clock(asked, "2026-03-30 10:01", pauses=later),
    ):
        assert (found.outcome, found.due_s) == ("missed", due)
    assert clock(asked, "2026-03-24 10:00").outcome == "met"
    assert clock(asked, "2026-03-24 09:00", ending="closed").outcome == "closed"


def test_a_reply_after_hours_on_the_day_it_was_due_is_late() -> None:
    found = clock("2026-03-23 10:00", "2026-03-23 20:00", hours="business", within_h=7)
    assert (found.due_s, found.business_s, found.outcome) == (unix("2026-03-23 18:00"), 7 * HOUR, "missed")


def test_a_case_that_waits_for_the_customer_has_no_deadline_yet() -> None:
    found = clock("2026-03-23 10:00", pauses=(Pause(unix("2026-03-23 12:00"), None),))
    assert (found.outcome, found.due_s, found.calendar_s) == ("running", None, 2 * HOUR)


def test_a_calendar_without_open_time_is_refused_in_words_and_ends() -> None:
    found = clock("2026-03-23 10:00", hours="business", times=NEVER)
    assert found.outcome == "unknown"
    assert found.due_s is None
    assert "'Nord'" in found.refused
    assert "sheet hours" in found.refused
    assert clock("2026-03-23 10:00", "2026-03-23 11:00", times=NEVER).outcome == "met"
    once = OpeningTimes("UTC", (), (ExceptionalHours(date(2026, 3, 24), date(2026, 3, 24), "Fair", 0, 600),))
    assert clock("2026-03-23 10:00", hours="business", times=once).outcome == "unknown"
    assert clock("2026-03-23 10:00", hours="business", within_h=10, times=once).due_s == unix(
        "2026-03-24 10:00", "UTC"
    )


def test_a_case_that_moves_counts_the_hours_of_whoever_has_it_at_that_moment() -> None:
    asked, moved = unix("2026-03-23 17:00"), unix("2026-03-23 20:00")
    stays = (Stay(asked, 1, "Nord", BERLIN), Stay(moved, 2, "Hafen", ALWAYS))
    found = reckon(
        ReplyCycle(1, asked, None, None, ()), Promise(3 * HOUR, "business"), stays, asked + 2 * HOUR
    )
    assert (found.due_s, found.business_s, found.showroom_id) == (moved + 2 * HOUR, HOUR, 1)
    assert [(each.why, each.showroom) for each in found.explained] == [
        ("open", "Nord"),
        ("shut", "Nord"),
        ("open", "Hafen"),
    ]
    late = reckon(
        ReplyCycle(1, asked, None, None, ()),
        Promise(HOUR, "business"),
        stays,
        asked + DAY,
    )
    assert (late.outcome, late.showroom_id) == ("missed", 1), "it fell due before it moved"


def test_a_warning_leaves_working_time_before_the_deadline() -> None:
    stays = (Stay(0.0, 1, "Nord", BERLIN),)

    def warned(asked: str, due: str) -> float | None:
        return warning_moment(unix(asked), unix(due), stays, 2 * HOUR)

    assert warned("2026-03-20 08:00", "2026-03-23 08:00") == unix("2026-03-20 16:00"), "not in the night"
    assert warned("2026-03-22 10:00", "2026-03-23 10:00") == unix("2026-03-23 09:00"), "as early as it can"
    assert warned("2026-03-23 09:00", "2026-03-23 13:30") == unix("2026-03-23 10:30"), "over the lunch break"
    assert warned("2026-03-21 10:00", "2026-03-22 10:00") is None, "nobody is there between"
    moment = warning_moment(unix("2026-03-20 08:00"), unix("2026-03-23 08:00"), stays, 0.0)
    assert moment == unix("2026-03-20 18:00") - 1


STARTS = st.integers(int(unix("2026-03-20")), int(unix("2026-04-10")))
LENGTHS = st.integers(0, 6 * 86_400)
HOURS: st.SearchStrategy[Hours] = st.sampled_from(("calendar", "business"))


@given(STARTS, LENGTHS, st.lists(st.integers(0, 6 * 86_400), max_size=6), HOURS)
def test_cutting_a_stay_into_stays_of_the_same_showroom_changes_nothing(
    asked_s: int, length_s: int, cuts: list[int], hours: Hours
) -> None:
    cycle = ReplyCycle(1, asked_s, asked_s + length_s, "replied", ())
    whole = (Stay(asked_s, 1, "Nord", BERLIN),)
    cut = tuple(Stay(asked_s + each, 1, "Nord", BERLIN) for each in sorted({0, *cuts}))
    promise = Promise(8 * HOUR, hours)
    assert reckon(cycle, promise, whole, 2e9) == reckon(cycle, promise, cut, 2e9)


@given(STARTS, LENGTHS, st.integers(0, 6 * 86_400), st.integers(1, 86_400), st.integers(1, 86_399))
def test_a_pause_never_makes_it_longer_and_cut_in_two_is_the_same(
    asked_s: int, length_s: int, from_s: int, lasts_s: int, cut_s: int
) -> None:
    def with_pauses(*pauses: Pause) -> ReplyClock:
        cycle = ReplyCycle(1, asked_s, asked_s + length_s, "replied", pauses)
        return reckon(cycle, Promise(8 * HOUR, "business"), (Stay(asked_s, 1, "Nord", BERLIN),), 2e9)

    begins_s = asked_s + min(from_s, length_s)
    ends_s = min(begins_s + lasts_s, asked_s + length_s)
    between_s = min(begins_s + cut_s, ends_s)
    bare, paused = with_pauses(), with_pauses(Pause(begins_s, ends_s))
    assert paused.calendar_s <= bare.calendar_s
    assert paused.business_s <= bare.business_s
    assert paused.calendar_s + paused.paused_s == bare.calendar_s
    assert bare.due_s is not None
    assert paused.due_s is not None
    assert paused.due_s >= bare.due_s
    twice = with_pauses(Pause(begins_s, between_s), Pause(between_s, ends_s))
    assert (twice.calendar_s, twice.business_s, twice.due_s) == (
        paused.calendar_s,
        paused.business_s,
        paused.due_s,
    )


@given(STARTS, LENGTHS, HOURS, st.floats(0.1, 100.0))
def test_business_is_never_more_than_calendar_and_what_is_explained_adds_up(
    asked_s: int, length_s: int, hours: Hours, within_h: float
) -> None:
    cycle = ReplyCycle(1, asked_s, asked_s + length_s, "replied", ())
    found = reckon(cycle, Promise(within_h * HOUR, hours), (Stay(asked_s, 1, "Nord", BERLIN),), 2e9)
    assert found.business_s <= found.calendar_s
    assert sum(each.seconds for each in found.explained if each.counted) == pytest.approx(within_h * HOUR)
    assert all(a.to_s == b.from_s for a, b in zip(found.explained, found.explained[1:], strict=False))
    assert found.outcome == ("met" if found.due_s and asked_s + length_s <= found.due_s else "missed")


@given(STARTS, LENGTHS, st.integers(0, 20 * 3600))
def test_a_warning_is_before_the_deadline_and_in_working_hours(
    asked_s: int, length_s: int, before_s: int
) -> None:
    due_s = asked_s + length_s
    moment = warning_moment(asked_s, due_s, (Stay(asked_s, 1, "Nord", BERLIN),), before_s)
    if moment is not None:
        assert asked_s <= moment <= due_s
        local = datetime.fromtimestamp(moment, ZoneInfo("Europe/Berlin"))
        assert local.weekday() < 5
        assert 9 <= local.hour < 18
        assert local.hour != 12
