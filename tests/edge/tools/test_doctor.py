"""The doctor finds what is wrong with a desk, and says what to do."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.finding import Finding
from edge.settings.last_good import LastGood
from edge.tools.doctor import doctor, examine
from protocol.shipped import STANDARDS
from tests.worlds.delivery.mosquitto import Mosquitto, free_port


def settings(folder: Path, port: int) -> str:
    return f"""
[desk]
device = "desk-7"

[[cameras]]
name = "door"
watches = "customers"
source = "{folder}/pictures"
rate_hz = 10
mount = {{ height_m = 1.3 }}

[uplink]
host = "127.0.0.1"
port = {port}

[storage]
spool = "{folder}/spool.db"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(6):
        cv2.imwrite(str(pictures / f"{number:03d}.jpg"), np.full((90, 160, 3), 90, np.uint8))
    return tmp_path


def findings(folder: Path) -> dict[str, Finding]:
    return {each.part: each for each in examine(folder / "desk.toml", STANDARDS, folder / "state")}


def test_a_desk_whose_parts_work_is_found_well(
    folder: Path, mosquitto: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "desk.toml").write_text(settings(folder, mosquitto.port))
    found = findings(folder)
    for part in ("settings", "storage", "camera door", "models", "lights", "phone", "broker"):
        assert found[part].verdict == "good", found[part]
    assert "bodies" in found["speed"].found, "at which rates this machine looks"
    assert doctor(folder / "desk.toml", STANDARDS, folder / "state")
    assert "eight-teeth" in capsys.readouterr().out


def test_everything_that_is_wrong_is_found_at_once(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    (folder / "desk.toml").write_text(settings(folder, free_port()).replace("pictures", "[bold]none[/]"))
    found = findings(folder)
    assert {part for part, each in found.items() if each.verdict == "bad"} == {"camera door", "broker"}
    assert not doctor(folder / "desk.toml", STANDARDS, folder / "state")
    assert "[bold]none[/]" in capsys.readouterr().out, "a name is no markup"


def test_without_settings_all_that_needs_none_is_checked(folder: Path) -> None:
    found = findings(folder)
    assert found["settings"].verdict == "bad"
    assert "firmware_config/desk.toml" in found["settings"].to_do
    assert {"machine", "models", "clock"} <= found.keys()
    assert found["storage, cameras, lights, phone, broker"].verdict == "warning"


def test_after_a_broken_file_the_last_good_settings_are_checked(folder: Path) -> None:
    desk = folder / "desk.toml"
    desk.write_text(settings(folder, free_port()))
    LastGood(folder / "state").load_or_fall_back(desk)
    desk.write_text("[desk]\ndevise = 1\n")
    found = findings(folder)
    assert "did you mean device?" in found["settings"].found
    assert "last good settings" in found["settings"].to_do
    assert found["camera door"].verdict == "good"


def test_a_part_that_never_answers_is_told_and_the_others_are_checked(folder: Path) -> None:
    os.mkfifo(folder / "desk.toml")  # Reading it waits for ever, as reading from a server that is away does.
    found = {
        each.part: each for each in examine(folder / "desk.toml", STANDARDS, folder / "state", limit_s=10.0)
    }
    assert found["settings"].verdict == "bad"
    assert "does not answer within 10 s" in found["settings"].found
    assert {"machine", "models", "clock"} <= found.keys()


def test_a_desk_without_cameras_is_told_what_it_measures(folder: Path) -> None:
    (folder / "desk.toml").write_text("[desk]\n")
    assert "only the phone is measured" in findings(folder)["cameras"].to_do


def test_after_a_broken_file_without_last_good_settings_the_rest_of_it_is_checked(folder: Path) -> None:
    broken = settings(folder, 1).replace("port = 1", 'port = "1883"')
    (folder / "desk.toml").write_text(broken)
    found = findings(folder)
    assert "without quotes" in found["settings"].found
    assert found["camera door"].verdict == "good"
    assert found["storage"].verdict == "good"
    assert "[uplink] cannot be used" in found["broker"].found
