"""All lines of a desk: every edge to its line, and what the lines tell in order of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from edge.phone.events import LineEvent
from edge.phone.line import PhoneLine
from edge.phone.line_settings import PhoneLineSettings


@dataclass(frozen=True, slots=True)
class PinEdge:
    """A change of a pin, with the level it changed to, timed by the kernel on its monotonic clock."""

    t_s: float
    line: str
    pin: Literal["ring", "hook"]
    level: bool


@dataclass(frozen=True, slots=True)
class EdgeBatch:
    """Edges in order of time, and how far time has come with them."""

    edges: tuple[PinEdge, ...]
    until_s: float
    """No edge before this is still to come."""
    dropped: tuple[tuple[str, int], ...] = ()
    """Lines of which edges were lost, and how many."""


class Switchboard:
    """Runs the lines of a desk side by side.

    The order of what is told depends on the edges alone, not on how they come in batches.
    """

    def __init__(self, settings: Iterable[PhoneLineSettings]) -> None:
        self.lines: dict[str, PhoneLine] = {}
        for line_settings in settings:
            if line_settings.line in self.lines:
                raise ValueError(f"line: two lines are named {line_settings.line}; give each its own name")
            self.lines[line_settings.line] = PhoneLine(line_settings)

    def on_batch(self, batch: EdgeBatch) -> list[LineEvent]:
        """Take a batch of edges, and let time pass to its end."""
        events: list[LineEvent] = []
        for name, count in batch.dropped:
            self._line(name).on_dropped(count)
        for edge in batch.edges:
            events += self.on_edge(edge)
        return events + self.advance(batch.until_s)

    def on_edge(self, edge: PinEdge) -> list[LineEvent]:
        """Take one edge."""
        line = self._line(edge.line)
        events = self.advance(edge.t_s)
        return events + line.on_pin_edge(edge.t_s, edge.pin, edge.level)

    def advance(self, t_s: float) -> list[LineEvent]:
        """Time passes on all lines."""
        events: list[LineEvent] = []
        lines: Sequence[PhoneLine] = tuple(self.lines.values())
        while lines and (first := min(lines, key=_deadline_s)).deadline_s <= t_s:
            events += first.advance(max(first.deadline_s, first.now_s))
        for line in lines:
            events += line.advance(t_s)
        return events

    def finish(self, t_s: float) -> list[LineEvent]:
        """The timeline ends: every line tells what it can of a call in progress."""
        events = self.advance(t_s)
        for line in self.lines.values():
            events += line.finish(t_s)
        return events

    def _line(self, name: str) -> PhoneLine:
        try:
            return self.lines[name]
        except KeyError:
            known = ", ".join(self.lines) or "none"
            raise ValueError(
                f"line {name}: an edge of a line the settings do not name (they name {known})"
            ) from None


def _deadline_s(line: PhoneLine) -> float:
    return line.deadline_s
