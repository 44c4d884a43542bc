"""What ringing sounds like on one line, pulses a second and how wide they are, learnt from calls that surely were calls."""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Literal

from edge.cadence.cadence import AUTO, Profile
from edge.phone.burst import Burst
from edge.phone.line_strength import FAINT, LineStrength, threshold_of
from edge.phone.mains import MAINS_RATES_HZ, hum_rates

TELLING_S = 0.25
"""A burst this long has enough cycles, five of 20 Hz, for a line's frequency to be learnt from it."""
TELLING_PULSES = 3.0
"""A burst of so many pulses shows a rate and a width, if not a sharp one."""
WHOLE_SHARE = 0.5
"""Bursts of fewer pulses than this share of the longest one's show no width beside it."""
CALLS_TO_LEARN = 3
"""From so many calls on, a line's own frequency is used instead of the table's."""
TELLING_BURST_S = 0.3
"""A burst this long has enough cycles (six of 20 Hz) for its pulses a cycle to be meant one way only."""
TELLING_BURSTS = 3
"""So many bursts of this length, all alike and all of sure calls, tell how many pulses make a cycle."""
CALLS_KEPT = 16
"""A line whose exchange was replaced is learnt anew after so many calls."""
BURSTS_KEPT = 12
"""Bursts of one call whose rates are kept: how far they differ is how far the next may."""

TWO_A_CYCLE_HZ = 30.0
"""From so many pulses a second on there are two a cycle, where the pulses do not show it: few exchanges ring faster."""
TABLE_SPREAD = 0.06
"""Spread of an exchange's frequency around the table's; GB 3380-82 allows 3 Hz of 25."""
OWN_SPREAD = 0.008
"""Least spread of a line's own frequency: generators drift by less with temperature and load."""
BURST_SPREAD = 0.05
"""Spread of the rates of one call's bursts around their middle: some generators drift while they ring."""
MAINS_SPREAD = 0.002
"""Spread of the mains' frequency around 50 or 60 Hz; grids keep within 0.2 Hz."""
MAINS_MARGIN = 0.004
"""No grid leaves this for longer than minutes: 0.2 Hz."""
CYCLE_SPREAD = 0.04
"""By which share of a pulse's spacing the cycles of a burst are off, all together: two deviations of the pulses at both ends."""
PULSE_SPREAD = 0.06
"""By which share of a pulse's spacing the length of a burst is off, at both ends together: what divides by many pulses is a sharp rate."""
ODD_BURST = 0.03
"""Share of the bursts of ringing whose rate is wrong: cut short, or with pulses lost and strays between."""
TABLE_MARGIN = 0.12
"""Hum this far from every frequency of the table is told by it alone: two spreads."""
OWN_MARGIN = 0.08
"""Hum this far from the line's own frequency is told by it alone: no generator drifts so far."""

SLOWEST_HZ, FASTEST_HZ = 15.0, 136.0
"""Range of pulses a second, one or two a cycle of 15 to 68 Hz, over which noise may lie anywhere."""
HUM_SHARE = 0.5
"""How much of what is noise is hum at one of the mains' rates; the rest lies anywhere."""
ONE_RATE = 0.5
"""How much of the rest keeps one rate from burst to burst."""
WITHOUT_RATE = 0.1
"""Pulses without a rate are the ends of hum that comes and goes; ringing is so many times as likely to have hum break into it."""
STRANGER = 0.03
"""Chance that a call rings at a frequency that its line never had."""

_BROAD = 1.0 / math.log(FASTEST_HZ / SLOWEST_HZ)
"""Density of a rate in that range, each octave as likely."""

_Rates = Sequence[tuple[float, float]]
"""Pulses a second of each burst, and the relative spread with which the burst shows them."""


class LineSound:
    """What the pulses of a line's own ringing are like. Inputs without pulses or ripples teach it nothing."""

    def __init__(self, profile: Profile, pulses_per_cycle: int | None, *, pulses: bool) -> None:
        self._pulses = pulses
        self._named = profile.name != AUTO
        counts = (1, 2) if pulses_per_cycle is None else (pulses_per_cycle,)
        table = dict.fromkeys(hz for cadence in profile.cadences for hz in cadence.ring_hz)
        self._pulses_per_cycle = pulses_per_cycle
        self._ring_hz = tuple(table)
        self._table_hz = tuple(dict.fromkeys(hz * count for hz in table for count in counts))
        self.bursts_hz: deque[tuple[float, ...]] = deque(maxlen=CALLS_KEPT)
        """The rates of the bursts of the last calls that surely were calls."""
        self.strength = LineStrength()
        self._counts: deque[int] = deque(maxlen=BURSTS_KEPT)

    @property
    def pulses_a_cycle(self) -> Literal[1, 2] | None:
        """How many pulses make a cycle on this line; None until its sure calls have shown it, and while they differ."""
        if len(self._counts) < TELLING_BURSTS or len(set(self._counts)) > 1:
            return None
        return 1 if self._counts[0] == 1 else 2

    def count_pulses(self, bursts: Iterable[Burst]) -> None:
        """Take in how many pulses a cycle the bursts of what surely was a call have; hum and crosstalk would tell it wrongly."""
        self._counts.extend(
            round(burst.pulse_hz / burst.ring_hz)
            for burst in bursts
            if burst.pulse_hz and burst.ring_hz and burst.end_s - burst.start_s >= TELLING_BURST_S
        )

    @property
    def pulse_hz(self) -> float | None:
        """The line's own pulses a second; None until enough calls were heard."""
        return median(self._medians_hz()) if len(self.bursts_hz) >= CALLS_TO_LEARN else None

    def _medians_hz(self) -> list[float]:
        return [median(rates_hz) for rates_hz in self.bursts_hz]

    def hum_rates(self, calls: int) -> tuple[float, ...]:
        """The rates at which pulses on this line are hum, whatever else they look like.

        Args:
            calls: How many calls were learnt from.
        """
        if not self._table_hz:
            # Bells without a cadence are often fed from the mains.
            return ()
        if not self._pulses and calls >= CALLS_TO_LEARN and not self.bursts_hz:
            # A smooth envelope: none of its ringing ripples.
            return MAINS_RATES_HZ
        if len(self.bursts_hz) >= CALLS_TO_LEARN:
            return hum_rates(dict.fromkeys(self._medians_hz()), OWN_MARGIN)
        return hum_rates(self._table_hz, TABLE_MARGIN)

    def learn(self, bursts: Iterable[Burst], *, own: bool) -> None:
        """Take in the bursts of what surely was a call.

        Args:
            bursts: What rang.
            own: Whether it surely was this line's, and no neighbour's: it was answered.
        """
        telling = [burst for burst in bursts if burst.end_s - burst.start_s >= TELLING_S]
        rates_hz = tuple(burst.pulse_hz for burst in telling if burst.pulse_hz is not None)
        if rates_hz:
            self.bursts_hz.append(rates_hz[-BURSTS_KEPT:])
        threshold = self._threshold(telling)
        if threshold is not None:
            self.strength.learn(threshold, answered=own)

    def of_rate(self, bursts: Iterable[Burst]) -> float:
        """By how much the rates of the pulses speak for a call and against hum or noise: the logarithm of the odds."""
        bursts = tuple(bursts)
        rates = _rates(bursts)
        without = math.log(WITHOUT_RATE) * sum(self._pulses and burst.pulse_hz is None for burst in bursts)
        if not self._table_hz or not rates or (not self._pulses and 2 * len(rates) <= len(bursts)):
            # An envelope that ripples does so in every burst; a wire that floats now and then.
            return without
        return without + self._from_rates(rates)

    def shows_rate(self, bursts: Iterable[Burst]) -> bool:
        """Whether the bursts show a rate at all."""
        return bool(self._table_hz and _rates(bursts))

    def of_strength(self, bursts: Iterable[Burst]) -> float | None:
        """By how much the strength of the ringing speaks for this line and against a neighbour's; None while that is open."""
        threshold = self._threshold(bursts)
        return 0.0 if threshold is None else self.strength.odds(threshold)

    def is_strongest(self, bursts: Iterable[Burst]) -> bool:
        """Whether no ringing was stronger so far."""
        threshold = self._threshold(bursts)
        return threshold is None or self.strength.is_strongest(threshold)

    def is_faint(self, bursts: Iterable[Burst]) -> bool:
        """Whether the ringing is so weak that it hardly makes the detector conduct, and nobody has answered on this line yet."""
        threshold = self._threshold(bursts)
        return threshold is not None and threshold > FAINT and not self.strength.answered

    def learn_other(self, bursts: Iterable[Burst]) -> None:
        """Take in the strength of ringing that was a neighbour's: should the line's own never come again, it was this line's after all."""
        threshold = self._threshold(bursts)
        if threshold is not None:
            self.strength.learn(threshold, answered=False)

    def _threshold(self, bursts: Iterable[Burst]) -> float | None:
        """The share of its peak at which the voltage made the detector conduct; None where the pulses do not show it."""
        shown = [burst for burst in bursts if burst.pulse_hz is not None and _pulses(burst) >= TELLING_PULSES]
        # A burst cut short shows its width by few pulses, some of them torn: it says nothing beside a whole one.
        most = max(map(_pulses, shown), default=0.0)
        shown = [burst for burst in shown if _pulses(burst) >= WHOLE_SHARE * most]
        widths = [burst.width_s * burst.pulse_hz for burst in shown if burst.width_s and burst.pulse_hz]
        rates_hz = [burst.pulse_hz for burst in shown if burst.pulse_hz is not None]
        if not widths:
            return None
        count = self._pulses_per_cycle or _pulses_a_cycle(shown)
        if count is None and self._named and self._ring_hz:
            # Of one pulse a cycle or two, what is nearer to a frequency of the named cadence; the whole table has one near to either.
            rate_hz = median(rates_hz)
            count = min(
                (1, 2), key=lambda each: min(abs(math.log(rate_hz / each / hz)) for hz in self._ring_hz)
            )
        if count is None:
            # Always the same for one line, which compares its strengths with each other.
            count = 2 if median(rates_hz) >= TWO_A_CYCLE_HZ else 1
        return threshold_of(median(widths) * 2.0 / count)

    def _from_rates(self, rates: _Rates) -> float:
        middle_hz = median(hz for hz, _ in rates)
        shown = min(spread for _, spread in rates)
        if self.pulse_hz is not None:
            spread = math.hypot(OWN_SPREAD, self._burst_spread(self.pulse_hz) / math.sqrt(len(rates)))
            own = _density(middle_hz, self.pulse_hz, math.hypot(spread, shown))
            call = (1.0 - STRANGER) * own + STRANGER * _BROAD
        else:
            each = 0.9 / len(self._table_hz)
            call = 0.1 * _BROAD + sum(each * _density(middle_hz, hz, TABLE_SPREAD) for hz in self._table_hz)
        at_mains = sum(
            _density(middle_hz, hz, math.hypot(MAINS_SPREAD, shown)) for hz in MAINS_RATES_HZ
        ) / len(MAINS_RATES_HZ)
        # Hum and ringing keep one rate from burst to burst, which says nothing of which it is.
        one_rate = _of_one_rate(rates, middle_hz)
        steady = HUM_SHARE * at_mains + (1.0 - HUM_SHARE) * ONE_RATE * _BROAD
        wild = (1.0 - HUM_SHARE) * (1.0 - ONE_RATE) * _BROAD
        wild_rates = (len(rates) - 1) * math.log(_BROAD)
        return math.log(call) + one_rate - _log_sum(math.log(steady) + one_rate, math.log(wild) + wild_rates)

    def _burst_spread(self, own_hz: float) -> float:
        """Relative spread of a burst's rate: 1.5 times the median deviation, which a stranger among them does not move."""
        return 1.5 * median(abs(math.log(hz / own_hz)) for call in self.bursts_hz for hz in call)

    def hums(self, bursts: Iterable[Burst]) -> bool:
        """Whether the bursts sound at a rate of the mains."""
        shown = [
            (burst.pulse_hz, _pulses(burst))
            for burst in bursts
            if burst.pulse_hz is not None and _pulses(burst) >= TELLING_PULSES
        ]
        if not shown:
            return False
        rate_hz = median(hz for hz, _ in shown)
        near = MAINS_MARGIN + CYCLE_SPREAD / max(pulses for _, pulses in shown)
        return any(abs(rate_hz / hz - 1.0) <= near for hz in MAINS_RATES_HZ)


def _pulses(burst: Burst) -> float:
    return (burst.pulse_hz or 0.0) * (burst.end_s - burst.start_s)


def _rates(bursts: Iterable[Burst]) -> _Rates:
    return [
        (burst.pulse_hz, PULSE_SPREAD / _pulses(burst))
        for burst in bursts
        if burst.pulse_hz is not None and _pulses(burst) >= TELLING_PULSES
    ]


def _of_one_rate(rates: _Rates, middle_hz: float) -> float:
    """Logarithm of the density of all rates but one, if all lie around one that is given; a share of the bursts is odd."""
    densities = sorted(
        (1.0 - ODD_BURST) * _density(hz, middle_hz, math.hypot(BURST_SPREAD, shown)) + ODD_BURST * _BROAD
        for hz, shown in rates
    )
    return sum(math.log(density) for density in densities[:-1])


def _pulses_a_cycle(bursts: Iterable[Burst]) -> int | None:
    """How many pulses the bursts have a cycle; None where none shows it, or they differ."""
    counts = {round(burst.pulse_hz / burst.ring_hz) for burst in bursts if burst.pulse_hz and burst.ring_hz}
    return counts.pop() if len(counts) == 1 else None


def _density(value: float, at: float, spread: float) -> float:
    """Of a value, on a logarithmic scale, that lies around another with this relative spread."""
    return math.exp(-0.5 * (math.log(value / at) / spread) ** 2) / (spread * math.sqrt(2.0 * math.pi))


def _log_sum(*logarithms: float) -> float:
    largest = max(logarithms)
    return largest + math.log(sum(math.exp(value - largest) for value in logarithms))
