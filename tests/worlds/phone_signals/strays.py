"""Voltages that stray onto a telephone's pin: hum of the mains, a wire that floats, the ringing of a neighbour's line."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tests.worlds.phone_signals.exchange import Exchange, RingCurrent
from tests.worlds.phone_signals.wiring import Change, Wiring

Kind = Literal["hum", "float", "crosstalk"]


@dataclass(frozen=True)
class Stray:
    """One stretch of it."""

    kind: Kind
    start_s: float
    end_s: float
    edges: tuple[Change, ...]

    def touches(self, start_s: float, end_s: float) -> bool:
        """Whether it sounds at some moment between these."""
        return self.start_s <= end_s and start_s <= self.end_s


@dataclass(frozen=True)
class Mains:
    """How the mains reach one desk's pin: through the detector, or behind it on a wire that lies beside a cable."""

    hz: Literal[50, 60]
    through: Literal["detector", "wire"]

    def hum(
        self, t_s: float, length_s: float, wiring: Wiring, rng: random.Random, rings: Sequence[RingCurrent]
    ) -> Stray:
        """A stretch of hum. Ringing current is larger by far: through a detector it hides the hum."""
        hz = self.hz * (1.0 + rng.gauss(0.0, 0.0006))
        if self.through == "wire" or wiring.input == "contact":
            both = rng.random() < 0.3
            edges = _comb(t_s, length_s, hz * (2 if both else 1), rng.uniform(0.15, 0.8), 0.0, wiring, rng)
        elif wiring.input == "pulses":
            level = rng.uniform(0.75, 0.98)
            duty = (1.0 - 2.0 * math.asin(level) / math.pi) * (1.0 if wiring.pulses_per_cycle == 2 else 0.5)
            missing = max(0.0, level - 0.85) * rng.uniform(0.0, 1.5)
            edges = _comb(t_s, length_s, hz * wiring.pulses_per_cycle, duty, missing, wiring, rng)
            edges = [
                change
                for rise, fall in zip(edges[::2], edges[1::2], strict=True)
                if not any(ring.start_s <= fall[0] and rise[0] <= ring.end_s for ring in rings)
                for change in (rise, fall)
            ]
        elif rng.random() < 0.5:
            edges = [(t_s, True), (t_s + length_s + wiring.stretch_s, False)]
        else:
            edges = _comb(t_s, length_s, hz * rng.choice((1, 2)), rng.uniform(0.3, 0.9), 0.0, wiring, rng)
        return Stray("hum", t_s, t_s + length_s, tuple(edges))


def _comb(
    t_s: float,
    length_s: float,
    rate_hz: float,
    duty: float,
    missing: float,
    wiring: Wiring,
    rng: random.Random,
) -> list[Change]:
    edges: list[Change] = []
    for number in range(round(length_s * rate_hz)):
        if rng.random() < missing:
            continue
        at_s = t_s + number / rate_hz + rng.gauss(0.0, wiring.jitter_s)
        if not edges or at_s > edges[-1][0]:
            edges += [(at_s, True), (at_s + duty / rate_hz, False)]
    return edges


def floating(t_s: float, length_s: float, rng: random.Random) -> Stray:
    """A wire that ends nowhere changes at random, slowly or fast."""
    rate_hz = 10.0 ** rng.uniform(-0.5, 2.5)
    edges: list[Change] = []
    at_s = t_s
    while at_s < t_s + length_s:
        edges.append((at_s, len(edges) % 2 == 0))
        at_s += rng.expovariate(rate_hz)
    if len(edges) % 2:
        edges.append((t_s + length_s, False))
    return Stray("float", t_s, edges[-1][0], tuple(edges))


def crosstalk(t_s: float, exchange: Exchange, wiring: Wiring, rng: random.Random) -> Stray:
    """The line beside this one rings, and a share of its voltage reaches the detector of this one."""
    level = rng.uniform(0.05, 0.8)
    end_s = t_s + rng.uniform(1.0, 6.0 * sum(exchange.cadence.cycle_s))
    threshold = wiring.threshold / level
    if wiring.input != "pulses" or threshold >= 1.0:
        # A level does not tell how strong it is: those detectors are set to pass what a line's own ringing reaches.
        return Stray("crosstalk", t_s, end_s, ())
    weak = replace(wiring, threshold=threshold, missing=max(0.0, threshold - 0.8) * 2.0)
    bursts = exchange.ring(t_s, end_s, rng).bursts
    return Stray("crosstalk", t_s, end_s, tuple(weak.edges(bursts, rng)))
