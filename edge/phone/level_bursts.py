"""Levels of an envelope detector or a dry contact to bursts: debounced, and distinguished from chatter."""

from collections.abc import Sequence
from typing import Literal

from edge.cadence.cadence import SHORTEST_BURST_S
from edge.phone.burst import (
    NEVER,
    SHORTEST_DUE_BURST_S,
    SILENCE,
    Burst,
    BurstBegan,
    BurstEnded,
    BurstEvent,
    BurstHeld,
    BurstWithdrawn,
    Sounding,
)
from edge.phone.noise import NoiseTally

DEBOUNCE_S = 0.025
"""Silence that ends a level. Contacts bounce for less; the make time of dial pulses, 30 ms, is longer."""
STEADY_S = 0.005
"""A level held this long is no chatter, and carries its burst on. Interference and caller-ID tones hold none above 1 ms."""
UNBROKEN_S = 0.09
"""Chatter with a level among it held this long lies over ringing; interference whose edges the kernel lost holds none."""
BOUNCES = 10
"""Rises that a contact's bounces may add to a burst; relays settle within 10. Beyond these and its ripple, a burst is chatter."""
STRAY = 3
"""The same of a burst without a steady level: it has no contact to bounce, only a few stray edges."""
RIPPLES_HZ = 150.0
"""Most rises a second of a poorly smoothed envelope: twice the highest frequency of ringing current, 68 Hz, and a tenth."""
CONTACT_STEADY_S = 0.03
"""A contact that is closed holds longer than this: at 50 Hz no half cycle of hum does, nor does a whole one of 20 ms."""
CONTACT_SHARE = 0.5
"""Least share of a contact's burst in which it holds; the bounces at either end take 20 ms each."""
RIPPLE_TOLERANCE = 0.03
"""By which share a ripple may be off the mains' frequency: a few tens of ripples, one more or less."""


class LevelBursts:
    """A burst detector for an input that is active as long as a burst sounds; see ``BurstDetector``.

    Args:
        tally: Where noise is counted.
        longest_burst_s: How long a burst of a cadence may last.
        longest_hold_s: How long any level may last before it is no ringing; a burst of a cadence by default.
        kind: An envelope may ripple with the ringing current; a contact holds.
        hum_rates_hz: Ripples a second that are hum.
    """

    def __init__(
        self,
        tally: NoiseTally,
        longest_burst_s: float = 5.0,
        longest_hold_s: float | None = None,
        kind: Literal["envelope", "contact"] = "envelope",
        hum_rates_hz: tuple[float, ...] = (),
    ) -> None:
        self._tally = tally
        self._steady_from_s = STEADY_S if kind == "envelope" else CONTACT_STEADY_S
        self._share = 0.0 if kind == "envelope" else CONTACT_SHARE
        self.hum_rates_hz = hum_rates_hz
        self.hums = 0
        self.hum_hz = 0.0
        self._longest_burst_s = longest_burst_s
        self._longest_hold_s = max(longest_hold_s or 0.0, longest_burst_s)
        self.due_from_s = NEVER
        self.due_until_s = NEVER
        self._active = False
        self._forget()

    def _forget(self) -> None:
        self.deadline_s = NEVER
        self._state: Literal["silent", "trial", "burst", "stuck"] = "silent"
        self._chatter = self._held = False
        self._longest_s = self._held_s = 0.0

    def _begin(self, t_s: float) -> None:
        self._state = "trial"
        self._start_s = self._rise_s = self._end_s = t_s
        self._rises = 1
        self.deadline_s = t_s + self._needed_s()

    def _needed_s(self) -> float:
        due = self.due_from_s <= self._start_s <= self.due_until_s
        return SHORTEST_DUE_BURST_S if due else SHORTEST_BURST_S

    def on_edge(self, t_s: float, *, active: bool) -> Sequence[BurstEvent]:
        """The input became active or inactive."""
        if active == self._active:
            return ()
        self._active = active
        if active:
            return self._rise(t_s)
        self._fall(t_s)
        return ()

    def _rise(self, t_s: float) -> Sequence[BurstEvent]:
        if self._state == "silent":
            self._begin(t_s)
            return ()
        self._tally.bounces += 1
        self._rise_s = t_s
        self._rises += 1
        chatters = self._rises > BOUNCES + RIPPLES_HZ * (t_s - self._start_s)
        if self._state == "trial":
            if chatters:
                self._tally.fast += 0 if self._chatter else 1
                self._chatter = True
                self._begin(t_s)
            self.deadline_s = max(self._start_s + self._needed_s(), t_s + self._steady_from_s)
        elif self._state == "burst" and chatters and self._longest_s < UNBROKEN_S:
            self._state = "stuck"
            self._tally.fast += 1
            self.deadline_s = NEVER
            return (BurstWithdrawn(self._start_s, "noise"),)
        else:
            self.deadline_s = NEVER if self._state == "stuck" else self._start_s + self._limit_s()
        return ()

    def _limit_s(self) -> float:
        """How long the burst may last until something is to be said of it."""
        return self._longest_hold_s if self._held else self._longest_burst_s

    def _fall(self, t_s: float) -> None:
        self._longest_s = max(self._longest_s, t_s - self._rise_s)
        steady = t_s - self._rise_s >= self._steady_from_s
        if steady:
            self._end_s = t_s
            self._held_s += t_s - self._rise_s
        if steady or self._state == "trial":
            self.deadline_s = t_s + DEBOUNCE_S
        else:
            self.deadline_s = self._end_s + DEBOUNCE_S

    def on_time(self) -> Sequence[BurstEvent]:
        """The deadline passed without an edge."""
        if not self._active:
            return self._finish()
        if self._state == "trial":
            self._state = "burst"
            self.deadline_s = self._start_s + self._limit_s()
            return (BurstBegan(self._start_s),)
        if self._state == "burst" and not self._held and self._longest_hold_s > self._longest_burst_s:
            self._held = True
            self.deadline_s = self._start_s + self._limit_s()
            return (BurstHeld(self._start_s),)
        self._state = "stuck"
        self._tally.stuck += 1
        self.deadline_s = NEVER
        return (BurstWithdrawn(self._start_s, "stuck"),)

    def _finish(self) -> Sequence[BurstEvent]:
        state, chatter = self._state, self._chatter
        # What has no steady level has no contact to bounce either: only the ripple of an envelope is left to excuse it.
        length_s = self._end_s - self._start_s
        unsteady = self._longest_s < UNBROKEN_S <= length_s
        ripple_hz = (
            (self._rises - 1) / (self._rise_s - self._start_s) if unsteady and self._rises > 1 else None
        )
        hums = self._hums(ripple_hz)
        loose = length_s >= UNBROKEN_S and self._held_s < self._share * length_s
        flickers = hums or loose or (unsteady and self._rises > STRAY + RIPPLES_HZ * length_s)
        burst = Burst(self._start_s, self._end_s, None, ripple_hz)
        self._forget()
        if state in ("burst", "trial") and flickers:
            self._tally.mains += hums
            self.hums += hums
            self._tally.fast += not hums
            return (BurstWithdrawn(burst.start_s, "hum" if hums else "noise"),) if state == "burst" else ()
        if state == "burst":
            return (BurstEnded(burst),)
        if state == "trial":
            if length_s >= self._needed_s():
                return (BurstBegan(burst.start_s), BurstEnded(burst))
            self._tally.short += 0 if chatter else 1
        return ()

    def _hums(self, ripple_hz: float | None) -> bool:
        """Whether so many ripples a second are hum."""
        if ripple_hz is None:
            return False
        for rate_hz in self.hum_rates_hz:
            if abs(ripple_hz / rate_hz - 1.0) <= RIPPLE_TOLERANCE:
                self.hum_hz = rate_hz
                return True
        return False

    def sounding(self, t_s: float) -> Sounding:
        """What sounds at this moment, between two edges."""
        if self._state in ("silent", "stuck"):
            return SILENCE
        sounded_until_s = t_s if self._active else self._end_s
        sounds = t_s - sounded_until_s < DEBOUNCE_S
        if self._state == "burst":
            return Sounding(self._start_s, None, sounded_until_s, sounds)
        return Sounding(None, self._start_s, sounded_until_s, sounds)
