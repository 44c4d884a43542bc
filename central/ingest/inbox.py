"""Messages on their way from the network to the database, in the order in which they came, and only so many of them."""

import queue
import time
from dataclasses import dataclass

CAPACITY = 10_000
"""Messages held while the database does not take them; a desk sends again what did not fit."""

BATCH = 100
LINGER_S = 0.05
"""A commit costs one write to the disk however much is in it: gather so many messages, or wait so long for more."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came from the broker."""

    topic: str
    payload: bytes
    received_wall_s: float


class Inbox:
    """A bounded queue that is filled by the network thread and emptied in batches by the writing one."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._queue: queue.Queue[Message | None] = queue.Queue(capacity)
        self.overflowed = False
        """Whether messages had to be turned away since this was last set to False."""

    def put(self, message: Message) -> None:
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

    def next_batch(self, timeout_s: float) -> list[Message]:
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
