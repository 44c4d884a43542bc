"""Samples the board under the desk (temperature, supply, room on the disk) on a thread of its own: a disk may hang."""

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from edge.live.machine_check import processor_c
from protocol.measurements import Happened, MachineHealth

log = logging.getLogger(__name__)

EVERY_S = 10.0
"""Between two samples: six for each health measurement, so that a supply that gives way for some seconds is seen."""
STALE_S = 3 * EVERY_S
"""Room on a disk that has not answered for so long is not known any more."""

_UNDER_VOLTAGE, _SLOWED_DOWN = 1 << 0, (1 << 1) | (1 << 2) | (1 << 3)
"""Bits of the firmware's word for this moment: under-voltage; frequency capped, throttled, soft temperature limit
(Raspberry Pi documentation, "vcgencmd get_throttled")."""
_SINCE_START_BITS = 16
"""The same bits, so many places up, say that it happened since the machine was switched on."""


class MachineWatch:
    """The board as it was sampled last; reading it never waits for anything.

    Args:
        disk: A path on the disk on which measurements wait.
        system: Where the kernel's account of devices lies.
    """

    def __init__(self, disk: Path, system: Path = Path("/sys")) -> None:
        self._disk = disk
        self._system = system
        self._stopping = threading.Event()
        self._room: tuple[float, float] | None = None
        self._board = MachineHealth(temperature_c=None, under_voltage=None, slowed_down=None, free_mb=None)
        self._threads = [
            threading.Thread(target=self._run, args=(sample,), name=name, daemon=True)
            for name, sample in (("board", self._sample_board), ("room", self._sample_room))
        ]

    def start(self) -> None:
        """Begin to sample, in the background."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End the sampling; a sample that hangs is left behind."""
        self._stopping.set()

    def latest(self) -> MachineHealth:
        """The latest samples."""
        board, room = self._board, self._room
        if room is None or time.monotonic() - room[0] > STALE_S:
            return board
        return board.model_copy(update={"free_mb": room[1]})

    def _run(self, sample: Callable[[], None]) -> None:
        while True:
            try:
                sample()
            except (OSError, ValueError) as error:
                log.debug("the machine does not tell all of its state: %s", error)
            if self._stopping.wait(EVERY_S):
                return

    def _sample_board(self) -> None:
        word = self._firmware_word()
        self._board = MachineHealth(
            temperature_c=processor_c(self._system),
            under_voltage=_happened(word, _UNDER_VOLTAGE),
            slowed_down=_happened(word, _SLOWED_DOWN),
            free_mb=None,
        )

    def _sample_room(self) -> None:
        folder = self._disk.parent
        while not folder.exists():
            folder = folder.parent
        disk = os.statvfs(folder)
        self._room = time.monotonic(), round(disk.f_bavail * disk.f_frsize / 2**20, 1)

    def _firmware_word(self) -> int | None:
        for file in sorted(self._system.glob("devices/platform/soc*/soc*firmware/get_throttled")):
            return int(file.read_text(), 16)
        return None


def _happened(word: int | None, bits: int) -> Happened | None:
    if word is None:
        return None
    if word & bits:
        return "now"
    return "earlier" if word >> _SINCE_START_BITS & bits else "never"
