"""What a host sees of their own day."""

from typing import Any, Literal

from edge.page.day_so_far import DaySoFar, DaysSoFar
from protocol.measurements import Call, Encounter
from protocol.standards_folder import find_standard
from tests.worlds.desk_facts import call as a_call
from tests.worlds.desk_facts import visit as a_visit


def visit(
    start_s: float,
    wait_s: float,
    ended_by: Literal["reaction", "customer_left", "not_observed"] = "reaction",
    **changed: Any,
) -> Encounter:
    return a_visit(at_s=start_s, wait_s=wait_s, ended=ended_by, **changed)


def call(
    start_s: float, rings: int, outcome: Literal["answered", "abandoned", "unknown"] = "answered"
) -> Call:
    return a_call(rings, outcome, at_s=start_s)


def days() -> DaysSoFar:
    counting = DaysSoFar(find_standard("eight-teeth"))
    counting.begin_day("2026-09-21", 0.0)
    return counting


def test_a_visit_is_of_whoever_was_signed_in_when_it_began() -> None:
    counting = days()
    counting.sign(10.0, "lin")
    counting.sign(100.0, "wu")
    counting.count(visit(50.0, 2.0))
    counting.count(visit(150.0, 7.0))
    counting.count(visit(5.0, 2.0))
    lin, wu = counting.of("lin"), counting.of("wu")
    assert lin == DaySoFar(10.0, visits=1, judged=1, in_time=1, wait_s=2.0, latest_visit_s=50.0)
    assert wu == DaySoFar(100.0, visits=1, judged=1, in_time=0, wait_s=7.0, latest_visit_s=150.0)
    assert counting.of(None) is None


def test_what_could_not_be_told_is_no_verdict() -> None:
    counting = days()
    counting.sign(10.0, "lin")
    counting.count(visit(20.0, 0.0, "not_observed"))
    counting.count(visit(30.0, 2.0, "customer_left"))
    counting.count(visit(40.0, 9.0, "customer_left"))
    counting.count(visit(50.0, 1.0, may_be_staff="in_front"))
    counting.count(call(60.0, 3, "unknown"))
    day = counting.of("lin")
    assert day is not None
    assert (day.visits, day.judged, day.in_time, day.calls) == (3, 1, 0, 0)


def test_calls_are_in_time_by_the_standards_rings() -> None:
    counting = days()
    counting.sign(10.0, "lin")
    counting.count(call(20.0, 2))
    counting.count(call(30.0, 9))
    counting.count(call(40.0, 3, "abandoned"))
    day = counting.of("lin")
    assert day is not None
    assert (day.calls, day.calls_in_time) == (3, 1)


def test_whoever_comes_back_goes_on_with_the_same_day_and_the_next_day_begins_with_nothing() -> None:
    counting = days()
    counting.sign(10.0, "lin")
    counting.count(visit(20.0, 2.0))
    counting.sign(100.0, None)
    assert counting.of("lin") is not None
    counting.sign(200.0, "lin")
    counting.count(visit(210.0, 2.0))
    day = counting.of("lin")
    assert day is not None
    assert (day.since_s, day.visits) == (10.0, 2)
    counting.begin_day("2026-09-22", 1000.0)
    assert counting.of("lin") == DaySoFar(1000.0)


def test_what_came_after_somebody_had_gone_is_not_theirs() -> None:
    counting = days()
    counting.sign(10.0, "lin")
    counting.count(visit(20.0, 2.0))
    counting.count(visit(500.0, 9.0, "customer_left"))
    counting.sign(100.0, None)  # half an hour later it is known that nobody was there from then on
    counting.sign(3000.0, "lin")
    day = counting.of("lin")
    assert day is not None
    assert (day.since_s, day.visits, day.judged, day.in_time) == (10.0, 1, 1, 1)
