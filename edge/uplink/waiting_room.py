"""Measurements that wait for a disk, in a limited amount of memory: pure, oldest first."""

import itertools
from collections import Counter, deque
from dataclasses import dataclass, field

from protocol.envelope import event_type, measurement_from
from protocol.measurements import Gap, Measurement

OVERHEAD_BYTES = 400
"""What Python adds to the JSON of one measurement: the tuple, its numbers, the bytes object and its place in the queue."""


@dataclass(frozen=True, slots=True)
class _Packed:
    """A measurement as the JSON it travels as, which takes a fraction of the objects' memory."""

    kind: str
    start_s: float
    end_s: float
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data) + OVERHEAD_BYTES

    def unpacked(self) -> Measurement:
        return measurement_from(self.kind, self.data)


@dataclass(slots=True)
class _Lost:
    """Measurements that were dropped because neither disk nor memory had room."""

    start_s: float
    end_s: float
    reason: str
    kinds: Counter[str] = field(default_factory=Counter)

    def as_gap(self) -> Gap:
        what = ", ".join(f"{count} of {kind}" for kind, count in sorted(self.kinds.items()))
        reason = f"{self.kinds.total()} measurements were lost ({what}): {self.reason}"
        return Gap(start_s=self.start_s, end_s=self.end_s, what="spool", reason=reason)


class WaitingRoom:
    """A queue of measurements as the JSON they travel as; what finds no room is told in one `Gap`, ahead of the rest.

    Args:
        limit_bytes: The memory that measurements may take; where it is full the oldest are given up.

    Example:
        >>> waiting = WaitingRoom(limit_bytes=2**20)
        >>> waiting.put(Gap(start_s=1.0, end_s=2.0, what="camera door", reason="unplugged"), "the disk takes none")
        >>> len(waiting), waiting.oldest(10)[0].start_s
        (1, 1.0)
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._packed: deque[_Packed] = deque()
        self._bytes = 0
        self._lost: _Lost | None = None

    def __len__(self) -> int:
        return len(self._packed) + (self._lost is not None)

    @property
    def size_bytes(self) -> int:
        """The memory that measurements take."""
        return self._bytes

    def put(self, measurement: Measurement, trouble: str) -> None:
        """Keep a measurement; ``trouble`` is why the disk does not, for the gap of what is given up."""
        packed = _packed(measurement)
        self._packed.append(packed)
        self._bytes += packed.size
        while self._bytes > self._limit_bytes and len(self._packed) > 1:
            self._give_up(self._take(), trouble)

    def put_before(self, gap: Gap) -> None:
        """Keep a gap that is about what was before all that waits here."""
        packed = _packed(gap)
        self._packed.appendleft(packed)
        self._bytes += packed.size

    def oldest(self, limit: int) -> list[Measurement]:
        """The oldest measurements, ``limit`` at most; they stay until ``remove``."""
        lost = [] if self._lost is None else [self._lost.as_gap()]
        return [*lost, *(packed.unpacked() for packed in itertools.islice(self._packed, limit - len(lost)))]

    def remove(self, count: int) -> None:
        """Forget the oldest measurements: they are kept elsewhere."""
        if self._lost is not None and count:
            self._lost = None
            count -= 1
        for _ in range(count):
            self._take()

    def _take(self) -> _Packed:
        packed = self._packed.popleft()
        self._bytes -= packed.size
        return packed

    def _give_up(self, packed: _Packed, trouble: str) -> None:
        if self._lost is None:
            self._lost = _Lost(packed.start_s, packed.end_s, trouble)
        self._lost.start_s = min(self._lost.start_s, packed.start_s)
        self._lost.end_s = max(self._lost.end_s, packed.end_s)
        self._lost.kinds[packed.kind.split(".")[1]] += 1


def _packed(measurement: Measurement) -> _Packed:
    return _Packed(
        event_type(measurement),
        measurement.start_s,
        measurement.end_s,
        measurement.model_dump_json().encode(),
    )
