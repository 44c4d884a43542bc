"""A badge or QR reader on the live desk: found by path or name, kept from every other program, had again after it was unplugged."""

import errno
import fcntl
import logging
import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from edge.duty.key_events import SIZE, EventBytes
from edge.duty.keyboard import Spelling, spelled
from edge.parts.attempts import AttemptFailed, Attempts
from protocol.errors import MendableError
from protocol.program import refusal

log = logging.getLogger(__name__)

EVIOCGRAB = 0x40044590
"""``_IOW('E', 0x90, int)`` of linux/input.h: no other program receives the device's events any more."""
EVIOCSCLOCKID = 0x400445A0
"""``_IOW('E', 0xa0, int)``: events carry the time of this clock."""
DEVICES = Path("/dev/input")
NAMES = Path("/sys/class/input")
OPENS_WITHIN_S = 5.0
"""Opening takes milliseconds, or the driver hangs."""
READ_AT_ONCE = 64
"""Events read at a time; a badge has some forty."""
KEY_1, KEY_ENTER = 2, 28
"""What a device that types has keys for: most readers are several devices of one name, of which one types."""


class ReaderError(MendableError):
    """The reader cannot be used; the text says why and what to do."""


def find_reader(named: str, devices: Path = DEVICES, names: Path = NAMES) -> Path:
    """The device that is meant by a path or by a name.

    Raises:
        ReaderError: There is none; the text names those that there are.
    """
    if named.startswith("/"):
        if not Path(named).exists():
            raise ReaderError(f"{named} is not there: is the reader plugged in? {_there(names)}")
        return Path(named)
    for event, name in typing_devices(names):
        if name == named:
            return devices / event
    raise ReaderError(f"no reader is called {named!r}: is it plugged in? {_there(names)}")


def typing_devices(names: Path = NAMES) -> list[tuple[str, str]]:
    """The devices that type: each with the kernel's file and its own name."""
    found = []
    for folder in sorted(names.glob("event*")):
        try:
            words = (folder / "device/capabilities/key").read_text(encoding="ascii").split()
            name = (folder / "device/name").read_text(encoding="utf-8").strip()
            lowest = int(words[-1], 16)
        except (OSError, ValueError, IndexError):
            continue
        if lowest >> KEY_1 & 1 and lowest >> KEY_ENTER & 1:
            found.append((folder.name, name))
    return found


def open_reader(named: str, devices: Path = DEVICES, names: Path = NAMES) -> int:
    """Open the reader for this program alone; its descriptor.

    Raises:
        ReaderError: It is not there, another program has it, or this one may not open it.
    """
    path = find_reader(named, devices, names)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise ReaderError(f"{path} cannot be opened: {refusal(error)}") from None
    try:
        fcntl.ioctl(descriptor, EVIOCGRAB, 1)
        fcntl.ioctl(descriptor, EVIOCSCLOCKID, struct.pack("i", time.CLOCK_MONOTONIC))
    except OSError as error:
        os.close(descriptor)
        if error.errno == errno.EBUSY:
            raise ReaderError(
                f"{path} is held by another program: stop the desk first if it runs (systemctl stop deskside)"
            ) from None
        raise ReaderError(f"{path} is no keyboard, or another program keeps it: {error.strerror}") from None
    return descriptor


class BadgeReader:
    """Polled by the appliance; a reader that is unplugged is looked for in the background.

    What a badge says leaves this class for its caller only, and stands in no log.

    Args:
        named: The reader, as desk.toml names it.
        layout: The layout that it is set to.
        now_s: The present on the monotonic clock.
        opener: Opens it; by default among the machine's devices.
    """

    def __init__(
        self, named: str, layout: str, now_s: float, opener: Callable[[str], int] = open_reader
    ) -> None:
        self._spelling = Spelling(layout)
        self._attempts = Attempts(lambda: opener(named), now_s, OPENS_WITHIN_S)
        self._descriptor: int | None = None
        self._events = EventBytes()
        self.trouble: str | None = None
        """Why no badge is read, in words; None while they are, and before the first attempt."""

    def poll(self, now_s: float) -> Iterator[tuple[float, str]]:
        """The badges that were shown since the last time, each with its moment."""
        if self._descriptor is None:
            self._look_after(now_s)
        while self._descriptor is not None:
            try:
                data = os.read(self._descriptor, READ_AT_ONCE * SIZE)
            except BlockingIOError:
                return
            except OSError as error:
                self._lose(now_s, error.strerror or "it was unplugged")
                return
            if not data:
                self._lose(now_s, "it was unplugged")
                return
            yield from spelled(self._events.feed(data), self._spelling)

    def close(self) -> None:
        """Give the reader back."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):
                os.close(descriptor)

    def _look_after(self, now_s: float) -> None:
        outcome = self._attempts.poll(now_s)
        if isinstance(outcome, AttemptFailed):
            self._say(outcome.reason)
        elif outcome is not None:
            self._descriptor = outcome
            if self.trouble is not None:
                self.trouble = None
                log.warning("badges are read again")

    def _lose(self, now_s: float, why: str) -> None:
        self.close()
        self._spelling.forget()
        self._events = EventBytes()
        self._say(f"the reader is lost: {why}")
        self._attempts.lose(now_s)

    def _say(self, why: str) -> None:
        first = self.trouble is None
        self.trouble = f"no badge is read: {why}"
        if first:
            log.error("%s; it is tried again", self.trouble)


def _there(names: Path) -> str:
    found = ", ".join(repr(name) for _, name in typing_devices(names))
    return f"Plugged in and able to type: {found}" if found else "nothing that types is plugged in"
