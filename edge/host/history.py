"""What is kept of the host's last minutes: numbers from which any encounter within them can be summed up."""

from collections import deque
from collections.abc import Sequence
from itertools import chain

from edge.host.host_sample import HostSample

KEPT_S = 3600.0
"""An encounter longer than this is summed up by its last hour."""
_RECENT_S = 30.0
"""So far back every frame is kept; before that, one in `_OLDER_STEP_S`, so that an hour takes the memory of a quarter."""
_OLDER_STEP_S = 0.3
"""An hour at this step is 12 000 samples, some 6 MB; eyes rest on one spot about so long, so nothing that lasts is lost."""
SHOWN_S = 1.0
"""A frame speaks for the time until the next one, but no longer than this: what lies between was not seen."""


class HostHistory:
    """The last samples, oldest first."""

    def __init__(self) -> None:
        self._older: deque[HostSample] = deque()
        self._recent: deque[HostSample] = deque()

    def keep(self, sample: HostSample) -> None:
        """Add the newest one."""
        self._recent.append(sample)
        while self._recent[0].t_s < sample.t_s - _RECENT_S:
            old = self._recent.popleft()
            if not self._older or old.t_s - self._older[-1].t_s >= _OLDER_STEP_S:
                self._older.append(old)
        while self._older and self._older[0].t_s < sample.t_s - KEPT_S:
            self._older.popleft()

    def forget_since(self, t_s: float) -> None:
        """Drop the samples from ``t_s`` on: they were measured against another person."""
        for samples in (self._recent, self._older):
            while samples and samples[-1].t_s >= t_s:
                samples.pop()

    def between(self, start_s: float, end_s: float) -> list[HostSample]:
        """Those of a stretch of time."""
        within: list[HostSample] = []
        for sample in chain(reversed(self._recent), reversed(self._older)):
            if sample.t_s < start_s:
                break
            if sample.t_s <= end_s:
                within.append(sample)
        within.reverse()
        return within


def seconds(times: Sequence[float], end_s: float) -> list[float]:
    """How long what was seen at each time speaks for: until the next, or until the end, but no longer than `SHOWN_S`."""
    following = [*times[1:], end_s][: len(times)]
    return [min(max(after - t, 0.0), SHOWN_S) for t, after in zip(times, following, strict=True)]
