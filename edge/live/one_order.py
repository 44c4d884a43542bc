"""Puts what cameras and pins report side by side into one order, that of time: pure, time is an argument."""

import heapq
import itertools
from dataclasses import dataclass, field

from edge.observation import FrameSeen, Observation

LONGEST_WAIT_S = 0.1
"""How long an observation waits for an earlier frame that is still looked at. Networks take some 50 ms for a frame where two cameras have a
core each (benchmarks/cue_latency.py); beyond twice that the light would come late for the sake of an order that nothing needs to
the millisecond."""


@dataclass(frozen=True, slots=True)
class LookBegun:
    """A camera's frame is looked at from now on; what it shows follows as a `FrameSeen`."""

    camera: str
    t_s: float


@dataclass(order=True, slots=True)
class _Queued:
    t_s: float
    number: int
    came_s: float = field(compare=False)
    observation: Observation = field(compare=False)


class OneOrder:
    """Holds an observation back while an earlier frame is looked at, up to `LONGEST_WAIT_S`.

    What comes later than that is told late. Times are seconds on the monotonic clock.

    Example:
        >>> from edge.observation import Edge
        >>> order = OneOrder()
        >>> order.take_in(LookBegun("door", 1.00), now_s=1.03)
        >>> order.take_in(Edge(1.02, "1", "ring", level=True), now_s=1.05)
        >>> order.due(now_s=1.06)
        []
        >>> order.take_in(FrameSeen(1.00, "door"), now_s=1.08)
        >>> [observation.t_s for observation in order.due(now_s=1.08)]
        [1.0, 1.02]
    """

    def __init__(self) -> None:
        self._queue: list[_Queued] = []
        self._numbers = itertools.count()
        self._looks: dict[str, float] = {}

    def take_in(self, news: LookBegun | Observation, now_s: float) -> None:
        """Note what a part reports, at the moment at which it does."""
        if isinstance(news, LookBegun):
            self._looks[news.camera] = news.t_s
            return
        if isinstance(news, FrameSeen):
            self._looks.pop(news.camera, None)
        heapq.heappush(self._queue, _Queued(news.t_s, next(self._numbers), now_s, news))

    def due(self, now_s: float) -> list[Observation]:
        """What may be told now, in order of time; each once."""
        until_s = min(self._looks.values(), default=float("inf"))
        waited_s = max((each.t_s for each in self._queue if now_s >= _latest_s(each)), default=float("-inf"))
        due = []
        while self._queue and self._queue[0].t_s <= max(until_s, waited_s):
            due.append(heapq.heappop(self._queue).observation)
        return due

    def next_due_s(self) -> float | None:
        """When something is due at the latest, should nothing be reported until then; None where nothing waits."""
        return min((_latest_s(each) for each in self._queue), default=None)

    def forget(self, camera: str) -> None:
        """A look of this camera does not end: nothing waits for it any more."""
        self._looks.pop(camera, None)


def _latest_s(queued: _Queued) -> float:
    return queued.came_s + LONGEST_WAIT_S
