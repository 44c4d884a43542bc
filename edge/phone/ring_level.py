"""How long the ring pin has kept its level: a contact that is held while it rings is told from one that is stuck."""

from typing import Literal

from edge.phone.burst import NEVER

STARTING_S = 1.0
"""The levels at which both pins are found come this soon after the line's first edge."""


class RingLevel:
    """Follows the level of the ring pin. Calls come in order of time, and ``on_time`` whenever ``deadline_s`` has been reached.

    Args:
        ring_s: How long the pin is active in a cadence, at most; after as long at rest a fault is gone.
        hold_s: How long it is active at most where it is held for as long as it rings.
    """

    def __init__(self, ring_s: float, hold_s: float) -> None:
        self._ring_s = ring_s
        self._hold_s = hold_s
        self._since_s = float("-inf")
        self.active: bool | None = None
        """None before the first edge."""
        self.stuck = False
        """Whether it was active for too long, and has not rested since."""
        self.holds_believed = True
        """Whether a level as long as a hold may be ringing. Not where the pin was active from the first: an input that is the wrong way
        round is active whenever it does not ring."""
        self.deadline_s = NEVER

    def on_edge(self, t_s: float, *, active: bool, starting: bool) -> None:
        """The level changed, or was seen for the first time; ``starting``: it is the one at which the pin was found."""
        if active == self.active:
            return
        if self.active is None and active and starting:
            self.holds_believed = False
        self.active = active
        self._since_s = t_s
        self._wait()

    def _wait(self) -> None:
        if self.active:
            longest_s = self._hold_s if self.holds_believed else self._ring_s
            self.deadline_s = NEVER if self.stuck else self._since_s + longest_s
        elif self.stuck:
            self.deadline_s = self._since_s + self._ring_s
        else:
            self.deadline_s = NEVER if self.holds_believed else self._since_s + self._hold_s

    def on_time(self) -> Literal["stuck", "healed"] | None:
        """The pin kept its level until the deadline."""
        if self.active:
            self.stuck = True
            self.deadline_s = NEVER
            return "stuck"
        healed, self.stuck = self.stuck, False
        self.holds_believed = self.holds_believed or not healed
        self._wait()
        return "healed" if healed else None
