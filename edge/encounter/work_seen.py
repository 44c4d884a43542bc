"""When the host put work down for a customer and took it up again, and how far away the customer was."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from edge.encounter.host_record import HostRecord
from edge.host.conduct import DeskWork
from protocol.measurements import Quantity


@dataclass(slots=True)
class WorkSeen:
    """The host's desk work around one encounter."""

    at_arrival: bool | None = None
    """Whether they worked when the customer came near."""
    stopped_s: float | None = None
    stopped_m: Quantity | None = None
    resumed_s: float | None = None
    resumed_m: Quantity | None = None
    known: bool = False
    """Whether working could be distinguished from not working at any time of the encounter."""

    def look(
        self,
        record: HostRecord,
        distance_at: Callable[[float], Quantity | None],
        *,
        in_sight_s: float,
        came_near_s: float,
        left_s: float | None,
    ) -> None:
        """Take in the host's work at one moment; ``distance_at`` gives the customer's distance at one of the last moments."""
        if record.working is None or not record.observed:
            return
        self.known = True
        until_s = inf if left_s is None else left_s
        stopped_s, resumed_s = record.stopped_work_s, record.resumed_work_s
        if self.stopped_s is None and stopped_s is not None and in_sight_s <= stopped_s < until_s:
            self.stopped_s, self.stopped_m = stopped_s, distance_at(stopped_s)
        if not record.working:
            if self.resumed_s is not None and self.resumed_s < until_s:
                self.resumed_s = self.resumed_m = None
        elif self.resumed_s is None and resumed_s is not None and resumed_s >= came_near_s:
            self.resumed_s, self.resumed_m = resumed_s, distance_at(resumed_s)

    @property
    def facts(self) -> DeskWork | None:
        """What is known of the host's work; None where it never was seen."""
        if not self.known:
            return None
        return DeskWork(self.at_arrival, self.stopped_s, self.stopped_m, self.resumed_s, self.resumed_m)
