"""Who holds a pin, as far as the kernel tells: programs by their process, or what a line is used for."""

import fcntl
import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from gpiozero.exc import GPIOPinInUse

PROCESSES = Path("/proc")
"""Linux's account of processes. Those of other users show their command line but not their files, and nothing at all to a service that may
not see them (ProtectProc=invisible)."""
DEVICES = Path("/dev")
"""Where the kernel's chips of pins are."""

_LINE_INFO = struct.Struct("=32s32sIIQ160s16s")
"""struct gpio_v2_line_info (linux/gpio.h): name, consumer, offset, number of attributes, flags, attributes, padding."""
_GET_LINE_INFO = 0xC100B405
"""GPIO_V2_GET_LINEINFO_IOCTL (linux/gpio.h): _IOWR(0xB4, 0x05, 256 bytes)."""
_USED = 1 << 0
"""GPIO_V2_LINE_FLAG_USED."""
_CHIP_INFO = struct.Struct("=32s32sI")
"""struct gpiochip_info: name, label, number of lines."""
_GET_CHIP_INFO = 0x8044B401
"""GPIO_GET_CHIPINFO_IOCTL: _IOR(0xB4, 0x01, 68 bytes)."""
_PIN_FILES = (
    "/dev/gpiochip",
    "anon_inode:gpio-",
    "anon_inode:[gpio-",
    "/sys/class/gpio/",
    "/sys/devices/virtual/gpio/",
)
"""What a program has open that uses pins: a chip, lines of it (the kernel's names for these), or a pin under sysfs."""
_LGPIO = "lg"
"""What the kernel says of every pin that lgpio has: our own as well."""
_TAKES_PINS = ("run", "phone", "doctor")
"""Commands of deskside that take pins."""
UNKNOWN = "`deskside phone watch` or another deskside run"
"""The holder where nothing can be found out: what it was in most cases that were reported."""


def busy_in_words(pins: Sequence[int], error: Exception) -> str | None:
    """Who holds one of these pins, where an error says that it is busy, and what to do; None for any other error."""
    # Which of a light's pins it was, the driver does not say.
    which = f"GPIO {pins[0]}" if len(pins) == 1 else f"one of GPIO {', '.join(map(str, pins))}"
    if isinstance(error, GPIOPinInUse):
        return f"{which} is busy, held by this program itself: it stands twice in desk.toml"
    if "busy" not in str(error).lower():
        return None
    return f"{which} is busy, likely held by {holder(pins)}: end that program"


def holder(pins: Sequence[int], processes: Path = PROCESSES, devices: Path = DEVICES) -> str:
    """The likely holder of one of these pins in words, such as ```deskside phone watch` (process 812)``."""
    others = tuple(_others(processes))
    deskside = [f"`{command}` (process {number})" for number, file in others if (command := _deskside(file))]
    labels = [label for label in _labels(pins, devices) if label != _LGPIO]
    users = [f"{_name(file)} (process {number})" for number, file in others if _uses_pins(file)]
    found = deskside or users
    if found:
        return ", ".join(found)
    return f"{UNKNOWN} (the kernel calls its use {labels[0]!r})" if labels else UNKNOWN


def _others(processes: Path) -> Iterator[tuple[int, Path]]:
    """Every process but this one and those in which it runs, such as sudo."""
    own, number = set(), os.getpid()
    while number > 0 and number not in own:
        own.add(number)
        number = _parent(processes / str(number))
    try:
        folders = sorted(int(each.name) for each in processes.iterdir() if each.name.isdecimal())
    except OSError:
        return
    yield from ((number, processes / str(number)) for number in folders if number not in own)


def _parent(process: Path) -> int:
    try:
        # The name before it, in brackets, may hold spaces and brackets (proc(5)).
        return int((process / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def _deskside(process: Path) -> str | None:
    """The command of a deskside that takes pins; None for every other program."""
    try:
        words = (process / "cmdline").read_bytes().decode("utf-8", "replace").rstrip("\0").split("\0")
    except OSError:
        return None
    return deskside_command(words)


def deskside_command(words: Sequence[str]) -> str | None:
    """The command that a command line gives deskside, where it is one that takes pins.

    >>> deskside_command(["/opt/deskside/bin/python", "/opt/deskside/bin/deskside", "phone", "watch", "--desk", "d.toml"])
    'deskside phone watch'
    >>> deskside_command(["vi", "deskside", "run"])
    """
    # The program itself, or a Python that runs it as a script or (-m) a module.
    program = PurePath(words[0]).name if words else ""
    rest = words[1:]
    if program.startswith("python"):
        while rest and rest[0].startswith("-") and rest[0] != "-m":
            rest = rest[1:]
        if rest[:2] == ["-m", "edge.cli"]:
            program, rest = "deskside", rest[2:]
        elif rest:
            program, rest = PurePath(rest[0]).name, rest[1:]
    if program != "deskside" or not rest or rest[0] not in _TAKES_PINS:
        return None
    shown = rest[:2] if rest[0] == "phone" else rest[:1]
    return " ".join(("deskside", *shown))


def _uses_pins(process: Path) -> bool:
    try:
        return any(str(file.readlink()).startswith(_PIN_FILES) for file in (process / "fd").iterdir())
    except OSError:
        return False


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "a program"


def _labels(pins: Sequence[int], devices: Path) -> Iterator[str]:
    """What the kernel says pins are used for, by their names on a Raspberry Pi, as far as it says."""
    names = {f"GPIO{pin}" for pin in pins}
    for chip in sorted(devices.glob("gpiochip*")):
        try:
            file = os.open(chip, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            lines = _CHIP_INFO.unpack(fcntl.ioctl(file, _GET_CHIP_INFO, bytes(_CHIP_INFO.size)))[2]
            for offset in range(lines):
                asked = _LINE_INFO.pack(b"", b"", offset, 0, 0, b"", b"")
                name, consumer, *_, flags, _attributes, _padding = _LINE_INFO.unpack(
                    fcntl.ioctl(file, _GET_LINE_INFO, asked)
                )
                if _text(name) in names and flags & _USED and _text(consumer):
                    yield _text(consumer)
        except OSError:
            continue
        finally:
            os.close(file)


def _text(field: bytes) -> str:
    return field.split(b"\0")[0].decode("utf-8", "replace")
