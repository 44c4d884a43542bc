"""Everything that cameras, pins and people who sign in report on the live desk, in one order."""

import logging
import queue
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Protocol

from edge.clock import Timeline
from edge.live.live_camera import LiveCamera
from edge.live.looker import Looker, LookFailed, Report
from edge.live.one_order import LookBegun, OneOrder
from edge.live.phone_lines import LivePhone
from edge.live.sight import Sight
from edge.observation import CameraBack, CameraLost, FrameSeen, Observation, SignedIn, Tick

log = logging.getLogger(__name__)

TICK_S = 0.5
"""Time without any observation after which the deciding parts receive a tick."""
LAST_LOOK_S = 1.0
"""How long a desk that stops waits for the frames that are looked at; a look takes a tenth of it."""
CAMERA_S = 2.0
"""How long a desk that stops waits for each camera's driver."""


class SignInSource(Protocol):
    """Where people sign in."""

    def poll(self, now_s: float) -> Iterator[SignedIn]:
        """Every sign-in that has come since the last time."""

    def close(self) -> None:
        """Let nobody sign in any more."""


class Observing:
    """Cameras, each looked at on a thread of its own, and pins.

    Args:
        cameras: The desk's cameras.
        sight: The networks.
        phone: The telephone's pins.
        sign_ins: Where people sign in.
        clock: The timeline.
    """

    def __init__(
        self,
        cameras: Iterable[LiveCamera],
        sight: Sight,
        phone: LivePhone,
        sign_ins: SignInSource,
        clock: Timeline,
    ) -> None:
        self._clock = clock
        self._phone = phone
        self._sign_ins = sign_ins
        self._reports: queue.Queue[Report] = queue.Queue()
        self._order = OneOrder()
        self._observed_s = clock.now_s()
        self._lookers = {
            live.camera.name: Looker(live, sight.observe, clock, self._reports.put) for live in cameras
        }
        self.needs_restart = False
        """Whether only a new start of the program brings one of the cameras back."""

    def start(self) -> None:
        """Begin to look."""
        for looker in self._lookers.values():
            looker.start()

    def next(self, wait_s: float) -> list[Observation]:
        """The observations whose turn it is, in order of time; waits for a camera's report, ``wait_s`` at most.

        Raises:
            Exception: Looking at a camera ended with a fault of the program, which this is.
        """
        due_s = self._order.next_due_s()
        self._take_in(wait_s if due_s is None else min(wait_s, max(0.0, due_s - self._clock.now_s())))
        self._look_after_cameras()
        now_s = self._clock.now_s()
        due = self._order.due(now_s)
        if not due and now_s - self._observed_s >= TICK_S:
            # While a frame is looked at the time before it is not over.
            self._order.take_in(Tick(now_s), now_s)
            due = self._order.due(now_s)
            self._observed_s = now_s
        self._observed_s = max((self._observed_s, *(observation.t_s for observation in due)))
        return due

    def last(self) -> list[Observation]:
        """End the looking, and return what was under way."""
        for looker in self._lookers.values():
            looker.stop()
        until_s = self._clock.now_s() + LAST_LOOK_S
        while self._clock.now_s() < until_s and any(looker.at_work for looker in self._lookers.values()):
            self._take_in(0.05)
        self._take_in(0.0)
        return self._order.due(float("inf"))

    def close(self) -> None:
        """Let go of cameras and pins; a driver that hangs is left behind."""
        for looker in self._lookers.values():
            looker.close(CAMERA_S)
        self._phone.close()
        self._sign_ins.close()

    def _take_in(self, wait_s: float) -> None:
        with suppress(queue.Empty):
            self._take_report(self._reports.get(timeout=wait_s))
            while True:
                self._take_report(self._reports.get_nowait())
        now_s = self._clock.now_s()
        for news in (*self._phone.poll(now_s), *self._sign_ins.poll(now_s)):
            self._order.take_in(news, now_s)

    def _take_report(self, report: Report) -> None:
        now_s = self._clock.now_s()
        match report:
            case LookFailed(error):
                raise error
            case FrameSeen() | CameraLost() | CameraBack():
                for observation in self._lookers[report.camera].with_return(report):
                    self._order.take_in(observation, now_s)
            case LookBegun():
                self._order.take_in(report, now_s)

    def _look_after_cameras(self) -> None:
        now_s = self._clock.now_s()
        for name, looker in self._lookers.items():
            hang = looker.new_hang(now_s)
            if hang is not None:
                log.error("camera %s is lost: %s", name, hang.reason)
                self._order.forget(name)
                self._order.take_in(hang, now_s)
            if looker.needs_restart(now_s) and not self.needs_restart:
                log.error("camera %s: its driver does not come back; the desk starts itself anew", name)
                self.needs_restart = True
