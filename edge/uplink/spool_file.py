"""One SQLite file of measurements, numbered without holes per boot: what the spool is on the disk."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from edge.clock import better_mapping
from edge.uplink.spool_database import SpoolDamagedError, SpoolDatabase, damage_raised
from protocol.envelope import Identity, event_type, measurement_from
from protocol.measurements import Gap, Measurement
from protocol.state import Held, WallMapping

MAPPING_STEP_S = 0.05
"""A wall offset that moved by less is not worth a write."""


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

    All methods raise ``SpoolDamagedError`` when the file turns out to be unreadable and ``sqlite3.Error`` when it cannot be
    used for another reason (disk full, read-only, locked); what they were to change is then unchanged.
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
        self._machine_boot = machine_boot
        self._db = SpoolDatabase(path, max_mb)
        try:
            with damage_raised():
                self._boot, self.bootid, self._wall = self._enter_boot(wall)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; everything in it is on the disk already."""
        self._db.close()

    def append(self, measurements: Sequence[Measurement], wall: WallMapping) -> int:
        """Number and keep measurements, all or none, and return the number of the last."""
        with damage_raised(), self._db.transaction():
            believed = self._note_wall(wall)
            (last,) = self._db.execute(
                "UPDATE boot SET last_sequence = last_sequence + ? WHERE key = ? RETURNING last_sequence",
                (len(measurements), self._boot),
            ).fetchone()
            self._insert(self._boot, last - len(measurements) + 1, measurements)
        self._wall = believed
        return int(last)

    def adopt(self, held: Held, measurements: Sequence[Measurement], wall: WallMapping) -> None:
        """Keep measurements that were numbered outside of this file, in this boot of the machine, all or none.

        Args:
            held: Under which bootid they are numbered, and which numbers they have.
            measurements: One for each of those numbers, in order.
            wall: The wall time that their timeline stands for.
        """
        with damage_raised(), self._db.transaction():
            (boot,) = self._db.execute(
                # A boot of the machine has one row; what was numbered beside it has one of its own name.
                "INSERT INTO boot (device, machine_boot, bootid, last_sequence, acknowledged, offset_s, clock)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING key",
                (
                    self._device,
                    held.bootid,
                    held.bootid,
                    held.last,
                    held.first - 1,
                    wall.offset_s,
                    wall.clock,
                ),
            ).fetchone()
            self._insert(boot, held.first, measurements)

    def after(self, row: int, limit: int) -> list[Spooled]:
        """The next ``limit`` waiting measurements behind ``row``, in the order in which they were put."""
        with damage_raised():
            rows = self._db.execute(
                "SELECT row, bootid, sequence, offset_s, clock, type, start_s, data"
                " FROM measurement JOIN boot ON boot.key = measurement.boot"
                " WHERE device = ? AND row > ? ORDER BY row LIMIT ?",
                (self._device, row, limit),
            ).fetchall()
            return [
                Spooled(
                    number,
                    Identity(self._device, bootid, sequence),
                    self._measurement(number, kind, start_s, data),
                    WallMapping(offset_s=offset_s, clock=clock),
                )
                for number, bootid, sequence, offset_s, clock, kind, start_s, data in rows
            ]

    def put_aside(self, row: int, what: str, reason: str) -> None:
        """Keep a measurement that cannot be sent in the table ``unreadable``; a gap takes its place and number."""
        with damage_raised():
            found = self._db.execute(
                "SELECT type, start_s, data FROM measurement WHERE row = ?", (row,)
            ).fetchone()
            if found is not None:
                kept = self._measurement(row, *found)
                self._replace(row, Gap(start_s=kept.start_s, end_s=kept.end_s, what=what, reason=reason))

    def acknowledge(self, numbers: Mapping[str, int]) -> None:
        """Delete what the central database has: per bootid all up to a number. Numbers never given out are ignored."""
        with damage_raised(), self._db.transaction():
            for bootid, number in numbers.items():
                self._db.execute(
                    "UPDATE boot SET acknowledged = max(acknowledged, min(?, last_sequence))"
                    " WHERE device = ? AND bootid = ?",
                    (number, self._device, bootid),
                )
                self._db.execute(
                    "DELETE FROM measurement WHERE sequence <= ? AND boot ="
                    " (SELECT key FROM boot WHERE device = ? AND bootid = ?)",
                    (number, self._device, bootid),
                )
            self._db.execute(
                "DELETE FROM boot WHERE key <> ? AND key NOT IN (SELECT boot FROM measurement)", (self._boot,)
            )

    def note_wall(self, wall: WallMapping) -> WallMapping:
        """Keep the wall time of this boot's timeline where it is better than the one known; return the one believed."""
        with damage_raised():
            if _differ(better_mapping(self._wall, wall), self._wall):
                with self._db.transaction():
                    believed = self._note_wall(wall)
                self._wall = believed
        return self._wall

    def held(self) -> tuple[Held, ...]:
        """Per boot which numbers wait, oldest boot first; this boot is always the last of them."""
        with damage_raised():
            rows = self._db.execute(
                "SELECT bootid, acknowledged, last_sequence FROM boot WHERE device = ?"
                " ORDER BY key = ? DESC, key DESC LIMIT 256",
                (self._device, self._boot),
            ).fetchall()
        return tuple(Held(bootid=b, first=done + 1, last=last) for b, done, last in reversed(rows))

    def pending(self) -> int:
        """How many measurements of this device wait."""
        with damage_raised():
            return self._count("device = ?")

    def of_others(self) -> int:
        """How many measurements of other devices rest here: the desk had another name when it took them."""
        with damage_raised():
            return self._count("device <> ?")

    def last_row(self) -> int:
        """The row of the newest measurement; 0 where none waits."""
        with damage_raised():
            (row,) = self._db.execute("SELECT coalesce(max(row), 0) FROM measurement").fetchone()
        return int(row)

    def is_at_its_limit(self) -> bool:
        """Whether the file has about the size that it may have, so that it is full though the disk may not be."""
        return self._db.is_at_its_limit()

    def _insert(self, boot: int, first: int, measurements: Sequence[Measurement]) -> None:
        self._db.executemany(
            "INSERT INTO measurement (boot, sequence, type, start_s, data) VALUES (?, ?, ?, ?, ?)",
            [
                (boot, number, event_type(m), m.start_s, m.model_dump_json().encode())
                for number, m in enumerate(measurements, start=first)
            ],
        )

    def _count(self, which: str) -> int:
        (count,) = self._db.execute(
            f"SELECT count(*) FROM measurement JOIN boot ON boot.key = boot WHERE {which}",  # noqa: S608  # ours
            (self._device,),
        ).fetchone()
        return int(count)

    def _enter_boot(self, wall: WallMapping) -> tuple[int, str, WallMapping]:
        with self._db.transaction():
            self._db.execute(
                "INSERT INTO boot (device, machine_boot, bootid, offset_s, clock) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (device, machine_boot) DO NOTHING",
                (self._device, self._machine_boot, uuid.uuid4().hex, wall.offset_s, wall.clock),
            )
        known: tuple[int, str, WallMapping] | None = None
        for key, device, machine_boot, bootid, done, last, offset_s, clock in self._db.execute(
            "SELECT key, device, machine_boot, bootid, acknowledged, last_sequence, offset_s, clock FROM boot"
        ):
            try:
                Held(bootid=bootid, first=done + 1, last=last)
                mapping = WallMapping(offset_s=offset_s, clock=clock)
            except ValidationError:
                raise SpoolDamagedError(f"its boot {key} makes no sense") from None
            if (device, machine_boot) == (self._device, self._machine_boot):
                known = key, bootid, mapping
        if known is None:
            raise SpoolDamagedError("it does not keep what is written to it")
        return known

    def _note_wall(self, wall: WallMapping) -> WallMapping:
        better = better_mapping(self._wall, wall)
        if not _differ(better, self._wall):
            return self._wall
        self._db.execute(
            "UPDATE boot SET offset_s = ?, clock = ? WHERE key = ?",
            (better.offset_s, better.clock, self._boot),
        )
        return better

    def _measurement(self, row: int, kind: str, start_s: float, data: bytes) -> Measurement:
        try:
            return measurement_from(kind, data)
        except (KeyError, ValueError):
            gap = Gap(
                start_s=start_s,
                end_s=start_s,
                what="spool",
                reason=f"a measurement of type {kind[:60]} could not be read again on the desk; it is kept there",
            )
        self._replace(row, gap)
        return gap

    def _replace(self, row: int, gap: Gap) -> None:
        with self._db.transaction():
            self._db.execute(
                "INSERT INTO unreadable (row, type, data) SELECT row, type, data FROM measurement WHERE row = ?",
                (row,),
            )
            self._db.execute(
                "UPDATE measurement SET type = ?, data = ? WHERE row = ?",
                (event_type(gap), gap.model_dump_json().encode(), row),
            )


def _differ(one: WallMapping, other: WallMapping) -> bool:
    return one.clock != other.clock or abs(one.offset_s - other.offset_s) > MAPPING_STEP_S
