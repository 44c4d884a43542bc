"""`deskside badge ...` as a technician types it."""

import subprocess
import sys
from pathlib import Path

from edge.duty.pseudonym import pseudonym_of
from edge.live.pin_book import PinBook
from edge.live.site_key import site_key
from tests.worlds.delivery.mosquitto import PROJECT

DESK = '[desk]\ndevice = "desk-7"\n[sign_in]\nkey_file = "{folder}/site.key"\npins_file = "{folder}/pins"\n'


def badge(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from edge.cli import main; main()", "badge", *words]
    return subprocess.run(command, cwd=PROJECT, input=typed, capture_output=True, text=True, check=False)


def desk_file(folder: Path) -> str:
    file = folder / "desk.toml"
    file.write_text(DESK.format(folder=folder))
    return str(file)


def test_a_badge_at_the_terminal_is_shown_as_the_pseudonym_it_has_at_a_desk(tmp_path: Path) -> None:
    desk = desk_file(tmp_path)
    assert badge("make-key", str(tmp_path / "site.key")).returncode == 0
    shown = badge("show", "--desk", desk, typed="04A2241B5C6180\n")
    assert shown.stdout == pseudonym_of("04A2241B5C6180", site_key(tmp_path / "site.key")) + "\n"
    assert badge("show", "--desk", desk, typed="\n").returncode == 2


def test_without_a_key_it_says_how_to_get_one(tmp_path: Path) -> None:
    refused = badge("show", "--desk", desk_file(tmp_path), typed="0417\n")
    assert refused.returncode == 2
    assert "site.key" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "0417" not in refused.stderr + refused.stdout


def test_a_pin_is_given_when_it_is_typed_twice_alike(tmp_path: Path) -> None:
    desk = desk_file(tmp_path)
    badge("make-key", str(tmp_path / "site.key"))
    assert "differ" in badge("set-pin", "lin", "--desk", desk, typed="123456\n123457\n").stderr
    assert badge("set-pin", "lin", "--desk", desk, typed="123456\n123456\n").returncode == 0
    book = PinBook(tmp_path / "pins", site_key(tmp_path / "site.key"))
    assert book.owner("123456") == "lin"
    assert "no PIN any more" in badge("forget-pin", "lin", "--desk", desk).stdout
    assert book.owner("123456") is None
