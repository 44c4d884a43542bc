"""What is wrong with the wiring of a line: each fault found once, with the mend, and taken back when it heals."""

from edge.phone.events import FaultKind, LineEvent, LineFault, LineHealed

ADVICE: dict[FaultKind, str] = {
    "ring_stuck": (
        "the ring pin stays active longer than any ring: check ring_active_high, which is its level while it rings, and whether "
        "its wire touches another"
    ),
    "hook_unmoved": (
        "the hook switch has not moved in {count} calls: check the wire of hook_pin, and lift the receiver once to try it; until "
        "then no call counts as given up"
    ),
    "hook_inverted": (
        "it rings while the hook switch shows a lifted receiver: turn hook_active_high round, or mend the switch if it stays "
        "open; until then no outcome is known"
    ),
    "hook_unsteady": (
        "the hook switch changes without a rest, as with mains hum on a loose wire: check that hook_pin and ground are connected "
        "at both ends, away from mains cables; until then no outcome is known"
    ),
}


class Faults:
    """The standing faults of one line."""

    def __init__(self, line: str) -> None:
        self._line = line
        self.standing: dict[FaultKind, LineFault] = {}

    def find(self, fault: FaultKind, t_s: float, **facts: object) -> list[LineEvent]:
        """A fault showed; it is an event unless it stands already."""
        if fault in self.standing:
            return []
        event = LineFault(t_s, self._line, fault, ADVICE[fault].format(**facts))
        self.standing[fault] = event
        return [event]

    def heal(self, fault: FaultKind, t_s: float) -> list[LineEvent]:
        """A fault is gone; an event where it stood."""
        if self.standing.pop(fault, None) is None:
            return []
        return [LineHealed(t_s, self._line, fault)]
