"""The SQLite database under a spool: opened or made with its tables, checked, grown and shrunk, and changed in whole transactions."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from edge.uplink.spool_log import LogState, log_state
from edge.uplink.spool_room import PAGE_BYTES, SpoolRoom

LAYOUT = 2
"""Version of the tables, kept as SQLite's user_version."""
OTHERS_S = 1.0
"""How long a program that writes the file at the same moment is waited for: a write takes milliseconds, and what takes longer is a backup."""
LEAST_GROWTH_PAGES = 4
"""The file grows by no less: a measurement takes about one page, and a transaction changes two others."""
SPARE_PAGES = 16
"""Pages that deleting may take for a moment, where a table has to be put in order before its pages are free."""
LONGEST_LOG = 3
"""A log that others keep from being brought into the file may become so many times as long as it is meant to be: 12 MB at most."""

TABLES = (
    """CREATE TABLE boot (
    key INTEGER PRIMARY KEY,
    device TEXT NOT NULL,
    machine_boot TEXT NOT NULL,
    bootid TEXT NOT NULL,
    acknowledged INTEGER NOT NULL,
    last INTEGER NOT NULL,
    offset_s REAL NOT NULL,
    clock TEXT NOT NULL,
    checksum INTEGER NOT NULL
) STRICT""",
    # A row is the key of its boot times 2^31, plus its number: no index is needed, and none can contradict the table.
    """CREATE TABLE measurement (
    row INTEGER PRIMARY KEY,
    bootid TEXT NOT NULL,
    type TEXT NOT NULL,
    start_s REAL NOT NULL,
    offset_s REAL NOT NULL,
    data BLOB NOT NULL,
    checksum INTEGER NOT NULL
) STRICT""",
    # What cannot be sent, as it was; a gap was sent in its place.
    """CREATE TABLE unreadable (
    row INTEGER PRIMARY KEY,
    bootid TEXT,
    type TEXT,
    start_s REAL,
    offset_s REAL,
    data BLOB,
    checksum INTEGER,
    reason TEXT NOT NULL,
    software TEXT NOT NULL
)""",
    # Files kept aside that were read as far as some version of the software could, and the numbers that it could not.
    "CREATE TABLE aside (name TEXT PRIMARY KEY, software TEXT NOT NULL, missing TEXT NOT NULL) STRICT, WITHOUT ROWID",
    # Pages that the file is to have before measurements need them.
    "CREATE TABLE filler (pages BLOB NOT NULL) STRICT",
)
"""All tables of version `LAYOUT`."""

_TROUBLE = {
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
    *(sqlite3.SQLITE_AUTH, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_NOMEM),
}
"""Result codes of SQLite by which a sound file cannot be used at the moment; with statements that are ours, all others mean a damaged one."""


class SpoolDamagedError(Exception):
    """The file is no readable spool; its text gives what was found."""


class SpoolVersionError(SpoolDamagedError):
    """The file may be sound, and its tables are of another version of this software."""


class LogHeldError(Exception):
    """Another program has read the file for so long that nothing more can be written to it."""


class SpoolDatabase:
    """One open database with the spool's tables; every transaction is on the disk (fsync) when it ends.

    The file has the pages that a transaction takes before the transaction takes them, and its log has its blocks. What is
    committed so can always be brought into the file, and what is acknowledged deleted, however full the disk is by then.

    Raises:
        SpoolDamagedError: The file is none of ours, or damaged.
        sqlite3.Error: It cannot be used for another reason.
        OSError: Its folder cannot.
    """

    def __init__(self, path: Path, max_mb: int) -> None:
        """Open the file, or make it; its folder must exist.

        Args:
            path: The file.
            max_mb: The size in MiB beyond which nothing is taken in (sqlite3.OperationalError, SQLITE_FULL).
        """
        self._path = path
        self._max_pages = max_mb * 2**20 // PAGE_BYTES
        self._room = SpoolRoom(path, max_mb)
        self.log_state: LogState = _state_of_log(path)
        """In which state the log was found."""
        if self.log_state == "damaged":
            raise SpoolDamagedError("its log was changed")
        self._room.before_open()
        self._db = sqlite3.connect(path, timeout=OTHERS_S, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise
        self._room.keep()

    def run(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Run a statement to its end, and return its rows."""
        with damage_raised(self._path):
            return self._db.execute(sql, values).fetchall()

    def run_many(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Run a statement once for each row of values."""
        with damage_raised(self._path):
            self._db.executemany(sql, rows)

    def close(self) -> None:
        """Close the file; everything in it is on the disk already."""
        with suppress(sqlite3.Error):
            self._db.close()
        self._room.after_close()

    @property
    def batch_bytes(self) -> int:
        """How much one transaction may bring, so that the log has room for it."""
        return self._room.log_bytes // 4

    def is_at_its_limit(self) -> bool:
        """Whether the file has about the size that it may have, so that it is full though the disk may not be."""
        with suppress(sqlite3.Error, SpoolDamagedError):
            return bool(self._number("page_count") > 0.95 * self._max_pages)
        return False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes inside all or none."""
        with damage_raised(self._path):
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

    def check_log(self) -> None:
        """Do nothing while the log may become longer.

        Raises:
            LogHeldError: Others keep it from being brought into the file.
        """
        longest = LONGEST_LOG * self._room.log_bytes
        if self._room.log_size <= longest:
            return
        ((busy, *_),) = self.run("PRAGMA wal_checkpoint(TRUNCATE)")
        self._room.keep()
        if busy:
            raise LogHeldError

    def grow(self) -> bool:
        """Give the file more pages that are really there; False where there is no room for any."""
        pages = self._number("page_count")
        chunk = min(self._room.chunk_pages, self._max_pages - pages - 1, self._room.pages_free() // 2)
        if chunk < LEAST_GROWTH_PAGES:
            return False
        self._limit_to(pages + chunk)
        # SQLite takes the pages that are free already before any new one.
        filled = self._number("freelist_count") + chunk - 1
        try:
            with self.transaction():
                self.run("INSERT INTO filler VALUES (zeroblob(?))", (filled * (PAGE_BYTES - 4),))
            really = self._log_is_in_the_file()
        except sqlite3.Error:
            really = False
        with self.transaction():
            self.run("DELETE FROM filler")
        if not really:
            self.shrink(spare_pages=self._number("freelist_count") - chunk)
        self._limit_to(0)
        self._room.keep()
        return really and self._number("page_count") > pages

    def lend_pages(self) -> None:
        """Let deleting take some pages for a moment, until ``shrink``, and let the log begin anew."""
        self._limit_to(self._number("page_count") + SPARE_PAGES)
        self._log_is_in_the_file()

    def shrink(self, spare_pages: int | None = None) -> None:
        """Give free pages back to the disk but for some."""
        spare = 2 * self._room.chunk_pages if spare_pages is None else max(0, spare_pages)
        step = max(1, self._room.chunk_pages // 4)
        while (free := self._number("freelist_count")) > spare:
            try:
                self.run(f"PRAGMA incremental_vacuum({min(free - spare, step)})")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_FULL or step == 1:
                    break
                step = 1
                self._log_is_in_the_file()
                continue
            if self._number("freelist_count") >= free:
                break
        self._limit_to(0)

    def _log_is_in_the_file(self) -> bool:
        ((busy, frames, done),) = self.run("PRAGMA wal_checkpoint(PASSIVE)")
        return bool(not busy and frames == done)

    def _limit_to(self, pages: int) -> None:
        """Let the file have so many pages; fewer than it has mean those."""
        self.run(f"PRAGMA max_page_count = {max(1, min(pages, self._max_pages))}")

    def _number(self, pragma: str) -> int:
        ((number,),) = self.run(f"PRAGMA {pragma}")
        return int(number)

    def _prepare(self) -> None:
        # A torn page may hold anything, and must not keep the rows beside it from being read.
        self._db.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for pragma in (
            f"page_size = {PAGE_BYTES}",
            "auto_vacuum = INCREMENTAL",
            "temp_store = MEMORY",  # a full disk has no place for what SQLite puts aside
            "secure_delete = OFF",  # else what becomes free is written once more
            "journal_mode = WAL",
            "synchronous = FULL",  # in WAL mode: the log is synced at every commit
            f"journal_size_limit = {self._room.log_bytes}",
            f"wal_autocheckpoint = {self._room.checkpoint_frames}",
        ):
            self.run(f"PRAGMA {pragma}")
        self._room.keep()
        if not self.run("SELECT * FROM sqlite_schema") and self._number("user_version") == 0:
            with self.transaction():
                for table in TABLES:
                    self.run(table)
                self.run(f"PRAGMA user_version = {LAYOUT}")
            self._log_is_in_the_file()
        self._check()
        self._end_growth()

    def _end_growth(self) -> None:
        """Go on where the program may have ended in the midst of growing, and leave no page that is not there."""
        with suppress(sqlite3.OperationalError):
            if self.run("SELECT 1 FROM filler"):
                with self.transaction():
                    self.run("DELETE FROM filler")
        really = False
        with suppress(sqlite3.OperationalError):
            really = self._log_is_in_the_file()
        if really:
            self._limit_to(0)
        else:
            with suppress(sqlite3.OperationalError):
                self.shrink(spare_pages=0)

    def _check(self) -> None:
        layout = self._number("user_version")
        if layout != LAYOUT:
            raise SpoolVersionError(f"its tables have version {layout}, this software knows {LAYOUT}")
        found = {sql for (sql,) in self.run("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}
        if found != set(TABLES):
            raise SpoolDamagedError("its tables are not those of a spool")
        ((verdict,), *_) = self.run("PRAGMA quick_check(1)")
        if verdict != "ok":
            raise SpoolDamagedError(str(verdict).replace("\n", " "))


@contextmanager
def damage_raised(path: Path) -> Iterator[None]:
    """Raise damage of the file as `SpoolDamagedError`, every other error of SQLite as it is."""
    try:
        yield
    except sqlite3.Error as error:
        code = (
            getattr(error, "sqlite_errorcode", sqlite3.SQLITE_IOERR) & 0xFF
        )  # the low byte is the primary result code
        says_read_only = code == sqlite3.SQLITE_READONLY and _may_be_written(path)
        if code not in _TROUBLE or says_read_only:
            raise SpoolDamagedError(str(error)) from None
        raise
    except (UnicodeError, OverflowError):
        # A byte of the file stands in SQLite's own message, or a number in it is larger than any.
        raise SpoolDamagedError("it holds what is no text or no number") from None


def _may_be_written(path: Path) -> bool:
    with suppress(OSError):
        return os.access(path, os.W_OK) and not os.statvfs(path).f_flag & os.ST_RDONLY
    return False


def _state_of_log(path: Path) -> LogState:
    try:
        return log_state(Path(f"{path}-wal").read_bytes())
    except FileNotFoundError:
        return "whole"
