"""The command line, as an operator uses it."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from central import cli
from central.accounts.account_book import give, make_account
from central.accounts.roles import Grant
from central.database.engine import open_for_writing
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from protocol.errors import MendableError
from protocol.measurements import CameraHealth, Health, MachineHealth
from protocol.shipped import EXAMPLE_STANDARD
from tests.worlds.desk_facts import OFFSET_S, event, reaction, visit
from tests.worlds.standard_texts import house_standard


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cli, "CONFIG", tmp_path / "none.toml")


@pytest.fixture
def db(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/central.db"
    engine = open_for_writing(url)
    seen = visit(reaction("turned", 1.0))
    with Session(engine) as session, session.begin():
        arrived = [read("deskside/1/desk-1/event", payload, 0.0) for payload in (event(seen, 1), b"junk")]
        take_in(session, arrived, DeskDefaults())
    engine.dispose()
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


def fails(*arguments: str) -> str:
    """The one thing an operator is told when a command cannot be carried out."""
    result = run(*arguments)
    assert result.stdout == ""
    assert isinstance(result.exception, MendableError)
    return str(result.exception)


def test_a_report_is_printed_and_written(db: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    result = run("report", "--db", db, "--standard", "eight-teeth", "--out", str(page))
    assert result.exit_code == 0
    assert "1 visit: " in result.stdout
    assert "report.html" in result.stdout.replace("\n", "")
    assert page.read_text().startswith("<!doctype html>")


def test_json_is_the_only_thing_on_the_output(db: str) -> None:
    document = json.loads(run("report", "--db", db, "--json").stdout)
    assert document["desks"][0]["desk"]["device"] == "desk-1"


def test_a_standard_may_be_a_file_of_ones_own(db: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "mine"\nversion = 2\ntitle = "My house"\n[respond]\nwithin_s = 0.5\n')
    assert "My house" in run("report", "--db", db, "--standard", str(file)).stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("report", "--db", "nonsense"), "there is no database at nonsense"),
        (("report", "--db", "sqlite:///nowhere/central.db"), "there is no database"),
        (("serve", "--broker", "a:b:c"), "is no host:port"),
        (("serve", "--broker", "host:99999"), "is no host:port"),
        (("serve", "--ca", "ca.crt", "--cert", "central.crt"), "belong together"),
        (("serve", "--ca", "ca.crt"), "ca.crt cannot be read"),
        (("serve", "--password-file", "password"), "needs a username"),
        (("serve", "--db", "mysql://host/name"), "not supported"),
        (
            ("serve", "--ca", "a", "--cert", "b", "--key", "c", "--db", "sqlite://"),
            "broker.ca_file: a cannot be read",
        ),
        (("serve", "--config", "nowhere.toml"), "cannot be read"),
        (("standards", "check", "no-such-house"), "there is no standard named 'no-such-house'"),
        (("standards", "check", "nowhere.toml"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(arguments: tuple[str, ...], told: str) -> None:
    assert told in fails(*arguments)


def test_what_is_not_in_the_store_is_told_in_words(db: str, tmp_path: Path) -> None:
    assert "is no date" in fails("report", "--db", db, "--day", "yesterday")
    assert "nothing was measured on 2020-01-01" in fails("report", "--db", db, "--day", "2020-01-01")
    assert "no desk named 'desk-9'" in fails("report", "--db", db, "--desk", "desk-9")
    assert "no standard named 'x'" in fails("report", "--db", db, "--standard", "x")
    assert "cannot be written" in fails("report", "--db", db, "--out", str(tmp_path))
    assert "cannot be written" in fails("report", "--db", db, "--out", str(tmp_path / "mistyped" / "x.html"))
    assert not (tmp_path / "mistyped").exists()
    assert "no desk named 'desk-9'" in fails("rejected", "desk-9", "--db", db)
    assert "'Desk 9' is no device name" in fails("desks", "set", "Desk 9", "--label", "x", "--db", db)
    assert "IANA" in fails("desks", "set", "desk-1", "--timezone", "Mars/Olympus", "--db", db)


def test_a_database_that_breaks_while_it_is_read_is_told_in_words(db: str) -> None:
    file = Path(db.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE desk")
    connection.close()
    assert "no such table: desk" in fails("desks", "list", "--db", db)


def test_a_desk_is_entered_where_it_stands(db: str) -> None:
    run("desks", "set", "desk-1", "--company", "Acme", "--timezone", "Asia/Shanghai", "--db", db)
    listed = run("desks", "list", "--db", db).stdout
    assert "Acme" in listed
    assert "Asia/Shanghai" in listed
    assert "Asia/Shanghai" in run("report", "--db", db).stdout


def test_a_desk_may_be_entered_before_it_is_first_heard_of(db: str, tmp_path: Path) -> None:
    settings = tmp_path / "central.toml"
    settings.write_text('[registry]\ncompany = "Acme"\ntimezone = "Asia/Shanghai"\n')
    said = run("desks", "set", "desk-2", "--showroom", "Lyon", "--db", db, "--config", str(settings)).stdout
    assert "desk-2 is entered as Acme, Lyon, desk-2, in Asia/Shanghai" in said
    assert "not been heard of yet" in said
    assert "never seen" in run("desks", "list", "--db", db).stdout


@pytest.mark.parametrize(
    "command",
    [
        ("migrate",),
        ("report",),
        ("desks", "set", "desk-1"),
        ("desks", "list"),
        ("faults",),
        ("rejected", "desk-1"),
    ],
)
def test_a_mistyped_database_is_told_and_not_made(command: tuple[str, ...], tmp_path: Path) -> None:
    assert "there is no database at" in fails(*command, "--db", f"{tmp_path}/centrall.db")
    assert list(tmp_path.iterdir()) == []


def test_the_service_keeps_its_database_in_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    run("desks", "set", "desk-1")
    assert [path.name for path in tmp_path.iterdir()] == ["state"]
    assert "desk-1" in run("desks", "list").stdout


def test_what_could_not_be_used_is_listed_with_its_reason(db: str) -> None:
    assert "Invalid JSON" in run("rejected", "desk-1", "--db", db).stdout
    run("desks", "set", "desk-2", "--db", db)
    assert "Nothing that desk-2 sent" in run("rejected", "desk-2", "--db", db).stdout


@pytest.fixture
def db_of_a_desk_with_faults(db: str) -> str:
    slow = CameraHealth(
        name="door", frames=90, frame_rate_hz=1.5, asked_hz=15.0, dropped=9, model_rate_hz={}, model_ms={}
    )
    machine = MachineHealth(temperature_c=84.0, under_voltage="now", slowed_down="never", free_mb=12.0)
    health = Health(
        start_s=200.0,
        end_s=260.0,
        cameras=(slow,),
        cpu_share=None,
        memory_mb=64.0,
        spooled=3,
        clock="synced",
        machine=machine,
        notes=("phone 1: <the ring input> stays active",),
    )
    engine = open_for_writing(db)
    with Session(engine) as session, session.begin():
        arrived = [read("deskside/1/desk-1/health", event(health, 3), OFFSET_S + 261.0)]
        take_in(session, arrived, DeskDefaults())
    engine.dispose()
    return db


def test_what_is_wrong_at_a_desk_reaches_whoever_reads_lists_report_page_or_json(
    db_of_a_desk_with_faults: str, tmp_path: Path
) -> None:
    db, page = db_of_a_desk_with_faults, tmp_path / "report.html"
    run("report", "--db", db, "--out", str(page))
    wrong = ["the ring input", "1.5", "84 °C", "too little voltage", "12 MB"]
    shown = {
        "faults": run("faults", "--db", db).stdout,
        "desks list": run("desks", "list", "--db", db).stdout,
        "report": run("report", "--db", db).stdout,
        "JSON": run("report", "--json", "--db", db).stdout,
        "page": page.read_text(),
    }
    for place, text in shown.items():
        for words in wrong:
            in_one_line = re.sub(r"[\s│]+", " ", text)
            assert all(word in in_one_line for word in words.split()), (place, words)
    assert "&lt;the ring input&gt;" in shown["page"]
    assert "2026-09-21 14:16" in shown["faults"]
    (desk,) = json.loads(shown["JSON"])["desks"]
    assert desk["condition"]["faults"][0]["opened_wall_s"] == OFFSET_S + 200.0


def test_the_list_of_faults_is_of_one_desk_where_one_is_named(db: str) -> None:
    assert "No fault is known." in run("faults", "--db", db).stdout
    assert "no desk named 'desk-9'" in fails("faults", "--desk", "desk-9", "--db", db)


def test_migrating_what_is_up_to_date_changes_nothing(db: str) -> None:
    assert "up to date" in run("migrate", "--db", db).stdout


def test_the_standards_that_come_along_are_listed_and_good() -> None:
    assert "eight-teeth" in run("standards", "list").stdout
    assert run("standards", "check", "eight-teeth", "four-teeth").exit_code == 0


def test_every_error_of_a_standard_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('name = "Bad Name"\nversion = 0\ntitle = "x"\n[respond]\nwithin = 5\n')
    told = fails("standards", "check", str(file))
    assert all(key in told for key in ("name", "version", "respond.within"))


def test_a_copy_that_still_bears_the_name_of_its_original_is_told(db: str, tmp_path: Path) -> None:
    house = tmp_path / "My house.toml"
    house.write_text(EXAMPLE_STANDARD.read_text())
    result = run("standards", "check", str(house))
    assert 'name = "my-house"' in str(result.exception)
    assert 'name = "my-house"' in run("report", "--db", db, "--standard", str(house)).stderr
    house.write_text(EXAMPLE_STANDARD.read_text().replace('name = "eight-teeth"', 'name = "my-house"'))
    assert run("standards", "check", str(house)).exit_code == 0


def test_a_standard_is_written_by_one_and_approved_by_another_on_the_command_line(
    db: str, tmp_path: Path
) -> None:
    engine = open_for_writing(db)
    with Session(engine) as session, session.begin():
        for name, role in (("writer", "showroom_manager"), ("boss", "area_manager")):
            give(session, make_account(session, name, 0.0).id, Grant(role))  # type: ignore[arg-type]
    engine.dispose()
    own = tmp_path / "house.toml"
    own.write_text(house_standard())
    assert "house@1 is a draft" in run("standards", "write", str(own), "--by", "boss", "--db", db).stdout
    approve = ("standards", "approve", "house@1", "--db", db, "--by")
    assert "takes the role of area manager" in fails(*approve, "writer")
    assert "another one approves it" in fails(*approve, "boss")
    assert "another one's draft" in fails("standards", "write", str(own), "--by", "writer", "--db", db)
    own.write_text(house_standard(2))
    assert run("standards", "write", str(own), "--by", "writer", "--db", db).exit_code == 0
    assert run("standards", "write", str(own), "--by", "writer", "--db", db).exit_code == 0
    assert "house@2 is approved" in run("standards", "approve", "house@2", "--db", db, "--by", "boss").stdout
    assert (
        "house@2 is active" in run("standards", "make-active", "house@2", "--db", db, "--by", "boss").stdout
    )
    assert "house@1 is retired" in run("standards", "retire", "house@1", "--db", db, "--by", "boss").stdout
    listed = run("standards", "versions", "--db", db).stdout
    assert re.search(r"house@2 .*active .*writer .*boss", listed)
    with closing(sqlite3.connect(db.removeprefix("sqlite:///"))) as connection:
        log = connection.execute("SELECT actor, action, subject FROM audit ORDER BY number").fetchall()
    # Nobody takes what the command line did for what an account did at a page.
    assert log[:2] == [
        ("command line", "acts in the name of", "account 2"),
        ("account 2", "standard written", "house@1"),
    ]
    assert "write NAME@VERSION" in fails("standards", "retire", "house", "--db", db, "--by", "boss")
    assert "no open account" in fails("standards", "retire", "house@2", "--db", db, "--by", "nobody")
    own.write_text(EXAMPLE_STANDARD.read_text())
    assert "give it version = 2" in fails("standards", "write", str(own), "--by", "boss", "--db", db)
