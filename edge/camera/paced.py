"""Footage at the speed of life: a clip in the place of a live camera, on the monotonic clock."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from edge.camera.frame import Frame
from edge.camera.source import FrameSource


class PacedSource:
    """Delivers a clip's frames when their time has come, stamped with the monotonic clock.

    Args:
        source: The clip; it is closed with this.
        now_s: The clock.
    """

    live = False

    def __init__(self, source: FrameSource, now_s: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._now_s = now_s
        self._closed = False

    @property
    def dropped(self) -> int:
        """Frames that came but were not delivered, so far."""
        return self._source.dropped

    def __iter__(self) -> Iterator[Frame]:
        """The frames, each when it is due.

        Raises:
            SourceError: No more good frames will come.
        """
        began_s = self._now_s()
        for frame in self._source:
            due_s = began_s + frame.t_s
            while not self._closed and (wait_s := due_s - self._now_s()) > 0:
                time.sleep(min(wait_s, 0.1))
            if self._closed:
                return
            yield replace(frame, t_s=due_s)

    def close(self) -> None:
        """Close the clip."""
        self._closed = True
        self._source.close()
