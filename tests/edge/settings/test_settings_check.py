"""The settings are checked as the desk reads them, and nothing is written."""

from pathlib import Path

from edge.settings.last_good import LastGood
from edge.settings.settings_check import check_settings
from protocol.shipped import EXAMPLE_DESK, STANDARDS


def test_the_flashed_settings_are_good(tmp_path: Path) -> None:
    found, configuration = check_settings(EXAMPLE_DESK, STANDARDS, LastGood(tmp_path))
    assert found.verdict == "good"
    assert configuration is not None
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_answered_with_the_one_to_copy(tmp_path: Path) -> None:
    found, configuration = check_settings(tmp_path / "desk.toml", STANDARDS, LastGood(tmp_path / "state"))
    assert configuration is None
    assert str(EXAMPLE_DESK) in found.to_do


def test_a_standard_that_is_bad_is_what_is_to_be_mended(tmp_path: Path) -> None:
    desk = tmp_path / "desk.toml"
    desk.write_text('[desk]\nstandard = "mine"\n')
    (tmp_path / "mine.toml").write_text("name = 1\n")
    found, _ = check_settings(desk, tmp_path, LastGood(tmp_path / "state"))
    assert found.to_do.startswith(f"mend {tmp_path / 'mine.toml'}")
