"""What the disk does not take: measurements in memory, packed, numbered only when they are sent from there."""

import itertools
import uuid
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from edge.uplink.spool_file import Spooled
from protocol.envelope import TYPES, Identity, event_type
from protocol.measurements import Gap, Measurement
from protocol.state import Held, WallMapping

MEMORY_MB = 64
"""Memory that measurements may take, where storage.max_mb allows more: the appliance has 600 MB (systemd/deskside.service), and
needs about 400 with two cameras. At 2 kB for a visit and 1 kB for a minute's health it is a month of a busy desk."""
OVERHEAD_BYTES = 400
"""What Python adds to the JSON of one measurement: the tuple, its numbers, the bytes object and its place in the queue."""
MEMORY_ROWS = 2**62
"""Rows from here on are in memory: SQLite counts rows of the file from 1, and never gets here."""


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
        return TYPES[self.kind].model_validate_json(self.data)


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


class SpoolMemory:
    """Measurements that wait for the disk, oldest first, in a limited amount of memory.

    Where memory is full the oldest are given up, and become one ``Gap`` that goes before the rest. Measurements have no
    numbers, so that the disk can number them when it takes them; those that are sent while it does not are numbered here,
    under a bootid of their own.
    """

    def __init__(self, device: str, max_mb: int) -> None:
        """Begin empty.

        Args:
            device: The desk's name.
            max_mb: The memory in MiB that measurements may take, where it is less than `MEMORY_MB`.
        """
        self._device = device
        self._limit = min(max_mb, MEMORY_MB) * 2**20
        self._waiting: deque[_Packed] = deque()
        self._waiting_bytes = 0
        self._lost: _Lost | None = None
        self._numbered: deque[tuple[int, Measurement]] = deque()
        self._last = 0
        self._acknowledged = 0
        self.bootid = uuid.uuid4().hex
        """Under what measurements are numbered here."""

    def __len__(self) -> int:
        return len(self._numbered) + len(self._waiting) + (self._lost is not None)

    @property
    def has_numbered(self) -> bool:
        """Whether any measurement was numbered here: it may be under way, or acknowledged already."""
        return self._last > 0

    @property
    def last_row(self) -> int:
        """The row that the newest measurement has, or will have when it is numbered."""
        return MEMORY_ROWS + self._last + len(self._waiting) + (self._lost is not None)

    def put(self, measurement: Measurement, trouble: str) -> None:
        """Keep a measurement; ``trouble`` is why the disk does not, for the gap of what is given up."""
        packed = _packed(measurement)
        self._waiting.append(packed)
        self._waiting_bytes += packed.size
        while self._waiting_bytes > self._limit and len(self._waiting) > 1:
            self._give_up(self._take(), trouble)

    def put_before(self, gap: Gap) -> None:
        """Keep a gap that is about what was before all that waits here."""
        packed = _packed(gap)
        self._waiting.appendleft(packed)
        self._waiting_bytes += packed.size

    def unnumbered(self, limit: int) -> list[Measurement]:
        """The oldest measurements without a number, ``limit`` at most; they stay until ``remove``."""
        lost = [] if self._lost is None else [self._lost.as_gap()]
        return [*lost, *(packed.unpacked() for packed in itertools.islice(self._waiting, limit - len(lost)))]

    def remove(self, count: int) -> None:
        """Forget the oldest measurements without a number: they are kept elsewhere."""
        if self._lost is not None:
            self._lost = None
            count -= 1
        for _ in range(count):
            self._take()

    def after(self, row: int, limit: int, wall: WallMapping) -> list[Spooled]:
        """The next ``limit`` measurements behind ``row``, each numbered from now on."""
        missing = limit - sum(MEMORY_ROWS + number > row for number, _ in self._numbered)
        if missing > 0:
            self._number(missing)
        behind = ((number, kept) for number, kept in self._numbered if MEMORY_ROWS + number > row)
        return [
            Spooled(MEMORY_ROWS + number, Identity(self._device, self.bootid, number), kept, wall)
            for number, kept in itertools.islice(behind, limit)
        ]

    def acknowledge(self, number: int) -> None:
        """Forget what the central database has: everything numbered here up to a number."""
        self._acknowledged = max(self._acknowledged, min(number, self._last))
        while self._numbered and self._numbered[0][0] <= self._acknowledged:
            self._numbered.popleft()

    def held(self) -> Held:
        """Which numbers wait here."""
        return Held(bootid=self.bootid, first=self._acknowledged + 1, last=self._last)

    def numbered(self) -> Sequence[Measurement]:
        """What was numbered here and is not acknowledged: the numbers of ``held``, in their order."""
        return [measurement for _, measurement in self._numbered]

    def forget_numbered(self) -> None:
        """What was numbered here is kept elsewhere, and numbering begins anew under another bootid."""
        self._numbered.clear()
        self._last = self._acknowledged = 0
        self.bootid = uuid.uuid4().hex

    def _number(self, limit: int) -> None:
        fresh = self.unnumbered(limit)
        self.remove(len(fresh))
        self._numbered.extend(enumerate(fresh, start=self._last + 1))
        self._last += len(fresh)

    def _take(self) -> _Packed:
        packed = self._waiting.popleft()
        self._waiting_bytes -= packed.size
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
