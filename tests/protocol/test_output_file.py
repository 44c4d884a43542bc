"""A slip of the pen in a file's name deletes nothing."""

import os
from pathlib import Path

import pytest

from protocol.output_file import NotReplacedError, check_replaceable


def test_what_an_earlier_run_wrote_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "plot.png").write_bytes(b"\x89PNG\r\n and so on")
    check_replaceable(tmp_path / "plot.png", b"\x89PNG", "picture")


def test_what_is_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text("[desk]\n")
    with pytest.raises(NotReplacedError, match=r"desk\.toml is there already and is no picture"):
        check_replaceable(tmp_path / "desk.toml", b"\x89PNG", "picture")


def test_what_is_missing_empty_or_a_device_may_be_written(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for path in (tmp_path / "empty", tmp_path / "missing", Path(os.devnull), tmp_path / "none" / "missing"):
        check_replaceable(path, b"\x89PNG", "picture")
