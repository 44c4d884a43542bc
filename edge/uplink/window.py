"""Which spooled measurements are under way, and when to send them again: pure, time is an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from edge.uplink.packet_limit import LOSSES
from edge.uplink.send_pace import SendPace
from protocol.broker.backoff import Backoff
from protocol.envelope import Identity

FIRST_PATIENCE_S = 15.0
"""How long an acknowledgement may stay away before everything under way is sent again; it doubles each time."""
LONGEST_PATIENCE_S = 600.0
"""The patience doubles up to this: a central service that is away for days is sent each measurement six times an hour."""
HOLE_S = 3.0
"""The central service answers within a tenth of a second. After so long an answer that moved no number means that the first one under
way was lost and a later one arrived."""
HOLES_BELIEVED = LOSSES
"""So many times in a row that is believed: a broker that drops what is too long for it without a word is found out by then
(edge/uplink/packet_limit.py). From then on the time doubles while sending again moves no number: somebody else may send those answers."""

MOST_DOUBLINGS = 8
"""After so many the longest patience is reached."""


@dataclass(frozen=True, slots=True)
class Again:
    """Everything under way is to be sent again."""

    why: Literal["lost", "unanswered"]
    """``lost``: others arrived. ``unanswered``: nothing is heard of any."""
    row: int
    size: int
    """The first measurement that was under way, and the bytes of its packet."""


@dataclass(frozen=True, slots=True)
class _Sent:
    identity: Identity
    size: int


@dataclass
class SendWindow:
    """What was sent over this connection and is not acknowledged.

    Rows are sent in order, ``place`` is the last one sent. Times are seconds on the monotonic clock.
    """

    pace: SendPace = field(default_factory=SendPace)
    patience: Backoff = field(default_factory=lambda: Backoff(FIRST_PATIENCE_S, LONGEST_PATIENCE_S))
    place: int = 0
    _under_way: dict[int, _Sent] = field(default_factory=dict)
    _unanswered_since_s: float | None = None
    _again_at_s: float = 0.0
    _hole_since_s: float | None = None
    _holes: int = 0
    """How many there were in a row, since a number moved."""
    _progress: bool = False

    @property
    def room(self) -> int:
        """How many more may be sent now."""
        return self.pace.size - len(self._under_way)

    @property
    def moves(self) -> bool:
        """Whether anything was acknowledged since it began, or began again."""
        return self._progress

    def sent(self, row: int, identity: Identity, now_s: float, size: int = 0) -> None:
        """A measurement was handed to the broker, in a packet of ``size`` bytes."""
        if not self._under_way:
            self._again_at_s = now_s + self.patience.next_s()
        if self._unanswered_since_s is None:
            self._unanswered_since_s = now_s
        self._under_way[row] = _Sent(identity, size)
        self.place = row

    def acknowledged(self, numbers: Mapping[str, int], now_s: float, *, asked: bool = False) -> int:
        """The central database has all up to these numbers, per bootid.

        Args:
            numbers: Up to which number nothing is missing, per bootid.
            now_s: The present.
            asked: It is the answer to a birth, and comes whatever has arrived.

        Returns:
            Bytes of the longest packet that has arrived now; 0 where none has.
        """
        done = [
            r for r, s in self._under_way.items() if s.identity.sequence <= numbers.get(s.identity.bootid, 0)
        ]
        longest = max((self._under_way[row].size for row in done), default=0)
        for row in done:
            del self._under_way[row]
        if done:
            self.patience.reset()
            self.pace.arrived(now_s)
            self._again_at_s = now_s + self.patience.next_s()
            self._hole_since_s = None
            self._holes = 0
            self._progress = True
        elif self._under_way and not asked and self._hole_since_s is None:
            self._hole_since_s = now_s
        self._unanswered_since_s = now_s if self._under_way else None
        return longest

    def start_again(self) -> None:
        """Send everything that is not acknowledged once more, from the beginning."""
        self._under_way.clear()
        self._hole_since_s = None
        self._progress = False
        self.place = 0

    def resend_due(self, now_s: float) -> Again | None:
        """Why everything is to be sent again, where it is; it will be."""
        if not self._under_way:
            return None
        lost = self._hole_since_s is not None and now_s - self._hole_since_s >= self._hole_s()
        if not lost and now_s < self._again_at_s:
            return None
        row, sent = next(iter(self._under_way.items()))
        # Some of them were acknowledged, and of the others nothing is heard: they are lost too.
        again = Again("lost" if lost or self._progress else "unanswered", row, sent.size)
        if again.why == "lost":
            self.pace.lost(now_s)
        self._holes += lost
        self.start_again()
        return again

    def _hole_s(self) -> float:
        """How long answers may move no number until the first one under way counts as lost."""
        doubted = max(0, self._holes - HOLES_BELIEVED)
        return min(HOLE_S * 2.0 ** min(doubted, MOST_DOUBLINGS), LONGEST_PATIENCE_S)

    def unanswered_s(self, now_s: float) -> float:
        """For how long something sent has waited without any acknowledgement coming in."""
        return 0.0 if self._unanswered_since_s is None else now_s - self._unanswered_since_s
