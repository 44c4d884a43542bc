import subprocess
from pathlib import Path
from shutil import which

import pytest

from edge.live.machine_id import (
    APPLICATION,
    NamelessDeskError,
    machine_id,
    with_a_name_of_its_own,
)
from edge.settings.desk_toml import DeskSection, Settings
from edge.settings.last_good import Configuration
from protocol.shipped import STANDARDS
from protocol.standards_folder import find_standard
from tests.not_tested import needs

STANDARD = find_standard("eight-teeth", STANDARDS)


def configuration(device: str | None = None) -> Configuration:
    desk = DeskSection() if device is None else DeskSection(device=device)
    return Configuration(Settings(desk=desk), STANDARD)


def number_of(folder: Path, text: bytes) -> str | None:
    source = folder / "number"
    source.write_bytes(text)
    return machine_id((source,))


def test_it_is_what_systemd_derives_for_this_application() -> None:
    own = Path("/etc/machine-id")
    if not which("systemd-id128") or not own.exists():
        needs("systemd-id128", "apt install systemd")
    command = ["systemd-id128", "machine-id", f"--app-specific={APPLICATION}"]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    assert machine_id((own,)) == asked.stdout.strip()


def test_two_boards_differ_though_one_card_was_copied_to_both(tmp_path: Path) -> None:
    card = tmp_path / "machine-id"
    card.write_text("a" * 32 + "\n")
    numbers = []
    for serial in (b"100000001a2b3c4d\0", b"100000001a2b3c4e\0"):
        board = tmp_path / "serial-number"
        board.write_bytes(serial)
        numbers.append(machine_id((board, card)))
    assert numbers[0] != numbers[1]


@pytest.mark.parametrize("nothing", [b"", b"\n", b"0" * 16 + b"\0", b"uninitialized\n"])
def test_what_is_no_number_of_the_machine_is_none(nothing: bytes, tmp_path: Path) -> None:
    assert number_of(tmp_path, nothing) is None


def test_a_board_without_a_serial_number_is_known_by_its_card(tmp_path: Path) -> None:
    card = tmp_path / "machine-id"
    card.write_text("b" * 32)
    assert machine_id((tmp_path / "missing", card)) == machine_id((card,)) is not None


def test_the_number_does_not_tell_the_serial_number(tmp_path: Path) -> None:
    number = number_of(tmp_path, b"100000001a2b3c4d\0")
    assert number is not None
    assert "1a2b3c4d" not in number


@pytest.mark.parametrize("device", [None, "desk-0"])
def test_a_desk_with_the_flashed_name_is_called_after_its_machine_and_says_so(device: str | None) -> None:
    named = with_a_name_of_its_own(configuration(device), "1a2b3c4d" + "0" * 24)
    assert named.settings.desk.device == "desk-1a2b3c4d"
    assert named.nameless is not None
    assert "desk.device" in named.nameless
    assert len(named.nameless) <= 200


def test_a_desk_with_a_name_keeps_it() -> None:
    named = configuration("desk-3")
    assert with_a_name_of_its_own(named, "1a2b3c4d" + "0" * 24) is named


def test_the_flashed_name_never_goes_into_service() -> None:
    with pytest.raises(NamelessDeskError, match="give the desk a name of its own"):
        with_a_name_of_its_own(configuration(), None)
