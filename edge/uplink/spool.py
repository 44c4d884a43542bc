"""The desk's memory of what is not yet in the central database: measurements on the disk, kept until acknowledged."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from edge.clock import Timeline, better_mapping
from edge.uplink.spool_aside import keep_aside
from edge.uplink.spool_database import LogHeldError, SpoolDamagedError
from edge.uplink.spool_file import Spooled, SpoolFile
from edge.uplink.spool_holder import holders
from edge.uplink.spool_memory import MEMORY_ROWS, SpoolMemory
from edge.uplink.spool_rows import SpoolBoot
from edge.uplink.spool_take_up import TakingUp
from edge.uplink.spool_trouble import full_in_words, held_in_words, is_full, is_held, refused_in_words
from protocol.measurements import Measurement
from protocol.state import MOST_BOOTS, Held, WallMapping

log = logging.getLogger(__name__)

CENTURY_S = 100 * 366 * 86400.0
"""No machine runs for so long: a time beyond is no time since a boot."""
BATCH = 50
"""Measurements written in one transaction once the disk takes them again."""

AFTER_HELD_S = 2.0
"""A file that another program held is tried again after so long: a backup of some megabytes takes seconds."""
SLOW_OPEN_S = 0.2
"""Opening a file of some 10 MB takes so long on an SD card, as it is read whole; a small one takes a tenth of it."""
REST = 20
"""A file that was slow to open, in vain, is tried again after so many times as long: measurements wait for it meanwhile."""

ANSWER = TypeVar("ANSWER")
"""What a use of the spool's file returns."""


class Spool:
    """Keeps measurements until the central database has them.

    ``put`` may be called from any thread. Trouble with the disk is logged once in words, stands in ``trouble`` while it
    lasts, and never reaches the caller: measurements are then held in memory, sent from there once nothing else is left to
    send, and written when the disk takes them again; what memory has no room for becomes a ``Gap``. A file that cannot be read is kept under another name beside the new one.
    """

    def __init__(self, path: Path, device: str, clock: Timeline, max_mb: int = 512) -> None:
        """Prepare a spool; no disk is touched before ``open``, or the first ``put``.

        Args:
            path: The spool's file (settings.Storage.spool); its folder is made.
            device: The desk's name.
            clock: The timeline of the measurements.
            max_mb: The size in MiB beyond which measurements are held in memory, and that of this memory
                (settings.Storage.max_mb).
        """
        self._path = path
        self._device = device
        self._clock = clock
        self._max_mb = max_mb
        self._lock = threading.RLock()
        self._file: SpoolFile | None = None
        self._closed = False
        self._left_on_disk = 0
        self._reopen_at_s = 0.0
        self._memory = SpoolMemory(device, max_mb)
        self._wall = clock.mapping()
        self._order = 0
        self._unsettled: dict[str, int] = {}
        self._taking_up = TakingUp(path, device)
        self.trouble: str | None = None
        """What is wrong with the disk, in words for a technician; None when nothing is."""
        self.when_put: Callable[[], None] = _do_nothing
        """Called after every put, from the thread that put."""

    def open(self) -> None:
        """Open the file, or make it; its folder too."""
        with self._lock:
            if self._file is None:
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
        return self.put_all((measurement,))

    def put_all(self, measurements: Sequence[Measurement]) -> int | None:
        """Keep measurements, synced to the disk together; returns and raises as ``put`` does, for the last of them."""
        for measurement in measurements:
            check_timeline(measurement)
        with self._lock:
            for measurement in measurements:
                self._memory.waiting.put(measurement, self.trouble or "the disk took none")
            number = self.write_held()
        self.when_put()
        return number

    def write_held(self) -> int | None:
        """Write what is held in memory to the disk; the last number given, or None if the disk takes or needs nothing."""
        with self._lock:
            if self._file is None and time.monotonic() >= self._reopen_at_s:
                self._with_file(_do_nothing_with, None)
            mended = self._with_open_file(self._mend, otherwise=False)
            number = None
            while self._file is not None and len(self._memory):
                number = self._with_file(self._write_some, None)
                if number is None:
                    return None
            if number is not None or (mended and not len(self._memory)):
                self._log_recovery()
            return number

    def after(self, row: int, limit: int) -> list[Spooled]:
        """The next waiting measurements behind a row, in the order in which they were put.

        While ``order`` stays the same a row stands for the same measurement. Those in memory come when the disk has no more.
        """
        with self._lock:
            found: list[Spooled] = self._with_open_file(lambda file: file.after(row, limit), [])
            return [*found, *self._memory.after(row, limit - len(found), self._wall)]

    def put_aside(self, row: int, what: str, reason: str) -> str | None:
        """Keep a measurement that cannot be sent beside the others; a gap with the reason takes its place and number.

        Returns:
            The reason with where it is kept, as it stands in the gap; None when the disk takes no changes.
        """
        with self._lock:
            if row > MEMORY_ROWS:
                in_gap = f"{reason}: it is lost, since the disk took none"
                self._memory.put_aside(row, what, in_gap)
                return in_gap

            def put_aside(file: SpoolFile) -> str:
                in_gap = f"{reason}: it is kept on the desk, in the table unreadable of {self._path.name}"
                file.put_aside(row, what, in_gap)
                return in_gap

            return self._with_open_file(put_aside, None)

    def acknowledge(self, numbers: Mapping[str, int]) -> None:
        """Delete what the central database has: per bootid, everything up to a number; as soon as the disk allows."""
        with self._lock:
            self._memory.acknowledge(numbers.get(self._memory.bootid, 0))
            for bootid, number in numbers.items():
                self._unsettled[bootid] = max(number, self._unsettled.get(bootid, 0))
            self._with_open_file(self._settle, None)

    def note_wall(self) -> WallMapping:
        """Keep the wall time of this boot where it is better known now; return the mapping that is believed."""
        now = self._clock.mapping()
        with self._lock:
            self._wall = better_mapping(self._wall, now)
            self._wall = self._with_open_file(lambda file: file.note_wall(now), self._wall)
            return self._wall

    @property
    def bootids(self) -> tuple[str, ...]:
        """Under what this boot's measurements are numbered; the last is that of the disk, where there is one.

        Another one of the disk is another file.
        """
        with self._lock:
            of_disk: tuple[str, ...] = self._with_open_file(lambda file: (file.bootid,), ())
            in_memory = (self._memory.bootid,) if self._memory.has_numbered or not of_disk else ()
            return (*in_memory, *of_disk)

    @property
    def bootid(self) -> str:
        """Under what measurements are numbered that are put now."""
        return self.bootids[-1]

    @property
    def order(self) -> int:
        """Changes whenever waiting measurements got other rows, so that whoever reads them must begin again."""
        return self._order

    @property
    def last_row(self) -> int:
        """The row of the newest waiting measurement; 0 where none waits."""
        with self._lock:
            if len(self._memory):
                return self._memory.last_row
            return self._with_open_file(lambda file: file.last_row(), 0)

    @property
    def pending(self) -> int:
        """How many measurements are not acknowledged, as far as is known.

        Those in memory, on a disk that fails, and in files kept aside that are still to be taken up, included.
        """
        with self._lock:
            on_disk = self._left_on_disk if self._file is None else self._file.pending()
            return on_disk + len(self._memory) + self._taking_up.pending

    def held(self) -> tuple[Held, ...]:
        """Per boot which numbers wait; this boot is the last of them."""
        with self._lock:
            on_disk: tuple[Held, ...] = self._with_open_file(lambda file: file.held(), ())
            in_memory = (self._memory.held(),) if self._memory.has_numbered or not on_disk else ()
            return (*in_memory, *on_disk)[-MOST_BOOTS:]

    def close(self) -> None:
        """Write what is held in memory, if the disk takes it, and close the file for good."""
        with self._lock:
            self.write_held()
            if len(self._memory):
                log.error("%d measurements could not be kept: %s", len(self._memory), self.trouble)
            self._close_file()
            self._closed = True

    def _mend(self, file: SpoolFile) -> bool:
        """Do what could not be done before: delete, fill holes in the numbers, take up what was kept aside."""
        self._settle(file)
        now_s = self._clock.now_s()
        mended = file.mend(now_s)
        if mended:
            log.error(
                "spool %s: %d measurements were missing; a gap takes the number of each", self._path, mended
            )
        taken_up, gaps = self._taking_up.step(file, now_s)
        for gap in gaps:
            self._memory.waiting.put_before(gap)
        self._order += bool(mended or taken_up)
        return True

    def _settle(self, file: SpoolFile) -> None:
        if self._unsettled:
            file.acknowledge(self._unsettled)
            self._unsettled.clear()

    def _boot_of_memory(self) -> SpoolBoot:
        held = self._memory.held()
        return SpoolBoot(0, self._device, held.bootid, held.bootid, held.first - 1, held.last, self._wall)

    def _write_some(self, file: SpoolFile) -> int:
        wall = self._clock.mapping()
        if self._memory.has_numbered:
            if self._memory.numbered():
                file.adopt(self._boot_of_memory(), self._memory.held().first, self._memory.numbered())
            self._memory.forget_numbered()
            self._order += 1
        held = self._memory.waiting.oldest(BATCH)
        number = file.append(held, wall)
        self._memory.waiting.remove(len(held))
        return number

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
            except (sqlite3.Error, OSError, SpoolDamagedError, LogHeldError) as error:
                self._note_trouble(self._in_words(error))
                if is_held(error) and self._file is None:
                    self._reopen_at_s = time.monotonic() + AFTER_HELD_S
                if not is_full(error) and not is_held(error):
                    self._close_file()
                return otherwise

    def _with_open_file(self, do: Callable[[SpoolFile], ANSWER], otherwise: ANSWER) -> ANSWER:
        """Do something with the file if it is open; only ``put`` and ``write_held`` try to open it again."""
        return otherwise if self._file is None else self._with_file(do, otherwise)

    def _opened(self) -> SpoolFile:
        if self._file is None:
            began_s = time.monotonic()
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = SpoolFile(
                    self._path, self._device, self._clock.boot, self._clock.mapping(), self._max_mb
                )
            finally:
                took_s = time.monotonic() - began_s
                self._reopen_at_s = began_s + (REST * took_s if took_s > SLOW_OPEN_S else 0.0)
            self._order += 1
            self._taking_up.look_again()
        return self._file

    def _close_file(self) -> None:
        if self._file is not None:
            self._left_on_disk = self._file.pending()
            self._file.close()
            self._file = None

    def _move_aside(self, damage: SpoolDamagedError) -> None:
        self._close_file()
        held, aside = self._left_on_disk, keep_aside(self._path, self._taking_up.taken_up)
        self._left_on_disk = 0
        log.warning("spool %s: %s; it is kept as %s, and a new spool begins", self._path, damage, aside.name)
        self._taking_up.kept(aside, str(damage), held)

    def _note_trouble(self, trouble: str) -> None:
        if trouble != self.trouble:
            log.error("spool %s: %s", self._path, trouble)
            self.trouble = trouble

    def _log_recovery(self) -> None:
        if self.trouble is not None:
            log.warning("spool %s: takes measurements again", self._path)
            self.trouble = None

    def _in_words(self, error: Exception) -> str:
        if is_held(error):
            return held_in_words(holders(self._path))
        if is_full(error):
            at_limit = self._file is not None and self._file.is_at_its_limit()
            return full_in_words(self._max_mb if at_limit else None)
        return refused_in_words(error)


def check_timeline(measurement: Measurement) -> None:
    """Do nothing with a measurement that can be kept.

    Raises:
        ValueError: ``start_s`` is on no timeline: more than a century from its zero.
    """
    if not abs(measurement.start_s) <= CENTURY_S:  # nor is NaN on any
        raise ValueError(f"start_s = {measurement.start_s} is on no timeline of seconds since a boot")


def _warn_of_others(file: SpoolFile) -> None:
    others = file.of_others()
    if others:
        log.warning(
            "%d measurements in the spool were taken under another desk name: they stay until desk.device is that name again",
            others,
        )


def _do_nothing_with(_: SpoolFile) -> None:
    """The file is only to be opened."""


def _do_nothing() -> None:
    """No callback is set."""
