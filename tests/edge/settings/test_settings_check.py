"""The settings are checked as the desk reads them, and nothing is written."""

from pathlib import Path

from edge.settings.last_good import LastGood
from edge.settings.settings_check import check_settings
from protocol.shipped import EXAMPLE_DESK, EXAMPLE_STANDARD, STANDARDS


def test_the_flashed_settings_are_good(tmp_path: Path) -> None:
    checked = check_settings(EXAMPLE_DESK, STANDARDS, LastGood(tmp_path))
    assert checked.finding.verdict == "good"
    assert checked.configuration is not None
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_answered_with_the_one_to_copy(tmp_path: Path) -> None:
    checked = check_settings(tmp_path / "desk.toml", STANDARDS, LastGood(tmp_path / "state"))
    assert checked.configuration is None
    assert str(EXAMPLE_DESK) in checked.finding.to_do


def test_a_standard_that_is_bad_is_what_is_to_be_mended(tmp_path: Path) -> None:
    desk = tmp_path / "desk.toml"
    desk.write_text('[desk]\nstandard = "mine"\n')
    (tmp_path / "mine.toml").write_text("name = 1\n")
    checked = check_settings(desk, tmp_path, LastGood(tmp_path / "state"))
    assert checked.finding.to_do.startswith(f"mend {tmp_path / 'mine.toml'}")


def test_a_standard_that_still_bears_the_name_of_the_one_it_was_copied_from_is_told(tmp_path: Path) -> None:
    house = tmp_path / "house.toml"
    house.write_text(EXAMPLE_STANDARD.read_text())
    desk = tmp_path / "desk.toml"
    desk.write_text(f'[desk]\nstandard = "{house}"\n')
    checked = check_settings(desk, STANDARDS, LastGood(tmp_path / "state"))
    assert checked.finding.verdict == "warning"
    assert 'name = "house"' in checked.finding.to_do


def test_of_a_bad_file_every_table_that_is_good_can_be_checked(tmp_path: Path) -> None:
    desk = tmp_path / "desk.toml"
    desk.write_text('[storage]\nmax_mb = 7\n[uplink]\nport = "8883"\n[lamps]\nhost = 1\n')
    checked = check_settings(desk, STANDARDS, LastGood(tmp_path / "state"))
    assert checked.finding.verdict == "bad"
    assert checked.configuration is not None
    assert checked.configuration.settings.storage.max_mb == 7
    assert checked.left_out == {"uplink", "lamps"}
