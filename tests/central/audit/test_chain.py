"""The audit log: whatever is altered in it is found, and the database refuses to alter it."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from central.audit.audit_log import latest_entries, note, noted_since, verify
from central.audit.chain import START, AuditEntry, ChainedEntry, chained, examine
from central.database.engine import disposing, migrate, open_for_migration, open_for_writing
from tests.worlds.delivery.mosquitto import PROJECT
from tests.worlds.delivery.postgresql import PostgreSQL

WORDS = st.text(max_size=12)
ENTRIES = st.lists(
    st.tuples(st.floats(0, 4e9, allow_nan=False), WORDS, WORDS, WORDS, WORDS), min_size=1, max_size=6
)


def chain_of(facts: list[tuple[float, str, str, str, str]]) -> list[ChainedEntry]:
    kept: list[ChainedEntry] = []
    for number, each in enumerate(facts, 1):
        kept.append(chained(AuditEntry(number, *each), kept[-1].digest if kept else START))
    return kept


@given(ENTRIES)
def test_a_chain_as_it_was_written_holds(facts: list[tuple[float, str, str, str, str]]) -> None:
    kept = chain_of(facts)
    assert examine(kept).broken_at is None
    assert examine(kept).head == kept[-1].digest


@given(ENTRIES, st.data())
def test_whatever_is_altered_is_found_where_it_was(
    facts: list[tuple[float, str, str, str, str]], data: st.DataObject
) -> None:
    kept = chain_of(facts)
    at = data.draw(st.integers(0, len(kept) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(AuditEntry)]))
    before: Any = getattr(kept[at].entry, name)
    after: Any = before + 1 if isinstance(before, int | float) else before + "x"
    if after == before:
        return  # A time so large that a second more is the same number.
    kept[at] = replace(kept[at], entry=replace(kept[at].entry, **{name: after}))
    assert examine(kept).broken_at == at + 1


@given(ENTRIES, st.data())
def test_an_entry_taken_out_is_found_unless_it_is_the_last(
    facts: list[tuple[float, str, str, str, str]], data: st.DataObject
) -> None:
    kept = chain_of(facts)
    at = data.draw(st.integers(0, len(kept) - 1))
    del kept[at]
    assert examine(kept).broken_at == (at + 1 if at < len(kept) else None)


def test_words_that_move_from_one_field_to_the_next_make_another_entry() -> None:
    one, other = AuditEntry(1, 1.0, "a", "bc", "", ""), AuditEntry(1, 1.0, "ab", "c", "", "")
    assert chained(one, START).digest != chained(other, START).digest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "central.db"
    engine = open_for_writing(str(file))
    with Session(engine) as session, session.begin():
        for number in range(1, 21):
            note(session, 1000.0 + number / 7, f"account {number % 3}", "read visit", f"desk-1/x/{number}")
    engine.dispose()
    return file


@pytest.fixture
def session(file: Path) -> Iterator[Session]:
    engine = open_for_writing(str(file))
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET detail = 'x'", "DELETE FROM audit WHERE number = 20"]
)
def test_the_database_refuses_to_alter_the_log(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as db, pytest.raises(sqlite3.IntegrityError, match="only grows"):
        db.execute(statement)


def test_entries_come_back_latest_first_and_by_actor(session: Session) -> None:
    assert [entry.number for entry in latest_entries(session, 3)] == [20, 19, 18]
    assert [entry.number for entry in latest_entries(session, 3, before=10)] == [9, 8, 7]
    assert {entry.actor for entry in latest_entries(session, 100, actor="account 1")} == {"account 1"}
    assert verify(session).entries == 20


def test_a_look_is_known_for_as_long_as_it_is_asked_for(session: Session) -> None:
    assert noted_since(session, 1002.0, "account 2", "read visit", "desk-1/x/20")
    assert not noted_since(session, 1002.9, "account 2", "read visit", "desk-1/x/20")
    assert not noted_since(session, 0.0, "account 1", "read visit", "desk-1/x/20")


@pytest.fixture
def empty(postgresql: PostgreSQL) -> Iterator[Engine]:
    """An empty database of a real PostgreSQL server."""
    url = postgresql.new_database()
    with disposing(open_for_migration(url)) as engine:
        migrate(engine)
    with disposing(open_for_writing(url)) as engine:
        yield engine


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET detail = 'x'", "DELETE FROM audit", "TRUNCATE audit"]
)
def test_postgresql_refuses_it_too_and_holds_the_same_chain(empty: Engine, statement: str) -> None:
    with Session(empty) as session, session.begin():
        for number in range(1, 21):
            note(session, 1000.0 + number / 7, "account 1", "read visit", f"desk-1/x/{number}")
    with Session(empty) as session, pytest.raises(DBAPIError, match="only grows"):
        session.execute(text(statement))
    with Session(empty) as session:
        assert (verify(session).entries, verify(session).broken_at) == (20, None)


def test_those_who_write_at_once_make_one_chain(empty: Engine) -> None:
    def write(actor: int) -> None:
        for _ in range(10):
            with Session(empty) as session, session.begin():
                note(session, 1000.0, f"account {actor}", "read visit")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with Session(empty) as session:
        assert (verify(session).entries, verify(session).broken_at) == (40, None)


def _verify(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "central.cli", "audit", "verify", "--db", str(file), *options]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_one_altered_byte_of_the_file_is_found_by_the_command(file: Path) -> None:
    good = _verify(file)
    assert good.returncode == 0, good.stderr
    line = good.stdout.split()[-1]
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode=DELETE")
    content = file.read_bytes()
    # Past the triggers, as somebody with the file would.
    assert content.count(b"desk-1/x/13") == 1
    file.write_bytes(content.replace(b"desk-1/x/13", b"desk-1/x/12"))
    found = _verify(file)
    assert (found.returncode, "entry 13 does not fit" in found.stdout) == (1, True)
    file.write_bytes(content)
    assert _verify(file, "--holds", line).returncode == 0


def test_a_log_that_was_written_anew_is_found_by_the_line_that_was_kept(file: Path, tmp_path: Path) -> None:
    line = _verify(file).stdout.split()[-1]
    other = tmp_path / "other.db"
    engine = open_for_writing(str(other))
    with Session(engine) as session, session.begin():
        for number in range(20):
            note(session, 1000.0 + number, "account 1", "read visit", "another")
    engine.dispose()
    assert _verify(other).returncode == 0
    found = _verify(other, "--holds", line)
    assert (found.returncode, "written anew" in found.stdout) == (1, True)
    assert _verify(other, "--holds", "twenty").returncode == 2
