"""Pulses to bursts of ringing current."""

import random
from typing import Literal

import pytest

from edge.phone.burst import BurstBegan, BurstWithdrawn
from edge.phone.noise import NoiseTally
from edge.phone.pulse_bursts import PulseBursts
from tests.worlds.phone_signals.bursts import bursts, pulses, ringing, run


@pytest.mark.parametrize("per_cycle", [1, 2])
@pytest.mark.parametrize("hz", [15.0, 16.0, 20.0, 25.0, 50.0, 68.0])
def test_a_second_of_ringing_current_is_one_burst_of_its_frequency(
    hz: float, per_cycle: Literal[1, 2]
) -> None:
    events = run(PulseBursts(per_cycle, NoiseTally()), pulses(ringing(hz, per_cycle, 5.0, 6.0)))
    assert len(bursts(events)) == 1
    burst = bursts(events)[0].burst
    assert burst.start_s == pytest.approx(5.0, abs=0.001)
    assert burst.end_s == pytest.approx(6.0, abs=2.5 / (hz * per_cycle))
    assert burst.ring_hz == pytest.approx(hz, rel=0.02)


def test_a_burst_is_told_while_it_sounds() -> None:
    events = run(PulseBursts(2, NoiseTally()), pulses(ringing(25.0, 2, 0.0, 1.0)))
    assert events[0] == BurstBegan(0.0)


@pytest.mark.parametrize("hz", [10.0, 13.0, 80.0, 300.0, 10_000.0])
@pytest.mark.parametrize("per_cycle", [1, 2, None])
def test_what_is_slower_or_faster_than_ringing_current_is_none(
    hz: float, per_cycle: Literal[1, 2] | None
) -> None:
    # Where it is unknown how many pulses make a cycle, 80 Hz with one may be 40 Hz with two.
    count = 2 if per_cycle is None and hz > 68.0 else per_cycle or 1
    noise = pulses(ringing(hz, count, 0.0, 1.5), width_s=0.3 / (hz * count))
    tally = NoiseTally()
    assert run(PulseBursts(per_cycle, tally), noise) == []
    assert tally.slow + tally.fast > 0


def test_one_pulse_is_no_burst() -> None:
    tally = NoiseTally()
    assert run(PulseBursts(1, tally), pulses([1.0])) == []
    assert tally.short == 1


@pytest.mark.parametrize("per_cycle", [1, 2])
def test_a_burst_of_150_ms_is_ringing(per_cycle: Literal[1, 2]) -> None:
    events = run(PulseBursts(per_cycle, NoiseTally()), pulses(ringing(25.0, per_cycle, 0.0, 0.15)))
    assert len(bursts(events)) == 1


def test_a_burst_shorter_than_100_ms_is_ringing_only_when_a_ring_is_due() -> None:
    short = pulses(ringing(25.0, 2, 10.0, 10.08))
    assert run(PulseBursts(2, NoiseTally()), short) == []
    expecting = PulseBursts(2, NoiseTally())
    expecting.due_from_s, expecting.due_until_s = 9.5, 10.5
    assert len(bursts(run(expecting, short))) == 1


def test_pulses_missing_and_pulses_too_many_leave_one_burst() -> None:
    times_s = ringing(25.0, 2, 0.0, 2.0)
    for missing in (80, 60, 41, 40, 20, 7):
        del times_s[missing]
    times_s = sorted([*times_s, 0.247, 0.913, 1.533])
    events = run(PulseBursts(2, NoiseTally()), pulses(times_s))
    assert len(bursts(events)) == 1
    assert bursts(events)[0].burst.ring_hz == pytest.approx(25.0, rel=0.05)


def test_a_lopsided_detector_hears_the_cycles_and_not_the_halves() -> None:
    times_s = [t_s + (0.007 if number % 2 else 0.0) for number, t_s in enumerate(ringing(16.0, 2, 0.0, 1.0))]
    for per_cycle in (2, None):
        events = run(PulseBursts(per_cycle, NoiseTally()), pulses(times_s))
        assert len(bursts(events)) == 1


@pytest.mark.parametrize("per_cycle", [1, 2, None])
def test_a_frequency_that_drifts_from_16_to_50_hz_is_one_burst(per_cycle: Literal[1, 2] | None) -> None:
    count = per_cycle or 2
    times_s, t_s = [], 0.0
    while t_s < 2.0:
        times_s.append(t_s)
        t_s += 1.0 / (count * (16.0 + 17.0 * t_s))
    assert len(bursts(run(PulseBursts(per_cycle, NoiseTally()), pulses(times_s)))) == 1


@pytest.mark.parametrize("per_cycle", [1, 2, None])
@pytest.mark.parametrize(("break_s", "make_s"), [(0.047, 0.03), (0.06, 0.04), (0.067, 0.033), (0.08, 0.055)])
def test_dial_pulses_are_no_ringing_whether_seen_as_levels_or_as_spikes(
    break_s: float, make_s: float, per_cycle: Literal[1, 2] | None
) -> None:
    digit = [number * (break_s + make_s) for number in range(10)]
    levels = [edge for t_s in digit for edge in ((t_s, True), (t_s + break_s, False))]
    assert run(PulseBursts(per_cycle, NoiseTally()), levels) == []
    spikes = digit if per_cycle == 1 else sorted(digit + [t_s + break_s for t_s in digit])
    assert run(PulseBursts(per_cycle, NoiseTally()), pulses(spikes)) == []


def test_hum_that_never_ends_is_stuck_and_not_ringing() -> None:
    tally = NoiseTally()
    events = run(PulseBursts(2, tally), pulses(ringing(50.0, 2, 0.0, 30.0)))
    assert [type(event) for event in events] == [BurstBegan, BurstWithdrawn]
    assert tally.stuck == 1


def test_ringing_that_begins_during_interference_is_heard_when_that_ends() -> None:
    interference = [number * 0.0001 for number in range(5000)]
    events = run(
        PulseBursts(2, NoiseTally()), pulses(interference + ringing(25.0, 2, 0.501, 2.5), width_s=0.00005)
    )
    assert len(bursts(events)) == 1
    assert bursts(events)[0].burst.start_s == pytest.approx(0.5, abs=0.4)


def test_how_many_pulses_make_a_cycle_is_found_out_from_bursts_that_can_only_be_meant_one_way() -> None:
    detector = PulseBursts(None, NoiseTally())
    for start_s in (0.0, 5.0, 10.0):
        events = run(detector, pulses(ringing(20.0, 1, start_s, start_s + 1.0)))
        assert bursts(events)[0].burst.ring_hz == pytest.approx(20.0, rel=0.02)
    shortened_with_a_pulse_missing = [15.0, 15.1, 15.15, 15.2]
    assert len(bursts(run(detector, pulses(shortened_with_a_pulse_missing)))) == 1


@pytest.mark.parametrize("per_cycle", [1, 2, None])
def test_interference_of_which_the_kernel_keeps_clumps_is_no_ringing(per_cycle: Literal[1, 2] | None) -> None:
    rng = random.Random(1)
    edges, t_s = [], 0.0
    while t_s < 5.0:
        t_s += rng.uniform(0.004, 0.03)
        clump = [t_s + 0.0001 * number for number in range(rng.randint(6, 16))]
        edges += pulses(clump, width_s=0.00005)
    assert run(PulseBursts(per_cycle, NoiseTally()), edges) == []


def test_pulses_at_random_that_begin_like_ringing_are_withdrawn() -> None:
    withdrawn = 0
    for seed in range(20):
        rng = random.Random(seed)
        times_s = [0.0]
        while times_s[-1] < 2.0:
            times_s.append(times_s[-1] + rng.expovariate(30.0))
        events = run(PulseBursts(1, NoiseTally()), pulses(times_s, width_s=0.0001))
        withdrawn += sum(event.reason == "noise" for event in events if isinstance(event, BurstWithdrawn))
        assert not [event for event in bursts(events) if event.burst.end_s - event.burst.start_s > 1.0]
    assert withdrawn > 10
