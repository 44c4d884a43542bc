"""How things are put into words."""

from datetime import UTC, datetime

import pytest

from central.reports.wording import (
    asked,
    by_area,
    clock_time,
    duration,
    encounter_remarks,
    hour_and_minute,
    interval,
    measured_value,
    moment,
    percent,
    stay_text,
    wait_text,
)
from central.scoring.verdict import Verdict
from central.scoring.wait import Wait
from central.statistics.share import share_of
from protocol.standard import Limits
from tests.worlds.desk_facts import posture, visit


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3.21, "3.2 s"),
        (59.9, "59.9 s"),
        (250.0, "4 min 10 s"),
        (3600.0, "1 h 0 min"),
        (29530.0, "8 h 12 min"),
    ],
)
def test_durations_have_the_two_units_that_matter(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_only_all_is_a_hundred_percent_and_only_none_is_nothing() -> None:
    assert [percent(share) for share in (0.0, 0.001, 0.5, 0.999, 1.0)] == [
        "0 %",
        "1 %",
        "50 %",
        "99 %",
        "100 %",
    ]


def test_limits_are_said_as_people_say_them() -> None:
    assert asked("respond.within_s", Limits(max=5)) == "at most 5 s"
    assert asked("gaze.on_customer_share", Limits(min=0.6)) == "at least 60 %"
    assert asked("posture.forward_lean_deg", Limits(min=0, max=15)) == "0 to 15°"


def test_values_carry_their_error() -> None:
    assert measured_value(Verdict("smile.lift_cm", "pass", "", Limits(), 0.92, 0.05)) == "0.92 ± 0.05 cm"
    assert measured_value(Verdict("gaze.on_customer_share", "pass", "", Limits(), 0.62, 0.04)) == "62 ± 4 %"
    assert measured_value(Verdict("phone.rings", "pass", "", Limits(), 3, 0.0)) == "3 rings"


def test_few_cases_are_counted_and_many_have_an_interval() -> None:
    assert interval(share_of(3, 4)) == "3 of 4"
    assert interval(share_of(18, 20)) == "90 % (70 to 97)"


def test_a_wait_says_how_it_ended() -> None:
    assert wait_text(Wait(3.2, 0.1, "reaction", "turned")) == "3.2 ± 0.1 s"
    assert wait_text(Wait(0.0, 0.0, "reaction", "turned")) == "0.0 s"
    assert wait_text(Wait(8.0, 0.3, "left")) == "left after 8.0 ± 0.3 s"
    assert wait_text(Wait(8.0, 0.3, "unseen")) == "not observed"
    assert wait_text(Wait(92.0, 0.3, "left")) == "left after 1 min 32 s"


def test_how_long_a_customer_stayed_has_an_error() -> None:
    assert stay_text(visit(last_seen_s=125.0)) == "25.0 ± 0.3 s"
    assert stay_text(visit(last_seen_s=125.0, came_near_se_s=0.3, left_se_s=0.4)) == "25.0 ± 0.5 s"


@pytest.mark.parametrize(
    ("leans", "told"),
    [
        (1, ("host leant forward once",)),
        (2, ("host leant forward twice",)),
        (5, ("host leant forward 5 times",)),
        (0, ()),
        (None, ()),
    ],
)
def test_how_often_the_host_leant_forward_is_told(leans: int | None, told: tuple[str, ...]) -> None:
    assert encounter_remarks(visit(posture=posture(leans=leans))) == told


def test_an_area_is_as_its_least_met_clause() -> None:
    verdicts = [
        Verdict("smile.lift_cm", "pass", "", Limits()),
        Verdict("smile.teeth", "fail", "", Limits()),
        Verdict("gaze.longest_away_s", "not_applicable", "", Limits()),
        Verdict("posture.forward_lean_deg", "pass", "", Limits()),
    ]
    assert by_area(verdicts) == (("smile", "fail"), ("posture", "pass"))


def test_an_hour_that_comes_twice_says_which_of_them_it_is() -> None:
    set_back_s = datetime(2026, 10, 25, 1, 0, tzinfo=UTC).timestamp()
    berlin = "Europe/Berlin"
    assert clock_time(set_back_s - 1800, berlin) == "02:30:00 CEST"
    assert clock_time(set_back_s + 1800, berlin) == "02:30:00 CET"
    assert hour_and_minute(set_back_s + 1800, berlin) == "02:30 CET"
    assert moment(set_back_s - 1800, berlin) == "2026-10-25 02:30 CEST"
    assert clock_time(set_back_s + 3600, berlin) == "03:00:00"
    assert clock_time(set_back_s - 3601, berlin) == "01:59:59"
    assert clock_time(datetime(2026, 3, 29, 1, 30, tzinfo=UTC).timestamp(), berlin) == "03:30:00"
    lord_howe_s = datetime(2026, 4, 4, 14, 45, tzinfo=UTC).timestamp()
    assert clock_time(lord_howe_s, "Australia/Lord_Howe").startswith("01:45:00 ")
