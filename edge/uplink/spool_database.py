"""The SQLite database under a spool: opened or made with its tables, checked, and changed in whole transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LAYOUT = 1
"""Version of the tables, kept as SQLite's user_version."""
PAGE_BYTES = 4096
"""The unit of SQLite's reads and writes, its default and the block of an SD card's file system."""
OTHERS_S = 1.0
"""How long a program that writes the file at the same moment is waited for: a write takes milliseconds, and what takes longer is a backup."""

_TABLES = f"""
BEGIN;
CREATE TABLE boot (
    key INTEGER PRIMARY KEY,
    device TEXT NOT NULL,
    machine_boot TEXT NOT NULL,
    bootid TEXT NOT NULL UNIQUE,
    last_sequence INTEGER NOT NULL DEFAULT 0,
    acknowledged INTEGER NOT NULL DEFAULT 0,
    offset_s REAL NOT NULL,
    clock TEXT NOT NULL,
    UNIQUE (device, machine_boot)
) STRICT;
-- AUTOINCREMENT: a row number is never used again, so that the reader's place stays right when rows are deleted.
CREATE TABLE measurement (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    boot INTEGER NOT NULL REFERENCES boot,
    sequence INTEGER NOT NULL,
    type TEXT NOT NULL,
    start_s REAL NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (boot, sequence)
) STRICT;
-- Rows whose data could not be read any more, kept as they were; a gap was sent in their place.
CREATE TABLE unreadable (
    row INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;
PRAGMA user_version = {LAYOUT};
COMMIT;
"""
"""All tables of version `LAYOUT`."""


class SpoolDamagedError(Exception):
    """The file is no readable spool; its text gives what was found."""


class SpoolDatabase:
    """One open database with the spool's tables; every transaction is on the disk (fsync) when it ends.

    Raises:
        SpoolDamagedError: The file is none of ours, or damaged.
        sqlite3.Error: It cannot be used for another reason.
    """

    def __init__(self, path: Path, max_mb: int) -> None:
        """Open the file, or make it; its folder must exist.

        Args:
            path: The file.
            max_mb: The size in MiB beyond which nothing is taken in (sqlite3.OperationalError, SQLITE_FULL).
        """
        self._max_pages = max_mb * 2**20 // PAGE_BYTES
        self._db = sqlite3.connect(path, timeout=OTHERS_S, isolation_level=None, check_same_thread=False)
        self.execute, self.executemany = self._db.execute, self._db.executemany
        """Run SQL as `sqlite3.Connection` does."""
        try:
            with damage_raised():
                self._prepare()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; everything in it is on the disk already."""
        with suppress(sqlite3.Error):
            self._db.close()

    def is_at_its_limit(self) -> bool:
        """Whether the file has about the size that it may have, so that it is full though the disk may not be."""
        with suppress(sqlite3.Error):
            (pages,) = self._db.execute("PRAGMA page_count").fetchone()
            return bool(pages > 0.95 * self._max_pages)
        return False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes inside all or none."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            # A full disk may have ended the transaction already.
            if self._db.in_transaction:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
            raise

    def _prepare(self) -> None:
        # A torn page may hold anything, and must not keep the rows beside it from being read.
        self._db.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for pragma in (
            f"page_size = {PAGE_BYTES}",
            "journal_mode = WAL",
            "synchronous = FULL",  # in WAL mode: the log is synced at every commit
            "journal_size_limit = 1048576",
            f"max_page_count = {self._max_pages}",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        (layout,) = self._db.execute("PRAGMA user_version").fetchone()
        if layout == 0 and self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,):
            self._db.executescript(_TABLES)
        elif layout != LAYOUT:
            raise SpoolDamagedError(f"its tables have version {layout}, this software knows {LAYOUT}")
        (verdict,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise SpoolDamagedError(str(verdict).replace("\n", " "))


@contextmanager
def damage_raised() -> Iterator[None]:
    """Raise damage of the file as `SpoolDamagedError`, every other error of SQLite as it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary result code
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise SpoolDamagedError(str(error)) from None
        raise
