"""Which clause is suggested to be tightened next, and by how much: little, sure, and never from too little."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.records.measured import Measured
from central.statistics.rehearsal import PastWork, rehearse
from central.statistics.share import share_of
from central.statistics.tightening import (
    LEAST_CASES,
    MOST_STEP,
    SURE,
    expected_of,
    tightening,
    tighter_limits,
    with_limit,
)
from protocol.measurements import Call, Encounter
from protocol.standard import Limits, Phone, PostureLimits, Respond, Standard
from tests.worlds.desk_facts import call, reaction, visit

HOUSE = Standard(name="house", version=1, title="House", respond=Respond(within_s=5.0))
RESPOND = "respond.within_s"
DAY_S = 86400.0


def after_s(delay_s: float) -> Encounter:
    return visit(reaction("turned", delay_s))


def work(days: list[list[Encounter | Call]], *, synced: bool = True, device: str = "a") -> PastWork:
    measured = tuple(
        Measured(f"{device}/b/{day}-{number}", day * DAY_S + 40_000.0 + number, synced, each)
        for day, done in enumerate(days)
        for number, each in enumerate(done)
    )
    return PastWork(device, device, measured, lambda _: ())


def days_of(*delays: float, days: int = 14) -> list[list[Encounter | Call]]:
    return [[after_s(each) for each in delays]] * days


def test_the_tightest_limit_is_suggested_that_is_kept_surely_and_a_tenth_tighter_at_most() -> None:
    # Of twenty visits a day all are attended to after a second, but one after 4.7 s, which is within 5 s and not within 4.6 s.
    found = tightening([work(days_of(*[1.0] * 19, 4.7))], HOUSE, "UTC")
    assert (found.judged, found.days) == (280, 14)
    step = found.following
    assert step is not None
    assert (step.clause, step.side, step.today, step.to) == (RESPOND, "max", 5.0, 4.5)
    assert (step.expected.met, step.expected.decided) == (19 * 14, 280)
    wilson = share_of(19 * 14, 280)
    assert wilson
    # Every day is like every other, so the draws of days tell less than Wilson's interval, and the wider one stands.
    assert (step.expected.low, step.expected.high) == (wilson.low, wilson.high)
    assert step.expected.low >= SURE


def test_the_expected_share_is_what_a_rehearsal_comes_to() -> None:
    past = [work(days_of(*[1.0] * 17, 3.0, 4.7, 9.0))]
    found = tightening(past, HOUSE.model_copy(update={"respond": Respond(within_s=9.5)}), "UTC")
    step = found.following
    assert step is not None
    after = with_limit(HOUSE, step.clause, step.side, step.to)
    rehearsed = dict(rehearse(past, HOUSE, after).clauses)[RESPOND].after
    assert rehearsed is not None
    assert (step.expected.met, step.expected.decided) == (rehearsed.part, rehearsed.whole)


def test_a_clause_that_is_not_kept_surely_is_not_tightened() -> None:
    (end,) = tightening([work(days_of(*[1.0] * 17, 9.0, 9.0, 9.0))], HOUSE, "UTC").ends
    assert (end.step, end.why_not) == (None, "not_capable")
    assert end.today is not None
    assert end.today.share == 0.85


def test_days_that_differ_make_the_interval_wider_than_as_many_visits_that_do_not() -> None:
    """95 of 100 are kept, on every day alike, or all the misses on three days of twenty."""
    alike = {day: {"pass": 38, "fail": 2} for day in range(20)}
    apart = {day: {"pass": 40 if day > 2 else 27, "fail": 0 if day > 2 else 13} for day in range(20)}
    level, rough = expected_of(alike), expected_of(apart)
    assert level
    assert rough
    assert abs(level.share - rough.share) < 0.002
    assert rough.low < level.low - 0.03


@pytest.mark.parametrize(
    ("past", "why"),
    [
        (days_of(1.0, 1.0), "too_few"),
        (days_of(*[1.0] * 20, days=9), "too_few_days"),
        ([], "too_few"),
    ],
)
def test_with_too_little_it_says_so_and_suggests_nothing(
    past: list[list[Encounter | Call]], why: str
) -> None:
    found = tightening([work(past)], HOUSE, "UTC")
    assert found.following is None
    assert found.too_little
    assert [each.why_not for each in found.ends] == [why]


def test_what_was_measured_before_a_clock_was_set_is_left_out_and_counted() -> None:
    found = tightening(
        [work(days_of(*[1.0] * 20)), work(days_of(9.0, days=3), synced=False, device="b")], HOUSE, "UTC"
    )
    assert (found.judged, found.without_time) == (280, 3)
    assert found.following is not None
    only_such = tightening([work(days_of(*[1.0] * 20), synced=False)], HOUSE, "UTC")
    assert (only_such.judged, only_such.without_time, only_such.following) == (0, 280, None)


def test_the_surest_step_comes_first_and_a_ring_is_a_whole_one() -> None:
    house = HOUSE.model_copy(update={"phone": Phone(rings=Limits(max=3))})
    calls: list[Encounter | Call] = [call(2, "answered")] * 30
    visits: list[Encounter | Call] = [*[after_s(1.0)] * 28, after_s(4.6), after_s(4.6)]
    found = tightening([work([[*calls, *visits]] * 14)], house, "UTC")
    assert [(each.clause, each.step.to if each.step else None) for each in found.ends] == [
        ("phone.rings", 2.0),
        (RESPOND, 4.5),
    ]


def test_a_limit_of_nought_forbids_and_is_no_degree() -> None:
    house = HOUSE.model_copy(update={"posture": PostureLimits(forward_lean_deg=Limits(min=0.0, max=15.0))})
    found = tightening([work(days_of(1.0))], house, "UTC")
    assert [(each.clause, each.side) for each in found.ends] == [
        (RESPOND, "max"),
        ("posture.forward_lean_deg", "min"),
        ("posture.forward_lean_deg", "max"),
    ]
    assert tighter_limits("posture.forward_lean_deg", "min", 0.0) == ()


@given(st.floats(0.2, 600.0), st.sampled_from(["min", "max"]))
def test_every_limit_that_is_tried_is_tighter_by_a_tenth_or_the_least_step(limit: float, side: str) -> None:
    tried = tighter_limits(RESPOND, side, round(limit, 1))  # type: ignore[arg-type]
    assert 1 <= len(tried) <= 5
    moved = [(to - round(limit, 1)) * (1 if side == "min" else -1) for to in tried]
    assert moved == sorted(moved)
    assert moved[0] > 0.05
    assert moved[-1] <= max(0.1, MOST_STEP * round(limit, 1)) + 1e-6


DAYS = st.dictionaries(
    st.integers(1, 60),
    st.fixed_dictionaries(
        {"pass": st.integers(0, 30), "fail": st.integers(0, 30), "indeterminate": st.integers(0, 9)}
    ),
    min_size=1,
    max_size=30,
)


@given(DAYS, st.data())
def test_a_met_visit_more_never_lowers_the_share_and_the_order_changes_nothing(
    by_day: dict[int, dict[str, int]], data: st.DataObject
) -> None:
    before = expected_of(by_day)
    mixed = list(by_day.items())
    random.Random(1).shuffle(mixed)
    assert expected_of(dict(mixed)) == before
    day = data.draw(st.sampled_from(sorted(by_day)))
    more = expected_of(by_day | {day: by_day[day] | {"pass": by_day[day]["pass"] + 1}})
    assert more is not None
    if before is not None:
        assert more.share >= before.share
        assert before.low <= before.share <= before.high


def test_the_order_of_arrival_and_of_desks_changes_nothing() -> None:
    one, two = work(days_of(*[1.0] * 9, 4.6), device="a"), work(days_of(*[1.0] * 9, 4.6), device="b")
    mixed = list(one.visits_and_calls)
    random.Random(2).shuffle(mixed)
    again = PastWork(one.device, one.label, tuple(mixed), one.exempt_at)
    assert tightening([one, two], HOUSE, "UTC") == tightening([two, again], HOUSE, "UTC")
    assert LEAST_CASES <= 280
