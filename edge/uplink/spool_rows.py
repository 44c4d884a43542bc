"""How a boot and a measurement stand in a row of the spool, with a checksum that shows whether they still are what they were: pure."""

import math
import struct
import zlib
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import ValidationError

from protocol.envelope import event_type, measurement_from
from protocol.measurements import Measurement
from protocol.state import Held, WallMapping

NUMBERS = 2**31
"""Numbers that a boot may give out, as in `protocol.state.SequenceNumber`: a row is the boot's key times this, and the number."""
LARGEST_KEY = 2**30
"""Keys of boots stay below, so that rows of the file stay below those of the memory (`edge.uplink.spool_memory.MEMORY_ROWS`)."""


class UnreadableRowError(ValueError):
    """A row is not what was written; its text says in which way."""


class SpoolRow(NamedTuple):
    """A measurement as it stands in the table ``measurement``, in the order of its columns."""

    row: int
    bootid: str
    kind: str
    start_s: float
    offset_s: float
    """Unix time of the timeline's zero as it was believed when it was written; the boot may know better by now."""
    data: bytes
    checksum: int

    @property
    def number(self) -> int:
        """The measurement's number in its boot."""
        return self.row % NUMBERS

    def read(self, bootid: str | None = None) -> Measurement:
        """The measurement; of a certain boot, if one is given.

        Raises:
            UnreadableRowError: The row was changed, or this software knows no such measurement.
        """
        if bootid not in {None, self.bootid}:
            raise UnreadableRowError("it belongs to another boot")
        if not self.is_whole():
            raise UnreadableRowError("its checksum is wrong")
        try:
            return measurement_from(self.kind, self.data)
        except (KeyError, ValueError):
            raise UnreadableRowError(f"this software knows no such {self.kind[:60]}") from None

    def is_whole(self) -> bool:
        """Whether it is what was written."""
        return (
            isinstance(self.row, int)
            and isinstance(self.bootid, str)
            and isinstance(self.kind, str)
            and isinstance(self.start_s, float)
            and isinstance(self.offset_s, float)
            and isinstance(self.data, bytes)
            and self.checksum == self._sum()
        )

    def _sum(self) -> int:
        words = f"{self.bootid}\n{self.kind}\n".encode()
        return zlib.crc32(
            self.data, zlib.crc32(words + struct.pack("<qdd", self.row, self.start_s, self.offset_s))
        )


def row_of(measurement: Measurement, boot: "SpoolBoot", number: int) -> SpoolRow:
    """How a measurement is kept under a number of a boot."""
    bare = SpoolRow(
        boot.row(number),
        boot.bootid,
        event_type(measurement),
        float(measurement.start_s),
        boot.wall.offset_s,
        measurement.model_dump_json().encode(),
        0,
    )
    return bare._replace(checksum=bare._sum())  # noqa: SLF001  # the row's own


@dataclass(frozen=True, slots=True)
class SpoolBoot:
    """One boot as it stands in the table ``boot``: its names, its numbers and its wall time."""

    key: int
    device: str
    machine_boot: str
    bootid: str
    acknowledged: int
    last: int
    wall: WallMapping

    @property
    def held(self) -> Held:
        """Which of its numbers wait."""
        return Held(bootid=self.bootid, first=self.acknowledged + 1, last=self.last)

    def is_later_than(self, other: "SpoolBoot | None") -> bool:
        """Whether it has counted on since another state of the same boot."""
        return other is None or (self.last, self.acknowledged) >= (other.last, other.acknowledged)

    def row(self, number: int) -> int:
        """The row of one of its measurements."""
        return self.key * NUMBERS + number

    def columns(self) -> tuple[int, str, str, str, int, int, float, str, int]:
        """The columns of its row in the table, the checksum last."""
        bare = (
            self.key,
            self.device,
            self.machine_boot,
            self.bootid,
            self.acknowledged,
            self.last,
            float(self.wall.offset_s),
            self.wall.clock,
        )
        return (*bare, _boot_sum(*bare))


def boot_of(columns: tuple[object, ...]) -> SpoolBoot:
    """The boot of a row.

    Raises:
        UnreadableRowError: It was changed, or makes no sense.
    """
    match columns:
        case (
            int(key),
            str(device),
            str(machine_boot),
            str(bootid),
            int(acknowledged),
            int(last),
            float(offset_s),
            str(clock),
            int(checksum),
        ):
            bare = (key, device, machine_boot, bootid, acknowledged, last, offset_s, clock)
            if checksum == _boot_sum(*bare):
                return checked_boot(*bare)
    raise UnreadableRowError("its checksum is wrong")


def checked_boot(
    key: int,
    device: str,
    machine_boot: str,
    bootid: str,
    acknowledged: int,
    last: int,
    offset_s: float,
    clock: str,
) -> SpoolBoot:
    """A boot whose numbers and names make sense.

    Raises:
        UnreadableRowError: They make none.
    """
    try:
        Held(bootid=bootid, first=acknowledged + 1, last=last)
        wall = WallMapping.model_validate({"offset_s": offset_s, "clock": clock})
    except ValidationError:
        raise UnreadableRowError("it makes no sense") from None
    if not (0 < key < LARGEST_KEY and acknowledged <= last and math.isfinite(offset_s)):
        raise UnreadableRowError("it makes no sense")
    return SpoolBoot(key, device, machine_boot, bootid, acknowledged, last, wall)


def _boot_sum(*columns: object) -> int:
    return zlib.crc32("\n".join(map(repr, columns)).encode())
