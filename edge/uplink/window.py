"""Which spooled measurements are under way, and when to send them again: pure, time is an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from protocol.broker.backoff import Backoff
from protocol.envelope import Identity

WINDOW = 100
"""Measurements under way at once: a tenth of what mosquitto queues for the central service while that is away."""
FIRST_PATIENCE_S = 15.0
"""How long an acknowledgement may stay away before everything under way is sent again; it doubles each time."""
LONGEST_PATIENCE_S = 600.0
"""The patience doubles up to this: a central service that is away for days is sent each measurement six times an hour."""


@dataclass
class SendWindow:
    """What was sent over this connection and is not acknowledged.

    Rows are sent in order, ``place`` is the last one sent. Times are seconds on the monotonic clock.
    """

    patience: Backoff = field(default_factory=lambda: Backoff(FIRST_PATIENCE_S, LONGEST_PATIENCE_S))
    place: int = 0
    _under_way: dict[int, Identity] = field(default_factory=dict)
    _unanswered_since_s: float | None = None
    _again_at_s: float = 0.0

    @property
    def room(self) -> int:
        """How many more may be sent now."""
        return WINDOW - len(self._under_way)

    def sent(self, row: int, identity: Identity, now_s: float) -> None:
        """A measurement was handed to the broker."""
        if not self._under_way:
            self._again_at_s = now_s + self.patience.next_s()
        if self._unanswered_since_s is None:
            self._unanswered_since_s = now_s
        self._under_way[row] = identity
        self.place = row

    def acknowledged(self, numbers: Mapping[str, int], now_s: float) -> None:
        """The central database has all up to these numbers, per bootid."""
        done = [r for r, i in self._under_way.items() if i.sequence <= numbers.get(i.bootid, 0)]
        for row in done:
            del self._under_way[row]
        if done:
            self.patience.reset()
            self._again_at_s = now_s + self.patience.next_s()
        self._unanswered_since_s = now_s if self._under_way else None

    def start_again(self) -> None:
        """Send everything that is not acknowledged once more, from the beginning."""
        self._under_way.clear()
        self.place = 0

    def resend_due(self, now_s: float) -> bool:
        """Whether the acknowledgement stayed away for so long that everything is to be sent again; if so, it will be."""
        if not self._under_way or now_s < self._again_at_s:
            return False
        self.start_again()
        return True

    def unanswered_s(self, now_s: float) -> float:
        """For how long something sent has waited without any acknowledgement coming in."""
        return 0.0 if self._unanswered_since_s is None else now_s - self._unanswered_since_s
