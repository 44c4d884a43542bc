"""A person is handed everything that is held about them, and is erased from all of it; the figures of the team stay."""

import json
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from central import cli
from central.accounts.account_book import account_named, give, make_account, set_password
from central.accounts.logins import log_in
from central.accounts.own_person import link_person
from central.accounts.roles import Grant, Role
from central.accounts.tokens import make_token
from central.audit.audit_log import verify
from central.database.backup import back_up
from central.database.table import Table
from central.desks.registry import DeskDefaults
from central.ingest.keeping import TakenIn, take_in
from central.ingest.reading import read
from central.people.duty_corrections import correct_duty
from central.people.exemptions import sign_exemption
from central.people.shifts import ERASED
from central.privacy.erasing import NobodyToEraseError, erase
from central.privacy.held_of_person import everything_held
from central.registry_files.importing import take_sheets
from central.reports.report import build_report, report_json
from protocol.measurements import Duty, Measurement
from tests.worlds.delivery.postgresql import program
from tests.worlds.desk_facts import BOOT, OFFSET_S, STANDARD, call, event, reaction, visit

NAME = "wren-\u00fc"
"""With a letter that JSON may write in two ways."""
MAIL = "wren@example.org"
SHEETS = {
    "showrooms": "company,showroom,region,timezone,jurisdiction\nAcme,Harbour,,Europe/Berlin,eu\n",
    "people": f"pseudonym,company,name\n{NAME},Acme,Wren W.\nlark,Acme,\n",
    "employments": f"pseudonym,company,showroom,worked_as,from,until\n{NAME},Acme,Harbour,host,2026-01-01,\n",
}


def keep(engine: Engine, *payloads: bytes) -> TakenIn:
    with Session(engine) as session, session.begin():
        return take_in(
            session, [read("deskside/1/desk-1/event", each, 0.0) for each in payloads], DeskDefaults()
        )


def sign_in(person: str, at_s: float, until_s: float | None = None) -> Duty:
    if until_s is None:
        return Duty(start_s=at_s, end_s=at_s, person=person, ongoing=True)
    return Duty(start_s=at_s, end_s=until_s, person=person)


MEASURED: list[Measurement] = [
    sign_in(NAME, 90.0),
    visit(reaction("turned", 1.0), at_s=100.0),
    call(2, "answered", at_s=200.0),
    sign_in(NAME, 90.0, 300.0),
    sign_in("lark", 400.0),
    visit(reaction("turned", 9.0), at_s=500.0),
]
SENT = [event(data, number) for number, data in enumerate(MEASURED, 1)]


@pytest.fixture
def lived_in(engine: Engine) -> Engine:
    """A database in which every table that may name a person does."""
    contradicting = event(sign_in(NAME, 91.0), 1)
    # Cut off on its way; whole, it would be emptied for what the profile of a showroom leaves out.
    escaped = json.dumps({"person": NAME}).encode()[:-1]
    keep(engine, *SENT, contradicting, b"{" + NAME.encode(), escaped)
    with Session(engine) as session, session.begin():
        take_sheets(session, [(f"{name}.csv", rows.encode()) for name, rows in SHEETS.items()], dry_run=False)
        for person, reason in ((NAME, "forgot to sign out"), ("lark", f"{NAME} was ill")):
            correct_duty(
                session,
                "desk-1",
                measurement=f"desk-1/{BOOT}/1" if person == NAME else None,
                person=person,
                from_wall_s=OFFSET_S + (90.0 if person == NAME else 900.0),
                until_wall_s=OFFSET_S + (350.0 if person == NAME else 950.0),
                reason=reason,
                made_by=NAME,
            )
        roles: dict[str, Role] = {"chief@example.org": "administrator", MAIL: "host"}
        for name, role in roles.items():
            account = make_account(session, name, 1.0)
            set_password(session, account.id, "hash")
            give(session, account.id, Grant(role))
            log_in(session, account.id, 2.0)
        chief, own = account_named(session, "chief@example.org"), account_named(session, MAIL)
        assert chief is not None
        assert own is not None
        sign_exemption(
            session,
            person=NAME,
            clause="smile.teeth",
            reason=f"{NAME} has braces",
            signed_by=chief.id,
            account=own.id,
            from_wall_s=OFFSET_S,
            now_wall_s=OFFSET_S,
        )
        link_person(session, own.id, NAME, chief.id, OFFSET_S)
        for account in (chief, own):
            make_token(session, account.id, f"{NAME}'s sheet", ["standards:read"], 30, OFFSET_S)
    return engine


def erased(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    ask = ["persons", "erase", NAME, "--reason", "asked for it", "--yes", "--db", url]
    result = CliRunner().invoke(cli.app, ask)
    assert result.exit_code == 0, result.output + str(result.exception)
    assert "Erased from 12 rows, which name erased-1" in result.stdout


def dump(engine: Engine) -> bytes:
    """All that the database holds, as text; the bytes of payloads as they are."""
    lines = []
    with engine.connect() as connection:
        for name, table in Table.metadata.tables.items():
            for row in connection.execute(select(table)):
                lines += [
                    f"{name}: ".encode() + (cell if isinstance(cell, bytes) else str(cell).encode())
                    for cell in row
                ]
    return b"\n".join(lines)


def test_what_is_handed_out_holds_every_row_that_names_the_person(lived_in: Engine) -> None:
    with Session(lived_in) as session:
        held = everything_held(session, NAME, account_named(session, MAIL))
    written = json.dumps(held, ensure_ascii=False)
    naming = {
        line.partition(b": ")[0].decode() for line in dump(lived_in).splitlines() if NAME.encode() in line
    }
    assert naming == {
        *("event", "rejected", "duty_correction", "exemption", "person", "token", "account_person")
    }, "a new table that names people belongs in here"
    assert len(held["sign_ins"]) == 2
    assert len(held["corrections"]) == 2
    assert len(held["kept_aside"]) == 3
    assert held["person"] == {"name": "Wren W."}
    assert held["exemptions"][0]["reason"] == f"{NAME} has braces"
    assert held["employments"][0]["showroom"] == "Acme / Harbour"
    (shift,) = held["shifts"]
    assert [item["measurement"].rsplit("/")[-1] for item in shift["measured"]] == ["2", "3"]
    assert held["account"]["roles"][0]["role"] == "host"
    assert held["account"]["person"]["pseudonym"] == NAME
    assert [token["label"] for token in held["account"]["tokens"]] == [f"{NAME}'s sheet"]
    assert "lark" not in written.replace('"person": "lark"', ""), (
        "of others only who was named in a correction"
    )


def test_after_an_erasure_nothing_names_the_person_and_the_figures_are_the_same(lived_in: Engine) -> None:
    def figures() -> str:
        with Session(lived_in) as session:
            return report_json(build_report(session, STANDARD)).decode()

    before = figures()
    assert NAME in before
    erased(lived_in)
    for name in (NAME, json.dumps(NAME)[1:-1], MAIL, "Wren W."):
        assert name.encode() not in dump(lived_in)
    assert figures() == before.replace(json.dumps(NAME, ensure_ascii=False)[1:-1], f"{ERASED}1")
    with Session(lived_in) as session:
        assert verify(session).broken_at is None
        left = everything_held(session, NAME)
        assert not left["sign_ins"] + left["corrections"] + left["kept_aside"] + left["shifts"]


def test_no_file_and_no_dump_of_the_database_keeps_a_trace_of_who_was_erased(
    lived_in: Engine, tmp_path: Path
) -> None:
    erased(lived_in)
    lived_in.dispose()
    if lived_in.dialect.name == "sqlite":
        back_up(lived_in.url.render_as_string(hide_password=False), tmp_path / "copy")
        written = [file.read_bytes() for file in (tmp_path / "copy", *tmp_path.glob("central.db*"))]
    else:
        address = lived_in.url.set(drivername="postgresql").render_as_string()
        written = [subprocess.run([program("pg_dump"), address], capture_output=True, check=True).stdout]
    assert any(b"lark" in each for each in written)
    for each in written:
        assert NAME.encode() not in each
        assert MAIL.encode() not in each


def test_what_a_desk_sends_again_of_somebody_erased_is_known_and_not_kept(lived_in: Engine) -> None:
    erased(lived_in)
    again = keep(lived_in, *SENT)
    assert (again.new, again.repeated, again.rejected) == (0, len(SENT), [])
    assert NAME.encode() not in dump(lived_in)


def test_corrections_and_exemptions_forget_a_name_and_let_nothing_else_be_changed(lived_in: Engine) -> None:
    for change in (
        "UPDATE duty_correction SET person = 'lark'",
        "UPDATE duty_correction SET person = 'erased-1', from_wall_s = 1",
        "UPDATE exemption SET person = 'erased-1'",
        "UPDATE exemption SET person = 'erased-1', reason = '', account = NULL, clause = 'smile.lift'",
        "UPDATE duty_correction SET reason = 'none'",
    ):
        with pytest.raises(DBAPIError, match="stays as it was"), lived_in.begin() as connection:
            connection.execute(text(change))


def test_an_erasure_of_nobody_or_with_the_name_in_its_reason_is_refused(lived_in: Engine) -> None:
    for pseudonym, reason, told in (
        ("nobody", "asked for it", "nothing is held"),
        (NAME, f"{NAME} asked", "does not name the person"),
        (NAME, "  ", "with its reason"),
    ):
        with Session(lived_in) as session, pytest.raises(NobodyToEraseError, match=told):
            erase(session, pseudonym, actor="a", reason=reason, now_wall_s=1.0)


def test_what_is_held_is_written_into_a_file_and_noted_without_a_name(
    lived_in: Engine, tmp_path: Path
) -> None:
    url = lived_in.url.render_as_string(hide_password=False)
    file = tmp_path / "wren.json"
    for _ in range(2):
        result = CliRunner().invoke(cli.app, ["persons", "export", NAME, "--out", str(file), "--db", url])
        assert "2 sign-ins, 1 shifts" in result.stdout
    assert json.loads(file.read_text())["pseudonym"] == NAME
    assert file.stat().st_mode & 0o077 == 0, "nobody else may read it"
    with lived_in.connect() as connection:
        noted = connection.execute(text("SELECT action, subject, detail FROM audit")).all()
    assert noted == [("data of a person handed out", "account 2", "")] * 2
    (tmp_path / "notes").write_text("mine")
    kept = CliRunner().invoke(
        cli.app, ["persons", "export", NAME, "--out", str(tmp_path / "notes"), "--db", url]
    )
    assert "is no export" in str(kept.exception)


def test_erasures_are_listed_without_who_it_was(lived_in: Engine) -> None:
    url = lived_in.url.render_as_string(hide_password=False)
    assert "Nobody was erased." in CliRunner().invoke(cli.app, ["persons", "erasures", "--db", url]).stdout
    erased(lived_in)
    listed = CliRunner(env={"COLUMNS": "120"}).invoke(cli.app, ["persons", "erasures", "--db", url]).stdout
    assert "asked for it" in listed
    assert "wren" not in listed
