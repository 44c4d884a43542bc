"""Whether a line's hook switch can be believed: it has moved, it rests, and it is not the wrong way round."""

from collections.abc import Iterable

from edge.phone.events import CallEnded, LineEvent
from edge.phone.faults import Faults
from edge.phone.hook import HookSwitch

CALLS_UNMOVED = 3
"""So many calls before the hook switch was ever seen to move, and somebody is sent to look at it."""
CALLS_STILL = 20
"""So many calls without any movement of a hook switch that did move before: its wire is off, or nobody is there."""


class HookTrust:
    """Judges the hook switch of one line by the calls that it saw."""

    def __init__(self, hook: HookSwitch, faults: Faults, *, fitted: bool) -> None:
        self._hook = hook
        self._faults = faults
        self._fitted = fitted
        self.calls_unmoved = 0
        """Calls since the switch moved last."""
        self.proven = False
        """Whether a call was ever answered with it."""

    @property
    def follows_receiver(self) -> bool:
        """Whether it is known where the receiver is."""
        return self._fitted and self._hook.steady and "hook_inverted" not in self._faults.standing

    @property
    def tells_unanswered(self) -> bool:
        """Whether a receiver that stays down says that nobody answered."""
        return self.follows_receiver and self._hook.moved and "hook_unmoved" not in self._faults.standing

    def moved(self, t_s: float) -> list[LineEvent]:
        """The switch moved from one position to the other."""
        self.calls_unmoved = 0
        return self._faults.heal("hook_unmoved", t_s)

    def note(self, events: Iterable[LineEvent]) -> list[LineEvent]:
        """The fault that the calls among these events show, if any."""
        found: list[LineEvent] = []
        for event in events:
            if not isinstance(event, CallEnded):
                continue
            self.proven |= event.call.outcome == "answered"
            # Not for the call itself: whoever touched the receiver while it rang may have lifted it, with a contact that does not hold.
            if self._hook.nudged and not self._hook.moved:
                self._hook.moved = True
                found += self.moved(event.call.end_s)
            # Whoever answers elsewhere moves no switch here.
            if self.follows_receiver and event.call.answered_elsewhere is None:
                self.calls_unmoved += 1
                if self.calls_unmoved >= (CALLS_STILL if self._hook.moved else CALLS_UNMOVED):
                    found += self._faults.find("hook_unmoved", event.call.end_s, count=self.calls_unmoved)
        return found
