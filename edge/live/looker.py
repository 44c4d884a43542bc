"""Looks at one camera's frames on a thread of its own, so that no camera's work waits for another's."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from edge.camera.frame import Frame
from edge.clock import Timeline
from edge.live.hang_watch import HANGS, HangWatch
from edge.live.live_camera import LiveCamera
from edge.live.one_order import LookBegun
from edge.observation import CameraBack, CameraLost, FrameSeen, Observation

WAIT_S = 0.05
"""Longest wait for a frame before the camera is looked after: silence, opening it again."""


@dataclass(frozen=True, slots=True)
class LookFailed:
    """Looking at a camera ended with a fault of the program."""

    error: Exception


Report = LookBegun | Observation | LookFailed
"""What a looker reports."""


class Looker:
    """One camera at work.

    Args:
        live: The camera.
        look: What a frame of it shows; called on this thread only, frames in order of time.
        clock: The timeline.
        report: Called on this thread with everything that is new.
    """

    def __init__(
        self,
        live: LiveCamera,
        look: Callable[[Frame], FrameSeen],
        clock: Timeline,
        report: Callable[[Report], None],
    ) -> None:
        self.live = live
        self._look = look
        self._clock = clock
        self._report = report
        self._stopping = threading.Event()
        self._watch = HangWatch(clock.now_s())
        self._hangs = False
        self._thread = threading.Thread(target=self._run, name=f"look-{live.camera.name}", daemon=True)

    def start(self) -> None:
        """Begin to look, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Begin no other look."""
        self._stopping.set()

    def close(self, timeout_s: float) -> None:
        """Let go of the camera; a driver that hangs is left behind."""
        self.stop()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def new_hang(self, now_s: float) -> CameraLost | None:
        """That the camera's driver hangs, once each time that it does."""
        if self._hangs or not self._watch.hangs(now_s):
            return None
        self._hangs = True
        return CameraLost(self.live.last_s, self.live.camera.name, HANGS)

    def with_return(self, observation: Observation) -> tuple[Observation, ...]:
        """What to tell of the camera's next observation: one whose driver hung, and that shows something again, is back."""
        hung, self._hangs = self._hangs, False
        if hung and isinstance(observation, FrameSeen):
            return CameraBack(observation.t_s, observation.camera), observation
        return (observation,)

    @property
    def at_work(self) -> bool:
        """Whether its thread is at work."""
        return self._thread.is_alive()

    def needs_restart(self, now_s: float) -> bool:
        """Whether only a new start of the program can bring the camera back."""
        return self._watch.needs_restart(now_s)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._watch.alive(self._clock.now_s())
                self._turn()
            self.live.close()
        except Exception as error:  # noqa: BLE001 - whatever it is, the desk must not go on half blind
            self._report(LookFailed(error))

    def _turn(self) -> None:
        item = self.live.poll(self._clock.now_s(), WAIT_S)
        if isinstance(item, Frame):
            self._report(LookBegun(item.camera, item.t_s))
            self._report(self._look(item))
        elif item is not None:
            self._report(item)
