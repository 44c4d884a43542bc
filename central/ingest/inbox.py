"""Messages on their way from the network to the database, in the order in which they came, and only so many of them."""

import queue
import time
from dataclasses import dataclass

CAPACITY = 10_000
"""Messages held while the database does not take them; a desk sends again what did not fit. At most 64 KiB each, and
commonly under 2, they are some 20 MB of memory."""

BATCH = 500
"""Messages of one commit at most. A commit costs one write to the disk however much is in it."""
LINGER_S = 0.05
"""Longest wait for more messages before a commit: a desk does not notice it, and a flood fills the batch sooner."""


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message as it came from the broker."""

    topic: str
    payload: bytes
    received_wall_s: float


class Inbox:
    """A bounded queue that is filled by the network thread and emptied in batches by the writing one."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._queue: queue.Queue[RawMessage | None] = queue.Queue(capacity)
        self.overflowed = False
        """Whether messages had to be turned away since this was last set to False."""

    def put(self, message: RawMessage) -> None:
        """Hand in a message; never blocks."""
        try:
            self._queue.put_nowait(message)
        except queue.Full:
            self.overflowed = True

    def wake(self) -> None:
        """Make a waiting `next_batch` return, if the queue has room; a full queue keeps nobody waiting."""
        try:
            self._queue.put_nowait(None)
        except queue.Full:
            return

    def next_batch(self, timeout_s: float) -> list[RawMessage]:
        """The next messages, at least one unless the time runs out or somebody calls `wake`."""
        try:
            first = self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return []
        batch = [first] if first else []
        until_s = time.monotonic() + LINGER_S
        while batch and len(batch) < BATCH:
            try:
                item = self._queue.get(timeout=max(0.0, until_s - time.monotonic()))
            except queue.Empty:
                break
            if item is None:
                break
            batch.append(item)
        return batch
