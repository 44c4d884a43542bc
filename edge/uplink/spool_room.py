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
INDEX_BYTES = 64 * 1024
"""The index of the log beside it: 32 kB for the first 4062 frames, and as much again for what the file system rounds up."""
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
        self._index = Path(f"{path}-shm")
        self._index_file: int | None = None
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

    @property
    def log_size(self) -> int:
        """Length of the log as it is; 0 where there is none."""
        with suppress(OSError):
            return self._log.stat().st_size
        return 0

    def before_open(self) -> None:
        """Let the reserve become the log, where there is none and nobody else has the file open, and give the index room."""
        with suppress(OSError):
            if shutil.disk_usage(self._path.parent).free < INDEX_BYTES:
                self._cut_reserve()
        with suppress(OSError):
            if self._reserve.exists() and not self._log.exists() and not self._index.exists():
                with self._reserve.open("r+b") as reserve:
                    reserve.write(bytes(LOG_HEADER_BYTES))
                    os.fsync(reserve.fileno())
                self._reserve.rename(self._log)
        with suppress(OSError):
            self._index_file = os.open(self._index, os.O_RDWR | os.O_CREAT, 0o640)

    def keep(self) -> None:
        """Take the blocks of the log's index, of the log and of the reserve, as far as there is room."""
        if self._index_file is not None:
            # SQLite writes into a map of it. A page of the map that has no block on a full disk ends the program (SIGBUS).
            with suppress(OSError):
                os.posix_fallocate(self._index_file, 0, os.fstat(self._index_file).st_size)
        if self._log.exists():
            self._allocate(self._log, self.log_bytes)
        self._allocate(self._reserve, self.log_bytes + 2 * INDEX_BYTES)

    def after_close(self) -> None:
        """Take the blocks of the reserve, now that the log is gone."""
        if self._index_file is not None:
            # Not sooner: with the first of its descriptors a process gives up all its locks on a file.
            os.close(self._index_file)
            self._index_file = None
            with suppress(OSError):
                if self._index.stat().st_size == 0:  # SQLite has deleted it, unless it never came to use it
                    self._index.unlink()
        self._allocate(self._reserve, self.log_bytes + 2 * INDEX_BYTES)

    def _cut_reserve(self) -> None:
        with self._reserve.open("r+b") as reserve:
            reserve.truncate(max(LOG_HEADER_BYTES, os.fstat(reserve.fileno()).st_size - INDEX_BYTES))
            # ext4 gives freed blocks to nobody before the change is on the disk.
            os.fsync(reserve.fileno())

    def _allocate(self, file: Path, size: int) -> None:
        with suppress(OSError):
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o640)
            try:
                there = os.fstat(descriptor).st_size
                if there < size and (size - there) // PAGE_BYTES < self.pages_free():
                    os.posix_fallocate(descriptor, there, size - there)
            finally:
                os.close(descriptor)
