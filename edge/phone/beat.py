"""The beat of a ringing generator, distinguished from pulses that keep none."""

import math

LOWEST_RING_HZ = 15.0
"""Of ringing current; the slowest in the table of cadences is 16 Hz."""
HIGHEST_RING_HZ = 68.0
"""Range of ringing current; FCC part 68 tests ringers of type B from 15.3 to 68 Hz, and exchanges keep within."""
JITTER = 0.1
"""Share by which one cycle may be off, through noise on the detector's threshold: 2 ms of a cycle of 20 Hz."""
SHORTEST_CYCLE_S = (1.0 - JITTER) / HIGHEST_RING_HZ
"""Of the fastest ringing current, a little early."""
LONGEST_CYCLE_S = (1.0 + JITTER) / LOWEST_RING_HZ
"""The latter is 73 ms; the fastest dial pulses (47 ms break, 30 ms make) are 77 ms apart."""

STEADINESS = 1.25
"""Most by which a cycle of a generator differs from the one before, even while its frequency drifts. Spikes at both ends of
dial pulses alternate by more: break to make is 3:2 or 2:1."""
STEADY_SHARE = 0.45
"""Least share of steady cycles in a burst, with pulses missing and pulses too many; pulses at random keep 0.3 or less."""
STEADY_SHARE_AT_LENGTH = 0.65
"""The same of a long burst as a whole; less of a short one, where a few cycles decide by chance (see ``Beat.keeps``). Measured on
the generated lines of tests/worlds/phone_signals with 5 % of pulses missing and 5 % too many: 0.77 or more after 50 cycles, against
0.45 to 0.65 of pulses at random."""
TELLING_CYCLES = 12
"""With fewer cycles the beat cannot be denied either: half a second of ringing current of 25 Hz."""
CROWDED = 1.3
"""Most pulses for every one that belongs; caller-ID tones crowd three into what could be a cycle of two."""
PATIENCE = 2
"""After so many unsteady cycles in a row the beat is sought anew: one spike makes two cycles unsteady, and is no new beat."""
MOST_ODD = 2
"""A pulse missing or too many makes two cycles look wrong; more in a row, and the beat itself was taken wrongly."""
MISSING_PULSES = {1: (2.0, 3.0), 2: (1.5, 2.0, 2.5, 3.0)}
"""By how many times a cycle seems longer with one or two pulses missing, for one and for two pulses a cycle."""


class Beat:
    """How steadily pulses come, if a cycle takes ``pulses`` of them.

    Args:
        pulses: Pulses a cycle.
        tolerant: Whether pulses may be missing or too many. Only where the wiring is known: spikes of dial pulses whose break
            is twice as long as their make would pass for pulses with some missing.
    """

    __slots__ = (
        "_gaps",
        "_misses",
        "_odd_in_row",
        "_patience",
        "_reference_s",
        "good",
        "good_s",
        "pulses",
        "seen",
    )

    def __init__(self, pulses: int, *, tolerant: bool) -> None:
        self.pulses = pulses
        self._gaps = MISSING_PULSES[pulses] if tolerant else ()
        self._patience = PATIENCE if tolerant else 1
        self.clear()

    def clear(self) -> None:
        """Begin with a new run of pulses."""
        self.seen = 0
        self.good = 0
        self.good_s = 0.0
        self._reference_s = 0.0
        self._misses = self._odd_in_row = 0

    def add(self, cycle_s: float, longer_s: float) -> bool:
        """Take a cycle; whether it is as long as one of ringing current.

        Args:
            cycle_s: Time since as many pulses ago as make a cycle.
            longer_s: Time since one pulse more, in case one of them is none.
        """
        possible = SHORTEST_CYCLE_S <= cycle_s <= LONGEST_CYCLE_S
        reference_s = self._reference_s
        if reference_s == 0.0:
            self.seen += 1
            if possible:
                self._take(cycle_s)
            return possible
        shortest_s, longest_s = reference_s / STEADINESS, reference_s * STEADINESS
        if possible and shortest_s <= cycle_s <= longest_s:
            self.seen += 1
            self._take(cycle_s)
            return True
        if self._odd_in_row < MOST_ODD:
            if self._gaps and shortest_s <= longer_s <= min(longest_s, LONGEST_CYCLE_S):
                self.seen += 1
                self.good += 1
                self.good_s += longer_s
                self._odd_in_row += 1
                return True
            if self._is_gap(cycle_s / reference_s):
                self._odd_in_row += 1
                return True
        self.seen += 1
        self._misses += 1
        if self._misses >= self._patience:
            self._misses = self._odd_in_row = 0
            self._reference_s = cycle_s
        return possible

    def _take(self, cycle_s: float) -> None:
        self.good += 1
        self.good_s += cycle_s
        self._reference_s = cycle_s
        self._misses = self._odd_in_row = 0

    def _is_gap(self, times: float) -> bool:
        return any(gap * (1.0 - JITTER) <= times <= gap * (1.0 + JITTER) for gap in self._gaps)

    @property
    def keeps(self) -> bool:
        """Whether the run as a whole keeps the beat, allowing for chance in so many cycles."""
        return self.seen < TELLING_CYCLES or self.share >= STEADY_SHARE_AT_LENGTH - 0.5 / math.sqrt(self.seen)

    @property
    def share(self) -> float:
        """Share of steady cycles."""
        return self.good / self.seen if self.seen else 0.0

    def sounded_s(self, pulses: int, elapsed_s: float, fewest_cycles: int) -> float:
        """Time of steady ringing among so many pulses; 0 unless most of them are part of it."""
        if self.good < fewest_cycles or (
            self.good < self.seen and self.good < max(2.0, STEADY_SHARE * self.seen)
        ):
            return 0.0
        cycle_s = self.good_s / self.good
        if pulses - 1.5 > CROWDED * self.pulses * elapsed_s / cycle_s:
            return 0.0
        return self.good_s / self.pulses + cycle_s
