"""Desks of every kind: all profiles, all inputs, with and without a hook switch, named cadence or ``auto``."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from edge.cadence.cadence import AUTO, find_profile, known_cadences, profile_names
from edge.settings.desk_toml import PhoneLine, RingInput
from tests.worlds.phone_signals.desk import Desk, random_desk
from tests.worlds.phone_signals.wiring import random_wiring

PROFILES = tuple(name for name in profile_names() if name != AUTO)
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
