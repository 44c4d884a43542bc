"""Ringing while the hook switch shows a lifted receiver: once it is certain, the switch is the wrong way round or stays open."""

from edge.phone.answered_call import RING_TRIP_S
from edge.phone.burst import Burst
from edge.phone.call_judge import SURE
from edge.phone.call_tracker import CallTracker
from edge.phone.rings import Rings

RINGS_OFF_HOOK = 2
"""So many rings of a call while the hook switch shows a lifted receiver: no exchange rings a line in use. One more where calls were answered
with that switch before, for it may be noise."""
CALLS_OFF_HOOK = 1
"""So many calls of one ring before such a one."""
LIKELY = 0.8
"""A single burst is taken for a ring from here on; it is never as certain as two in their cadence."""
RING_LIKE_S = 0.3
"""A burst this long is ringing and no spike or dial pulse; the shortest of the table is 0.3 s."""


def is_ring_like(burst: Burst) -> bool:
    """Whether a burst is too long for a spike or a dial pulse."""
    return burst.end_s - burst.start_s >= RING_LIKE_S


class OffHookRinging:
    """What rang while the receiver seemed to be lifted."""

    def __init__(self, tracker: CallTracker) -> None:
        self._tracker = tracker
        self._rings: Rings = tracker.no_rings()
        self._calls = 0
        self.lifted_s = float("-inf")
        """When the receiver was lifted last."""
        self._rang_over_s = float("-inf")
        """When what rang before the lift as well was last heard."""

    def lifted(self, t_s: float, *, ringing: bool) -> None:
        """The receiver seems to be lifted, while it rang or not."""
        self.lifted_s = t_s
        self._rang_over_s = t_s if ringing else float("-inf")

    def forget(self) -> None:
        """It rang with the receiver down, as it should."""
        self._rings, self._calls = self._tracker.no_rings(), 0

    def contradicts(self, burst: Burst, *, proven: bool) -> list[Burst]:
        """The bursts that are ringing for certain, which no exchange sends to a line in use; none while that is open.

        Args:
            burst: One more, with the receiver lifted.
            proven: Whether calls were answered with this hook switch.
        """
        if not is_ring_like(burst):
            return []
        if burst.start_s - self._rang_over_s <= self._tracker.silence_s:
            # What rings on over the lift rings a line in use, whichever way round the switch is: it is a neighbour's.
            self._rang_over_s = burst.end_s
            return []
        if burst.start_s < self.lifted_s + RING_TRIP_S:
            return []
        if not self._is_certain(burst, proven=proven):
            return []
        rung = list(self._rings.bursts)
        self.forget()
        return rung

    def _is_certain(self, burst: Burst, *, proven: bool) -> bool:
        rings = self._rings
        if burst.start_s - rings.last_end_s > self._tracker.silence_s:
            self._calls += rings.begun >= 1 and self._is_call(rings, LIKELY)
            self._rings = rings = self._tracker.no_rings()
        rings.burst_began(burst.start_s)
        rings.burst_ended(burst)
        if rings.begun >= RINGS_OFF_HOOK + proven and rings.seconds_per_ring is None:
            return self._is_call(rings, SURE)
        # A switch that is the wrong way round hides the calls that ring once as well.
        once_more = (rings.begun == 1 or rings.seconds_per_ring is not None) and self._is_call(rings, LIKELY)
        return once_more and not proven and self._calls >= CALLS_OFF_HOOK

    def _is_call(self, rings: Rings, least: float) -> bool:
        judge, learner = self._tracker.judge, self._tracker.learner
        return judge.weigh(rings, learner, answered=False, t_s=rings.last_end_s).ringing >= least
