"""A copy of the whole database while the service runs, and a database made of such a copy."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL, inspect

from central.database.engine import UnusableDatabaseError, database_url, open_for_migration, open_for_reading


def back_up(url: str, file: Path) -> None:
    """Copy the database, as it is at one moment, to a file that is not there yet; nobody else may read it.

    Raises:
        UnusableDatabaseError: The database cannot be read, or the file cannot be written.
    """
    open_for_reading(url).dispose()
    if file.exists():
        raise UnusableDatabaseError(f"{file} is there already: it is left as it is; name another file")
    parsed = database_url(url)
    part = file.with_name(f"{file.name}.part")
    with suppress(FileNotFoundError):
        part.unlink()
    part.touch(mode=0o600)
    try:
        if parsed.get_backend_name() == "sqlite":
            _copy(Path(str(parsed.database)), part)
        else:
            _run(["pg_dump", "--format=custom", f"--file={part}"], parsed)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.rename(file)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def restore(file: Path, url: str) -> None:
    """Make a database of a copy, where there is none yet.

    Raises:
        UnusableDatabaseError: There is one already, or the copy cannot be used; then nothing is changed.
    """
    parsed = database_url(url)
    if not file.is_file():
        raise UnusableDatabaseError(f"there is no copy {file}")
    if parsed.get_backend_name() == "sqlite":
        target = Path(str(parsed.database))
        if target.exists():
            raise UnusableDatabaseError(
                f"{target} is there already: move it away, and what lies beside it, or name another"
            )
        try:
            _copy(file, target)
        except UnusableDatabaseError:
            target.unlink(missing_ok=True)
            raise
        return
    engine = open_for_migration(url)
    try:
        if inspect(engine).get_table_names():
            raise UnusableDatabaseError(f"{parsed.database} has tables already: name an empty database")
    finally:
        engine.dispose()
    _run(["pg_restore", "--exit-on-error", "--single-transaction", "--no-owner"], parsed, str(file))


def _copy(source: Path, target: Path) -> None:
    """SQLite's own way: a service that writes meanwhile is in it wholly or not at all, transaction by transaction."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as one,
            closing(sqlite3.connect(target)) as other,
        ):
            one.backup(other)
            if other.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise UnusableDatabaseError(f"{source} is damaged: its copy cannot be used")
            if not other.execute("SELECT count(*) FROM sqlite_master WHERE name = 'event'").fetchone()[0]:
                raise UnusableDatabaseError(f"{source} is no copy of a central database")
    except sqlite3.Error as error:
        raise UnusableDatabaseError(f"{source} cannot be copied: {error}") from None


def _run(command: list[str], url: URL, *files: str) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise UnusableDatabaseError(f"{command[0]} is missing: apt-get install postgresql-client")
    environment = dict(os.environ)
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)  # Never on a command line, which everybody can read.
    plain = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    ).render_as_string()
    ran = subprocess.run(
        [program, *command[1:], f"--dbname={plain}", *files],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise UnusableDatabaseError(f"{command[0]}: {(ran.stderr.strip().splitlines() or ['it failed'])[-1]}")
