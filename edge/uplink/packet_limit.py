"""How long a message may be that a broker takes, as it says or as it shows by hanging up: pure, time is an argument."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

OVERHEAD_BYTES = 80
"""What a packet has beside topic and payload: 7 bytes of header, and in MQTT 5 a content type of some 50."""
HANG_UPS = 3
"""A message on which the broker hung up so many times in a row, each time with nothing else under way, is what it hangs up on."""
HANGS_UP_WITHIN_S = 5.0
"""A broker hangs up on a packet as soon as it has read its length; a network that is gone is noticed later."""
LOSSES = 8
"""A message that was lost so many times in a row while a shorter one behind it arrived each time is dropped for its length."""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A measurement that the broker has not confirmed."""

    size: int
    """Bytes of its packet."""
    sent_s: float


class PacketLimit:
    """Learns what is too long for the broker: what is longer than everything it ever took, and ends every connection, or never arrives.

    A broker of MQTT 5 says how long a packet may be; others hang up, or drop it in silence.
    """

    def __init__(self) -> None:
        self._said: int | None = None
        self._learnt: int | None = None
        self._confirmed = 0
        self._arrived = 0
        self._hang_ups: Counter[int] = Counter()
        self._losses: Counter[int] = Counter()
        self._doubtful_to = 0

    @property
    def most_bytes(self) -> int | None:
        """Bytes of the longest packet that may be sent; None while nothing is known against any."""
        known = [limit for limit in (self._said, self._learnt) if limit is not None]
        return min(known, default=None)

    def accepted(self, most_bytes: int | None) -> None:
        """A broker accepted a connection, and may have said what it takes."""
        self._said = most_bytes

    def one_at_a_time(self, row: int) -> bool:
        """Whether what is sent up to and behind a row is to be sent one by one, so that a broker that hangs up shows on what."""
        return row <= self._doubtful_to and self._doubtful_to > 0

    def confirmed(self, row: int, size: int) -> None:
        """The broker confirmed a message of so many bytes; row 0 is no measurement's."""
        self._confirmed = max(self._confirmed, size)
        self._hang_ups.pop(row, None)

    def arrived(self, size: int) -> None:
        """The central service has a message of so many bytes."""
        self._arrived = max(self._arrived, size)

    def refused(self, size: int) -> None:
        """The broker said that a message of so many bytes is too long."""
        self._learn(size)

    def lost(self, row: int, size: int) -> bool:
        """A measurement was lost while the one behind it arrived; whether it is known now that it is too long."""
        if size <= self._arrived:
            return False
        self._losses[row] += 1
        if self._losses[row] < LOSSES:
            return False
        self._learn(size)
        return True

    def hung_up(
        self, unconfirmed: Mapping[int, Unconfirmed], now_s: float, *, too_long: bool = False
    ) -> bool:
        """The broker ended the connection; whether a message that was under way may explain it.

        Args:
            unconfirmed: Row and size of the measurements that it had not confirmed.
            now_s: The moment, in seconds on the monotonic clock.
            too_long: It said that a packet was too long.
        """
        suspects = {
            row: each
            for row, each in unconfirmed.items()
            if each.size > self._confirmed and now_s - each.sent_s <= HANGS_UP_WITHIN_S
        }
        if not suspects:
            return False
        if len(unconfirmed) > 1:
            self._doubtful_to = max(suspects)
            return True
        (row, each), *_ = suspects.items()
        self._doubtful_to = row
        self._hang_ups[row] += HANG_UPS if too_long else 1
        if self._hang_ups[row] >= HANG_UPS:
            self._learn(each.size)
        return True

    def forget_rows(self) -> None:
        """Measurements got other rows."""
        self._hang_ups.clear()
        self._losses.clear()
        self._doubtful_to = 0

    def _learn(self, too_long_bytes: int) -> None:
        self._learnt = min(too_long_bytes - 1, self._learnt or too_long_bytes)
        self.forget_rows()
