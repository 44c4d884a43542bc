"""Desks of every kind: all profiles, all inputs, with and without a hook switch, named cadence or ``auto``."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from edge.cadence.cadence import AUTO, find_profile, known_cadences, profile_names
from edge.settings.desk_toml import PhoneLine, RingInput
from protocol.rings_by_time import CONTINUOUS
from tests.worlds.phone_signals.desk import Desk, random_desk
from tests.worlds.phone_signals.strays import Kind, Mains, crosstalk, floating
from tests.worlds.phone_signals.wiring import random_wiring

PROFILES = tuple(name for name in profile_names() if name not in (AUTO, CONTINUOUS))
DISTINCTIVE = tuple(cadence for cadence in known_cadences() if cadence.kind == "distinctive")
INPUTS: tuple[RingInput, ...] = ("pulses", "pulses", "envelope", "contact")


@dataclass(frozen=True)
class Day:
    """One desk's day, and which profile its exchange keeps."""

    desk: Desk
    profile: str


def days(count: int, *, calls: int, seed: int, noise: float = 0.3) -> Iterator[Day]:
    """So many desks with so many calls each, every profile in turn.

    Args:
        count: How many desks.
        calls: Calls a desk.
        seed: Where chance begins.
        noise: Chance that something else disturbs the line between two calls, again and again.
    """
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")
        profile = PROFILES[number % len(PROFILES)]
        desk = _desk(profile, rng)
        for _ in range(calls):
            desk.wait()
            while rng.random() < noise:
                desk.noise()
                desk.wait()
            desk.call()
        yield Day(desk, profile)


def disturbed_nights(count: int, *, disturbances: int, seed: int) -> Iterator[Day]:
    """So many desks where nobody calls, and much else happens."""
    for number in range(count):
        rng = random.Random(f"{seed}/{number}/night")
        profile = PROFILES[number % len(PROFILES)]
        desk = _desk(profile, rng)
        for _ in range(disturbances):
            desk.wait()
            desk.noise()
        yield Day(desk, profile)


def stray_days(
    count: int, *, seconds: float, seed: int, kinds: tuple[Kind, ...] = ("hum", "float", "crosstalk")
) -> Iterator[Day]:
    """So many desks for so long, on which voltages of one kind stray every minute or two, whether it rings or not."""
    for number in range(count):
        rng = random.Random(f"{seed}/{number}/strays")
        profile = PROFILES[number % len(PROFILES)]
        desk = _desk(profile, rng)
        while desk.t_s < seconds:
            desk.wait(12.0, 160.0)
            if rng.random() < 0.2:
                desk.outgoing()
            else:
                desk.call()
        kind = rng.choice(kinds)
        mains = Mains(rng.choice((50, 60)), rng.choice(("detector", "wire")))
        t_s = rng.uniform(0.0, 200.0)
        while t_s < seconds:
            length_s = 0.3 * 200.0 ** rng.random()
            if kind == "hum":
                near = [ring for ring in desk.rung if t_s <= ring.end_s and ring.start_s <= t_s + length_s]
                stray = mains.hum(t_s, length_s, desk.wiring, rng, near)
            elif kind == "float":
                stray = floating(t_s, length_s, rng)
            else:
                stray = crosstalk(t_s, desk.exchange, desk.wiring, rng)
            desk.strays.append(stray)
            t_s = stray.end_s + rng.expovariate(1.0 / 90.0)
        yield Day(desk, profile)


def _desk(profile: str, rng: random.Random) -> Desk:
    wiring = random_wiring(rng.choice(INPUTS), rng)
    settings = PhoneLine(
        ring_pin=17,
        input=wiring.input,
        pulses_per_cycle=rng.choice((None, wiring.pulses_per_cycle)),
        ring_active_high=rng.random() < 0.5,
        hook_pin=27 if rng.random() < 0.75 else None,
        hook_active_high=rng.random() < 0.5,
        cadence=rng.choice((AUTO, profile)),
    )
    return random_desk(find_profile(profile), settings, wiring, rng, DISTINCTIVE)
