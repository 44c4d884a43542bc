"""Who holds a pin is named, as far as the kernel tells."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from gpiozero.exc import GPIOPinInUse, GPIOZeroError
from hypothesis import given
from hypothesis import strategies as st

from edge.parts.pin_holder import UNKNOWN, busy_in_words, deskside_command, holder

WAITS = "import sys; print('here', flush=True); sys.stdin.read()"


@contextmanager
def a_program(path: Path, *arguments: str) -> Iterator[int]:
    """Another program under this name; its process number."""
    path.write_text(f"#!{sys.executable}\n{WAITS}\n")
    path.chmod(0o755)
    process = subprocess.Popen(
        [str(path), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=path.parent
    )
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield process.pid
    finally:
        process.communicate()


def test_another_deskside_that_takes_pins_is_named_with_its_command_and_process(tmp_path: Path) -> None:
    with a_program(tmp_path / "deskside", "phone", "watch", "--desk", "d.toml") as number:
        assert f"`deskside phone watch` (process {number})" in holder([23])
    assert f"(process {number})" not in holder([23])


def test_a_deskside_that_takes_no_pins_is_not_named(tmp_path: Path) -> None:
    with a_program(tmp_path / "deskside", "replay", "phone.jsonl") as number:
        assert f"(process {number})" not in holder([23])


def of_process(
    processes: Path, number: int, *command: str, parent: int = 1, opened: str = "/dev/null"
) -> None:
    folder = processes / str(number)
    (folder / "fd").mkdir(parents=True)
    (folder / "fd" / "3").symlink_to(opened)
    (folder / "comm").write_text("python3\n")
    (folder / "cmdline").write_bytes(b"\0".join(word.encode() for word in command) + b"\0")
    (folder / "stat").write_text(f"{number} (a (b) c) S {parent} 1 1")


@pytest.mark.parametrize("opened", ["/dev/gpiochip0", "anon_inode:gpio-line", "anon_inode:gpio-event"])
def test_a_program_that_has_a_chip_or_its_lines_open_is_named(tmp_path: Path, opened: str) -> None:
    of_process(tmp_path, 812, "python3", "blink.py", opened=opened)
    of_process(tmp_path, 813, "python3", "other.py")
    assert holder([23], tmp_path, tmp_path) == "python3 (process 812)"


def test_a_deskside_is_likelier_than_any_other_program_with_pins(tmp_path: Path) -> None:
    of_process(tmp_path, 7, "python3", "fan.py", opened="/dev/gpiochip0")
    of_process(tmp_path, 8, "/opt/deskside/bin/python", "/opt/deskside/bin/deskside", "run")
    assert holder([23], tmp_path, tmp_path) == "`deskside run` (process 8)"


def test_we_and_those_in_whom_we_run_are_nobody_else(tmp_path: Path) -> None:
    of_process(tmp_path, os.getpid(), "deskside", "run", parent=41, opened="/dev/gpiochip0")
    of_process(tmp_path, 41, "deskside", "run", parent=1)
    assert holder([23], tmp_path, tmp_path) == UNKNOWN


def test_where_processes_cannot_be_seen_the_likely_holder_is_named(tmp_path: Path) -> None:
    assert holder([23], tmp_path / "none", tmp_path) == UNKNOWN
    assert "`deskside phone watch`" in UNKNOWN


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("deskside run", "deskside run"),
        ("/usr/bin/python3 -u /home/pi/.venv/bin/deskside doctor --desk x", "deskside doctor"),
        ("python3.13 -m edge.cli phone record x.jsonl", "deskside phone record"),
        ("vi deskside run", None),
        ("deskside", None),
        ("python3", None),
        ("tail -f deskside", None),
        ("deskside-central run", None),
    ],
)
def test_a_command_line_is_read_as_the_command_it_gives(line: str, command: str | None) -> None:
    assert deskside_command(line.split()) == command


@given(st.lists(st.text()))
def test_any_command_line_is_read(words: list[str]) -> None:
    deskside_command(words)


def test_only_a_busy_pin_has_a_holder() -> None:
    assert busy_in_words([23], OSError("no such device")) is None
    assert "GPIO 23 is busy, likely held by " in str(busy_in_words([23], GPIOZeroError("'GPIO busy'")))
    assert "GPIO 23 is busy, likely held by " in str(
        busy_in_words([23], OSError(16, "Device or resource busy"))
    )
    assert "one of GPIO 17, 27 is busy" in str(busy_in_words([17, 27], GPIOZeroError("'GPIO busy'")))
    assert "twice in desk.toml" in str(busy_in_words([23], GPIOPinInUse("pin GPIO23 is already in use")))
