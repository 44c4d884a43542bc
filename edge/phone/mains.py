"""The comb of the mains: pulses that come 50, 60, 100 or 120 times a second for as long as a motor, a lamp or a loose wire hums."""

from collections import deque
from collections.abc import Iterable

MAINS_RATES_HZ = (50.0, 60.0, 100.0, 120.0)
"""Pulses a second of hum: one a cycle of the mains, or two through a detector that conducts in both directions."""
MAINS_TOLERANCE = 0.01
"""By which share hum may be off the mains' frequency. Grids keep within 0.4 %; the rest is the spread of the pulses."""
STEADY = 0.015
"""By which share the halves of a stretch of hum may differ. Ringing current that happens to pass the mains' frequency drifts on."""

SLOTS = 13
"""Periods that are looked at to tell hum: 0.13 s at 100 Hz, about as long as the shortest ring."""
SLOTS_TO_FIND = 10
"""So many of them hold a pulse of hum; near its threshold a detector misses some."""
FOLLOWED_SLOTS = 16
"""Periods that are looked at while hum is followed."""
SLOTS_TO_KEEP = 9
"""With fewer the hum is over, or ringing current has taken the detector: that is larger by far, hides the hum, and may give every second
of its pulses."""
NEAR = 0.1
"""Share of a period by which a pulse of hum may be early or late; a third of a millisecond is usual."""
CHATTER_S = 0.002
"""Edges so soon after a pulse of hum are its own chatter."""
SPACING_S = 0.004
"""Two pulses closer than this are one and its chatter, where hum is looked for."""
REMEMBERED = 40
"""Pulses among which hum is looked for: those of ``SLOTS`` periods, and twice as many of something else between them."""
HELD = 0.1
"""How far a found period follows a pulse that is early or late; the phase follows by twice as much."""


def hum_rates(own_hz: Iterable[float], margin: float) -> tuple[float, ...]:
    """The rates at which pulses are hum on a line, and cannot be its ringing current.

    Args:
        own_hz: Pulses a second that the line's ringing current gives, or may give.
        margin: Share by which a rate must be away from each of them.
    """
    own = tuple(own_hz)
    # Every second pulse of ringing current is a comb as well.
    combs = [hz / every for hz in own for every in (1, 2)]
    return tuple(rate for rate in MAINS_RATES_HZ if all(abs(rate / hz - 1.0) > margin for hz in combs))


class MainsComb:
    """Finds hum among pulses, follows it, and says which pulses are its. Calls come in order of time."""

    def __init__(self, rates_hz: tuple[float, ...]) -> None:
        self.rates_hz = rates_hz
        self.hz = 0.0
        """Pulses a second of the hum that sounds, or sounded last; 0 before any."""
        self.since_s: float | None = None
        """When the hum that sounds now was first seen."""
        self._pulses: deque[float] = deque(maxlen=REMEMBERED)
        self._last_s = float("-inf")
        self._period_s = 0.0
        self._at_s = 0.0
        self._slots: deque[bool] = deque(maxlen=FOLLOWED_SLOTS)

    def takes(self, t_s: float) -> bool:
        """Whether this rising edge is one of the hum, which from then on is not ringing."""
        if self.since_s is not None and self._follows(t_s):
            return True
        if self.since_s is not None or t_s - self._last_s < SPACING_S:
            return False
        self._last_s = t_s
        self._pulses.append(t_s)
        return self._finds(t_s)

    def _follows(self, t_s: float) -> bool:
        """Whether a pulse is the hum's own; ends the hum when too few are."""
        if 0.0 <= t_s - self._last_s < CHATTER_S:
            return True
        passed = round((t_s - self._at_s) / self._period_s)
        late_s = t_s - self._at_s - passed * self._period_s
        own = abs(late_s) <= NEAR * self._period_s
        if passed > (0 if own else 1):
            self._slots.extend([False] * min(passed - 1, FOLLOWED_SLOTS))
            self._at_s += (passed - 1) * self._period_s
            if own:
                self._slots.append(True)
                self._at_s += self._period_s
        if own:
            self._at_s += 2.0 * HELD * late_s
            self._period_s += HELD * late_s / max(passed, 1)
            self._last_s = t_s
        if sum(self._slots) < SLOTS_TO_KEEP or abs(self._period_s * self.hz - 1.0) > 2.0 * MAINS_TOLERANCE:
            self._forget()
        return own and self.since_s is not None

    def _forget(self) -> None:
        self.since_s = None
        self._pulses.clear()

    def _finds(self, t_s: float) -> bool:
        for rate_hz in self.rates_hz:
            first_s = self._comb_since(t_s, 1.0 / rate_hz)
            if first_s is not None:
                self.hz, self.since_s = rate_hz, first_s
                self._period_s = 1.0 / rate_hz
                self._at_s = t_s
                self._slots.extend([True] * FOLLOWED_SLOTS)
                return True
        return False

    def _comb_since(self, t_s: float, period_s: float) -> float | None:
        """The first pulse of a comb of this period that ends with this pulse; None where there is none."""
        near_s = NEAR * period_s
        expected_s = t_s - period_s
        hits = [(0, t_s)]
        others = 0
        for pulse_s in reversed(self._pulses):
            while pulse_s < expected_s - near_s:
                # A slot without a pulse.
                expected_s -= period_s
                if round((t_s - expected_s) / period_s) - len(hits) > SLOTS - SLOTS_TO_FIND:
                    return None
            slot = round((t_s - expected_s) / period_s)
            if slot >= SLOTS:
                break
            if pulse_s <= expected_s + near_s:
                hits.append((slot, pulse_s))
                expected_s = pulse_s - period_s
            elif pulse_s < t_s:
                others += 1
        if len(hits) < SLOTS_TO_FIND or others > len(hits):
            return None
        half = len(hits) // 2
        newer, older = _mean_period_s(hits[: half + 1]), _mean_period_s(hits[half:])
        fits = abs(_mean_period_s(hits) / period_s - 1.0) <= MAINS_TOLERANCE
        return hits[-1][1] if fits and abs(newer / older - 1.0) <= 2.0 * STEADY else None


def _mean_period_s(hits: list[tuple[int, float]]) -> float:
    (first_slot, last_s), (last_slot, first_s) = hits[0], hits[-1]
    return (last_s - first_s) / (last_slot - first_slot)
