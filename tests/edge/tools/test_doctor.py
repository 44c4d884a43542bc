"""The doctor finds what is wrong with a desk, and says what to do."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.settings.desk_toml import Camera, Settings, Storage, Uplink
from edge.settings.last_good import Configuration
from edge.tools.doctor import Finding, examine, exit_code
from protocol.standards_folder import find_standard
from tests.mosquitto import Mosquitto, free_port


def findings(settings: Settings) -> dict[str, Finding]:
    found = list(examine(Configuration(settings, find_standard("eight-teeth"))))
    assert not [each for each in found if each.part == "doctor"], found
    return {each.part: each for each in found}


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(6):
        cv2.imwrite(str(folder / f"{number:03d}.jpg"), np.full((90, 160, 3), 90, np.uint8))
    return folder


def test_a_desk_whose_parts_work_is_found_well(tmp_path: Path, pictures: Path, mosquitto: Mosquitto) -> None:
    settings = Settings(
        cameras=(
            Camera(
                name="door", watches="customers", source=str(pictures), near_zone=((0, 0), (1, 0), (0, 1))
            ),
        ),
        uplink=Uplink(host="127.0.0.1", port=mosquitto.port),
        storage=Storage(spool=tmp_path / "spool.db"),
    )
    found = findings(settings)
    for part in ("settings", "storage", "camera door", "models", "broker"):
        assert found[part].verdict == "good", found[part]
    assert "160x90" in found["camera door"].found
    assert exit_code(list(found.values())) == 0


def test_everything_that_is_wrong_is_found_at_once_with_what_to_do(tmp_path: Path) -> None:
    settings = Settings(
        cameras=(Camera(name="door", watches="customers", source=str(tmp_path / "none.mp4")),),
        uplink=Uplink(host="127.0.0.1", port=free_port()),
    )
    found = findings(settings)
    assert found["camera door"].verdict == "bad"
    assert "none.mp4" in found["camera door"].found
    assert found["broker"].verdict == "bad"
    assert "none is lost" in found["broker"].to_do
    assert exit_code(list(found.values())) == 1


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "desk.crt"
    uplink = Uplink(ca_file=missing, cert_file=missing, key_file=missing)
    found = findings(Settings(uplink=uplink))
    assert "desk.crt not found" in found["broker"].found


def test_a_camera_whose_place_is_unknown_is_pointed_out(pictures: Path) -> None:
    found = list(
        examine(
            Configuration(
                Settings(cameras=(Camera(name="door", watches="customers", source=str(pictures)),)),
                find_standard("eight-teeth"),
            )
        )
    )
    assert any(each.part == "camera door" and "near_zone" in each.to_do for each in found)
