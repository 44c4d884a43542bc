"""How a line reaches a pin: an optocoupler's pulses, an envelope detector's level, a dry contact."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tests.worlds.phone_signals.exchange import RingCurrent

Change = tuple[float, bool]
"""When, and whether the input is active from then on."""


@dataclass(frozen=True)
class Wiring:
    """One detector with its faults."""

    input: Literal["pulses", "envelope", "contact"]
    pulses_per_cycle: Literal[1, 2] = 2
    """Of an optocoupler: with a light-emitting diode for one or for both directions of the current."""
    threshold: float = 0.5
    """Share of the ringing voltage's peak from which on an optocoupler conducts."""
    lopsided: float = 0.0
    """By which share of a half cycle the second pulse of a cycle comes late."""
    missing: float = 0.0
    """Share of pulses lost."""
    extra: float = 0.0
    """Share of pulses followed by one that is none."""
    jitter_s: float = 0.0003
    stretch_s: float = 0.0
    """By how much an envelope stretches the end of a burst."""
    bounces: int = 0
    """Most bounces of a contact, or of an envelope at its threshold."""

    def edges(self, bursts: Sequence[RingCurrent], rng: random.Random) -> list[Change]:
        """What the pin shows of these bursts."""
        if self.input == "pulses":
            return [edge for burst in bursts for edge in self._pulses(burst, rng)]
        return self._levels([(burst.start_s, burst.end_s + self.stretch_s) for burst in bursts], rng)

    def _pulses(self, burst: RingCurrent, rng: random.Random) -> list[Change]:
        begins = math.asin(self.threshold) / (2.0 * math.pi)
        half = 1 if self.pulses_per_cycle == 2 else 2
        step = 0.5 * half
        width = 0.5 - 2.0 * begins
        phase = rng.random()
        edges: list[Change] = []
        number = 0
        while True:
            cycle = number * step + begins - phase
            if number % 2 and self.pulses_per_cycle == 2:
                cycle += 0.5 * self.lopsided
            number += 1
            if cycle < 0.0:
                continue
            rise_s = _time_of_cycle(cycle, burst)
            if rise_s is None or rise_s >= burst.end_s:
                return edges
            if rng.random() < self.missing:
                continue
            rise_s = max(
                rise_s + rng.gauss(0.0, self.jitter_s), edges[-1][0] + 1e-4 if edges else burst.start_s
            )
            share = (rise_s - burst.start_s) / (burst.end_s - burst.start_s)
            fall_s = rise_s + width / (burst.hz + share * (burst.end_hz - burst.hz))
            edges += [(rise_s, True), (min(fall_s, max(burst.end_s, rise_s + 1e-4)), False)]
            if rng.random() < self.extra:
                edges += self._extra(edges[-1][0], step / burst.hz - width / burst.hz, rng)

    def _extra(self, after_s: float, room_s: float, rng: random.Random) -> list[Change]:
        """A bounce of the pulse, or a pulse of interference before the next."""
        begin_s = after_s + rng.choice((0.0003, room_s * rng.uniform(0.1, 0.5)))
        return [(begin_s, True), (begin_s + min(0.0005, room_s * 0.2), False)]

    def _levels(self, levels: Sequence[tuple[float, float]], rng: random.Random) -> list[Change]:
        merged: list[list[float]] = []
        for start_s, end_s in levels:
            if merged and start_s <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], end_s)
            else:
                merged.append([start_s, end_s])
        edges: list[Change] = []
        for start_s, end_s in merged:
            edges += _bounce(start_s, rng.randint(0, self.bounces), end_s, rng, active=True)
            edges += _bounce(end_s, rng.randint(0, self.bounces), end_s + 0.02, rng, active=False)
        return edges


def _bounce(t_s: float, bounces: int, before_s: float, rng: random.Random, *, active: bool) -> list[Change]:
    """A contact that closes or opens, and bounces for at most 20 ms."""
    edges = [(t_s, active)]
    for _ in range(bounces):
        off_s = edges[-1][0] + rng.uniform(0.0002, 0.0015)
        on_s = off_s + rng.uniform(0.0002, 0.0015)
        if on_s - t_s > 0.02 or on_s >= before_s:
            break
        edges += [(off_s, not active), (on_s, active)]
    return edges


def _time_of_cycle(cycle: float, burst: RingCurrent) -> float | None:
    """When so many cycles of a burst have passed, its frequency running evenly from one value to another."""
    length_s = burst.end_s - burst.start_s
    slope = (burst.end_hz - burst.hz) / length_s if length_s > 0.0 else 0.0
    if abs(slope) < 1e-9:
        return burst.start_s + cycle / burst.hz
    root = burst.hz**2 + 2.0 * slope * cycle
    if root < 0.0:
        return None
    return burst.start_s + (math.sqrt(root) - burst.hz) / slope


def random_wiring(input_kind: Literal["pulses", "envelope", "contact"], rng: random.Random) -> Wiring:
    """A detector as one finds it: with pulses missing, pulses too many, bounces, and up to 200 ms of stretch."""
    pulses_per_cycle: Literal[1, 2] = rng.choice((1, 2))
    return Wiring(
        input=input_kind,
        pulses_per_cycle=pulses_per_cycle,
        threshold=rng.uniform(0.2, 0.7),
        lopsided=rng.uniform(-0.3, 0.3),
        missing=rng.choice((0.0, 0.02, 0.05)),
        extra=rng.choice((0.0, 0.02, 0.05)),
        stretch_s=rng.uniform(0.0, 0.2) if input_kind == "envelope" else 0.0,
        bounces=rng.choice((0, 3, 8)),
    )
