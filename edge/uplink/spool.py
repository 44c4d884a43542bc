"""The desk's memory of what is not yet in the central database: measurements on the disk, kept until acknowledged."""

import logging
import os
import sqlite3
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from edge.clock import Timeline
from edge.uplink.spool_database import SpoolDamagedError
from edge.uplink.spool_file import Spooled, SpoolFile
from protocol.envelope import event_type
from protocol.measurements import Gap, Measurement
from protocol.state import Held, WallMapping

log = logging.getLogger(__name__)

MEMORY_LIMIT = 1000
"""Measurements kept in memory while the disk takes none: a day of a busy desk, and about 2 MB."""
CENTURY_S = 100 * 366 * 86400.0
"""No machine runs for so long: a time beyond is no time since a boot."""
BATCH = 50
"""Measurements written in one transaction once the disk takes them again."""

ANSWER = TypeVar("ANSWER")
"""What a use of the spool's file returns."""


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


class Spool:
    """Keeps measurements until the central database has them.

    ``put`` may be called from any thread. Trouble with the disk is logged once in words, stands in ``trouble`` while it
    lasts, and never reaches the caller: measurements are then held in memory, written when the disk takes them again, and
    what memory has no room for becomes a ``Gap``. A file that cannot be read is kept under another name beside the new one.
    """

    def __init__(self, path: Path, device: str, clock: Timeline, max_mb: int = 512) -> None:
        """Open the spool.

        Args:
            path: The spool's file (settings.Storage.spool); its folder is made.
            device: The desk's name.
            clock: The timeline of the measurements.
            max_mb: The size in MiB beyond which measurements are held in memory (settings.Storage.max_mb).
        """
        self._path = path
        self._device = device
        self._clock = clock
        self._max_mb = max_mb
        self._lock = threading.RLock()
        self._file: SpoolFile | None = None
        self._closed = False
        self._in_memory: deque[Measurement] = deque()
        self._lost: _Lost | None = None
        self.trouble: str | None = None
        """What is wrong with the disk, in words for a technician; None when nothing is."""
        self.when_put: Callable[[], None] = _do_nothing
        """Called after every put, from the thread that put."""
        self._with_file(_warn_of_others, None)
        self.write_held()

    def put(self, measurement: Measurement) -> int | None:
        """Keep a measurement.

        Returns:
            Its number in this boot, when it is on the disk: from then on no crash and no power cut loses it. None when it
            had to be held in memory, see ``trouble``.

        Raises:
            ValueError: ``start_s`` is on no timeline: more than a century from its zero.
        """
        if abs(measurement.start_s) > CENTURY_S:
            raise ValueError(f"start_s = {measurement.start_s} is on no timeline of seconds since a boot")
        with self._lock:
            if len(self._in_memory) >= MEMORY_LIMIT:
                self._give_up(self._in_memory.popleft())
            self._in_memory.append(measurement)
            number = self.write_held()
        self.when_put()
        return number

    def write_held(self) -> int | None:
        """Write what is held in memory to the disk; the last number given, or None if the disk does not take it."""
        with self._lock:
            number = None
            while self._lost is not None or self._in_memory:
                number = self._with_file(self._write_some, None)
                if number is None:
                    return None
            if number is not None:
                self._log_recovery()
            return number

    def after(self, row: int, limit: int) -> list[Spooled]:
        """The next waiting measurements on the disk behind a row, in the order in which they were put."""
        return self._with_file(lambda file: file.after(row, limit), [])

    def acknowledge(self, numbers: Mapping[str, int]) -> None:
        """Delete what the central database has: per bootid, everything up to a number."""
        self._with_file(lambda file: file.acknowledge(numbers), None)

    def note_wall(self) -> WallMapping:
        """Keep the wall time of this boot where it is better known now; return the mapping that is believed."""
        now = self._clock.mapping()
        return self._with_file(lambda file: file.note_wall(now), now)

    @property
    def bootid(self) -> str | None:
        """Under what this boot's measurements are numbered; None while there is no file. Another one is another file."""
        return self._with_file(lambda file: file.bootid, None)

    @property
    def last_row(self) -> int:
        """The row of the newest waiting measurement; 0 where none waits."""
        return self._with_file(lambda file: file.last_row(), 0)

    @property
    def pending(self) -> int:
        """How many measurements are not acknowledged, those in memory included."""
        with self._lock:
            return self._with_file(lambda file: file.pending(), 0) + len(self._in_memory)

    def held(self) -> tuple[Held, ...]:
        """Per boot which numbers wait; this boot is the last of them."""
        return self._with_file(lambda file: file.held(), ())

    def close(self) -> None:
        """Write what is held in memory, if the disk takes it, and close the file for good."""
        with self._lock:
            if self.write_held() is None and self._in_memory:
                log.error("%d measurements could not be kept: %s", len(self._in_memory), self.trouble)
            self._close_file()
            self._closed = True

    def _write_some(self, file: SpoolFile) -> int:
        lost = [self._lost.as_gap()] if self._lost is not None else []
        held = [self._in_memory[i] for i in range(min(BATCH, len(self._in_memory)))]
        number = file.append([*lost, *held], self._clock.mapping())
        self._lost = None
        for _ in held:
            self._in_memory.popleft()
        return number

    def _give_up(self, measurement: Measurement) -> None:
        if self._lost is None:
            self._lost = _Lost(measurement.start_s, measurement.end_s, self.trouble or "the disk took none")
        self._lost.start_s = min(self._lost.start_s, measurement.start_s)
        self._lost.end_s = max(self._lost.end_s, measurement.end_s)
        self._lost.kinds[event_type(measurement).split(".")[1]] += 1

    def _with_file(self, do: Callable[[SpoolFile], ANSWER], otherwise: ANSWER) -> ANSWER:
        """Do something with the open file; on trouble log it and return ``otherwise``."""
        with self._lock:
            if self._closed:
                return otherwise
            try:
                try:
                    return do(self._opened())
                except SpoolDamagedError as damage:
                    self._move_aside(damage)
                    return do(self._opened())
            except (sqlite3.Error, OSError, SpoolDamagedError) as error:
                self._note_trouble(self._in_words(error))
                if getattr(error, "sqlite_errorname", "") != "SQLITE_FULL":
                    self._close_file()
                return otherwise

    def _opened(self) -> SpoolFile:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = SpoolFile(
                self._path, self._device, self._clock.boot, self._clock.mapping(), self._max_mb
            )
        return self._file

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _move_aside(self, damage: SpoolDamagedError) -> None:
        self._close_file()
        aside = next(
            name for number in range(1, 10**6) if not (name := _aside_name(self._path, number)).exists()
        )
        for suffix in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                Path(f"{self._path}{suffix}").rename(f"{aside}{suffix}")
        _sync_folder(self._path.parent)
        reason = f"the spool could not be read ({damage}); it is kept as {aside.name}"
        log.error("spool %s: %s. What it held is not delivered; a new spool begins", self._path, reason)
        now_s = self._clock.now_s()
        self._in_memory.appendleft(Gap(start_s=now_s, end_s=now_s, what="spool", reason=reason))

    def _note_trouble(self, trouble: str) -> None:
        if trouble != self.trouble:
            log.error("spool %s: %s", self._path, trouble)
            self.trouble = trouble

    def _log_recovery(self) -> None:
        if self.trouble is not None:
            log.warning("spool %s: takes measurements again", self._path)
            self.trouble = None

    def _in_words(self, error: Exception) -> str:
        held = f"up to {MEMORY_LIMIT} measurements are held in memory meanwhile"
        if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
            if self._file is not None and self._file.is_at_its_limit():
                return (
                    f"full at storage.max_mb = {self._max_mb}: reach the central service or raise it; {held}"
                )
            return f"the disk is full: make room on it; {held}"
        return f"the disk does not take measurements ({error}): check card, folder and rights; {held}"


def _warn_of_others(file: SpoolFile) -> None:
    others = file.of_others()
    if others:
        log.warning(
            "%d measurements in the spool were taken under another desk name: they stay until desk.device is that name again",
            others,
        )


def _aside_name(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.unreadable-{number}")


def _sync_folder(folder: Path) -> None:
    """Make a change of names last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _do_nothing() -> None:
    """No callback is set."""
