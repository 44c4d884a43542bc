"""Levels of an envelope or a contact to bursts."""

import random

import pytest

from edge.phone.burst import BurstBegan, BurstEnded, BurstWithdrawn
from edge.phone.level_bursts import LevelBursts
from edge.phone.noise import NoiseTally
from tests.worlds.phone_signals.bursts import bursts, pulses, ringing, run


def test_a_level_is_a_burst_from_its_rise_to_its_fall() -> None:
    events = run(LevelBursts(NoiseTally()), [(1.0, True), (2.0, False), (6.0, True), (7.0, False)])
    assert [(event.burst.start_s, event.burst.end_s) for event in bursts(events)] == [(1.0, 2.0), (6.0, 7.0)]
    assert events[0] == BurstBegan(1.0)


def test_a_bouncing_contact_makes_one_burst() -> None:
    def bouncing(t_s: float, level: bool) -> list[tuple[float, bool]]:  # noqa: FBT001
        return [(t_s + 0.002 * number, level == (number % 2 == 0)) for number in range(9)]

    events = run(LevelBursts(NoiseTally()), [*bouncing(1.0, True), *bouncing(2.0, False)])
    assert len(bursts(events)) == 1
    assert bursts(events)[0].burst.start_s == 1.0
    assert bursts(events)[0].burst.end_s == pytest.approx(2.0, abs=0.02)


def test_a_poorly_smoothed_envelope_is_still_one_burst() -> None:
    ripple = [edge for number in range(32) for edge in ((number / 32, True), (number / 32 + 0.02, False))]
    assert len(bursts(run(LevelBursts(NoiseTally()), ripple))) == 1


@pytest.mark.parametrize(("break_s", "make_s"), [(0.047, 0.03), (0.06, 0.04), (0.08, 0.055)])
def test_dial_pulses_are_too_short(break_s: float, make_s: float) -> None:
    tally = NoiseTally()
    digit = pulses([number * (break_s + make_s) for number in range(10)], width_s=break_s)
    assert run(LevelBursts(tally), digit) == []
    assert tally.short == 10


@pytest.mark.parametrize("hz", [300.0, 1200.0, 2200.0, 10_000.0])
def test_chatter_is_no_burst_however_long(hz: float) -> None:
    tally = NoiseTally()
    assert run(LevelBursts(tally), pulses(ringing(hz, 1, 0.0, 2.0), width_s=0.6 / hz)) == []
    assert tally.fast >= 1


def test_a_level_that_follows_chatter_is_a_burst() -> None:
    chatter = pulses(ringing(1200.0, 1, 0.0, 0.3), width_s=0.0004)
    events = run(LevelBursts(NoiseTally()), [*chatter, (0.3, True), (1.3, False)])
    assert len(bursts(events)) == 1
    assert bursts(events)[0].burst.start_s == pytest.approx(0.3, abs=0.02)


def test_chatter_after_a_burst_does_not_make_it_longer() -> None:
    chatter = pulses(ringing(1200.0, 1, 1.001, 2.0), width_s=0.0004)
    events = run(LevelBursts(NoiseTally()), [(0.0, True), (1.0, False), *chatter])
    assert [event.burst.end_s for event in bursts(events)] == [1.0]


def test_an_input_that_stays_active_is_stuck() -> None:
    events = run(LevelBursts(NoiseTally()), [(1.0, True), (60.0, False), (65.0, True), (66.0, False)])
    assert [type(event) for event in events] == [BurstBegan, BurstWithdrawn, BurstBegan, BurstEnded]


def test_a_level_said_twice_is_one_level() -> None:
    events = run(LevelBursts(NoiseTally()), [(1.0, True), (1.5, True), (2.0, False), (2.1, False)])
    assert [event.burst.end_s for event in bursts(events)] == [2.0]


def test_interference_of_which_the_kernel_keeps_clumps_is_withdrawn() -> None:
    rng = random.Random(1)
    edges, t_s = [], 0.0
    while t_s < 5.0:
        t_s += rng.uniform(0.005, 0.04)
        # A clump ends on either level, and stands there until the next.
        edges += [(t_s + 0.00005 * number, bool(number % 2)) for number in range(rng.randint(6, 17))]
    assert bursts(run(LevelBursts(NoiseTally()), edges)) == []


def test_chatter_over_ringing_leaves_the_burst() -> None:
    chatter = pulses(ringing(2000.0, 1, 0.5, 0.9), width_s=0.0002)
    events = run(
        LevelBursts(NoiseTally()), [(0.0, True), (0.4999, False), *chatter, (0.9, True), (2.0, False)]
    )
    assert [(event.burst.start_s, event.burst.end_s) for event in bursts(events)][-1][1] == 2.0
