"""A reader on the machine: the bytes of its keys through a pipe where there is no such device, and the kernel's own devices where there are."""

import fcntl
import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.duty.key_events import EV_KEY, EV_SYN
from edge.live.badge_reader import BadgeReader, ReaderError, find_reader, open_reader, typing_devices
from tests.not_tested import needs

ENTER = 28
SOON_S = 30.0
UINPUT = Path("/dev/uinput")
UI_SET_EVBIT, UI_SET_KEYBIT, UI_DEV_CREATE, UI_DEV_DESTROY = 0x40045564, 0x40045565, 0x5501, 0x5502


def keys(*codes: int, at_s: float = 5.0) -> bytes:
    return b"".join(
        struct.pack("llHHi", int(at_s), 10_000 * place, kind, code, value)
        for place, pressed in enumerate(codes)
        for kind, code, value in ((EV_KEY, pressed, 1), (EV_SYN, 0, 0), (EV_KEY, pressed, 0), (EV_SYN, 0, 0))
    )


class Plugged:
    """A named pipe in the place of a device: what is written to it is read as keys."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.outside: int | None = None

    def plug_in(self) -> None:
        os.mkfifo(self.path)

    def open(self, named: str) -> int:
        if not self.path.exists():
            raise ReaderError(f"{named} is not there")
        descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        self.outside = os.open(self.path, os.O_WRONLY)
        return descriptor

    def unplug(self) -> None:
        self.path.unlink(missing_ok=True)
        if self.outside is not None:
            os.close(self.outside)
            self.outside = None

    def types(self, data: bytes) -> None:
        assert self.outside is not None
        os.write(self.outside, data)


@pytest.fixture
def plugged(tmp_path: Path) -> Iterator[Plugged]:
    plugged = Plugged(tmp_path / "reader")
    yield plugged
    plugged.unplug()


class Desk:
    """A reader and a clock that the test winds."""

    def __init__(self, plugged: Plugged) -> None:
        self.reader = BadgeReader("Badge Reader", "us", 0.0, plugged.open)
        self.now_s = 0.0

    def until(self, holds: str) -> list[str]:
        """Poll until badges were read ("badge"), the reader is there ("there") or lost ("lost")."""
        deadline_s = time.monotonic() + SOON_S
        while time.monotonic() < deadline_s:
            self.now_s += 0.1
            read = [badge for _, badge in self.reader.poll(self.now_s)]
            there = self.reader._descriptor is not None
            lost = self.reader.trouble is not None
            if (holds == "badge" and read) or (holds == "there" and there) or (holds == "lost" and lost):
                return read
            time.sleep(0.01)
        raise AssertionError(holds)


def test_a_badge_is_read(plugged: Plugged) -> None:
    plugged.plug_in()
    desk = Desk(plugged)
    desk.until("there")
    plugged.types(keys(2, 3, 4, 5, ENTER))
    assert desk.until("badge") == ["1234"]
    desk.reader.close()


def test_a_reader_is_unplugged_in_the_middle_of_a_badge_and_plugged_in_again(
    plugged: Plugged, caplog: pytest.LogCaptureFixture
) -> None:
    plugged.plug_in()
    desk = Desk(plugged)
    desk.until("there")
    plugged.types(keys(9, 9, 9, 9)[:-3])
    plugged.unplug()
    desk.until("lost")
    assert "no badge is read" in str(desk.reader.trouble)
    plugged.plug_in()
    desk.until("there")
    assert desk.reader.trouble is None
    plugged.types(keys(2, 3, 4, 5, ENTER))
    assert desk.until("badge") == ["1234"]
    assert "1234" not in caplog.text
    desk.reader.close()


def test_a_reader_that_is_plugged_in_later_is_found(plugged: Plugged) -> None:
    desk = Desk(plugged)
    desk.until("lost")
    plugged.plug_in()
    desk.until("there")
    desk.reader.close()


def named(names: Path, event: str, name: str, keys_word: str) -> None:
    """A device as the kernel's /sys tells of it."""
    folder = names / event / "device"
    (folder / "capabilities").mkdir(parents=True)
    (folder / "name").write_text(f"{name}\n")
    (folder / "capabilities/key").write_text(f"{keys_word}\n")


def test_of_several_devices_of_one_name_the_one_that_types_is_taken(tmp_path: Path) -> None:
    # The words are a real USB keyboard's, its consumer control's and a mouse's (/sys/class/input/*/device/capabilities/key).
    named(
        tmp_path, "event3", "HID Reader", "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
    )
    named(
        tmp_path,
        "event2",
        "HID Reader",
        "3f000301ff 0 0 483ffff17aff32d bfd4444600000000 1 130c730b17c007 ffbf7bfad941dfff febeffdfffefffff 0",
    )
    named(tmp_path, "event4", "Mouse", "ff0000 0 0 0 0")
    assert typing_devices(tmp_path) == [("event3", "HID Reader")]
    assert find_reader("HID Reader", Path("/dev/input"), tmp_path) == Path("/dev/input/event3")


def test_a_reader_that_is_not_there_is_told_with_what_is(tmp_path: Path) -> None:
    named(
        tmp_path, "event3", "Other Reader", "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
    )
    with pytest.raises(ReaderError, match=r"'Badge'.*'Other Reader'"):
        find_reader("Badge", names=tmp_path)
    with pytest.raises(ReaderError, match="is the reader plugged in"):
        find_reader("/dev/input/by-id/usb-none", names=tmp_path)


def test_what_is_no_keyboard_is_refused_in_words(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReaderError, match="is no keyboard"):
        open_reader(str(tmp_path / "pipe"))


def test_a_keyboard_of_the_kernels_own_types_for_this_program_alone() -> None:
    if not UINPUT.exists():
        needs(
            "/dev/uinput",
            "a kernel with the module uinput, as in the machine of the tests on pins (modprobe uinput)",
        )
    descriptor = os.open(UINPUT, os.O_WRONLY | os.O_NONBLOCK)
    name = f"Deskside test {os.getpid()}"
    try:
        fcntl.ioctl(descriptor, UI_SET_EVBIT, EV_KEY)
        for code in range(1, 120):
            fcntl.ioctl(descriptor, UI_SET_KEYBIT, code)
        # struct uinput_user_dev: name, bus, vendor, product, version, effects, four tables of 64 axes (linux/uinput.h).
        os.write(descriptor, struct.pack("80sHHHHI256i", name.encode(), 3, 1, 1, 1, 0, *[0] * 256))
        fcntl.ioctl(descriptor, UI_DEV_CREATE)
        deadline_s = time.monotonic() + SOON_S
        while not (reader := [each for each in typing_devices() if each[1] == name]):
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
        while not (Path("/dev/input") / reader[0][0]).exists():
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
        held = BadgeReader(name, "us", 0.0)
        while held._descriptor is None:
            assert time.monotonic() < deadline_s
            assert list(held.poll(time.monotonic())) == []
            time.sleep(0.02)
        with pytest.raises(ReaderError, match="held by another program"):
            open_reader(name)
        typed_s = time.monotonic()
        os.write(descriptor, keys(2, 3, 4, 5, ENTER))
        read: list[tuple[float, str]] = []
        while not read:
            assert time.monotonic() < deadline_s
            read = list(held.poll(time.monotonic()))
            time.sleep(0.01)
        ((shown_s, badge),) = read
        assert badge == "1234"
        assert typed_s - 1.0 < shown_s <= time.monotonic(), "on the desk's own timeline"
        fcntl.ioctl(descriptor, UI_DEV_DESTROY)
        while held.trouble is None:
            assert time.monotonic() < deadline_s
            assert list(held.poll(time.monotonic())) == []
        held.close()
    finally:
        os.close(descriptor)
