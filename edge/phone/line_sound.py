"""What ringing sounds like on one line, pulses a second and how wide they are, learnt from calls that surely were calls."""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from statistics import median

from edge.cadence.cadence import AUTO, Profile
from edge.phone.burst import Burst
from edge.phone.line_strength import LineStrength, threshold_of
from edge.phone.mains import MAINS_RATES_HZ, hum_rates

TELLING_S = 0.25
"""A burst this long has enough cycles, five of 20 Hz, for its frequency to be known to half a per cent."""
CALLS_TO_LEARN = 3
"""From so many calls on, a line's own frequency is used instead of the table's."""
CALLS_KEPT = 16
"""A line whose exchange was replaced is learnt anew after so many calls."""

TABLE_SPREAD = 0.06
"""Spread of an exchange's frequency around the table's; GB 3380-82 allows 3 Hz of 25."""
OWN_SPREAD = 0.008
"""Least spread of a line's own frequency: generators drift by less with temperature and load."""
MAINS_SPREAD = 0.004
"""Spread of the mains' frequency around 50 or 60 Hz; grids keep within 0.2 Hz."""
TABLE_MARGIN = 0.12
"""Hum this far from every frequency of the table is told by it alone: two spreads."""
OWN_MARGIN = 0.08
"""Hum this far from the line's own frequency is told by it alone: no generator drifts so far."""

SLOWEST_HZ, FASTEST_HZ = 15.0, 136.0
"""Range of pulses a second, one or two a cycle of 15 to 68 Hz, over which noise may lie anywhere."""
HUM_SHARE = 0.5
"""How much of what is noise is hum at one of the mains' rates; the rest lies anywhere."""
STRANGER = 0.03
"""Chance that a call rings at a frequency that its line never had."""

_BROAD = 1.0 / math.log(FASTEST_HZ / SLOWEST_HZ)
"""Density of a rate in that range, each octave as likely."""


class LineSound:
    """What the pulses of a line's own ringing are like. Inputs without pulses or ripples teach it nothing."""

    def __init__(self, profile: Profile, pulses_per_cycle: int | None) -> None:
        self._named = profile.name != AUTO
        counts = (1, 2) if pulses_per_cycle is None else (pulses_per_cycle,)
        table = dict.fromkeys(hz for cadence in profile.cadences for hz in cadence.ring_hz)
        self._pulses_per_cycle = pulses_per_cycle
        self._ring_hz = tuple(table)
        self._table_hz = tuple(dict.fromkeys(hz * count for hz in table for count in counts))
        self._own_hz: deque[float] = deque(maxlen=CALLS_KEPT)
        self.strength = LineStrength()

    @property
    def pulse_hz(self) -> float | None:
        """The line's own pulses a second; None until enough calls were heard."""
        return median(self._own_hz) if len(self._own_hz) >= CALLS_TO_LEARN else None

    def hum_rates(self) -> tuple[float, ...]:
        """The rates at which pulses on this line are hum, whatever else they look like."""
        if not self._table_hz:
            # Bells without a cadence are often fed from the mains.
            return ()
        if len(self._own_hz) >= CALLS_TO_LEARN:
            return hum_rates(dict.fromkeys(self._own_hz), OWN_MARGIN)
        return hum_rates(self._table_hz, TABLE_MARGIN)

    def learn(self, bursts: Iterable[Burst], *, own: bool) -> None:
        """Take in the bursts of what surely was a call.

        Args:
            bursts: What rang.
            own: Whether it surely was this line's, and no neighbour's: it was answered.
        """
        rate_hz, _ = _of(bursts)
        if rate_hz is not None:
            self._own_hz.append(rate_hz)
        threshold = self._threshold(bursts)
        if threshold is not None:
            self.strength.learn(threshold, answered=own)

    def of_rate(self, bursts: Iterable[Burst]) -> float:
        """By how much the rate of the pulses speaks for a call and against hum or noise: the logarithm of the odds."""
        rate_hz, _ = _of(bursts)
        return 0.0 if rate_hz is None else self._from_rate(rate_hz)

    def of_strength(self, bursts: Iterable[Burst]) -> float:
        """By how much the strength of the ringing speaks for this line and against a neighbour's."""
        threshold = self._threshold(bursts)
        return 0.0 if threshold is None else self.strength.odds(threshold)

    def _threshold(self, bursts: Iterable[Burst]) -> float | None:
        """The share of its peak at which the voltage made the detector conduct; None where the pulses do not show it."""
        rate_hz, width = _of(bursts)
        if rate_hz is None or width is None:
            return None
        count = self._pulses_per_cycle or _pulses_a_cycle(bursts)
        if count is None and self._named and self._ring_hz:
            # Of one pulse a cycle or two, what is nearer to a frequency of the named cadence; the whole table has one near to either.
            count = min(
                (1, 2), key=lambda each: min(abs(math.log(rate_hz / each / hz)) for hz in self._ring_hz)
            )
        if count is None:
            return None
        return threshold_of(width * 2.0 / count)

    def _from_rate(self, rate_hz: float) -> float:
        own_hz = self.pulse_hz
        if own_hz is not None:
            spread = max(OWN_SPREAD, _spread(self._own_hz))
            call = (1.0 - STRANGER) * _density(rate_hz, own_hz, spread) + STRANGER * _BROAD
        elif not self._table_hz:
            return 0.0
        else:
            each = 0.9 / len(self._table_hz)
            call = 0.1 * _BROAD + sum(each * _density(rate_hz, hz, TABLE_SPREAD) for hz in self._table_hz)
        at_mains = sum(_density(rate_hz, hz, MAINS_SPREAD) for hz in MAINS_RATES_HZ) / len(MAINS_RATES_HZ)
        return math.log(call / ((1.0 - HUM_SHARE) * _BROAD + HUM_SHARE * at_mains))

    def hums(self, bursts: Iterable[Burst]) -> bool:
        """Whether the bursts sound at a rate of the mains."""
        rate_hz, _ = _of(bursts)
        return rate_hz is not None and any(
            abs(rate_hz / hz - 1.0) <= 3.0 * MAINS_SPREAD for hz in MAINS_RATES_HZ
        )


def _of(bursts: Iterable[Burst]) -> tuple[float | None, float | None]:
    """Pulses a second and width of the bursts that are long enough to tell, each None where none is."""
    telling: Sequence[Burst] = [burst for burst in bursts if burst.end_s - burst.start_s >= TELLING_S]
    rates = [burst.pulse_hz for burst in telling if burst.pulse_hz is not None]
    widths = [burst.width_s * burst.pulse_hz for burst in telling if burst.width_s and burst.pulse_hz]
    return (median(rates) if rates else None), (median(widths) if widths else None)


def _pulses_a_cycle(bursts: Iterable[Burst]) -> int | None:
    """How many pulses the bursts have a cycle; None where none shows it, or they differ."""
    counts = {round(burst.pulse_hz / burst.ring_hz) for burst in bursts if burst.pulse_hz and burst.ring_hz}
    return counts.pop() if len(counts) == 1 else None


def _density(value: float, at: float, spread: float) -> float:
    """Of a value, on a logarithmic scale, that lies around another with this relative spread."""
    return math.exp(-0.5 * (math.log(value / at) / spread) ** 2) / (spread * math.sqrt(2.0 * math.pi))


def _spread(values: Sequence[float] | deque[float]) -> float:
    """Relative spread: 1.5 times the median deviation, which a stranger among them does not move."""
    middle = median(values)
    return 1.5 * median(abs(math.log(value / middle)) for value in values)
