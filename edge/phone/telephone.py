"""The desk's telephone: edges of its lines' pins in, calls and what the host does on the phone out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from edge.observation import Edge, EdgesLost
from edge.phone.events import (
    HOOK_FAULTS,
    CallEnded,
    FaultKind,
    LineEvent,
    LineFault,
    LineHealed,
    OffHook,
    OnHook,
    Ringing,
    RingingStopped,
)
from edge.phone.inspection import LineView
from edge.phone.learnt import LearntLine
from edge.phone.line import SECONDS_PER_RING
from edge.phone.switchboard import Switchboard
from edge.settings.desk_toml import PhoneLine
from protocol.measurements import Call

SETTLED_S = 0.1
"""Edges reach the decoder up to this much later than frames of the same moment (30 ms until those of two pins are in order, 50 ms of
the appliance's sleep): time passes for it with that delay."""


@dataclass(frozen=True, slots=True)
class PhoneNow:
    """The telephone at one moment."""

    rings: int = 0
    """Rings begun of the call that rings now; 0 when none does."""
    talking: bool | None = None
    """Whether a receiver is lifted; None where no hook switch is fitted, or where the switch cannot be believed."""


class Telephone:
    """All lines of one desk.

    Args:
        lines: Those of desk.toml.
        seconds_per_ring: How long a ring takes by the standard where ringing has no cadence.

    Example:
        >>> telephone = Telephone((PhoneLine(name="1", ring_pin=23),))
        >>> telephone.observe(Edge(0.0, "1", "ring", level=True))
        ()
        >>> telephone.now
        PhoneNow(rings=0, talking=None)
    """

    def __init__(
        self,
        lines: tuple[PhoneLine, ...],
        seconds_per_ring: float = SECONDS_PER_RING,
    ) -> None:
        self._switchboard = Switchboard(lines, seconds_per_ring)
        self._hooked = any(line.hook_pin is not None for line in lines)
        self.now = PhoneNow(talking=False if self._hooked else None)
        self._lifted: set[str] = set()
        self._ringing: dict[str, int] = {}
        self.faults: dict[tuple[str, FaultKind], str] = {}
        """What is wrong with the wiring of a line by now, in words."""

    def observe(self, observation: Edge | EdgesLost) -> tuple[Call, ...]:
        """Take in an edge; the calls that ended with it. Lines that the settings do not name are not this desk's."""
        return self._update(self._switchboard.observe(observation))

    def advance(self, t_s: float) -> tuple[Call, ...]:
        """Let time pass without edges; the calls that ended by silence."""
        return self._update(self._switchboard.advance(t_s - SETTLED_S))

    def finish(self, t_s: float) -> tuple[Call, ...]:
        """The timeline ends; calls in progress are measured as far as they went."""
        return self._update(self._switchboard.finish(t_s))

    @property
    def learnt(self) -> dict[str, LearntLine]:
        """What each line has learnt of itself, by its name."""
        return {name: line.learnt for name, line in self._switchboard.lines.items()}

    def recall(self, learnt: Mapping[str, LearntLine]) -> None:
        """Go on with what the lines had learnt before, by their names."""
        self._switchboard.recall(learnt)

    def inspect(self) -> tuple[LineView, ...]:
        """What each line's pins show and how it is read, for the technician who wires a desk."""
        return tuple(line.inspect() for line in self._switchboard.lines.values())

    def _update(self, events: list[LineEvent]) -> tuple[Call, ...]:
        calls = []
        for event in events:
            match event:
                case Ringing():
                    self._ringing[event.line] = event.ring_number
                case RingingStopped():
                    self._ringing.pop(event.line, None)
                case OffHook():
                    self._lifted.add(event.line)
                case OnHook():
                    self._lifted.discard(event.line)
                case CallEnded():
                    calls.append(event.call)
                case LineFault():
                    self.faults[event.line, event.fault] = event.advice
                    if event.fault in HOOK_FAULTS:
                        self._lifted.discard(event.line)
                case LineHealed():
                    self.faults.pop((event.line, event.fault), None)
        rings = max(self._ringing.values(), default=0)
        self.now = replace(self.now, rings=rings, talking=self._talking())
        return tuple(calls)

    def _talking(self) -> bool | None:
        if self._lifted:
            return True
        known = self._hooked and not any(fault in HOOK_FAULTS for _, fault in self.faults)
        return False if known else None
