"""All lines of a desk: every edge to its line, and their events in order of time."""

from collections.abc import Iterable, Mapping

from edge.observation import Edge, EdgesLost
from edge.phone.events import LineEvent
from edge.phone.learnt import LearntLine
from edge.phone.line import SECONDS_PER_RING, LineDecoder
from edge.settings.desk_toml import PhoneLine


class Switchboard:
    """Runs the lines of a desk side by side.

    The order of events depends on the edges alone, not on how often ``advance`` was called in between.

    Args:
        lines: Those of desk.toml.
        seconds_per_ring: How long a ring takes by the standard where ringing has no cadence.
    """

    def __init__(
        self,
        lines: Iterable[PhoneLine],
        seconds_per_ring: float = SECONDS_PER_RING,
    ) -> None:
        self.lines = {line.name: LineDecoder(line, seconds_per_ring) for line in lines}

    def recall(self, learnt: Mapping[str, LearntLine]) -> None:
        """Go on with what the lines had learnt before, by their names; of lines that the settings do not name it says nothing."""
        for name, line in self.lines.items():
            if name in learnt:
                line.recall(learnt[name])

    def observe(self, observation: Edge | EdgesLost) -> list[LineEvent]:
        """Take an edge; one of a line that the settings do not name is not this desk's."""
        line = self.lines.get(observation.line)
        if line is None:
            return []
        if isinstance(observation, EdgesLost):
            line.lose(observation.count)
            return []
        return self.advance(observation.t_s) + line.observe(observation)

    def advance(self, t_s: float) -> list[LineEvent]:
        """Time passes on all lines."""
        events: list[LineEvent] = []
        lines = tuple(self.lines.values())
        while lines and (first := min(lines, key=_deadline_s)).deadline_s <= t_s:
            events += first.advance(max(first.deadline_s, first.now_s))
        for line in lines:
            events += line.advance(t_s)
        return events

    def finish(self, t_s: float) -> list[LineEvent]:
        """The timeline ends: a call in progress is measured as far as it went."""
        events = self.advance(t_s)
        for line in self.lines.values():
            events += line.finish(t_s)
        return events


def _deadline_s(line: LineDecoder) -> float:
    return line.deadline_s
