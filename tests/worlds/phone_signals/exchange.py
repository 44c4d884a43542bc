"""What an exchange puts on a line: bursts of ringing current, when and at which frequency."""

import random
from dataclasses import dataclass

from edge.cadence.cadence import TOLERANCE, Cadence


@dataclass(frozen=True)
class RingCurrent:
    """One burst of ringing current; its frequency runs evenly from ``hz`` to ``end_hz``."""

    start_s: float
    end_s: float
    hz: float
    end_hz: float


@dataclass(frozen=True)
class Exchange:
    """One exchange's way to ring: a cadence of the table, off by its tolerance, with a little jitter."""

    cadence: Cadence
    on_scale: float
    off_scale: float
    hz: float
    hz_drift: float = 0.0
    """Change of frequency from the beginning of a burst to its end, as a share."""
    jitter_s: float = 0.01

    def ring(self, start_s: float, until_s: float, rng: random.Random, short_s: float = 0.0) -> "Ringing":
        """Ring from ``start_s`` until the call is tripped or given up; ``short_s`` is missing at the first burst's start."""
        bursts: list[RingCurrent] = []
        starts: list[float] = []
        ends: list[float] = []
        at_s = start_s - short_s
        segments = [*self.cadence.once_s, *self.cadence.cycle_s]
        while at_s < until_s:
            starts.append(max(at_s, start_s))
            for index, nominal_s in enumerate(segments):
                scale = self.off_scale if index % 2 else self.on_scale
                length_s = nominal_s * scale + rng.gauss(0.0, self.jitter_s)
                if index % 2 == 0:
                    begin_s = max(at_s, start_s)
                    if begin_s < until_s:
                        hz = self.hz * (1.0 + rng.uniform(-1.0, 1.0) * self.hz_drift / 2.0)
                        end_hz = self.hz * (1.0 + rng.uniform(-1.0, 1.0) * self.hz_drift / 2.0)
                        bursts.append(RingCurrent(begin_s, min(at_s + length_s, until_s), hz, end_hz))
                    ring_end_s = at_s + length_s
                at_s += length_s
            ends.append(ring_end_s)
            segments = list(self.cadence.cycle_s)
        return Ringing(tuple(bursts), tuple(starts), tuple(ends))


@dataclass(frozen=True)
class Ringing:
    """One call's ringing, with the truth about it."""

    bursts: tuple[RingCurrent, ...]
    starts_s: tuple[float, ...]
    """When each ring begins."""
    ends_s: tuple[float, ...]
    """When each ring would be over, if nobody lifted the receiver or gave up."""

    def begun(self, t_s: float) -> int:
        """How many rings have begun by then."""
        return sum(start_s <= t_s for start_s in self.starts_s)

    def completed(self, t_s: float) -> int:
        """How many rings are over by then."""
        return sum(end_s <= t_s for end_s in self.ends_s)


def random_exchange(cadence: Cadence, rng: random.Random, *, longest_pause_s: float = 8.0) -> Exchange:
    """An exchange that keeps a cadence within its tolerance; settings and tolerance together pause no longer than asked."""
    low, high = cadence.scale
    setting = rng.uniform(low, min(high, longest_pause_s / cadence.pause_s))
    within = 1.0 - TOLERANCE, 1.0 + TOLERANCE
    return Exchange(
        cadence=cadence,
        on_scale=setting * rng.uniform(*within),
        off_scale=setting * rng.uniform(*within),
        hz=rng.choice(cadence.ring_hz) * rng.uniform(0.95, 1.05),
        hz_drift=rng.choice((0.0, 0.0, 0.1, 0.3)),
    )
