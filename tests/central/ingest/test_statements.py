"""A batch takes the same few statements, of however many desks it is; counted by the database's own word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import event as hooks
from sqlalchemy.orm import Session

from central.database.engine import open_for_writing
from central.desks.registry import DeskDefaults
from central.ingest.arrivals import Arrived
from central.ingest.keeping import TakenIn, take_in
from central.ingest.reading import read
from protocol.measurements import Health
from protocol.state import Birth, Held, State, WallMapping
from tests.worlds.delivery.postgresql import PostgreSQL
from tests.worlds.desk_facts import BOOT, OFFSET_S, event, gap, reaction, smile, staffed, visit
from tests.worlds.profiles import decide

MOST_STATEMENTS = 12
OTHER_BOOT = "e" * 32


@dataclass
class Counted:
    """A database that tells how many statements it was given."""

    engine: Engine
    server: PostgreSQL | None
    run: int = 0

    def take(self, arrived: list[Arrived]) -> tuple[TakenIn, int]:
        before = self._statements()
        with Session(self.engine) as session, session.begin():
            taken = take_in(session, arrived, DeskDefaults())
        return taken, self._statements() - before

    def _statements(self) -> int:
        if self.server is None:
            return self.run
        # Several rows of one executemany() are a statement each to the server.
        told = re.findall(r"LOG:  (?:statement|execute [^:]*): (\w+)", self.server.log)
        return len([word for word in told if word not in {"BEGIN", "COMMIT"}])


@pytest.fixture
def counted(database_url: str, request: pytest.FixtureRequest) -> Iterator[Counted]:
    server = None
    if database_url.startswith("postgresql"):
        server = request.getfixturevalue("postgresql")
        server.log_statements_of(database_url)
    engine = open_for_writing(database_url)
    counted = Counted(engine, server)

    def count(*told: Any) -> None:
        counted.run += "BEGIN" not in told[2]

    hooks.listen(engine, "before_cursor_execute", count)
    yield counted
    engine.dispose()


def health(at_s: float, note: str) -> Health:
    return Health(
        start_s=at_s,
        end_s=at_s + 60.0,
        cameras=(),
        cpu_share=None,
        memory_mb=None,
        spooled=0,
        clock="synced",
        notes=(note,),
    )


def of_every_kind(desks: int, round_: int) -> list[Arrived]:
    """Births with what they hold, states, measurements, health with faults, rubbish and contradictions, of each desk."""
    messages: list[tuple[str, bytes]] = []
    for number in range(desks):
        device = f"desk-{number}"
        birth = Birth(
            software="1",
            models={},
            configuration="0" * 64,
            standard="eight-teeth@1",
            calibration=None,
            machine_id=f"{number:016x}{round_:016x}",
            device=device,
            session=round_,
            bootid=BOOT,
            wall=WallMapping(offset_s=OFFSET_S, clock="synced"),
            held=(Held(bootid=OTHER_BOOT, first=3, last=2), Held(bootid=BOOT, first=1, last=2)),
        )
        state = State(device=device, session=round_, state="ready")
        first = 10 * round_
        smiled = visit(reaction("smiled", 1.0), smile=smile())
        messages += [
            (f"deskside/1/{device}/birth", birth.model_dump_json().encode()),
            (f"deskside/1/{device}/state", state.model_dump_json().encode()),
            (
                f"deskside/1/{device}/event",
                event(staffed(first, first + 1), first + 1, device, clock="estimated"),
            ),
            (f"deskside/1/{device}/event", event(gap(first, first + 1), first + 1, device)),
            (f"deskside/1/{device}/event", event(gap(first, first + 1), first + 2, device)),
            (f"deskside/1/{device}/event", event(smiled, first + 4, device)),
            (f"deskside/1/{device}/event", f"rubbish {round_}".encode()),
            (
                f"deskside/1/{device}/health",
                event(health(60.0 * round_, f"part {round_} failed"), first + 3, device),
            ),
        ]
    return [read(topic, payload, OFFSET_S + 60.0 * round_) for topic, payload in messages]


@pytest.mark.parametrize("desks", [3, 200])
def test_a_batch_takes_at_most_twelve_statements_of_however_many_desks(counted: Counted, desks: int) -> None:
    for round_ in range(12):
        taken, statements = counted.take(of_every_kind(desks, round_))
        assert statements <= MOST_STATEMENTS
        assert (taken.new, len(taken.rejected)) == (4 * desks, 2 * desks)
        assert len(taken.settled) == desks


def test_a_clock_that_turns_out_wrong_takes_none_more(counted: Counted) -> None:
    for round_ in range(12):
        wrong = [
            read(
                "deskside/1/desk-wrong/health",
                event(
                    health(60.0 * round_, f"part {round_}"),
                    round_ + 1,
                    "desk-wrong",
                    offset_s=OFFSET_S + 9000.0,
                ),
                OFFSET_S + 60.0 * round_,
            )
        ]
        taken, statements = counted.take([*of_every_kind(3, round_), *wrong])
        assert statements <= MOST_STATEMENTS
        assert taken.new == 4 * 3 + 1


def test_measurements_alone_take_three(counted: Counted) -> None:
    def batch(number: int) -> list[Arrived]:
        return [
            read(
                f"deskside/1/desk-{desk}/event",
                event(staffed(number, number + 1), number, f"desk-{desk}"),
                0.0,
            )
            for desk in range(200)
        ]

    counted.take(batch(1))
    for number in range(2, 5):
        taken, statements = counted.take(batch(number))
        assert statements == 3
        assert taken.settled == {f"desk-{desk}": {BOOT: number} for desk in range(200)}


def test_visits_that_tell_of_the_hosts_manner_take_one_more(counted: Counted) -> None:
    def batch(number: int) -> list[Arrived]:
        told = visit(reaction("smiled", 1.0), smile=smile())
        return [
            read(f"deskside/1/desk-{desk}/event", event(told, number, f"desk-{desk}"), OFFSET_S)
            for desk in range(3)
        ]

    with Session(counted.engine) as session, session.begin():
        decide(session, "us")
    defaults = DeskDefaults("North", "Harbour", "Europe/Berlin")
    with Session(counted.engine) as session, session.begin():
        take_in(session, batch(1), defaults)
    taken, statements = counted.take(batch(2))
    assert taken.new == 3
    assert statements == 4
