"""What can still be read of a spool's file, however damaged it is, and of one of an older version: boots, measurements, and what is missing."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from edge.uplink.spool_database import LAYOUT
from edge.uplink.spool_log import frames
from edge.uplink.spool_pages import TableRow, Value, table_rows
from edge.uplink.spool_room import FRAME_BYTES, LOG_HEADER_BYTES, PAGE_BYTES
from edge.uplink.spool_rows import NUMBERS, SpoolBoot, SpoolRow, UnreadableRowError, boot_of, checked_boot
from protocol.envelope import measurement_from
from protocol.measurements import Measurement
from protocol.state import WallMapping

_VERSION_AT = slice(60, 64)
"""Where the file's header holds SQLite's user_version (SQLite file format, 1.3)."""
LARGEST_HOLE = 100
"""Of a boot whose own row is lost, what stands in front of a larger hole was acknowledged and deleted long ago."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A measurement of a salvaged file, whole and known to this software."""

    measurement: Measurement
    bootid: str | None
    """None in the first layout, in which a row did not say it."""


class Salvage:
    """One file that was kept aside, and its log; both are only read.

    Every page is looked at by itself, so that neither the file's header, nor its schema, nor any page that leads to others is needed.
    """

    def __init__(self, path: Path, device: str) -> None:
        """Look through the file.

        Args:
            path: The file; its log is beside it, if there is one.
            device: Whose measurements those are of a boot that cannot be read.

        Raises:
            OSError: The file cannot be opened.
        """
        self._opened = ExitStack()
        self._file = self._open(path)
        with suppress(OSError):
            self._pages = os.fstat(self._file).st_size // PAGE_BYTES
        try:
            self._log = self._open(Path(f"{path}-wal"))
            self._log_frames = (os.fstat(self._log).st_size - LOG_HEADER_BYTES) // FRAME_BYTES
        except OSError:
            self._log, self._log_frames = -1, 0
        self._newest: dict[int, int] = {}
        self._places: dict[int, int] = {}
        """Of each row the page it stands in, or, below 0, the frame of the log."""
        self._boots: dict[int, SpoolBoot] = {}
        self._knows_boots = False
        self._look_through(device)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    @property
    def version(self) -> int:
        """The version of its tables, as its header says."""
        return int.from_bytes(self._page(0)[_VERSION_AT], "big")

    @property
    def is_newer(self) -> bool:
        """Whether a later version of the software wrote it, and nothing in it is known to this one."""
        return self.version > LAYOUT and not self._places

    @property
    def knows_boots(self) -> bool:
        """Whether the row of a boot was found, so that it is known what the file held."""
        return self._knows_boots

    @property
    def boots(self) -> list[SpoolBoot]:
        """The boots of which something waited, in their order."""
        return [boot for _, boot in sorted(self._boots.items()) if boot.last > boot.acknowledged]

    def measurement(self, boot: SpoolBoot, number: int) -> Measurement | None:
        """One measurement; None where it cannot be read."""
        row = boot.row(number)
        found = self._found(row)
        return None if found is None or found.bootid not in {None, boot.bootid} else found.measurement

    def _look_through(self, device: str) -> None:
        boots: dict[int, SpoolBoot] = {}
        named: dict[int, tuple[str, float]] = {}
        for place, page in self._all_pages():
            for found in table_rows(page, self._overflow):
                boot, row, written = _boot(found), _measured_row(found), _written(found)
                if boot is not None and boot.is_later_than(boots.get(boot.key)):
                    boots[boot.key] = boot
                if row is None or (row in self._places and written is not None and not written.is_whole()):
                    continue
                self._places[row] = place
                if written is not None and written.is_whole():
                    named[row // NUMBERS] = written.bootid, written.offset_s
        self._enter_boots(boots, named, device)

    def _enter_boots(
        self, boots: dict[int, SpoolBoot], named: dict[int, tuple[str, float]], device: str
    ) -> None:
        """Keep the boots, and make up those of which there are measurements alone.

        Args:
            boots: By key, from the newest row that was found of each.
            named: By key, bootid and wall offset as measurements say them.
            device: Whose a boot is of which there are measurements alone.
        """
        self._knows_boots = bool(boots) and named.keys() <= boots.keys()
        numbers: dict[int, list[int]] = {}
        for row in self._places:
            numbers.setdefault(row // NUMBERS, []).append(row % NUMBERS)
        for key, boot in boots.items():
            # The row may be an older one of the boot, which has counted on since.
            self._boots[key] = replace(boot, last=max([boot.last, *numbers.get(key, [])]))
        for key, (bootid, offset_s) in named.items():
            if key not in boots:
                first, last = _latest_run(numbers[key])
                wall = WallMapping(offset_s=max(0.0, offset_s), clock="estimated")
                self._boots[key] = SpoolBoot(key, device, bootid, bootid, first - 1, last, wall)

    def _found(self, row: int) -> _Found | None:
        place = self._places.get(row)
        if place is None:
            return None
        page = self._page(place) if place >= 0 else self._frame(-1 - place)
        for found in table_rows(page, self._overflow):
            if _measured_row(found) == row:
                return _whole(found)
        return None

    def _all_pages(self) -> Iterator[tuple[int, bytes]]:
        for frame in range(self._log_frames):
            for each in frames(bytes(LOG_HEADER_BYTES) + self._raw_frame(frame)):
                self._newest[each.page] = frame
        for number in range(self._pages):
            yield number, self._page(number)
        for frame in range(self._log_frames):
            yield -1 - frame, self._frame(frame)

    def _overflow(self, number: int) -> bytes:
        frame = self._newest.get(number)
        return self._page(number - 1) if frame is None else self._frame(frame)

    def _page(self, index: int) -> bytes:
        return _read(self._file, index * PAGE_BYTES, PAGE_BYTES)

    def _frame(self, index: int) -> bytes:
        return self._raw_frame(index)[FRAME_BYTES - PAGE_BYTES :]

    def _raw_frame(self, index: int) -> bytes:
        return _read(self._log, LOG_HEADER_BYTES + index * FRAME_BYTES, FRAME_BYTES)

    def _open(self, path: Path) -> int:
        descriptor = os.open(path, os.O_RDONLY)
        self._opened.callback(os.close, descriptor)
        return descriptor


def _read(descriptor: int, place: int, size: int) -> bytes:
    """What stands at a place; nothing where the disk does not give it."""
    try:
        return os.pread(descriptor, size, place)
    except (OSError, OverflowError, ValueError):
        return b""


def _boot(found: TableRow) -> SpoolBoot | None:
    match found.values:
        case (None, *rest) if len(rest) == 8:
            columns: tuple[Value, ...] = (found.key, *rest)
            with suppress(UnreadableRowError):
                return boot_of((*columns[:6], _real(columns[6]), *columns[7:]))
        case (
            None,
            str(device),
            str(machine_boot),
            str(bootid),
            int(last),
            int(acknowledged),
            offset_s,
            str(clock),
        ):
            # The first layout, which had no checksum.
            with suppress(UnreadableRowError):
                return checked_boot(
                    found.key, device, machine_boot, bootid, acknowledged, last, _real(offset_s), clock
                )
    return None


def _measured_row(found: TableRow) -> int | None:
    """The row that a measurement has here; in the first layout it had another one."""
    match found.values:
        case (None, str(), str(), _, _, bytes(), int()):
            return found.key if found.key > NUMBERS else None
        case (None, int(boot), int(number), str(), _, bytes()) if boot > 0 and 0 < number < NUMBERS:
            return boot * NUMBERS + number
    return None


def _written(found: TableRow) -> SpoolRow | None:
    match found.values:
        case (None, str(bootid), str(kind), start_s, offset_s, bytes(data), int(checksum)):
            return SpoolRow(found.key, bootid, kind, _real(start_s), _real(offset_s), data, checksum)
    return None


def _whole(found: TableRow) -> _Found | None:
    written = _written(found)
    if written is not None:
        with suppress(UnreadableRowError):
            return _Found(written.read(), written.bootid)
        return None
    match found.values:
        case (None, int(), int(), str(kind), _, bytes(data)):
            with suppress(KeyError, ValueError):
                return _Found(measurement_from(kind, data), None)
    return None


def _real(value: object) -> float:
    """A REAL, which SQLite keeps as a whole number where it is one."""
    return float(value) if isinstance(value, int | float) else float("nan")


def _latest_run(numbers: list[int]) -> tuple[int, int]:
    """First and last of the numbers behind the last large hole."""
    ordered = sorted(numbers)
    first = ordered[-1]
    for number in reversed(ordered):
        if first - number > LARGEST_HOLE:
            break
        first = number
    return first, ordered[-1]
