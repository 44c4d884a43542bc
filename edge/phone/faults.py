"""What is wrong with the wiring of a line: each fault found once, with the mend, and taken back when it heals."""

from edge.phone.burst import NEVER
from edge.phone.events import FaultKind, LineEvent, LineFault, LineHealed

ADVICE: dict[FaultKind, str] = {
    "ring_stuck": (
        "the ring pin stays active longer than anything rings: check ring_active_high, which is its level while it rings, whether its "
        "wire touches another, and whether its contact is stuck"
    ),
    "ring_hum": (
        "mains hum of {hz:g} Hz on the ring pin, counted as noise: keep its wire away from mains cables, motors and lamps, twist it with "
        "ground, and give the input a lower resistance"
    ),
    "ring_crosstalk": (
        "the ringing of another line reaches the ring pin, weaker than this line's own, and is counted as noise: lead the two in "
        "cables of their own, or raise the detector's threshold"
    ),
    "ring_floating": (
        "the ring pin changes again and again in no cadence, as a wire does that is loose or picks up interference: check that "
        "ring_pin and ground are connected at both ends"
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

NOISE_GONE_S = 3600.0
"""A noise that was not seen for an hour is gone: motors and lamps that hum run more often."""


class Faults:
    """The standing faults of one line."""

    def __init__(self, line: str) -> None:
        self._line = line
        self.standing: dict[FaultKind, LineFault] = {}
        self._gone_s: dict[FaultKind, float] = {}

    def find(self, fault: FaultKind, t_s: float, **facts: object) -> list[LineEvent]:
        """A fault showed; it is an event unless it stands already."""
        if fault in self.standing:
            return []
        event = LineFault(t_s, self._line, fault, ADVICE[fault].format(**facts))
        self.standing[fault] = event
        return [event]

    def find_noise(self, fault: FaultKind, t_s: float, **facts: object) -> list[LineEvent]:
        """A fault showed that nothing but its absence heals."""
        self._gone_s[fault] = t_s + NOISE_GONE_S
        return self.find(fault, t_s, **facts)

    @property
    def deadline_s(self) -> float:
        """When the first noise will be gone, if it does not show again."""
        return min(self._gone_s.values(), default=NEVER)

    def on_time(self) -> list[LineEvent]:
        """The deadline passed."""
        fault = min(self._gone_s, key=lambda kind: self._gone_s[kind])
        return self.heal(fault, self._gone_s.pop(fault))

    def heal(self, fault: FaultKind, t_s: float) -> list[LineEvent]:
        """A fault is gone; an event where it stood."""
        if self.standing.pop(fault, None) is None:
            return []
        return [LineHealed(t_s, self._line, fault)]
