"""Edges to the starts of pulses."""

from edge.phone.noise import NoiseTally
from edge.phone.pulses import PulseStarts


def test_every_pulse_of_68_hz_ringing_current_starts_once() -> None:
    starts = PulseStarts(NoiseTally())
    half_cycle_s = 1.0 / (2 * 68.0)
    found = 0
    for number in range(100):
        found += starts.starts(number * half_cycle_s, active=True)
        found += starts.starts(number * half_cycle_s + 0.003, active=False)
    assert found == 100


def test_a_contact_that_chatters_gives_one_pulse_and_is_counted_as_bouncing() -> None:
    tally = NoiseTally()
    starts = PulseStarts(tally)
    edges = [(0.0, True), (0.0004, False), (0.0008, True), (0.0013, False), (0.002, True), (0.01, False)]
    assert [starts.starts(t_s, active=active) for t_s, active in edges] == [
        True,
        False,
        False,
        False,
        False,
        False,
    ]
    assert tally.bounces == 2


def test_levels_too_long_to_be_pulses_are_noticed() -> None:
    starts = PulseStarts(NoiseTally())
    for number in range(3):
        starts.starts(5.0 * number, active=True)
        starts.starts(5.0 * number + 1.0, active=False)
    assert starts.levels == 3
