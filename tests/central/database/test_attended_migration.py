"""A database of before attendances were kept has those that were looked at already, follows what changes, and can go back."""

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from central.desks.registry import DeskDefaults, enter
from central.ingest.keeping import take_in
from central.ingest.reading import read
from central.records.query import DeskStretch
from central.verdicts.attended import Attended, attended_in
from central.verdicts.filling import fill
from protocol.measurements import Measurement
from tests.central.database.test_registry_migration import stepped
from tests.worlds.desk_facts import OFFSET_S, STANDARD, event, staffed, visit

MEASURED: tuple[Measurement, ...] = (
    staffed(0.0, 600.0, coverage=0.9833333333333333),
    visit(),
    staffed(600.0, 900.0, staffed=False, coverage=0.1),
    staffed(900.0, 1000.0),
)
EXPECTED = [
    Attended(OFFSET_S, OFFSET_S + 600.0, True, 0.9833333333333333),
    Attended(OFFSET_S + 600.0, OFFSET_S + 900.0, False, 0.1),
    Attended(OFFSET_S + 900.0, OFFSET_S + 1000.0, True, 1.0),
]


def _kept(engine: Engine) -> list[tuple[object, ...]]:
    chosen = text(
        "SELECT start_wall_s, start_wall_s + duration_s, staffed, coverage FROM attended ORDER BY start_wall_s"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(chosen)]


def _judge(engine: Engine) -> None:
    more = 1
    while more:
        with Session(engine) as session, session.begin():
            more = fill(session, STANDARD)


def test_what_was_looked_at_before_is_there_at_once_and_what_changes_is_followed(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        enter(session, "desk-1", company="North", showroom="Harbour", timezone="UTC")
        sent = [event(each, number, "desk-1") for number, each in enumerate(MEASURED, 1)]
        take_in(session, [read("deskside/1/desk-1/event", raw, OFFSET_S) for raw in sent], DeskDefaults())
    _judge(engine)
    assert _kept(engine) == EXPECTED
    stepped(engine, "0020", down=True)
    stepped(engine, "head")
    assert _kept(engine) == EXPECTED
    with engine.begin() as connection:
        connection.execute(text("UPDATE event SET start_wall_s = start_wall_s + 50 WHERE sequence = 4"))
        connection.execute(text("DELETE FROM event WHERE sequence = 3"))
    moved = Attended(OFFSET_S + 950.0, OFFSET_S + 1050.0, True, 1.0)
    assert _kept(engine) == EXPECTED[:1]
    with Session(engine) as session:
        stretch = DeskStretch("desk-1", OFFSET_S, OFFSET_S + 2000.0)
        assert attended_in(session, [stretch]) == [[EXPECTED[0], moved]]
    _judge(engine)
    assert _kept(engine) == [EXPECTED[0], moved]
