"""Opening the central database, and bringing its tables up to date."""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import alembic.command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from protocol.errors import MendableError
from protocol.home import at_home
from protocol.program import refusal

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
        raise UnusableDatabaseError(
            f"{_shown(engine.url)} cannot be used: {_reason(error, engine.url)}"
        ) from None
    finally:
        engine.dispose()


def open_for_writing(url: str, *, tried_first: bool = False) -> Engine:
    """Open the database the service writes to: a SQLite file is created and migrated, PostgreSQL must be up to date.

    Args:
        url: Of the database.
        tried_first: Try each connection before it is used, so that nobody is refused once more when a server is back.

    Raises:
        UnusableDatabaseError: The URL, the file or the server cannot be used, or its tables are of another version.
    """
    engine = _engine(url, tried_first=tried_first)
    _require_folder(engine)
    return _ready_to_write(engine)


def open_for_changes(url: str) -> Engine:
    """Open a database that is there already, to write to it; a SQLite file is migrated, none is created.

    Raises:
        UnusableDatabaseError: There is none, it cannot be opened, or its tables are of another version.
    """
    engine = _engine(url)
    _require_file(engine)
    return _ready_to_write(engine)


def open_for_reading(url: str) -> Engine:
    """Open a database that is there already; nothing is created and nothing migrated.

    Raises:
        UnusableDatabaseError: There is none, it cannot be opened, or its tables are of another version.
    """
    engine = _engine(url, tried_first=True)
    _require_file(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", _begin_reading)
    try:
        _require_current(engine)
    except UnusableDatabaseError:
        engine.dispose()
        raise
    return engine


def open_for_migration(url: str) -> Engine:
    """Open a database that is there already, whatever the version of its tables.

    Raises:
        UnusableDatabaseError: There is none, or the URL, the file or the server cannot be used.
    """
    engine = _engine(url)
    _require_file(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", _begin_writing)
    return engine


def _ready_to_write(engine: Engine) -> Engine:
    try:
        if engine.dialect.name == "sqlite":
            event.listen(engine, "begin", _begin_writing)
            migrate(engine)
        else:
            _require_current(engine)
    except UnusableDatabaseError:
        engine.dispose()
        raise
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to this software's version, keeping all that is in them.

    Raises:
        UnusableDatabaseError: The database refuses, or belongs to a newer software.
    """
    try:
        with engine.begin() as connection:
            _require_ours(connection)
            config = _config()
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, "head")
    except alembic.util.CommandError as error:
        raise UnusableDatabaseError(
            f"{_shown(engine.url)} was made by a newer version of this software: {error}"
        ) from None
    except SQLAlchemyError as error:
        raise UnusableDatabaseError(
            f"{_shown(engine.url)} cannot be migrated: {_reason(error, engine.url)}"
        ) from None


def _require_ours(connection: Connection) -> None:
    """No table is put among those of another program."""
    tables = inspect(connection).get_table_names()
    if tables and MigrationContext.configure(connection).get_current_revision() is None:
        raise UnusableDatabaseError(
            f"{_shown(connection.engine.url)} is another program's database (it has the table {min(tables)}): "
            "it is left as it is; name another with --db"
        )


def version_of(engine: Engine) -> str | None:
    """The version of a database's tables; None of an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def version_in(session: Session) -> str | None:
    """The version of the tables that a session reads; None of an empty database."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def newest_version() -> str | None:
    """The version of the tables this software works with."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _require_current(engine: Engine) -> None:
    try:
        found = version_of(engine)
    except SQLAlchemyError as error:
        raise UnusableDatabaseError(
            f"{_shown(engine.url)} cannot be opened: {_reason(error, engine.url)}"
        ) from None
    if found != newest_version():
        raise UnusableDatabaseError(
            f"the tables of {_shown(engine.url)} are of version {found or 'none'}, this software works with"
            f" {newest_version()}: run `deskside-central migrate --db URL`"
        )


def _engine(url: str, *, tried_first: bool = False) -> Engine:
    parsed = database_url(url)
    if parsed.get_backend_name() not in BACKENDS:
        raise UnusableDatabaseError(
            f"{url!r} names a database that is not supported: use {' or '.join(BACKENDS)}"
        )
    try:
        engine = create_engine(parsed, pool_pre_ping=tried_first)
    except ModuleNotFoundError as error:
        raise UnusableDatabaseError(
            f"{_shown(parsed)} needs the Python package {error.name}: install it"
        ) from None
    except NoSuchModuleError:
        raise UnusableDatabaseError(f"{_shown(parsed)} names a driver that is not supported") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def database_url(text: str) -> URL:
    """The URL of what a person writes: a URL, or the file of a SQLite database, either with ``~`` for their home."""
    if "://" not in text:
        if re.match(r"(sqlite|postgres)\w*:", text) or not text.strip():
            raise UnusableDatabaseError(
                f"{text!r} is no database: write FILE, sqlite:///FILE or postgresql+psycopg://HOST/NAME"
            )
        return URL.create("sqlite", database=at_home(text))
    try:
        parsed = make_url(text)
    except (ArgumentError, ValueError):
        raise UnusableDatabaseError(
            f"{text!r} is no database URL: write sqlite:///FILE or postgresql+psycopg://HOST/NAME"
        ) from None
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return parsed.set(database=at_home(parsed.database))
    return parsed


def _require_file(engine: Engine) -> None:
    """A mistyped name is told, and no empty database comes of it."""
    file = engine.url.database
    if engine.dialect.name != "sqlite":
        return
    try:
        found = bool(file) and stat.S_ISREG(os.stat(str(file)).st_mode)  # noqa: PTH116
    except OSError as error:
        found = False
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            raise UnusableDatabaseError(f"{file} cannot be opened: {refusal(error)}") from None
    if not found:
        raise UnusableDatabaseError(
            f"there is no database at {file or _shown(engine.url)}: "
            "start `deskside-central serve`, or name another with --db"
        )


def _require_folder(engine: Engine) -> None:
    """Only the file is created, in a folder that is there."""
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file and not os.path.isdir(Path(file).parent):  # noqa: PTH112
        raise UnusableDatabaseError(
            f"{file} cannot be made: there is no folder {Path(file).parent}; make it, or name another file"
        )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Readers never wait for the writer, and a commit is on the disk before it is acknowledged to a desk."""
    connection.isolation_level = None  # Transactions are begun below, in so many words.
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """No statement of ours runs long enough to be worth a compiler: where the server guesses otherwise, it takes 0.2 s to compile one of 5 ms."""
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
    connection.commit()


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


def _reason(error: SQLAlchemyError, url: URL) -> str:
    """The driver's own sentence, and whose permission it is that lacks: SQLite writes beside its file too, and says neither."""
    words = in_words(error)
    if url.get_backend_name() != "sqlite" or not url.database or not _REFUSED.search(words):
        return words
    folder = Path(url.database).parent
    needed = {folder: os.W_OK | os.X_OK}
    if os.path.exists(url.database):  # noqa: PTH110  In a folder that may not be searched it is not there.
        needed[Path(url.database)] = os.R_OK | os.W_OK
    for place, mode in needed.items():
        if not os.access(place, mode):
            return f"{words}: {place}: {refusal(PermissionError(errno.EACCES, os.strerror(errno.EACCES)))}"
    return words


_REFUSED = re.compile(r"unable to open|readonly database")
"""What SQLite says of a file that it may not open or write, among other things."""


def in_words(error: SQLAlchemyError) -> str:
    """The driver's own sentence, without the statement and its parameters."""
    return str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
