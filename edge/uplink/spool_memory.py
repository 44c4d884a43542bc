"""What the disk does not take: measurements in memory, numbered only when they are sent from there."""

import itertools
import uuid
from collections import deque
from collections.abc import Sequence

from edge.uplink.spool_file import Spooled
from edge.uplink.waiting_room import WaitingRoom
from protocol.envelope import Identity
from protocol.measurements import Gap, Measurement
from protocol.state import Held, WallMapping

MEMORY_MB = 64
"""Memory that measurements may take, where storage.max_mb allows more: the appliance has 600 MB (systemd/deskside.service), and
needs about 400 with two cameras. At 2 kB for a visit and 1 kB for a minute's health it is a month of a busy desk."""
MEMORY_ROWS = 2**62
"""Rows from here on are in memory: SQLite counts rows of the file from 1, and never gets here."""


class SpoolMemory:
    """Measurements that wait for the disk, oldest first, in a limited amount of memory.

    Measurements have no numbers, so that the disk can number them when it takes them; those that are sent while it does not
    are numbered here, under a bootid of their own.
    """

    def __init__(self, device: str, max_mb: int) -> None:
        """Begin empty.

        Args:
            device: The desk's name.
            max_mb: The memory in MiB that measurements may take, where it is less than `MEMORY_MB`.
        """
        self._device = device
        self.waiting = WaitingRoom(round(min(max_mb, MEMORY_MB) * 2**20))
        """What has no number yet."""
        self._numbered: deque[tuple[int, Measurement]] = deque()
        self._last = 0
        self._acknowledged = 0
        self.bootid = uuid.uuid4().hex
        """Under what measurements are numbered here."""

    def __len__(self) -> int:
        return len(self._numbered) + len(self.waiting)

    @property
    def has_numbered(self) -> bool:
        """Whether any measurement was numbered here: it may be under way, or acknowledged already."""
        return self._last > 0

    @property
    def last_row(self) -> int:
        """The row that the newest measurement has, or will have when it is numbered."""
        return MEMORY_ROWS + self._last + len(self.waiting)

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

    def put_aside(self, row: int, what: str, reason: str) -> None:
        """Let a gap take the place and number of a measurement that cannot be sent; there is nowhere to keep it."""
        for place, (number, kept) in enumerate(self._numbered):
            if MEMORY_ROWS + number == row:
                gap = Gap(start_s=kept.start_s, end_s=kept.end_s, what=what, reason=reason)
                self._numbered[place] = number, gap

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
        fresh = self.waiting.oldest(limit)
        self.waiting.remove(len(fresh))
        self._numbered.extend(enumerate(fresh, start=self._last + 1))
        self._last += len(fresh)
