"""Generated days at generated desks: the benchmark's claim on a smaller number of calls."""

import random
from collections.abc import Sequence

import pytest

from edge.cadence.cadence import find_profile
from edge.phone.events import CallEnded, Ringing
from edge.settings.desk_toml import PhoneLine
from tests.worlds.phone_signals import noises
from tests.worlds.phone_signals.desk import Desk
from tests.worlds.phone_signals.exchange import Exchange, RingCurrent
from tests.worlds.phone_signals.judge import decode, judge
from tests.worlds.phone_signals.population import PROFILES, days, disturbed_nights
from tests.worlds.phone_signals.wiring import Wiring


def test_at_least_999_of_1000_calls_have_the_right_rings_answered_ring_and_outcome() -> None:
    verdicts = [
        verdict
        for day in days(len(PROFILES), calls=20, seed=7)
        for verdict in judge(
            day.desk.settings, decode(day.desk.settings, day.desk.trace()), day.desk.calls
        ).verdicts
    ]
    right = sum(verdict.right for verdict in verdicts)
    assert len(verdicts) > 1000
    assert right / len(verdicts) >= 0.999


def test_noise_alone_makes_no_call() -> None:
    for night in disturbed_nights(len(PROFILES), disturbances=20, seed=3):
        events = decode(night.desk.settings, night.desk.trace())
        assert [event for event in events if isinstance(event, CallEnded)] == []


def rings_of(
    settings: PhoneLine, exchange: Exchange, wiring: Wiring, *, short_s: float = 0.0
) -> Sequence[int]:
    """Rings counted of ten calls of five rings each."""
    desk = Desk(settings, exchange, wiring, random.Random(1))
    cycle_s = sum(exchange.cadence.cycle_s)
    for _ in range(10):
        ringing = exchange.ring(desk.t_s, desk.t_s + 4.9 * cycle_s - short_s, desk.rng, short_s)
        desk._ring += wiring.edges(ringing.bursts, desk.rng)
        desk.t_s += 6.0 * cycle_s + 20.0
    return [
        event.call.rings_begun for event in decode(settings, desk.trace()) if isinstance(event, CallEnded)
    ]


@pytest.mark.parametrize("cadence", ["auto", "CN", "US", "UK", "JP", "FR", "dr3"])
@pytest.mark.parametrize("rings_like", ["CN", "US", "UK", "JP", "FR", "dr3"])
def test_an_envelope_stretched_by_200_ms_is_counted_whatever_the_settings_say(
    cadence: str, rings_like: str
) -> None:
    exchange = Exchange(find_profile(rings_like).cadences[0], 1.0, 1.0, 25.0)
    settings = PhoneLine(ring_pin=17, input="envelope", cadence=cadence)
    assert rings_of(settings, exchange, Wiring("envelope", stretch_s=0.2, bounces=3)) == [5] * 10


@pytest.mark.parametrize("input_kind", ["pulses", "envelope", "contact"])
@pytest.mark.parametrize("rings_like", ["CN", "US", "UK", "JP", "FR"])
def test_a_first_burst_of_150_ms_counts_as_a_ring(input_kind: str, rings_like: str) -> None:
    cadence = find_profile(rings_like).cadences[0]
    exchange = Exchange(cadence, 1.0, 1.0, cadence.ring_hz[0], jitter_s=0.0)
    settings = PhoneLine(ring_pin=17, input=input_kind, pulses_per_cycle=2, cadence="auto")  # type: ignore[arg-type]
    wiring = Wiring(input_kind)  # type: ignore[arg-type]
    assert rings_of(settings, exchange, wiring, short_s=cadence.cycle_s[0] - 0.15) == [5] * 10


@pytest.mark.parametrize(("from_hz", "to_hz"), [(16.0, 50.0), (50.0, 16.0), (20.0, 25.0)])
@pytest.mark.parametrize("pulses_per_cycle", [1, 2])
@pytest.mark.parametrize("known", [True, False])
def test_ringing_current_may_drift_between_16_and_50_hz(
    from_hz: float,
    to_hz: float,
    pulses_per_cycle: int,
    known: bool,  # noqa: FBT001
) -> None:
    # The drift runs through a whole second, as no exchange's does.
    settings = PhoneLine(ring_pin=17, pulses_per_cycle=pulses_per_cycle if known else None, cadence="CN")  # type: ignore[arg-type]
    wiring = Wiring("pulses", pulses_per_cycle)  # type: ignore[arg-type]
    desk = Desk(settings, Exchange(find_profile("CN").cadences[0], 1.0, 1.0, 25.0), wiring, random.Random(2))
    bursts = [RingCurrent(5.0 * n, 5.0 * n + 1.0, from_hz, to_hz) for n in range(6)]
    desk._ring += wiring.edges(bursts, desk.rng)
    assert len([event for event in decode(settings, desk.trace()) if isinstance(event, Ringing)]) == 6


@pytest.mark.parametrize("input_kind", ["pulses", "envelope", "contact"])
def test_a_burst_of_interference_at_10_khz_is_no_ring_and_hides_none(input_kind: str) -> None:
    rng = random.Random(3)
    settings = PhoneLine(ring_pin=17, input=input_kind, pulses_per_cycle=2, cadence="US")  # type: ignore[arg-type]
    wiring = Wiring(input_kind)  # type: ignore[arg-type]
    exchange = Exchange(find_profile("US").cadences[0], 1.0, 1.0, 20.0)
    desk = Desk(settings, exchange, wiring, rng)
    desk._ring += noises.interference(1.0, 2.0, rng)
    ringing = exchange.ring(10.0, 27.0, rng)
    desk._ring += wiring.edges(ringing.bursts, rng)
    desk._ring += noises.interference(13.0, 1.0, rng)
    rings = [event.ring_number for event in decode(settings, desk.trace()) if isinstance(event, Ringing)]
    assert rings == [1, 2, 3]
