"""A demo deletes nothing that is not its own."""

from pathlib import Path

import pytest

from edge.tools.demo.folder import DemoFolderError, prepare


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_folder_of_somebody_else_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    (tmp_path / "report.html").write_text("mine")
    with pytest.raises(DemoFolderError, match="left alone"):
        prepare(tmp_path)
    assert names(tmp_path) == {"thesis.txt", "report.html"}


def test_the_next_demo_replaces_what_the_last_one_made_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    prepare(folder)
    for name in ("central.db", "central.db-wal", "report.html", "notes.txt"):
        (folder / name).write_text("")
    prepare(folder)
    assert names(folder) == {".deskside-demo", "notes.txt"}


def test_a_mistyped_place_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(DemoFolderError, match="there is no folder"):
        prepare(tmp_path / "mistyped" / "demo")
    assert names(tmp_path) == set()


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    prepare(tmp_path)
    prepare(tmp_path)


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("mine")
    with pytest.raises(DemoFolderError, match="is a file"):
        prepare(tmp_path / "demo")
    with pytest.raises(DemoFolderError, match="cannot be written"):
        prepare(tmp_path / "demo" / "below")
    assert (tmp_path / "demo").read_text() == "mine"
