"""The database that a command was asked to use, opened for what it does there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from central.arguments import make_own_folder, read_settings
from central.commands.options import CONFIG
from central.database.engine import disposing, open_for_changes, open_for_reading, open_for_writing
from central.settings import CentralSettings


def database_url(config: Path | None, db: str | None) -> str:
    """The database of the command line, or else of the settings."""
    return db or read_settings(config, CONFIG).database.used_url


@contextmanager
def reading(config: Path | None, db: str | None) -> Iterator[Session]:
    """A session that reads the database.

    Raises:
        UnusableDatabaseError: There is none, or it cannot be read.
    """
    with disposing(open_for_reading(database_url(config, db))) as engine, Session(engine) as session:
        yield session


@contextmanager
def changing(config: Path | None, db: str | None) -> Iterator[Session]:
    """A session that changes a database that is there: all of it, or nothing where it ends with an error.

    Raises:
        UnusableDatabaseError: There is none, or it cannot be changed.
    """
    opened = open_for_changes(database_url(config, db))
    with disposing(opened) as engine, Session(engine) as session, session.begin():
        yield session


def open_to_enter(settings: CentralSettings, db: str | None) -> Engine:
    """The database to enter things into: the service's own may just be starting for the first time, one that is named must be there.

    Raises:
        UnusableDatabaseError: It cannot be opened.
    """
    if db is not None:
        return open_for_changes(db)
    make_own_folder(settings)
    return open_for_writing(settings.database.used_url)
