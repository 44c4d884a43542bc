"""Edges of the hook switch to lifting and hanging up: bounces smoothed, hook flashes and nudges passed over."""

from dataclasses import dataclass
from typing import Literal

from edge.phone.burst import NEVER
from edge.phone.noise import NoiseTally

SETTLE_S = 0.05
"""A switch that springs back must hold this long for its movement to be over; cradle switches bounce for some 20 ms."""
LONGEST_NUDGE_S = 0.4
"""A receiver is lifted when the switch holds this long. A nudged cradle or a dirty contact opens for 0.05 to 0.3 s."""
LONGEST_FLASH_S = 0.6
"""Hanging up is distinguished from a hook flash (90 to 500 ms) by holding this long."""
LONGEST_MOVE_S = 2.0
"""No hand moves a switch for longer without a rest; a digit of ten slow dial pulses takes 1.35 s."""
STEADY_S = 1.0
"""A switch that hummed must rest this long before its position counts again: fifty cycles of mains."""


@dataclass(frozen=True, slots=True)
class HookChange:
    """What the switch did at ``t_s``.

    The receiver may have been lifted or hung up (``began``), was after all (``settled``), or was not (``undone``). The switch changes
    without a rest, so that its position is not known (``lost``), or rests again (``found``).
    """

    t_s: float
    off_hook: bool
    stage: Literal["began", "settled", "undone", "lost", "found"]


class HookSwitch:
    """Follows the receiver. Calls come in order of time, and ``on_time`` whenever ``deadline_s`` has been reached."""

    def __init__(self, tally: NoiseTally) -> None:
        self._tally = tally
        self._pin_off: bool | None = None
        self._position_known = False
        self.off_hook = False
        """Whether the receiver is lifted, as far as it is settled."""
        self.steady = True
        """Whether the switch rests between its changes, as one that a hand moves."""
        self.moved = False
        """Whether the switch was ever seen to move from one position to the other; the level at the start is no movement."""
        self.nudged = False
        """Whether it was seen to move and to come back at once."""
        self.changing_since_s: float | None = None
        """When the change began that has not settled yet."""
        self.deadline_s = NEVER

    def on_edge(self, t_s: float, *, off_hook: bool) -> HookChange | None:
        """The switch opened or closed."""
        if self._pin_off is None and not off_hook:
            self._pin_off, self._position_known = False, True
        if off_hook == bool(self._pin_off):
            return None
        self._pin_off = off_hook
        if not self.steady:
            self.deadline_s = t_s + STEADY_S
            return None
        if self.changing_since_s is not None and t_s - self.changing_since_s > LONGEST_MOVE_S:
            self.steady, self.off_hook, self.changing_since_s = False, False, None
            self.deadline_s = t_s + STEADY_S
            return HookChange(t_s, off_hook=False, stage="lost")
        if off_hook == self.off_hook:
            # Back to where it was: a bounce of the change that began, or its end; the change stays open until this holds.
            self.deadline_s = t_s + SETTLE_S
            return None
        self.deadline_s = t_s + (LONGEST_NUDGE_S if off_hook else LONGEST_FLASH_S)
        if self.changing_since_s is not None:
            return None
        self.changing_since_s = t_s
        return HookChange(t_s, off_hook, "began")

    def on_time(self) -> HookChange | None:
        """The switch held its position until the deadline."""
        held_until_s, self.deadline_s = self.deadline_s, NEVER
        position = bool(self._pin_off)
        if not self.steady:
            self.steady, self.off_hook = True, position
            return HookChange(held_until_s - STEADY_S, position, "found")
        since_s, self.changing_since_s = self.changing_since_s, None
        if since_s is None:
            return None
        if position == self.off_hook:
            self._tally.flashes += 1
            self.nudged |= self._position_known
            return HookChange(since_s, not position, "undone")
        self.off_hook = position
        self.moved |= self._position_known
        self._position_known = True
        return HookChange(since_s, position, "settled")
