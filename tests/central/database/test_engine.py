"""Opening and migrating databases."""

import importlib
import pkgutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, MetaData, make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

import central
from central.database.engine import (
    UnusableDatabaseError,
    migrate,
    newest_version,
    open_for_changes,
    open_for_migration,
    open_for_reading,
    open_for_writing,
    version_of,
)
from central.database.table import Table
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.records.query import measured_between
from tests.worlds.desk_facts import OFFSET_S, event, staffed


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/central.db"


def test_an_empty_database_gets_its_tables(url: str) -> None:
    engine = open_for_writing(url)
    assert version_of(engine) == newest_version()
    engine.dispose()


def tables_of_every_room() -> MetaData:
    """The tables of the code: a table is known once its room is imported, so every room is."""
    for module in pkgutil.walk_packages(central.__path__, "central."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    return Table.metadata


def test_the_migrations_lead_to_the_tables_the_code_speaks_of(url: str) -> None:
    engine = open_for_writing(url)
    tables = tables_of_every_room()
    assert {"desk", "boot", "event", "rejected"} <= set(tables.tables)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables) == []
    engine.dispose()


def test_opening_again_keeps_what_is_in_it(url: str) -> None:
    engine = open_for_writing(url)
    with Session(engine) as session, session.begin():
        take_in(session, [read("deskside/1/desk-1/event", event(staffed(0, 9), 1), 0.0)], DeskDefaults())
    engine.dispose()
    engine = open_for_writing(url)
    with Session(engine) as session:
        assert len(measured_between(session, "desk-1", OFFSET_S, OFFSET_S + 10)) == 1
    engine.dispose()


def test_a_commit_is_on_the_disk_and_readers_do_not_wait_for_it(url: str) -> None:
    engine = open_for_writing(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        reader = open_for_reading(url)
        with reader.connect() as other:
            assert other.execute(text("SELECT count(*) FROM event")).scalar() == 0
        reader.dispose()
    engine.dispose()


def test_a_database_of_a_newer_software_is_left_alone(url: str) -> None:
    engine = open_for_writing(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(UnusableDatabaseError, match="newer version"):
        open_for_writing(url)
    with pytest.raises(UnusableDatabaseError, match="version 9999"):
        open_for_reading(url)


@pytest.mark.parametrize("opening", [open_for_reading, open_for_migration, open_for_changes])
@pytest.mark.parametrize("mistyped", ["central.bd", "deep/down/central.db", "sqlite:///central.bd", "."])
def test_a_mistyped_name_is_told_and_makes_no_database(
    opening: Callable[[str], Engine], mistyped: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnusableDatabaseError, match="there is no database"):
        opening(mistyped)
    assert list(tmp_path.iterdir()) == []


def test_the_service_makes_a_file_and_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabaseError, match="there is no folder"):
        open_for_writing(f"{tmp_path}/mistyped/central.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", ["central.db", "./central.db", "sqlite:///central.db", "~/central.db"])
def test_a_database_is_a_file_or_a_url(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    open_for_writing(given).dispose()
    open_for_reading(f"sqlite:///{tmp_path}/central.db").dispose()


@pytest.mark.parametrize("opening", [open_for_changes, open_for_writing])
def test_the_database_of_another_program_is_left_as_it_is(
    opening: Callable[[str], Engine], tmp_path: Path
) -> None:
    file = tmp_path / "photos.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE photo (name TEXT)")
    connection.close()
    with pytest.raises(UnusableDatabaseError, match="another program's database"):
        opening(str(file))
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("photo",)]
    connection.close()


def test_a_database_without_tables_is_told_to_be_migrated(url: str, tmp_path: Path) -> None:
    (tmp_path / "central.db").touch()
    with pytest.raises(UnusableDatabaseError, match="deskside-central migrate"):
        open_for_reading(url)
    engine = open_for_migration(url)
    migrate(engine)
    engine.dispose()
    open_for_reading(url).dispose()


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("sqlite:central.db", "is no database"),
        ("nonsense://x", "not supported"),
        ("", "is no database"),
        ("mysql://host/name", "not supported"),
        ("sqlite+sqlcipher:///x.db", "needs the Python package|not supported"),
        ("sqlite:////proc/nowhere/x.db", "cannot be made"),
        ("sqlite:////proc/x.db", "cannot be"),
        ("sqlite:////proc", "cannot be"),
    ],
)
def test_what_cannot_be_opened_is_told_in_words(url: str, what: str) -> None:
    with pytest.raises(UnusableDatabaseError, match=what):
        open_for_writing(url)


def test_the_tables_can_be_made_in_postgresql() -> None:
    tables = tables_of_every_room().sorted_tables
    dialect = make_url("postgresql+psycopg://host/name").get_dialect()()
    statements = "".join(str(CreateTable(table).compile(dialect=dialect)) for table in tables)
    assert "BIGSERIAL" in statements
    assert "DOUBLE PRECISION" in statements
