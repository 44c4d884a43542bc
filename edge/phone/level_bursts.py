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


class LevelBursts:
    """A burst detector for an input that is active as long as a burst sounds; see ``BurstDetector``."""

    def __init__(self, tally: NoiseTally, longest_burst_s: float = 5.0) -> None:
        self._tally = tally
        self._longest_burst_s = longest_burst_s
        self.due_from_s = NEVER
        self.due_until_s = NEVER
        self._active = False
        self._forget()

    def _forget(self) -> None:
        self.deadline_s = NEVER
        self._state: Literal["silent", "trial", "burst", "stuck"] = "silent"
        self._chatter = False
        self._longest_s = 0.0

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
            self.deadline_s = max(self._start_s + self._needed_s(), t_s + STEADY_S)
        elif self._state == "burst" and chatters and self._longest_s < UNBROKEN_S:
            self._state = "stuck"
            self._tally.fast += 1
            self.deadline_s = NEVER
            return (BurstWithdrawn(self._start_s, "noise"),)
        else:
            self.deadline_s = NEVER if self._state == "stuck" else self._start_s + self._longest_burst_s
        return ()

    def _fall(self, t_s: float) -> None:
        self._longest_s = max(self._longest_s, t_s - self._rise_s)
        steady = t_s - self._rise_s >= STEADY_S
        if steady:
            self._end_s = t_s
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
            self.deadline_s = self._start_s + self._longest_burst_s
            return (BurstBegan(self._start_s),)
        self._state = "stuck"
        self._tally.stuck += 1
        self.deadline_s = NEVER
        return (BurstWithdrawn(self._start_s, "stuck"),)

    def _finish(self) -> Sequence[BurstEvent]:
        state, chatter = self._state, self._chatter
        burst = Burst(self._start_s, self._end_s, None)
        # What has no steady level has no contact to bounce either: only the ripple of an envelope is left to excuse it.
        length_s = burst.end_s - burst.start_s
        unsteady = self._longest_s < UNBROKEN_S <= length_s
        flickers = unsteady and self._rises > STRAY + RIPPLES_HZ * length_s
        self._forget()
        if state == "burst" and flickers:
            self._tally.fast += 1
            return (BurstWithdrawn(burst.start_s, "noise"),)
        if state == "burst":
            return (BurstEnded(burst),)
        if state == "trial":
            if length_s >= self._needed_s() and not flickers:
                return (BurstBegan(burst.start_s), BurstEnded(burst))
            self._tally.short += 0 if chatter else 1
        return ()

    def sounding(self, t_s: float) -> Sounding:
        """What sounds at this moment, between two edges."""
        if self._state in ("silent", "stuck"):
            return SILENCE
        sounded_until_s = t_s if self._active else self._end_s
        sounds = t_s - sounded_until_s < DEBOUNCE_S
        if self._state == "burst":
            return Sounding(self._start_s, None, sounded_until_s, sounds)
        return Sounding(None, self._start_s, sounded_until_s, sounds)
