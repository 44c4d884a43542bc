"""Edges of the hook switch to lifting and hanging up: bounces smoothed, hook flashes passed over."""

from dataclasses import dataclass
from typing import Literal

from edge.phone.burst import NEVER
from edge.phone.noise import NoiseTally

SETTLE_S = 0.05
"""The switch must hold this long for a lift to count; cradle switches bounce for some 20 ms."""
LONGEST_FLASH_S = 0.6
"""Hanging up is distinguished from a hook flash (90 to 500 ms) by holding this long."""


@dataclass(frozen=True, slots=True)
class HookChange:
    """The receiver may have been lifted or hung up at ``t_s`` (``began``), was after all (``settled``), or was not (``undone``)."""

    t_s: float
    off_hook: bool
    stage: Literal["began", "settled", "undone"]


class HookSwitch:
    """Follows the receiver. Calls come in order of time, and ``on_time`` whenever ``deadline_s`` has been reached."""

    def __init__(self, tally: NoiseTally) -> None:
        self._tally = tally
        self._pin_off = False
        self.off_hook = False
        """Whether the receiver is lifted, as far as it is settled."""
        self.changing_since_s: float | None = None
        """When the change began that has not settled yet."""
        self.deadline_s = NEVER

    def on_edge(self, t_s: float, *, off_hook: bool) -> HookChange | None:
        """The switch opened or closed."""
        if off_hook == self._pin_off:
            return None
        self._pin_off = off_hook
        self.deadline_s = t_s + (SETTLE_S if off_hook else LONGEST_FLASH_S)
        if off_hook == self.off_hook:
            # Back to where it was: a bounce of the change that began, or its end; the change stays open until this holds.
            self.deadline_s = t_s + SETTLE_S
            return None
        if self.changing_since_s is not None:
            return None
        self.changing_since_s = t_s
        return HookChange(t_s, off_hook, "began")

    def on_time(self) -> HookChange | None:
        """The switch held its position until the deadline."""
        self.deadline_s = NEVER
        since_s, self.changing_since_s = self.changing_since_s, None
        if since_s is None:
            return None
        if self._pin_off == self.off_hook:
            self._tally.flashes += 1
            return HookChange(since_s, not self.off_hook, "undone")
        self.off_hook = self._pin_off
        return HookChange(since_s, self.off_hook, "settled")
