"""Shows the latest cue from a thread of its own: its rhythm goes on however busy the desk is, and a desk that hangs goes dark."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from edge.feedback.cue import Cue
from edge.feedback.lights import DeskLights

log = logging.getLogger(__name__)

TURN_S = 0.05
"""Longest sleep between two looks at the rhythm: a fourth of the shortest light (`light_pattern.WINK_S`)."""
STALE_S = 2.0
"""A cue that is not said again for so long is shown no more: a steady green that means nothing is worse than darkness. The desk says it
some twenty times a second, and a turn of its loop never takes a second."""
CLOSE_S = 2.0
"""How long the end waits for a pin whose driver hangs."""


@dataclass(frozen=True, slots=True)
class _Said:
    cue: Cue
    until_s: float


class LightThread:
    """The lights, shown in the background.

    Args:
        lights: What shows a cue on pins. It belongs to the thread from here on.
        now_s: The desk's timeline.
    """

    def __init__(self, lights: DeskLights, now_s: Callable[[], float]) -> None:
        self._lights = lights
        self._now_s = now_s
        self._said: _Said | None = None
        self._news = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="lights", daemon=True)
        self._thread.start()

    @property
    def troubles(self) -> tuple[str, ...]:
        """What is wrong with the lights, in words; nothing while all work."""
        return self._lights.troubles

    def show(self, cue: Cue, lasts_s: float = STALE_S) -> None:
        """Show a cue at once; it is to be said again while it holds, and never waits for a pin.

        Args:
            cue: What to show.
            lasts_s: After how long without another word the lights go dark.
        """
        before, self._said = self._said, _Said(cue, self._now_s() + lasts_s)
        if before is None or _lit(before.cue) != _lit(cue):
            self._news.set()

    def close(self) -> None:
        """All off, and the pins let go of."""
        self._stopping = True
        self._news.set()
        self._thread.join(CLOSE_S)
        if self._thread.is_alive():
            log.error("the lights do not go off: their driver hangs")

    def _run(self) -> None:
        while not self._stopping:
            said, now_s = self._said, self._now_s()
            if said is not None and now_s < said.until_s:
                self._lights.show(said.cue, now_s)
            else:
                self._lights.darken(now_s)
            self._news.wait(TURN_S)
            self._news.clear()
        self._lights.close()


def _lit(cue: Cue) -> tuple[object, ...]:
    """All of a cue that changes a light."""
    return cue.sign, cue.measuring, cue.signed_in
