"""Messages on their way from the network to the database, in the order in which they came, and only so much of them."""

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass

CAPACITY = 10_000
"""Messages held while the database does not take them; a desk sends again what did not fit. Commonly 1 to 2 kB each, they are
some 20 MB of memory."""
CAPACITY_BYTES = 32 * 2**20
"""Bytes of all of them at most, however long each is: memory stays the same under a flood of long ones."""
SHARE_BYTES = 2 * 2**20
"""Bytes of one sender at most, a sixteenth of the room: who floods turns away what is his own. A desk has 100 measurements under way
at most (edge/uplink/send_pace.py), some 200 kB."""
OVERHEAD_BYTES = 500
"""What Python needs for a message beside its payload."""

BATCH = 500
"""Messages of one commit at most. A commit costs one write to the disk however much is in it."""
BATCH_BYTES = 4 * 2**20
"""Bytes of one commit at most: read, they take some five times as much memory. 500 usual messages are under 1 MB."""
LINGER_S = 0.05
"""Longest wait for more messages before a commit: a desk does not notice it, and a flood fills the batch sooner."""
MOST_SENDERS = 1000
"""Senders remembered of whom something was turned away; beyond that the service asks all of them at once."""


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message as it came from the broker."""

    topic: str
    payload: bytes
    received_wall_s: float

    @property
    def sender(self) -> str:
        """Under whose topic it came: that level of it, whatever stands there."""
        return "/".join(self.topic.split("/", 3)[2:3])

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return len(self.payload) + len(self.topic) + OVERHEAD_BYTES


class Inbox:
    """A bounded queue that is filled by the network thread and emptied in batches by the writing one."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._messages: deque[RawMessage] = deque()
        self._bytes = 0
        self._of: Counter[str] = Counter()
        self._turned_away: set[str] = set()
        self._woken = False
        self._news = threading.Condition()

    def __len__(self) -> int:
        """How many messages wait."""
        return len(self._messages)

    @property
    def held_bytes(self) -> int:
        """Memory that the messages take."""
        return self._bytes

    def put(self, message: RawMessage) -> None:
        """Hand in a message; never blocks, and turns away what there is no room for."""
        sender, size = message.sender, message.size
        with self._news:
            if (
                len(self._messages) >= self._capacity
                or self._bytes + size > CAPACITY_BYTES
                or self._of[sender] + size > SHARE_BYTES
            ):
                if len(self._turned_away) < MOST_SENDERS:
                    self._turned_away.add(sender)
                return
            self._messages.append(message)
            self._bytes += size
            self._of[sender] += size
            if len(self._messages) in {1, BATCH}:
                self._news.notify()

    def wake(self) -> None:
        """Make a waiting `next_batch` return."""
        with self._news:
            self._woken = True
            self._news.notify()

    def next_batch(self, timeout_s: float) -> list[RawMessage]:
        """The next messages, at least one unless the time runs out or somebody calls `wake`."""
        with self._news:
            self._news.wait_for(lambda: self._messages or self._woken, timeout_s)
            until_s = time.monotonic() + LINGER_S
            while self._messages and len(self._messages) < BATCH and not self._woken:
                if not self._news.wait(max(0.0, until_s - time.monotonic())):
                    break
            self._woken = False
            return self._taken()

    def turned_away(self) -> set[str]:
        """Senders of whom something was turned away since this was last asked."""
        with self._news:
            senders, self._turned_away = self._turned_away, set()
        return senders

    def _taken(self) -> list[RawMessage]:
        batch: list[RawMessage] = []
        room = BATCH_BYTES
        while self._messages and len(batch) < BATCH and (not batch or self._messages[0].size <= room):
            message = self._messages.popleft()
            batch.append(message)
            room -= message.size
            self._bytes -= message.size
            self._of[message.sender] -= message.size
            if not self._of[message.sender]:
                del self._of[message.sender]
        return batch
