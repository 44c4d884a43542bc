"""The desk's timeline, the wall time it stands for, and how far that can be trusted.

Durations and orders come from the monotonic clock alone. Wall time is only ever the monotonic time plus an offset, put on
when a measurement leaves the desk: a Pi has no battery clock by default, so right after power-up the wall clock may be
days off until a time server was reached.
"""

import ctypes
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from edge.finding import Finding
from protocol.state import WallMapping

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""Linux draws it anew at each boot, which is when the monotonic clock starts anew too."""
STA_UNSYNC = 0x0040
"""Bit of the kernel's clock status: nobody disciplines the clock (adjtimex(2), linux/timex.h).

systemd-timesyncd, chrony (with rtcsync, Debian's default) and ntpd clear it once they have set the clock; the kernel sets it
again when the clock is set by hand, and nine hours after the last answer from a server.
"""
TIME_ERROR = 5
"""Return value of adjtimex(2) while the clock is not synchronised."""
JUMP_S = 0.5
"""A change of the wall clock against the monotonic one from which it is a jump, in seconds. Slewing moves both alike, so any change is a step."""


class Timeline(Protocol):
    """A timeline in seconds with a boot it belongs to, and the wall time it stands for."""

    @property
    def boot(self) -> str:
        """Names the run of this timeline: 32 hexadecimal digits."""

    def now_s(self) -> float:
        """The present moment on the timeline."""

    def mapping(self) -> WallMapping:
        """Which wall time the timeline stands for, as far as is known now."""

    def jump(self) -> "ClockJump | None":
        """The jump of the wall clock since the last time this was asked; None when there was none."""


@dataclass(frozen=True, slots=True)
class ClockJump:
    """The wall clock was set: it moved against the monotonic clock."""

    by_s: float

    def __str__(self) -> str:
        way = "forward" if self.by_s > 0 else "back"
        return (
            f"the wall clock jumped {way} by {_in_words(abs(self.by_s))}: measured durations are not touched, "
            "and times sent as estimated are corrected once the clock is synchronised"
        )


class Clock:
    """The machine's own clock.

    >>> clock = Clock()
    >>> began_s = clock.now_s()
    >>> clock.now_s() - began_s < 60
    True
    """

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        synced: Callable[[], bool] | None = None,
        boot: str | None = None,
    ) -> None:
        """Take the clock sources; each defaults to the machine's.

        Args:
            monotonic: Seconds since some fixed moment of this boot.
            wall: Unix time in seconds.
            synced: Whether the wall clock is known to be right.
            boot: Names this boot of the machine.
        """
        self.boot = boot if boot is not None else machine_boot()
        self._monotonic = monotonic
        self._wall = wall
        self._synced = synced if synced is not None else wall_clock_is_synced
        self._offset_s = self._read_offset_s()

    def now_s(self) -> float:
        """Seconds on the monotonic clock."""
        return self._monotonic()

    def mapping(self) -> WallMapping:
        """Which wall time the monotonic clock stands for at this moment."""
        return WallMapping(
            offset_s=max(0.0, self._read_offset_s()), clock="synced" if self._synced() else "estimated"
        )

    def jump(self) -> ClockJump | None:
        """The jump of the wall clock since the last time this was asked; None when there was none."""
        offset_s = self._read_offset_s()
        by_s = offset_s - self._offset_s
        self._offset_s = offset_s
        return ClockJump(by_s) if abs(by_s) > JUMP_S else None

    def _read_offset_s(self) -> float:
        """Wall minus monotonic; read again when the program was held up between the two."""
        for _ in range(5):
            before_s = self._monotonic()
            wall_s = self._wall()
            after_s = self._monotonic()
            if after_s - before_s < 0.001:
                break
        return wall_s - (before_s + after_s) / 2


def check_clock(clock: Clock) -> Finding:
    """What is found of the wall clock."""
    mapping = clock.mapping()
    wall = datetime.fromtimestamp(mapping.offset_s + clock.now_s(), UTC).astimezone()
    stamp = wall.strftime("%Y-%m-%d %H:%M:%S %Z")
    if mapping.clock == "synced":
        return Finding("clock", "good", f"{stamp}, synced")
    to_do = "let the desk reach a time server; measurements are corrected once it has"
    return Finding("clock", "warning", f"{stamp}, not synced: events are marked as estimated", to_do)


def better_mapping(known: WallMapping | None, now: WallMapping) -> WallMapping:
    """Which of two mappings of the same boot to believe: the newer one, but never an estimate over a synchronised one."""
    if known is not None and known.clock == "synced" and now.clock == "estimated":
        return known
    return now


def machine_boot() -> str:
    """The kernel's name for this boot; where there is none, one for this process."""
    try:
        return uuid.UUID(BOOT_ID.read_text(encoding="ascii").strip()).hex
    except (OSError, ValueError):
        return uuid.uuid4().hex


def _in_words(seconds: float) -> str:
    for unit_s, unit in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 0.99 * unit_s:  # a jump by a day is never measured as quite a day
            return f"{seconds / unit_s:.1f} {unit}"
    return f"{seconds:.1f} seconds"


class _Timex(ctypes.Structure):
    """``struct timex`` of adjtimex(2), up to what is read here, and room for what follows."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def wall_clock_is_synced() -> bool:
    """Whether a time server disciplines the wall clock, as the kernel knows it."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        timex = _Timex()  # modes 0: only read, for which nobody needs a privilege
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return False
    return state not in (-1, TIME_ERROR) and not timex.status & STA_UNSYNC
