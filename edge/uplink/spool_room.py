"""The room that a spool keeps for itself on its disk, so that a full disk still lets it delete what was acknowledged."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

PAGE_BYTES = 4096
"""The unit of SQLite's reads and writes, its default and the block of an SD card's file system."""
FRAME_BYTES = PAGE_BYTES + 24
"""A page in the write-ahead log with its header (SQLite file format, 4.1)."""
LOG_HEADER_BYTES = 32
"""The header of the write-ahead log (SQLite file format, 4.1); a log whose header is zeros is an empty one."""
LEAST_LOG_KB = 128
"""The log of a spool on a disk of a megabyte: 31 frames, and deleting a thousand measurements takes about ten."""
MOST_LOG_MB = 4
"""The log of a spool on a large disk, as long as SQLite's default."""
SHARE = 16
"""The log takes a sixteenth of the disk or of `storage.max_mb`, within the two limits above."""
MARGIN_BYTES = 64 * 1024
"""Room that growth leaves to others and to the file system's own tables, of which a file takes some as it grows."""


class SpoolRoom:
    """Room on the disk that is the spool's whatever others do: the blocks of its log, and a reserve for the next start.

    Deleting writes into the log and from there into pages that the file has. Both have their blocks already, so neither
    asks a full disk for any. SQLite deletes the log when the file is closed: the reserve becomes the log of the next start.
    """

    def __init__(self, path: Path, max_mb: int) -> None:
        """Look at the disk.

        Args:
            path: The spool's file; its folder must exist.
            max_mb: The size in MiB that the spool may have.

        Raises:
            OSError: The folder cannot be looked at.
        """
        self._path = path
        self._log = Path(f"{path}-wal")
        self._reserve = Path(f"{path}.reserve")
        total = min(shutil.disk_usage(path.parent).total, max_mb * 2**20)
        self.log_bytes = (
            max(LEAST_LOG_KB * 1024, min(total // SHARE, MOST_LOG_MB * 2**20)) // PAGE_BYTES * PAGE_BYTES
        )
        """Length of the log that has its blocks already."""

    @property
    def checkpoint_frames(self) -> int:
        """Frames after which the log is brought into the file: half of it, so that a transaction always finds the other half."""
        return self.log_bytes // 2 // FRAME_BYTES

    @property
    def chunk_pages(self) -> int:
        """Pages by which the file grows at a time: they go through a quarter of the log."""
        return self.log_bytes // 4 // PAGE_BYTES

    def pages_free(self) -> int:
        """Pages by which a file may grow on this disk."""
        with suppress(OSError):
            return max(0, shutil.disk_usage(self._path.parent).free - MARGIN_BYTES) // PAGE_BYTES
        return 0

    def before_open(self) -> None:
        """Let the reserve become the log, where there is none."""
        with suppress(OSError):
            if self._log.exists() or not self._reserve.exists():
                return
            with self._reserve.open("r+b") as reserve:
                reserve.write(bytes(LOG_HEADER_BYTES))
                os.fsync(reserve.fileno())
            self._reserve.rename(self._log)

    def keep(self) -> None:
        """Take the blocks of log and reserve, as far as there is room."""
        if self._log.exists():
            self._allocate(self._log, self.log_bytes)
        self._allocate(self._reserve, self.log_bytes)

    def after_close(self) -> None:
        """Take the blocks of the reserve, now that the log is gone."""
        self._allocate(self._reserve, self.log_bytes)

    def _allocate(self, file: Path, size: int) -> None:
        with suppress(OSError):
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o640)
            try:
                there = os.fstat(descriptor).st_size
                if there < size and (size - there) // PAGE_BYTES < self.pages_free():
                    os.posix_fallocate(descriptor, there, size - there)
            finally:
                os.close(descriptor)
