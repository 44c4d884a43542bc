"""A batch costs the same however much is kept already: the database looks its numbers up, and reads no table whole."""

import time

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from central.database.engine import migrate, open_for_migration, open_for_writing
from central.desks.registry import DeskDefaults
from central.ingest.keeping import take_in
from central.ingest.reading import read
from protocol.state import Birth, ClockQuality, WallMapping
from tests.worlds.delivery.postgresql import PostgreSQL
from tests.worlds.desk_facts import BOOT, OFFSET_S, event, staffed

DESKS = 20
KEPT = 3000


@pytest.fixture
def url(postgresql: PostgreSQL) -> str:
    url = postgresql.new_database()
    engine = open_for_migration(url)
    migrate(engine)
    engine.dispose()
    return url


def of_all_desks(first: int, last: int, clock: ClockQuality = "estimated") -> list[tuple[str, bytes]]:
    return [
        (
            f"deskside/1/desk-{desk}/event",
            event(staffed(number, number + 1), number, f"desk-{desk}", clock=clock),
        )
        for number in range(first, last + 1)
        for desk in range(DESKS)
    ]


def taken(engine: Engine, messages: list[tuple[str, bytes]]) -> None:
    arrived = [read(topic, payload, OFFSET_S) for topic, payload in messages]
    with Session(engine) as session, session.begin():
        take_in(session, arrived, DeskDefaults())


def read_whole(engine: Engine, least: int) -> int:
    """Rows of the measurements that were read one after the other; the server tells it some time after it did so."""
    until_s = time.monotonic() + 60.0
    while time.monotonic() < until_s:
        with engine.connect() as connection:
            rows, looked_up = connection.execute(
                text("SELECT seq_tup_read, idx_scan FROM pg_stat_user_tables WHERE relname = 'event'")
            ).one()
        if looked_up >= least:
            return int(rows)
        time.sleep(0.1)
    raise AssertionError("the server tells nothing of what it read")


@pytest.mark.parametrize("counted", [False, True])
def test_no_batch_reads_the_measurements_that_are_kept(url: str, *, counted: bool) -> None:
    engine = open_for_writing(url)
    taken(engine, of_all_desks(1, KEPT // DESKS))
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if counted:
            connection.execute(text("ANALYZE"))
        connection.execute(text("SELECT pg_stat_reset()"))
    for number in range(KEPT // DESKS + 1, KEPT // DESKS + 4):
        taken(engine, of_all_desks(number, number))
    engine.dispose()
    looking = open_for_writing(url)
    assert read_whole(looking, DESKS) == 0
    looking.dispose()


def births() -> list[tuple[str, bytes]]:
    """Of all desks, whose clocks are now set."""
    made = [
        Birth(
            software="1",
            models={},
            configuration="0" * 64,
            standard="eight-teeth@1",
            calibration=None,
            device=f"desk-{desk}",
            session=1,
            bootid=BOOT,
            wall=WallMapping(offset_s=OFFSET_S + 3600.0, clock="synced"),
        )
        for desk in range(DESKS)
    ]
    return [(f"deskside/1/{birth.device}/birth", birth.model_dump_json().encode()) for birth in made]


@pytest.mark.parametrize("counted", [False, True])
def test_no_birth_reads_the_measurements_that_are_kept(url: str, *, counted: bool) -> None:
    engine = open_for_writing(url)
    of_each = KEPT // DESKS
    taken(engine, of_all_desks(1, of_each, "synced"))
    taken(engine, of_all_desks(of_each + 1, of_each + 2))
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if counted:
            connection.execute(text("ANALYZE"))
        connection.execute(text("SELECT pg_stat_reset()"))
    taken(engine, births())
    engine.dispose()
    looking = open_for_writing(url)
    assert read_whole(looking, 1) == 0
    with looking.connect() as connection:
        moved = connection.execute(
            text("SELECT count(*) FROM event WHERE NOT sent_synced AND synced AND start_wall_s >= :since"),
            {"since": OFFSET_S + 3600.0},
        ).scalar_one()
    looking.dispose()
    assert moved == 2 * DESKS


def test_no_statement_is_compiled(url: str) -> None:
    engine = open_for_writing(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW jit")) == "off"
    engine.dispose()
