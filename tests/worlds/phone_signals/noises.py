"""What disturbs a telephone line and is no ringing, as a pin shows it."""

import random

from tests.worlds.phone_signals.exchange import RingCurrent
from tests.worlds.phone_signals.wiring import Change, Wiring


def spike(t_s: float, wiring: Wiring, rng: random.Random) -> list[Change]:
    """The line's voltage jumps once: a reversal before the first ring, a receiver lifted or hung up elsewhere."""
    length_s = rng.uniform(0.003, 0.03) if wiring.input == "pulses" else rng.uniform(0.005, 0.085)
    return [(t_s, True), (t_s + length_s, False)]


def bounces(t_s: float, rng: random.Random) -> list[Change]:
    """A contact bounces for up to 20 ms."""
    edges: list[Change] = []
    at_s = t_s
    for _ in range(rng.randint(1, 10)):
        edges += [(at_s, True), (at_s + rng.uniform(0.0002, 0.001), False)]
        at_s += rng.uniform(0.0012, 0.002)
    return edges


def dial_pulses(
    t_s: float, wiring: Wiring, rng: random.Random, *, digits: int, least_ratio: float = 0.0
) -> list[Change]:
    """A number dialled by pulses: 47 to 80 ms break, 30 to 55 ms make, as levels or as spikes at the changes.

    Args:
        t_s: When it begins.
        wiring: The detector that shows it.
        rng: Where chance comes from.
        digits: How many digits are dialled.
        least_ratio: Least ratio of break to make; dials are built for 1.5 to 2.
    """
    edges: list[Change] = []
    break_s = rng.uniform(max(0.047, 0.03 * least_ratio), 0.08)
    make_s = rng.uniform(0.03, min(0.055, break_s / least_ratio) if least_ratio else 0.055)
    spikes = wiring.input == "pulses" and rng.random() < 0.5
    both_directions = wiring.pulses_per_cycle == 2
    at_s = t_s
    for _ in range(digits):
        for _ in range(rng.randint(1, 10)):
            if spikes:
                edges += [(at_s, True), (at_s + 0.003, False)]
                if both_directions:
                    edges += [(at_s + break_s, True), (at_s + break_s + 0.003, False)]
            else:
                edges += [(at_s, True), (at_s + break_s, False)]
            at_s += break_s + make_s
        at_s += rng.uniform(0.5, 1.2)
    return edges


def hook_flash(t_s: float, wiring: Wiring, rng: random.Random) -> list[Change]:
    """The receiver's cradle tapped for 90 to 500 ms, seen by the ring pin as two spikes or as a level."""
    length_s = rng.uniform(0.09, 0.5)
    if wiring.input == "pulses" or rng.random() < 0.5:
        return [*spike(t_s, wiring, rng), *spike(t_s + max(length_s, 0.1), wiring, rng)]
    return [(t_s, True), (t_s + length_s, False)]


def nudge(t_s: float, rng: random.Random) -> list[Change]:
    """The cradle opens for a moment that is too short to have lifted the receiver."""
    return [(t_s, True), (t_s + rng.uniform(0.05, 0.3), False)]


def caller_id(t_s: float, rng: random.Random) -> list[Change]:
    """Caller-ID tones, 1200 and 2200 Hz, that a detector shows where they pass its threshold."""
    edges: list[Change] = []
    at_s, end_s = t_s, t_s + rng.uniform(0.2, 0.9)
    while at_s < end_s:
        period_s = 1.0 / rng.choice((1200.0, 2200.0))
        if rng.random() < 0.8:
            edges += [(at_s, True), (at_s + period_s * 0.4, False)]
        at_s += period_s
    return edges


def interference(t_s: float, length_s: float, rng: random.Random, hz: float = 10_000.0) -> list[Change]:
    """A burst of interference."""
    edges: list[Change] = []
    for number in range(round(length_s * hz)):
        at_s = t_s + number / hz
        edges += [(at_s, True), (at_s + rng.uniform(0.2, 0.8) / hz, False)]
    return edges


def message_waiting_splash(t_s: float, wiring: Wiring, rng: random.Random, hz: float = 25.0) -> list[Change]:
    """Half a second of ringing current, after which nothing comes."""
    return wiring.edges([RingCurrent(t_s, t_s + 0.5 * rng.uniform(0.9, 1.1), hz, hz)], rng)
