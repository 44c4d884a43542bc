"""Telephone lines with everything on one pin at once: calls, hum, a wire that floats, a neighbour's ringing.

A second set of assumptions beside ``phone_signals``, to hold its judgements against. It shares that package's record of a true call and its
judge, and no code that makes a trace; its author had read that package, so that a mistake of both is possible.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from edge.cadence.cadence import Cadence, known_cadences
from edge.observation import Edge
from edge.settings.desk_toml import PhoneLine
from tests.worlds.phone_signals.desk import TrueCall

Span = tuple[float, float]
"""From when to when a pin is active, in seconds."""
Kind = Literal["hum", "float", "crosstalk"]

MAINS_HZ = (50.0, 60.0, 100.0, 120.0)
STRONGEST_NEIGHBOUR = 0.8
TRIP_S = 0.15
OPEN_S = 9.0
"""So long before and after it a call is disturbed by what sounds."""
LEAST_HEARD_S = 0.2
"""A ring that sounded for less before the pick-up may be missing in the count."""


@dataclass(frozen=True)
class Disturbance:
    """One stretch of what is no call."""

    kind: Kind
    spans: tuple[Span, ...]

    def is_between(self, start_s: float, end_s: float) -> bool:
        """Whether anything of it reaches the pin between these."""
        return any(on_s <= end_s and off_s >= start_s for on_s, off_s in self.spans)


@dataclass
class MixedLine:
    """One line for some hours, with the truth beside its edges."""

    settings: PhoneLine
    cadence: Cadence
    calls: list[TrueCall] = field(default_factory=list)
    disturbances: list[Disturbance] = field(default_factory=list)
    rung: list[Span] = field(default_factory=list)
    lifted: list[Span] = field(default_factory=list)

    def trace(self) -> list[Edge]:
        """Every edge of both pins, oldest first."""
        spans = [*self.rung, *(span for each in self.disturbances for span in each.spans)]
        edges = [Edge(0.0, "1", "ring", level=not self.settings.ring_active_high)]
        edges += self._edges("ring", _united(spans), active=self.settings.ring_active_high)
        if self.settings.hook_pin is not None:
            edges.append(Edge(0.0, "1", "hook", level=not self.settings.hook_active_high))
            edges += self._edges("hook", self.lifted, active=self.settings.hook_active_high)
        return sorted(edges, key=lambda edge: edge.t_s)

    @staticmethod
    def _edges(pin: Literal["ring", "hook"], spans: list[Span], *, active: bool) -> Iterator[Edge]:
        for on_s, off_s in spans:
            yield Edge(on_s, "1", pin, level=active)
            yield Edge(off_s, "1", pin, level=not active)

    def disturbed(self, call: TrueCall) -> bool:
        """Whether anything else reaches the pin while a call rings, or shortly before or after."""
        start_s, end_s = call.start_s - OPEN_S, call.end_of_ringing_s + OPEN_S
        return any(each.is_between(start_s, end_s) for each in self.disturbances)

    def explains(self, start_s: float, end_s: float) -> bool:
        """Whether a true call rang between these."""
        return any(
            call.start_s - 1.0 <= end_s and start_s <= call.end_of_ringing_s + 1.0 for call in self.calls
        )


@dataclass(frozen=True)
class Detector:
    """What stands between the line and the pin."""

    kind: Literal["pulses", "envelope", "contact"]
    a_cycle: Literal[1, 2]
    conducts: float
    """Share of a half cycle for which it conducts while the line itself rings."""
    lag_s: float
    """By how much its level outlasts the ringing."""

    def shows(self, burst: Span, hz: float, rng: random.Random, share: float = 1.0) -> list[Span]:
        """What it shows of ringing current that has this share of the line's own voltage."""
        start_s, end_s = burst
        if self.kind != "pulses":
            return [(start_s, end_s + self.lag_s)] if share == 1.0 else []
        needed = math.cos(math.pi / 2.0 * self.conducts) / share
        if needed >= 1.0:
            return []
        width_s = math.acos(needed) / math.pi / hz
        return _pulses(burst, hz * self.a_cycle, width_s, rng)


def _pulses(within: Span, rate_hz: float, width_s: float, rng: random.Random) -> list[Span]:
    start_s, end_s = within
    at_s = start_s + rng.random() / rate_hz
    spans: list[Span] = []
    while at_s + width_s < end_s:
        on_s = at_s + rng.gauss(0.0, 0.0002)
        spans.append((on_s, on_s + width_s))
        at_s += 1.0 / rate_hz
    return spans


def _united(spans: list[Span]) -> list[Span]:
    united: list[Span] = []
    for on_s, off_s in sorted(spans):
        if united and on_s <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], off_s))
        else:
            united.append((on_s, off_s))
    return united


@dataclass(frozen=True)
class Generator:
    """What rings a line: cadence, how far its times are off, its frequency."""

    cadence: Cadence
    pace: float
    hz: float

    def bursts(self, start_s: float, until_s: float, rng: random.Random) -> tuple[list[Span], list[float]]:
        """The bursts from the one to the other, and when each ring begins."""
        bursts: list[Span] = []
        begins_s: list[float] = []
        at_s, times = start_s, (*self.cadence.once_s, *self.cadence.cycle_s)
        while at_s < until_s:
            begins_s.append(at_s)
            for place, time_s in enumerate(times):
                length_s = time_s * self.pace + rng.gauss(0.0, 0.004)
                if place % 2 == 0 and at_s < until_s:
                    bursts.append((at_s, min(at_s + length_s, until_s)))
                at_s += length_s
            times = self.cadence.cycle_s
        return bursts, begins_s

    @property
    def ring_s(self) -> float:
        """Length of the first ring."""
        return (sum(self.cadence.once_s) + sum(self.cadence.ring_s)) * self.pace

    @property
    def period_s(self) -> float:
        """From ring to ring."""
        return sum(self.cadence.cycle_s) * self.pace


def _generator(cadence: Cadence, rng: random.Random) -> Generator:
    return Generator(cadence, rng.uniform(0.96, 1.04), rng.choice(cadence.ring_hz) * rng.uniform(0.98, 1.02))


def _detector(rng: random.Random) -> Detector:
    kind: Literal["pulses", "envelope", "contact"] = rng.choices(
        ("pulses", "envelope", "contact"), (6, 2, 2)
    )[0]
    lag_s = rng.uniform(0.02, 0.18) if kind == "envelope" else 0.0
    return Detector(kind, rng.choice((1, 2, 2)), rng.uniform(0.35, 0.85), lag_s)


def mixed_lines(count: int, *, hours: float, seed: int | str) -> Iterator[MixedLine]:
    """So many lines for so many hours each, every cadence of the table in turn."""
    cadences = known_cadences()
    for number in range(count):
        rng = random.Random(f"mixed {seed} {number}")
        cadence = cadences[number % len(cadences)]
        detector = _detector(rng)
        settings = PhoneLine(
            ring_pin=23,
            hook_pin=24 if rng.random() < 0.8 else None,
            input=detector.kind,
            pulses_per_cycle=rng.choice((None, detector.a_cycle)),
            ring_active_high=rng.random() < 0.5,
            hook_active_high=rng.random() < 0.5,
            cadence=rng.choice((cadence.names[0], "auto")),
        )
        line = MixedLine(settings, cadence)
        _telephone(line, _generator(cadence, rng), detector, hours * 3600.0, rng)
        _disturb(line, detector, hours * 3600.0, rng)
        yield line


def _telephone(
    line: MixedLine, ours: Generator, detector: Detector, until_s: float, rng: random.Random
) -> None:
    t_s = 30.0
    while (t_s := t_s + rng.uniform(20.0, 300.0)) < until_s:
        if rng.random() < 0.15:
            line.lifted.append((t_s, t_s + rng.uniform(5.0, 90.0)))
            t_s = line.lifted[-1][1]
            continue
        answered = rng.random() < 0.65
        rings = rng.randint(1, 8)
        # Nobody can tell a caller who gives up within the first ring from a splash.
        least_s = ours.ring_s if rings == 1 and not (answered and line.settings.hook_pin) else 0.3
        end_s = t_s + (rings - 1) * ours.period_s + rng.uniform(least_s, ours.period_s)
        rang_until_s = end_s + rng.uniform(0.0, TRIP_S) * answered
        bursts, begins_s = ours.bursts(t_s, rang_until_s, rng)
        line.rung += [span for burst in bursts for span in detector.shows(burst, ours.hz, rng)]
        seen_until_s = end_s if line.settings.hook_pin is not None else rang_until_s
        line.calls.append(
            TrueCall(
                start_s=t_s,
                outcome="answered" if answered else "abandoned",
                end_of_ringing_s=end_s,
                begun=sum(begin_s <= seen_until_s for begin_s in begins_s),
                begun_for_sure=max(sum(begin_s <= seen_until_s - LEAST_HEARD_S for begin_s in begins_s), 1),
                completed=0,
                talk_s=None,
                distinctive=False,
                hook_moved=bool(line.lifted),
            )
        )
        t_s = end_s
        if answered:
            line.lifted.append((end_s, end_s + rng.uniform(2.0, 180.0)))
            t_s = line.lifted[-1][1]


def _disturb(line: MixedLine, detector: Detector, until_s: float, rng: random.Random) -> None:
    neighbour = _generator(line.cadence if rng.random() < 0.7 else rng.choice(known_cadences()), rng)
    share = rng.uniform(0.05, STRONGEST_NEIGHBOUR) if rng.random() < 0.5 else None
    t_s = rng.uniform(0.0, 120.0)
    while t_s < until_s:
        length_s = rng.choice((rng.uniform(0.3, 60.0), 0.3 * 200.0 ** rng.random()))
        kind: Kind = rng.choice(("hum", "float", "crosstalk"))
        if kind == "hum":
            spans = _hum((t_s, t_s + length_s), detector, rng)
        elif kind == "float":
            spans = _float((t_s, t_s + length_s), rng)
        else:
            level = rng.uniform(0.05, STRONGEST_NEIGHBOUR) if share is None else share
            length_s = neighbour.period_s * rng.uniform(0.2, 8.0)
            bursts, _ = neighbour.bursts(t_s, t_s + length_s, rng)
            spans = [span for burst in bursts for span in detector.shows(burst, neighbour.hz, rng, level)]
        line.disturbances.append(Disturbance(kind, tuple(spans)))
        t_s += length_s + rng.expovariate(1.0 / 60.0)


def _hum(within: Span, detector: Detector, rng: random.Random) -> list[Span]:
    """The mains at one of their rates, each pulse as wide as it may be; an envelope may smooth them to a level."""
    if detector.kind == "envelope" and rng.random() < 0.5:
        return [within]
    hz = rng.choice(MAINS_HZ) * rng.gauss(1.0, 0.0005)
    return _pulses(within, hz, rng.uniform(0.1, 0.7) / hz, rng)


def _float(within: Span, rng: random.Random) -> list[Span]:
    """A wire that nothing holds: a hand at it, its own slow drift, or interference by the spike."""
    start_s, end_s = within
    manner = rng.choice(("touched", "drifting", "spiky"))
    spans: list[Span] = []
    at_s = start_s
    while at_s < end_s:
        if manner == "touched":
            on_s, rest_s = rng.uniform(0.02, 1.5), rng.uniform(0.02, 1.5)
        elif manner == "drifting":
            on_s, rest_s = rng.lognormvariate(-0.5, 1.2), rng.lognormvariate(0.5, 1.2)
        else:
            on_s, rest_s = rng.uniform(0.0005, 0.01), rng.expovariate(rng.choice((10.0, 60.0, 200.0)))
        spans.append((at_s, min(at_s + on_s, end_s)))
        at_s += on_s + rest_s
    return spans
