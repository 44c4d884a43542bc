"""Edges of an optocoupler to the starts of its pulses."""

from edge.phone.noise import NoiseTally

PULSE_SPACING_S = 0.004
"""No two pulses of ringing current start closer than this: 68 Hz gives two a cycle, 7.4 ms apart, less the lopsidedness
of a detector whose two halves differ."""
LEVEL_S = 0.1
"""No pulse of ringing current, and no dial pulse, lasts this long."""


class PulseStarts:
    """Picks the edge with which each pulse starts.

    Contacts and thresholds chatter: what starts within ``PULSE_SPACING_S`` of a pulse belongs to it and is counted as a
    bounce.
    """

    __slots__ = ("_last_s", "_tally", "edges", "levels")

    def __init__(self, tally: NoiseTally) -> None:
        self._tally = tally
        self._last_s = float("-inf")
        self.edges = 0
        """Rising edges so far, pulses and bounces alike."""
        self.levels = 0
        """Pulses that lasted longer than any half cycle of ringing current: what an envelope or a contact gives."""

    def starts(self, t_s: float, *, active: bool) -> bool:
        """Whether a pulse starts with this edge."""
        if not active:
            if t_s - self._last_s > LEVEL_S:
                self.levels += 1
            return False
        self.edges += 1
        if t_s - self._last_s < PULSE_SPACING_S:
            self._tally.bounces += 1
            return False
        self._last_s = t_s
        return True
