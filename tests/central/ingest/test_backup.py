"""A copy made while the service writes is whole, and a service on a restored copy goes on."""

import itertools
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.database.backup import back_up, restore
from central.database.engine import UnusableDatabaseError, open_for_reading, open_for_writing
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.ingest.rows import BootRow
from central.records.event_row import EventRow
from tests.worlds.delivery.postgresql import program
from tests.worlds.desk_facts import event, staffed


def take(url: str, numbers: range) -> None:
    engine = open_for_writing(url)
    with Session(engine) as session, session.begin():
        messages = [event(staffed(float(n), n + 0.5), n) for n in numbers]
        take_in(session, [read("deskside/1/desk-1/event", m, 0.0) for m in messages], DeskDefaults())
    engine.dispose()


def test_a_copy_made_while_the_service_writes_is_whole_and_goes_on(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = f"sqlite:///{tmp_path}/restored.db"
    if database_url.startswith("postgresql"):
        other = request.getfixturevalue("postgresql").new_database()
        monkeypatch.setenv("PATH", str(Path(program("pg_dump")).parent))
    take(database_url, range(1, 51))
    done = threading.Event()

    def write() -> None:
        for first in itertools.count(51, 10):
            if done.is_set():
                return
            take(database_url, range(first, first + 10))

    writer = threading.Thread(target=write)
    writer.start()
    copy = tmp_path / "copy"
    try:
        back_up(database_url, copy)
    finally:
        done.set()
        writer.join()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with pytest.raises(UnusableDatabaseError, match="already"):
        back_up(database_url, copy)
    restore(copy, other)
    with pytest.raises(UnusableDatabaseError, match="already"):
        restore(copy, other)
    engine = open_for_reading(other)
    with Session(engine) as session:
        (settled,) = session.scalars(select(BootRow.settled)).all()
        assert session.scalar(select(func.count()).select_from(EventRow)) == settled >= 50
    engine.dispose()
    take(other, range(settled + 1, settled + 6))


def test_what_is_no_copy_is_told_and_makes_no_database(tmp_path: Path) -> None:
    (tmp_path / "rubbish").write_bytes(b"rubbish" * 1000)
    for name in ("rubbish", "nothing"):
        with pytest.raises(UnusableDatabaseError):
            restore(tmp_path / name, f"sqlite:///{tmp_path}/new.db")
        assert not (tmp_path / "new.db").exists()
