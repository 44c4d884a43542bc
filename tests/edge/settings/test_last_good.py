"""A desk runs on its last good settings when somebody's pen slips."""

import os
import threading
from pathlib import Path

import pytest

from edge.settings.desk_toml import Camera, Mount, PhoneLine, Settings
from edge.settings.last_good import LastGood, load_configuration
from protocol.shipped import EXAMPLE_DESK
from protocol.standards_folder import find_standard
from protocol.toml_file import BadFileError

GOOD = '[desk]\ndevice = "desk-7"\nstandard = "four-teeth"\n'


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_flashed_desk_file_and_its_standards_are_good() -> None:
    configuration = load_configuration(EXAMPLE_DESK)
    assert configuration.standard.smile.teeth.min == 8


def test_the_two_houses_differ_in_their_numbers() -> None:
    eight, four = find_standard("eight-teeth"), find_standard("four-teeth")
    assert (eight.smile.teeth.min, four.smile.teeth.max) == (8, 4)
    assert eight.near.approach_m != four.near.approach_m
    assert eight.phone.rings != four.phone.rings


def test_bad_settings_give_way_to_the_last_good_ones_and_it_is_said(tmp_path: Path) -> None:
    kept = LastGood(tmp_path / "state")
    desk = write(tmp_path / "desk.toml", GOOD)
    assert kept.load_or_fall_back(desk).complaint is None
    write(desk, GOOD.replace("desk-7", "Desk 7"))
    configuration = kept.load_or_fall_back(desk)
    assert configuration.settings.desk.device == "desk-7"
    assert configuration.standard.name == "four-teeth"
    assert configuration.complaint is not None
    assert "line 2: desk.device" in configuration.complaint


def test_what_is_kept_is_the_text_that_was_checked(tmp_path: Path) -> None:
    # A pipe gives its text once: whoever reads the settings a second time finds what came after them.
    desk = tmp_path / "desk.toml"
    os.mkfifo(desk)
    writer = threading.Thread(target=write, args=(desk, GOOD))
    writer.start()
    kept = LastGood(tmp_path / "state")
    kept.load_or_fall_back(desk)
    writer.join()
    desk.unlink()
    assert kept.load_or_fall_back(write(desk, "nonsense = 1\n")).settings.desk.device == "desk-7"


def test_bad_settings_with_nothing_before_them_are_refused(tmp_path: Path) -> None:
    desk = write(tmp_path / "desk.toml", "nonsense = 1\n")
    with pytest.raises(BadFileError, match="nonsense"):
        LastGood(tmp_path / "state").load_or_fall_back(desk)


def test_an_unknown_standard_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    desk = write(tmp_path / "desk.toml", '[desk]\nstandard = "nine-teeth"\n')
    with pytest.raises(BadFileError, match="eight-teeth, four-teeth"):
        load_configuration(desk)


def test_a_staff_camera_faces_the_host_unless_it_is_said_to_look_elsewhere() -> None:
    yaws = [
        Camera(name="a", watches="staff").mount.yaw_deg,
        Camera(name="a", watches="staff", mount=Mount(height_m=1.2)).mount.yaw_deg,
        Camera(name="a", watches="staff", mount=Mount(yaw_deg=160.0)).mount.yaw_deg,
        Camera(name="a", watches="customers").mount.yaw_deg,
    ]
    assert yaws == [180.0, 180.0, 160.0, 0.0]


def test_two_telephone_lines_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two telephone lines have the same name: 1, 1"):
        Settings(phone=(PhoneLine(ring_pin=17), PhoneLine(ring_pin=18)))


def test_a_cadence_that_nobody_rings_with_is_refused_with_what_comes_near() -> None:
    with pytest.raises(ValueError, match="'dr9' is unknown \\(nearest: dr4"):
        PhoneLine(ring_pin=17, cadence="dr9")
