"""One SQLite file of measurements, numbered without holes per boot: what the spool is on the disk."""

import sqlite3
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from edge.clock import better_mapping
from edge.uplink.spool_database import SpoolDamagedError, SpoolDatabase
from edge.uplink.spool_rows import (
    LARGEST_KEY,
    NUMBERS,
    SpoolBoot,
    SpoolRow,
    UnreadableRowError,
    boot_of,
    row_of,
)
from protocol.envelope import Identity
from protocol.measurements import Gap, Measurement
from protocol.software import running_software
from protocol.state import MOST_BOOTS, Held, WallMapping

MAPPING_STEP_S = 0.05
"""A wall offset that moved by less is not worth a write."""
KEYS_BETWEEN = 1024
"""Each boot of the machine leaves so many keys free in front of its own, for what is taken up of other files, which is sent before it."""
DELETE_STEP = 1000
"""Measurements deleted in one transaction: some ten pages of the log."""
MEND_STEP = 500
"""Gaps written in one transaction."""
MOST_UNREADABLE = 1000
"""Rows kept that could not be read or sent, at most; the newest are kept."""
UNREADABLE = "unreadable"
"""Why a row was put aside of which another version of the software may know more."""
_COLUMNS = "row, bootid, type, start_s, offset_s, data, checksum"
_INSERT = f"INSERT INTO measurement ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # ours


@dataclass(frozen=True, slots=True)
class Spooled:
    """A measurement that waits, in the order of ``row``, with the wall time its boot's timeline stands for."""

    row: int
    identity: Identity
    measurement: Measurement
    wall: WallMapping


class SpoolFile:
    """One open spool file, seen by one device in one boot of the machine.

    Every change is one transaction, on the disk (fsync) before the call returns. The bootid under which measurements are
    numbered belongs to the machine's boot and to this file: a restarted program goes on counting, a new file never gives a
    number out again that an earlier file gave.

    All methods raise ``SpoolDamagedError`` when the file turns out to be unreadable, ``sqlite3.Error`` when it cannot be
    used for another reason (disk full, read-only, locked), and ``LogHeldError`` when another program reads it without end; what
    they were to change is then unchanged.
    """

    def __init__(self, path: Path, device: str, machine_boot: str, wall: WallMapping, max_mb: int) -> None:
        """Open the file, or make it.

        Args:
            path: The file; its folder must exist.
            device: Whose measurements are read and written; those of others rest.
            machine_boot: Names the machine's boot.
            wall: The wall time this boot's timeline stands for.
            max_mb: The size in MiB beyond which nothing is taken in (sqlite3.OperationalError, SQLITE_FULL).
        """
        self._device = device
        self._db = SpoolDatabase(path, max_mb)
        try:
            self._boots = self._read_boots()
            self._holes = self._find_holes()
            self._key = self._enter_boot(machine_boot, wall)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; everything in it is on the disk already."""
        self._db.close()

    @property
    def bootid(self) -> str:
        """Under what this boot's measurements are numbered."""
        return self._boots[self._key].bootid

    @property
    def batch_bytes(self) -> int:
        """How much may be appended at once, so that the file's log has room for it."""
        return self._db.batch_bytes

    def append(self, measurements: Sequence[Measurement], wall: WallMapping) -> int:
        """Number and keep measurements, all or none, and return the number of the last."""
        boot = self._boots[self._key]
        boot = replace(boot, wall=_believed(boot.wall, wall))
        moved = replace(boot, last=boot.last + len(measurements))
        self._add(moved, [row_of(m, boot, number) for number, m in enumerate(measurements, boot.last + 1)])
        return moved.last

    def adopt(self, boot: SpoolBoot, first: int, measurements: Sequence[Measurement]) -> None:
        """Keep measurements that were numbered outside of this file, all or none.

        Args:
            boot: The boot that they belong to, with its names and its wall time.
            first: The number of the first; those before it are kept here already, or were acknowledged.
            measurements: One for each number from there.
        """
        known = self._named(boot.bootid)
        there = known or replace(
            boot, key=self._free_key(), machine_boot=boot.bootid, acknowledged=first - 1, last=first - 1
        )
        moved = replace(there, last=there.last + len(measurements))
        self._add(moved, [row_of(m, there, number) for number, m in enumerate(measurements, first)])

    def last_of(self, bootid: str) -> int:
        """The last number of a boot; 0 where nothing of it is here."""
        boot = self._named(bootid)
        return 0 if boot is None else boot.last

    def after(self, row: int, limit: int) -> list[Spooled]:
        """The next ``limit`` waiting measurements behind ``row``, in the order in which they were put."""
        rows = self._db.run(
            f"SELECT {_COLUMNS} FROM measurement WHERE row > ?{self._of_ours()} ORDER BY row LIMIT ?",  # noqa: S608  # ours
            (row, limit),
        )
        return [self._spooled(SpoolRow(*columns)) for columns in rows]

    def put_aside(self, row: int, what: str, reason: str) -> None:
        """Keep a measurement that cannot be sent in the table ``unreadable``; a gap takes its place and number."""
        for columns in self._db.run(f"SELECT {_COLUMNS} FROM measurement WHERE row = ?", (row,)):  # noqa: S608  # ours
            kept = self._spooled(SpoolRow(*columns)).measurement
            self._replace(row, Gap(start_s=kept.start_s, end_s=kept.end_s, what=what, reason=reason), what)

    def acknowledge(self, numbers: Mapping[str, int]) -> None:
        """Delete what the central database has: per bootid all up to a number. Numbers never given out are ignored."""
        for bootid, number in numbers.items():
            boot = self._named(bootid)
            step = DELETE_STEP
            while boot is not None and boot.acknowledged < min(number, boot.last):
                upto = min(number, boot.last, boot.acknowledged + step)
                try:
                    boot = self._delete(replace(boot, acknowledged=upto))
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode != sqlite3.SQLITE_FULL or step == 1:
                        raise
                    step //= 10
                    self._db.lend_pages()
        self._db.shrink()

    def note_wall(self, wall: WallMapping) -> WallMapping:
        """Keep the wall time of this boot's timeline where it is better than the one known; return the one believed."""
        boot = self._boots[self._key]
        believed = _believed(boot.wall, wall)
        if believed != boot.wall:
            self._add(replace(boot, wall=believed), [])
        return believed

    def mend(self, now_s: float) -> int:
        """Let a gap take the place of each number that is missing, and delete what was acknowledged; how many were mended.

        Args:
            now_s: The present, for gaps of which no other time is known.
        """
        mended = 0
        while self._holes:
            boot = self._boots.get(self._holes[0])
            rows = [] if boot is None else self._rows_without_holes(boot, now_s)
            if boot is not None:
                self._add(boot, rows)
            if not rows:
                self._holes.pop(0)
            mended += len(rows)
        return mended

    def held(self) -> tuple[Held, ...]:
        """Per boot which numbers wait, oldest boot first; this boot is always the last of them."""
        return tuple(boot.held for boot in self._ours()[-MOST_BOOTS:])

    def pending(self) -> int:
        """How many measurements of this device wait."""
        return sum(boot.last - boot.acknowledged for boot in self._ours())

    def of_others(self) -> int:
        """How many measurements of other devices rest here: the desk had another name when it took them."""
        return sum(b.last - b.acknowledged for b in self._boots.values() if b.device != self._device)

    def last_row(self) -> int:
        """The row of the newest measurement; 0 where none waits."""
        return max((boot.row(boot.last) for boot in self._ours() if boot.last > boot.acknowledged), default=0)

    def is_at_its_limit(self) -> bool:
        """Whether the file has about the size that it may have, so that it is full though the disk may not be."""
        return self._db.is_at_its_limit()

    def aside(self) -> dict[str, tuple[str, str]]:
        """Of each file kept aside that was read: by which software, and which numbers it could not read."""
        return {name: (software, missing) for name, software, missing in self._db.run("SELECT * FROM aside")}

    def note_aside(self, name: str, software: str, missing: str) -> None:
        """Keep that a file kept aside was read."""
        self._grown(
            lambda: self._db.run("INSERT OR REPLACE INTO aside VALUES (?, ?, ?)", (name, software, missing))
        )

    def unreadable_to_others(self, software: str) -> list[SpoolRow]:
        """Rows that another version of the software could not read, oldest first."""
        rows = self._db.run(
            f"SELECT {_COLUMNS} FROM unreadable WHERE reason = ? AND software <> ? ORDER BY row",  # noqa: S608  # ours
            (UNREADABLE, software),
        )
        return [SpoolRow(*columns) for columns in rows]

    def take_back(self, readable: Sequence[tuple[SpoolRow, Measurement]]) -> None:
        """Deliver rows of one boot that were unreadable, all or none, under a bootid of their own; gaps have their numbers."""
        bootid = uuid.uuid4().hex
        wall = WallMapping(offset_s=readable[0][0].offset_s, clock="estimated")
        boot = SpoolBoot(self._free_key(), self._device, bootid, bootid, 0, len(readable), wall)

        def take_back() -> None:
            self._write_boot(boot)
            for number, (row, measurement) in enumerate(readable, start=1):
                self._db.run(_INSERT, row_of(measurement, boot, number))
                self._db.run("DELETE FROM unreadable WHERE row = ?", (row.row,))

        self._grown(take_back)
        self._boots[boot.key] = boot

    def note_unreadable(self, software: str) -> None:
        """Keep that this version of the software cannot read what is left."""
        if self.unreadable_to_others(software):
            self._grown(lambda: self._db.run("UPDATE unreadable SET software = ?", (software,)))

    def _add(self, boot: SpoolBoot, rows: Sequence[SpoolRow]) -> None:
        """Write a boot as it is now, and measurements, all or none."""
        self._db.check_log()

        def add() -> None:
            self._write_boot(boot)
            self._db.run_many(_INSERT, list(rows))

        self._grown(add)
        self._boots[boot.key] = boot

    def _grown(self, change: Callable[[], object]) -> None:
        """Make a change, and let the file grow for it as far as there is room."""
        while True:
            try:
                with self._db.transaction():
                    change()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_FULL and self._db.grow():
                    continue
                raise
            return

    def _delete(self, boot: SpoolBoot) -> SpoolBoot | None:
        """Delete what a boot now counts as acknowledged; the boot, if it is still of any use."""
        over = boot.acknowledged == boot.last and boot.key != self._key

        def delete() -> None:
            if over:
                self._db.run("DELETE FROM boot WHERE key = ?", (boot.key,))
            else:
                self._write_boot(boot)
            self._db.run(
                "DELETE FROM measurement WHERE row BETWEEN ? AND ?",
                (boot.row(0), boot.row(boot.acknowledged)),
            )

        with self._db.transaction():
            delete()
        if over:
            del self._boots[boot.key]
            return None
        self._boots[boot.key] = boot
        return boot

    def _write_boot(self, boot: SpoolBoot) -> None:
        self._db.run("INSERT OR REPLACE INTO boot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", boot.columns())

    def _spooled(self, row: SpoolRow) -> Spooled:
        boot = self._boots.get(row.row // NUMBERS)
        if boot is None:
            raise SpoolDamagedError(f"its row {row.row} belongs to no boot")
        try:
            measurement = row.read(boot.bootid)
        except UnreadableRowError as error:
            measurement = self._give_up(row, str(error))
        return Spooled(row.row, Identity(self._device, boot.bootid, row.number), measurement, boot.wall)

    def _give_up(self, row: SpoolRow, why: str) -> Gap:
        start_s = row.start_s if row.is_whole() else self._start_near(row.row)
        reason = f"a measurement could not be read again on the desk ({why}); it is kept there"
        gap = Gap(start_s=start_s, end_s=start_s, what="spool", reason=reason)
        try:
            self._replace(row.row, gap, UNREADABLE)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
                raise
        return gap

    def _replace(self, row: int, gap: Gap, why: str) -> None:
        boot = self._boots[row // NUMBERS]

        def replace_row() -> None:
            self._db.run(
                f"INSERT OR REPLACE INTO unreadable SELECT {_COLUMNS}, ?, ? FROM measurement WHERE row = ?",  # noqa: S608  # ours
                (why, str(running_software()), row),
            )
            self._db.run(
                "DELETE FROM unreadable WHERE row NOT IN (SELECT row FROM unreadable ORDER BY row DESC LIMIT ?)",
                (MOST_UNREADABLE,),
            )
            self._db.run("DELETE FROM measurement WHERE row = ?", (row,))
            self._db.run(_INSERT, row_of(gap, boot, row % NUMBERS))

        self._grown(replace_row)

    def _start_near(self, row: int) -> float:
        """When the measurement in front of a row began, or the one behind it."""
        for sign, order in (("<", "DESC"), (">", "ASC")):
            for columns in self._db.run(
                f"SELECT {_COLUMNS} FROM measurement WHERE row {sign} ? ORDER BY row {order} LIMIT 1",  # noqa: S608  # ours
                (row,),
            ):
                near = SpoolRow(*columns)
                if near.is_whole() and near.row // NUMBERS == row // NUMBERS:
                    return near.start_s
        return 0.0

    def _ours(self) -> list[SpoolBoot]:
        ours = [boot for key, boot in sorted(self._boots.items()) if boot.device == self._device]
        return sorted(ours, key=lambda boot: boot.key == self._key)

    def _of_ours(self) -> str:
        if all(boot.device == self._device for boot in self._boots.values()):
            return ""
        return f" AND row / {NUMBERS} IN ({', '.join(str(boot.key) for boot in self._ours())})"

    def _named(self, bootid: str) -> SpoolBoot | None:
        return next((boot for boot in self._boots.values() if boot.bootid == bootid), None)

    def _free_key(self) -> int:
        """The highest free key in front of this boot."""
        return next(key for key in range(self._key - 1, 0, -1) if key not in self._boots)

    def _read_boots(self) -> dict[int, SpoolBoot]:
        boots = {}
        for columns in self._db.run("SELECT * FROM boot"):
            try:
                boots[columns[0]] = boot_of(columns)
            except UnreadableRowError as error:
                raise SpoolDamagedError(f"its boot {columns[0]} cannot be read: {error}") from None
        return boots

    def _find_holes(self) -> list[int]:
        """The boots that have other rows than their numbers say."""
        there = {
            key: (count, first, last)
            for key, count, first, last in self._db.run(
                f"SELECT row / {NUMBERS}, count(*), min(row) % {NUMBERS}, max(row) % {NUMBERS} FROM measurement GROUP BY 1"  # noqa: S608  # ours
            )
        }
        if not there.keys() <= self._boots.keys():
            raise SpoolDamagedError("it has measurements that belong to no boot")
        holes = []
        for key, boot in self._boots.items():
            count, first, last = there.get(key, (0, boot.last + 1, boot.last))
            if (count, first, last) != (boot.last - boot.acknowledged, boot.acknowledged + 1, boot.last):
                if last > boot.last:
                    self._boots[key] = replace(boot, last=last)
                holes.append(key)
        return holes

    def _rows_without_holes(self, boot: SpoolBoot, now_s: float) -> list[SpoolRow]:
        """Gaps for the numbers that are missing, as many as one step mends or a few more."""
        rows: list[SpoolRow] = []
        known_s: float | None = None
        number = boot.acknowledged
        self._db.run("DELETE FROM measurement WHERE row BETWEEN ? AND ?", (boot.row(0), boot.row(number)))
        while number < boot.last and len(rows) < MEND_STEP:
            found = self._db.run(
                "SELECT row, start_s FROM measurement WHERE row BETWEEN ? AND ? ORDER BY row LIMIT ?",
                (boot.row(number + 1), boot.row(boot.last), MEND_STEP),
            ) or [(boot.row(boot.last + 1), known_s)]
            for row, start_s in found:
                behind_s = start_s if start_s is not None else now_s if boot.key == max(self._boots) else 0.0
                run = range(number + 1, row % NUMBERS)
                bounds = sorted((behind_s if known_s is None else known_s, behind_s))
                which = f"{run.start}" if len(run) == 1 else f"one of {run.start} to {run.stop - 1}"
                reason = f"a measurement is missing on the desk: {which} of the boot {boot.bootid}"
                gap = Gap(start_s=bounds[0], end_s=bounds[1], what="spool", reason=reason)
                rows += [row_of(gap, boot, missing) for missing in run[:MEND_STEP]]
                known_s, number = start_s, row % NUMBERS
                if len(rows) >= MEND_STEP:
                    break
        return rows[:MEND_STEP]

    def _enter_boot(self, machine_boot: str, wall: WallMapping) -> int:
        entered = [
            b for b in self._boots.values() if (b.device, b.machine_boot) == (self._device, machine_boot)
        ]
        if entered and self._db.log_state == "whole":
            return entered[0].key
        for boot in entered:
            # Numbers may have been given out that are not in the file any more: none of them is given out again.
            self._add(replace(boot, machine_boot=boot.bootid), [])
        key = (max(self._boots, default=0) // KEYS_BETWEEN + 1) * KEYS_BETWEEN
        if key >= LARGEST_KEY:
            raise SpoolDamagedError("it has counted all the boots that it can")
        self._add(SpoolBoot(key, self._device, machine_boot, uuid.uuid4().hex, 0, 0, wall), [])
        return key


def _believed(known: WallMapping, now: WallMapping) -> WallMapping:
    better = better_mapping(known, now)
    return (
        better
        if better.clock != known.clock or abs(better.offset_s - known.offset_s) > MAPPING_STEP_S
        else known
    )
