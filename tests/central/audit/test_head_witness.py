"""What is cut off the end of the audit log, or written anew from an entry on, is found by a line that is kept outside of the database."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from central.accounts.roles import Grant
from central.audit.audit_log import note, verify
from central.audit.head_witness import HeadWitness
from central.settings import Database
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.mosquitto import PROJECT
from tests.worlds.pages.service import PagesService


def write(engine: Engine, count: int, subject: str = "x") -> None:
    with Session(engine) as session, session.begin():
        for number in range(count):
            note(session, 1000.0 + number, "account 1", "read visit", subject)


def cut(engine: Engine, keep: int) -> None:
    """Cut the log off after so many entries, past the triggers."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for (name,) in connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
            ).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        connection.execute(text("DELETE FROM audit WHERE number > :keep"), {"keep": keep})


@pytest.fixture
def witnessed(engine: Engine, tmp_path: Path) -> tuple[Engine, HeadWitness]:
    """Twenty entries, and a witness of the last."""
    write(engine, 20)
    witness = HeadWitness(tmp_path / "audit-head")
    with Session(engine) as session:
        assert witness.lost(session) is None
        witness.carry_on(session)
    return engine, witness


@pytest.mark.parametrize("grown", [0, 1, 5, 40])
def test_a_tail_that_was_cut_off_is_found_however_the_log_has_grown_since(
    witnessed: tuple[Engine, HeadWitness], grown: int
) -> None:
    engine, witness = witnessed
    cut(engine, 17)
    write(engine, grown, "something else")
    with Session(engine) as session:
        assert verify(session).broken_at is None, "the chain alone does not tell"
        assert witness.lost(session) == 20
        witness.carry_on(session)
        assert witness.lost(session) == 20, "what was found is not forgotten"


def test_a_log_that_is_gone_altogether_is_found(witnessed: tuple[Engine, HeadWitness]) -> None:
    engine, witness = witnessed
    cut(engine, 0)
    with Session(engine) as session:
        witness.carry_on(session)
        assert witness.lost(session) == 20


def test_a_log_that_only_grew_is_carried_on(witnessed: tuple[Engine, HeadWitness]) -> None:
    engine, witness = witnessed
    write(engine, 3)
    with Session(engine) as session:
        assert witness.lost(session) is None
        witness.carry_on(session)
        assert witness.file.read_text().startswith("23:")
        assert witness.lost(session) is None
    assert [each.name for each in witness.file.parent.iterdir() if "audit-head" in each.name] == [
        "audit-head"
    ]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"20", b"0:" + b"0" * 64, b"20:" + b"z" * 64])
def test_a_witness_that_cannot_be_read_says_nothing_and_is_written_anew(
    witnessed: tuple[Engine, HeadWitness], content: bytes
) -> None:
    engine, witness = witnessed
    witness.file.write_bytes(content)
    with Session(engine) as session:
        assert witness.lost(session) is None
        witness.carry_on(session)
    assert witness.file.read_text().startswith("20:")


def test_a_folder_that_takes_no_file_is_told_once(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(engine, 1)
    witness = HeadWitness(tmp_path / "no-such-folder" / "audit-head")
    with Session(engine) as session:
        witness.carry_on(session)
        witness.carry_on(session)
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "the end of the audit log has no witness"
    ]


def test_the_witness_lies_beside_a_file_and_apart_from_a_server() -> None:
    assert Database(url="/var/x/central.db").audit_head == Path("/var/x/central.db.audit-head")
    assert Database(url="sqlite:////var/x/central.db").audit_head == Path("/var/x/central.db.audit-head")
    heads = [Database(url=f"postgresql+psycopg://me:{word}@host/{word}").audit_head for word in "ab"]
    assert heads[0] != heads[1]
    assert all(head.name.endswith(".audit-head") and "host" not in head.name for head in heads)


def test_the_page_and_the_command_tell_that_the_end_was_cut_off(tmp_path: Path) -> None:
    with PagesService(tmp_path) as service:
        service.give_account("auditor", Grant("auditor"))
        auditor, head = service.browser("auditor"), tmp_path / "central.db.audit-head"
        assert "cut short" not in auditor.get("/audit").text
        seen = int(service_entries(service))
        assert eventually(lambda: head.exists() and int(head.read_text().partition(":")[0]) >= seen, 120.0)
        engine = service.engine()
        cut(engine, 1)
        engine.dispose()
        page = auditor.get("/audit?examine=whole").text
        assert "The log was cut short or written anew" in page
        service.end()
    command = [sys.executable, "-m", "central.cli", "audit", "verify", "--db", str(service.file)]
    found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (found.returncode, "cut short or written anew" in found.stdout) == (1, True)


def service_entries(service: PagesService) -> int:
    with closing(sqlite3.connect(service.file)) as db:
        (count,) = db.execute("SELECT count(*) FROM audit").fetchone()
    return int(count)
