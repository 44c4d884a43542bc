"""Edges of an optocoupler to the starts of its pulses."""

from statistics import median

from edge.phone.noise import NoiseTally

PULSE_SPACING_S = 0.004
"""No two pulses of ringing current start closer than this: 68 Hz gives two a cycle, 7.4 ms apart, less the lopsidedness
of a detector whose two halves differ."""
LEVEL_S = 0.1
"""No pulse of ringing current, and no dial pulse, lasts this long."""
WIDTHS_KEPT = 100
"""Widths kept of one run of pulses: two seconds of ringing current, whose median no stray pulse moves."""


class PulseStarts:
    """Picks the edge with which each pulse starts.

    Contacts and thresholds chatter: what starts within ``PULSE_SPACING_S`` of a pulse belongs to it and is counted as a
    bounce.
    """

    __slots__ = ("_fell_s", "_last_s", "_tally", "edges", "levels", "widths_s")

    def __init__(self, tally: NoiseTally) -> None:
        self._tally = tally
        self._last_s = float("-inf")
        self.edges = 0
        """Rising edges so far, pulses and bounces alike."""
        self.levels = 0
        """Pulses that lasted longer than any half cycle of ringing current: what an envelope or a contact gives."""
        self._fell_s = float("-inf")
        self.widths_s: list[float] = []
        """How long the pulses since ``measure_anew`` lasted, from the start to the last fall of each; at most ``WIDTHS_KEPT``."""

    def measure_anew(self) -> None:
        """Begin to measure widths."""
        self.widths_s.clear()

    @property
    def median_width_s(self) -> float | None:
        """The middle of them."""
        return median(self.widths_s) if self.widths_s else None

    def starts(self, t_s: float, *, active: bool) -> bool:
        """Whether a pulse starts with this edge."""
        if not active:
            if t_s - self._last_s > LEVEL_S:
                self.levels += 1
            self._fell_s = t_s
            return False
        self.edges += 1
        if t_s - self._last_s < PULSE_SPACING_S:
            self._tally.bounces += 1
            return False
        if self._last_s < self._fell_s <= self._last_s + LEVEL_S and len(self.widths_s) < WIDTHS_KEPT:
            self.widths_s.append(self._fell_s - self._last_s)
        self._last_s = t_s
        return True
