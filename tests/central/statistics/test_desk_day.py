"""A whole day."""

import random

import pytest

from central.records.day import Day, day_of
from central.records.measured import Measured
from central.statistics.desk_day import score_day
from protocol.measurements import Measurement
from tests.worlds.desk_facts import (
    NO_SMILE,
    OFFSET_S,
    STANDARD,
    call,
    gap,
    measured,
    reaction,
    smile,
    staffed,
    visit,
    with_limits,
)

DAY = day_of(OFFSET_S, "UTC")


def a_morning() -> list[Measured[Measurement]]:
    """Four visits (prompt, late, given up, unseen), three calls, and half an hour of the desk."""
    facts: list[Measurement] = [
        visit(reaction("turned", 1.0, 100.0), at_s=100.0, smile=smile()),
        visit(reaction("smiled", 9.0, 300.0), at_s=300.0, smile=NO_SMILE),
        visit(wait_s=25.0, at_s=500.0),
        visit(wait_s=3.0, ended="not_observed", host_coverage=0.1, at_s=700.0),
        call(2, "answered", at_s=150.0),
        call(5, "answered", at_s=450.0),
        call(2, "unknown", at_s=800.0),
        staffed(0.0, 1740.0),
        staffed(1740.0, 1800.0, staffed=False),
        gap(700.0, 730.0),
    ]
    return [measured(data, number) for number, data in enumerate(facts, start=1)]


def counts(clause: str, items: list[Measured[Measurement]], standard: object = STANDARD) -> tuple[int, ...]:
    day = score_day(items, standard, DAY)  # type: ignore[arg-type]
    tally = next(tally for tally in day.tallies if tally.clause == clause)
    return tuple(tally.count(outcome) for outcome in ("pass", "fail", "indeterminate", "not_applicable"))


def test_verdicts_are_counted_clause_by_clause() -> None:
    assert counts("respond.within_s", a_morning()) == (1, 2, 1, 0)
    assert counts("smile.teeth", a_morning()) == (1, 1, 0, 2)
    assert counts("phone.rings", a_morning()) == (1, 1, 1, 0)


def test_the_same_measurements_give_the_same_score_in_whatever_order_they_came() -> None:
    items = a_morning()
    shuffled = random.Random(7).sample(items, len(items))
    assert score_day(items, STANDARD, DAY) == score_day(shuffled, STANDARD, DAY)


def test_a_score_can_be_made_again_under_another_version_and_changes_no_measurement() -> None:
    patient = with_limits(version=4, respond={"within_s": 30.0})
    assert counts("respond.within_s", a_morning(), patient)[0] == 2
    assert score_day(a_morning(), patient, DAY).standard == "house@4"
    assert counts("respond.within_s", a_morning()) == (1, 2, 1, 0)


def test_from_every_count_one_can_walk_back_to_the_measurements() -> None:
    items = a_morning()
    known = {item.id for item in items}
    day = score_day(items, STANDARD, DAY)
    for tally in day.tallies:
        for outcome, measurements in tally.measurements.items():
            assert set(measurements) <= known
            assert tally.count(outcome) == len(measurements)
    late = next(tally for tally in day.tallies if tally.clause == "respond.within_s").measurements["fail"]
    assert late == (items[1].id, items[2].id)
    (presence,) = day.presence
    assert presence.measurements == (items[7].id, items[8].id)


def test_a_day_knows_its_staffing_waits_and_gaps() -> None:
    day = score_day(a_morning(), STANDARD, DAY)
    assert day.staffing.share == pytest.approx(1740 / 1800)
    assert (day.waiting.attended, day.waiting.censored, day.waiting.unseen) == (2, 1, 1)
    assert day.coverage is not None
    assert [part.what for part in day.coverage.parts] == ["camera staff"]


def test_visits_belong_to_the_day_they_began_on_and_attendance_is_cut_at_midnight() -> None:
    midnight_s = DAY.end_s - OFFSET_S
    items = [
        measured(visit(reaction("turned", 1.0, midnight_s - 5), at_s=midnight_s - 5), 1),
        measured(staffed(midnight_s - 600, midnight_s + 300), 2),
    ]
    today = score_day(items, STANDARD, DAY)
    tomorrow = score_day(items, STANDARD, day_of(DAY.end_s, "UTC"))
    assert (len(today.encounters), len(tomorrow.encounters)) == (1, 0)
    assert (today.staffing.staffed_s, tomorrow.staffing.staffed_s) == (600.0, 300.0)


def test_days_are_those_of_the_desks_own_place() -> None:
    late_s = 36_000.0  # 00:13 on the next day in UTC, 08:13 in Shanghai
    item = measured(visit(reaction("turned", 1.0, late_s), at_s=late_s))
    shanghai = day_of(item.wall_s, "Asia/Shanghai")
    assert score_day([item], STANDARD, shanghai).encounters
    assert not score_day([item], STANDARD, Day(DAY.date, "UTC")).encounters


def test_a_day_scored_under_a_standard_the_desk_did_not_use_says_so() -> None:
    assert score_day(a_morning(), STANDARD, DAY).measured_under == ("eight-teeth@1",)


def test_an_empty_day_is_no_fault() -> None:
    day = score_day([], STANDARD, DAY)
    assert (day.encounters, day.tallies, day.coverage) == ((), (), None)
