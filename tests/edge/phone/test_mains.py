"""Hum of the mains among pulses."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.phone.burst import BurstBegan, BurstEnded, BurstWithdrawn
from edge.phone.mains import MainsComb, hum_rates
from edge.phone.noise import NoiseTally
from edge.phone.pulse_bursts import PulseBursts
from tests.worlds.phone_signals.bursts import bursts, pulses, ringing, run

GERMAN = hum_rates((25.0, 50.0, 20.0, 40.0), 0.12)


def taken(comb: MainsComb, times_s: list[float]) -> list[float]:
    return [t_s for t_s in sorted(times_s) if comb.takes(t_s)]


@pytest.mark.parametrize("rate_hz", [50.0, 60.0, 100.0, 120.0])
@pytest.mark.parametrize("off", [0.996, 1.0, 1.004])
def test_hum_is_found_within_a_ring_and_followed(rate_hz: float, off: float) -> None:
    rng = random.Random(1)
    times_s = [t_s + rng.gauss(0.0, 0.0003) for t_s in ringing(rate_hz * off, 1, 0.0, 5.0)]
    comb = MainsComb((rate_hz,))
    own = taken(comb, times_s)
    assert own[0] < 0.25
    assert len(own) > 0.9 * len(times_s)
    assert comb.hz == rate_hz


def test_hum_near_its_threshold_is_followed_though_a_fifth_of_its_pulses_is_missing() -> None:
    rng = random.Random(2)
    times_s = [t_s for t_s in ringing(100.0, 1, 0.0, 10.0) if rng.random() > 0.2]
    assert len(taken(MainsComb((100.0,)), times_s)) > 0.9 * len(times_s)


@given(hz=st.floats(15.0, 68.0), per_cycle=st.sampled_from([1, 2]), start_s=st.floats(0.0, 100.0))
def test_ringing_away_from_the_mains_is_never_hum(hz: float, per_cycle: int, start_s: float) -> None:
    rates = hum_rates((hz * per_cycle,), 0.08)
    assert taken(MainsComb(rates), ringing(hz, per_cycle, start_s, start_s + 2.0)) == []


@given(st.lists(st.floats(0.0, 10.0), max_size=300), st.floats(0.0, 1.0))
def test_whatever_comes_hum_takes_no_more_than_there_is(times_s: list[float], late_s: float) -> None:
    comb = MainsComb((50.0, 60.0, 100.0, 120.0))
    for t_s in (*sorted(times_s), 10.0 + late_s):
        comb.takes(t_s)
    assert len(comb._pulses) <= comb._pulses.maxlen  # type: ignore[operator]


@pytest.mark.parametrize("per_cycle", [2, None])
def test_a_ring_that_hides_the_hum_is_heard_within_it(per_cycle: int | None) -> None:
    times_s = [*ringing(100.0, 1, 0.0, 1.0), *ringing(25.3, 2, 1.0, 2.0), *ringing(100.0, 1, 2.0, 3.0)]
    detector = PulseBursts(per_cycle, NoiseTally(), 5.0, GERMAN)  # type: ignore[arg-type]
    (burst,) = [event.burst for event in bursts(run(detector, pulses(times_s, 0.003)))]
    assert burst.start_s == pytest.approx(1.0, abs=0.2)
    assert burst.end_s == pytest.approx(2.0, abs=0.05)


def test_a_ring_after_which_hum_begins_ends_where_it_ended() -> None:
    times_s = [*ringing(25.0, 2, 0.0, 1.0), *ringing(100.0, 1, 1.003, 4.0)]
    (burst,) = [
        event.burst
        for event in bursts(run(PulseBursts(2, NoiseTally(), 5.0, GERMAN), pulses(times_s, 0.003)))
    ]
    assert burst.end_s == pytest.approx(1.0, abs=0.05)


def test_hum_is_no_burst_and_is_counted() -> None:
    tally = NoiseTally()
    events = run(PulseBursts(2, tally, 5.0, GERMAN), pulses(ringing(100.0, 1, 0.0, 3.0), 0.003))
    assert [event for event in events if isinstance(event, BurstEnded)] == []
    assert len([event for event in events if isinstance(event, BurstBegan)]) == len(
        [event for event in events if isinstance(event, BurstWithdrawn)]
    )
    assert tally.mains == 1
