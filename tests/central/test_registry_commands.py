"""`deskside-central registry`: sheets in and out, and what is wrong with them on one page."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from central import cli
from central.database.engine import open_for_writing
from protocol.errors import MendableError


@pytest.fixture
def db(tmp_path: Path) -> str:
    open_for_writing(f"{tmp_path}/central.db").dispose()
    return f"{tmp_path}/central.db"


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "160"}).invoke(cli.app, list(arguments))


SHEET = "company,showroom,timezone\nAcme,Lyon,Europe/Paris\n"


def test_sheets_are_tried_taken_in_shown_and_written_out(db: str, tmp_path: Path) -> None:
    sheet, hours = tmp_path / "in.csv", tmp_path / "hours.csv"
    sheet.write_text(SHEET)
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hours.write_text(
        "company,showroom,weekday,opens,closes\n" + "".join(f"Acme,Lyon,{day},9,12:30\n" for day in days)
    )
    files = (str(sheet), str(hours))
    tried = run("registry", "import", *files, "--dry-run", "--db", db).stdout
    assert "showrooms: 1 new, 0 changed, 0 as they were" in tried
    assert "nothing was written" in tried
    assert "Lyon" not in run("registry", "showrooms", "--db", db).stdout
    assert "Everything is taken in." in run("registry", "import", *files, "--db", db).stdout
    shown = run("registry", "showrooms", "--db", db).stdout
    assert "Lyon" in shown
    assert shown.count("09:00 to 12:30") == 7
    out = tmp_path / "out"
    assert run("registry", "export", str(out), "--db", db).exit_code == 0
    assert len(list(out.iterdir())) == 6
    written = [str(file) for file in sorted(out.iterdir()) if file.stem != "desks"]
    assert (
        "showrooms: 0 new, 0 changed, 1 as they were"
        in run("registry", "import", *written, "--db", db).stdout
    )


def test_every_error_is_told_with_file_line_and_column(db: str, tmp_path: Path) -> None:
    sheet = tmp_path / "in.csv"
    sheet.write_text(SHEET + "Acme,,Mars\n")
    result = run("registry", "import", str(sheet), "--db", db)
    assert isinstance(result.exception, MendableError)
    assert str(result.exception).splitlines() == [
        "nothing is taken in: 2 errors",
        f"{sheet}: line 3, column 2 (showroom): is empty",
        f"{sheet}: line 3, column 3 (timezone): 'Mars' is no IANA time zone, such as Europe/Berlin",
    ]


def test_a_file_that_is_not_there_and_one_that_is_no_sheet_are_told_in_words(db: str, tmp_path: Path) -> None:
    missing = run("registry", "import", str(tmp_path / "none.csv"), "--db", db)
    assert "cannot be read" in str(missing.exception)
    (tmp_path / "people.csv").write_text("my own notes")
    kept = run("registry", "export", str(tmp_path), "--db", db)
    assert "is no sheet of the registry" in str(kept.exception)
    assert (tmp_path / "people.csv").read_text() == "my own notes"


def test_a_desk_is_moved_from_a_moment_on(db: str) -> None:
    run(
        "desks",
        "set",
        "desk-1",
        "--company",
        "Acme",
        "--showroom",
        "Lyon",
        "--timezone",
        "Europe/Paris",
        "--db",
        db,
    )
    said = run("desks", "set", "desk-1", "--showroom", "Pudong", "--since", "2026-05-01 09:00", "--db", db)
    assert "desk-1 is entered as Acme, Pudong" in said.stdout
    bad = run("desks", "set", "desk-1", "--showroom", "Tokyo", "--since", "yesterday", "--db", db)
    assert "--since: 'yesterday' is no moment" in str(bad.exception)
