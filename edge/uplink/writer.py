"""Puts measurements into the spool on a thread of its own: whoever measures never waits for a disk."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from edge.clock import Timeline
from edge.uplink.spool import Spool, check_timeline
from edge.uplink.spool_trouble import stalled_in_words
from edge.uplink.stall import StallWatch
from edge.uplink.waiting_room import WaitingRoom
from protocol.measurements import Measurement

log = logging.getLogger(__name__)

QUEUE_MB = 16
"""Memory for what waits for a disk that hangs; at 1 kB for a minute's health and 2 kB for a visit it is a week of a busy desk."""
TICK_S = 1.0
"""How often the spool is looked after, and what waits in it is counted, while nothing is put."""


class SpoolWriter:
    """Owns the spool's file for those who measure: no method but `close` waits for the disk, or for a lock held over it.

    Args:
        spool: Where measurements are kept; it is opened on the writer's thread.
        clock: The timeline of the measurements.
    """

    def __init__(self, spool: Spool, clock: Timeline) -> None:
        self._spool = spool
        self._clock = clock
        self._news = threading.Condition()
        self._queue = WaitingRoom(QUEUE_MB * 2**20)
        self._in_hand = 0
        self._kept = 0
        self._watch = StallWatch()
        self._stall: str | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)

    def start(self) -> None:
        """Begin to write, in the background."""
        self._thread.start()

    def put(self, measurement: Measurement) -> None:
        """Keep a measurement as soon as the disk takes it.

        Raises:
            ValueError: ``start_s`` is on no timeline.
        """
        check_timeline(measurement)
        with self._news:
            self._queue.put(measurement, self.trouble or "the disk was too slow")
            self._news.notify()

    @property
    def pending(self) -> int:
        """How many measurements are not acknowledged: those that wait for the disk, and those that the spool had when it was counted."""
        return len(self._queue) + self._in_hand + self._kept

    @property
    def trouble(self) -> str | None:
        """What is wrong with the disk, in words for a technician; None when nothing is."""
        return self._stall or self._spool.trouble

    def check(self, now_s: float) -> None:
        """Notice a disk that hangs; to be called every second or more often."""
        since_s = self._watch.stalled_since_s(now_s)
        if since_s is not None and self._stall is None:
            since = datetime.fromtimestamp(self._clock.mapping().offset_s + since_s, UTC)
            self._stall = stalled_in_words(since.strftime("%Y-%m-%d %H:%M:%S UTC"))
            log.error("spool: %s", self._stall)

    def close(self, timeout_s: float) -> bool:
        """Write what waits and end the thread; False where the disk did not take it in time."""
        with self._news:
            self._stopping = True
            self._news.notify()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        lost = len(self._queue) + self._in_hand
        if lost:
            log.error("%d measurements could not be kept: %s", lost, self.trouble)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._do(self._spool.open)
        stopping = False
        while not stopping:
            with self._news:
                self._news.wait_for(lambda: len(self._queue) or self._stopping, TICK_S)
                stopping = self._stopping
                measurements = self._queue.oldest(len(self._queue))
                self._queue.remove(len(measurements))
                self._in_hand = len(measurements)
            self._do(partial(self._keep, measurements))

    def _keep(self, measurements: list[Measurement]) -> None:
        if measurements:
            self._spool.put_all(measurements)
        else:
            self._spool.write_held()
        kept = self._spool.pending
        with self._news:
            self._in_hand, self._kept = 0, kept

    def _do(self, act: Callable[[], object]) -> None:
        """Let the disk do something, however long it takes and whatever comes of it."""
        self._watch.begin(self._clock.now_s())
        try:
            act()
        except Exception:
            log.exception("spool: a fault of the writer, please report what follows")
        hung_s = self._watch.end(self._clock.now_s())
        if self._stall is not None and hung_s is not None:
            log.warning("spool: the card takes measurements again, after %.0f s", hung_s)
        self._stall = None
