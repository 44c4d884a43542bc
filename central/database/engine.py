"""Opening the central database, and bringing its tables up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import alembic.command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from protocol.errors import MendableError

MIGRATIONS = Path(__file__).parent / "migrations"

BACKENDS = ("sqlite", "postgresql")

BUSY_TIMEOUT_MS = 5000
"""How long SQLite waits for another writer before it gives up with "database is locked": far longer than a commit of ours takes."""


class UnusableDatabaseError(MendableError):
    """The database cannot be used; the text says why and what to do."""


@contextmanager
def disposing(engine: Engine) -> Iterator[Engine]:
    """An engine whose connections are closed when the context ends, however it ends.

    Raises:
        UnusableDatabaseError: The database could not do what was asked of it in the context.
    """
    try:
        yield engine
    except SQLAlchemyError as error:
        raise UnusableDatabaseError(f"{_shown(engine.url)} cannot be used: {in_words(error)}") from None
    finally:
        engine.dispose()


def open_for_writing(url: str) -> Engine:
    """Open the database the service writes to: a SQLite file is created and migrated, PostgreSQL must be up to date.

    Raises:
        UnusableDatabaseError: The URL, the file or the server cannot be used, or its tables are of another version.
    """
    engine = open_for_migration(url)
    try:
        if engine.dialect.name == "sqlite":
            migrate(engine)
        else:
            _require_current(engine)
    except UnusableDatabaseError:
        engine.dispose()
        raise
    return engine


def open_for_reading(url: str) -> Engine:
    """Open a database that is there already; nothing is created and nothing migrated.

    Raises:
        UnusableDatabaseError: There is none, it cannot be opened, or its tables are of another version.
    """
    engine = _engine(url)
    file = engine.url.database
    if engine.dialect.name == "sqlite" and (not file or not Path(file).exists()):
        engine.dispose()
        raise UnusableDatabaseError(
            f"there is no database at {file or url}: start `deskside-central serve`, or name another with --db"
        )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", _begin_reading)
    try:
        _require_current(engine)
    except UnusableDatabaseError:
        engine.dispose()
        raise
    return engine


def open_for_migration(url: str) -> Engine:
    """Open a database whatever the version of its tables.

    Raises:
        UnusableDatabaseError: The URL, the file or the server cannot be used.
    """
    engine = _engine(url)
    _make_folder(engine.url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", _begin_writing)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to this software's version, keeping all that is in them.

    Raises:
        UnusableDatabaseError: The database refuses, or belongs to a newer software.
    """
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, "head")
    except alembic.util.CommandError as error:
        raise UnusableDatabaseError(
            f"{_shown(engine.url)} was made by a newer version of this software: {error}"
        ) from None
    except SQLAlchemyError as error:
        raise UnusableDatabaseError(f"{_shown(engine.url)} cannot be migrated: {in_words(error)}") from None


def version_of(engine: Engine) -> str | None:
    """The version of a database's tables; None of an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str | None:
    """The version of the tables this software works with."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _require_current(engine: Engine) -> None:
    try:
        found = version_of(engine)
    except SQLAlchemyError as error:
        raise UnusableDatabaseError(f"{_shown(engine.url)} cannot be opened: {in_words(error)}") from None
    if found != newest_version():
        raise UnusableDatabaseError(
            f"the tables of {_shown(engine.url)} are of version {found or 'none'}, this software works with"
            f" {newest_version()}: run `deskside-central migrate --db URL`"
        )


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnusableDatabaseError(
            f"{url!r} is no database URL: write sqlite:///FILE or postgresql+psycopg://HOST/NAME"
        ) from None
    if parsed.get_backend_name() not in BACKENDS:
        raise UnusableDatabaseError(
            f"{url!r} names a database that is not supported: use {' or '.join(BACKENDS)}"
        )
    try:
        engine = create_engine(parsed)
    except ModuleNotFoundError as error:
        raise UnusableDatabaseError(
            f"{_shown(parsed)} needs the Python package {error.name}: install it"
        ) from None
    except NoSuchModuleError:
        raise UnusableDatabaseError(f"{_shown(parsed)} names a driver that is not supported") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _make_folder(url: URL) -> None:
    try:
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableDatabaseError(f"the folder of {_shown(url)} cannot be made: {error.strerror}") from None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Readers never wait for the writer, and a commit is on the disk before it is acknowledged to a desk."""
    connection.isolation_level = None  # Transactions are begun below, in so many words.
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_writing(connection: Connection) -> None:
    """Takes the lock at once, so that what was read in a transaction still holds when it writes."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def in_words(error: SQLAlchemyError) -> str:
    """The driver's own sentence, without the statement and its parameters."""
    return str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
