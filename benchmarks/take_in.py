"""How many measurements a second the central service takes in, beside what the same database does with bare rows.

Each way adds the same measurements of 200 desks, in batches of 500, to a new database. ``take_in`` is all that the service does to a
batch that has been read; ``read and take_in`` begins at the bytes. The bare ways only add rows to the same table: ``executemany`` with
``INSERT ... ON CONFLICT DO NOTHING``, and COPY, each committed as often. Beside what went by in a second stands what a measurement cost in
processor time, of this process and of the database's together: on a machine that does something else too, only that is to be compared.
``python -m benchmarks.take_in [--measurements N]``.
"""

import argparse
import contextlib
import itertools
import math
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from paho.mqtt.publish import multiple
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks.processor import processor
from central.database.engine import migrate, open_for_migration, open_for_writing
from central.database.given import append
from central.desks.registry import DeskDefaults, enter
from central.ingest.arrivals import Arrived, ArrivedEvent
from central.ingest.keeping import take_in
from central.ingest.link import Link
from central.ingest.reading import read
from central.ingest.service import IngestService
from central.ingest.writing import EVENT, EVENT_COLUMNS
from central.settings import Broker, CentralSettings, Database
from tests.worlds.delivery.mosquitto import Mosquitto, free_port
from tests.worlds.delivery.postgresql import PostgreSQL
from tests.worlds.desk_facts import call, event, gaze, posture, reaction, smile, staffed, visit
from tests.worlds.profiles import decide

DESKS = 200
"""Desks that the measurements come from, by turns: every batch is of all of them."""
BATCH = 500
"""Measurements to a commit."""
AT_THE_BROKER = 8_000
"""Most that wait at the broker when the service comes: they come faster than they are kept, and what finds no room in its inbox
(central/ingest/inbox.py) is turned away, for a desk to send again; here nobody would."""

Message = tuple[str, bytes]


def messages(count: int, desks: int = DESKS) -> list[Message]:
    """Three visits, a call and an attendance by turns, 1.3 kB in the mean."""
    made = []
    for place in range(count):
        device, number = f"desk-{place % desks}", place // desks + 1
        at_s = 60.0 * number
        match place % 5:
            case 3:
                data: Any = call(3, "answered", at_s=at_s)
            case 4:
                data = staffed(at_s, at_s + 60.0)
            case _:
                reactions = reaction("turned", 1.0, at_s), reaction("smiled", 1.5, at_s)
                data = visit(*reactions, at_s=at_s, smile=smile(), gaze=gaze(), posture=posture())
        made.append((f"deskside/1/{device}/event", event(data, number, device)))
    return made


def batches(items: list[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(items), BATCH):
        yield items[first : first + BATCH]


def rows_of(arrived: list[Arrived]) -> list[tuple[object, ...]]:
    return [
        (
            *(*item.identity, item.type, 1.0, 1.0, 1.0),
            *(True, True, False, 1.0, item.raw),
        )
        for item in arrived
        if isinstance(item, ArrivedEvent)
    ]


def taken_in(engine: Engine, arrived: list[Arrived]) -> None:
    for batch in batches(arrived):
        with Session(engine) as session, session.begin():
            take_in(session, batch, DeskDefaults())


def read_and_taken_in(engine: Engine, came: list[Message]) -> None:
    for batch in batches(came):
        arrived = [read(topic, payload, 1.0) for topic, payload in batch]
        with Session(engine) as session, session.begin():
            take_in(session, arrived, DeskDefaults())


def bare(engine: Engine, rows: list[tuple[object, ...]]) -> None:
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    statement = (
        f"INSERT INTO event ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join([mark] * len(EVENT_COLUMNS))})"  # noqa: S608
        " ON CONFLICT DO NOTHING"
    )
    for batch in batches(rows):
        with engine.begin() as connection:
            connection.exec_driver_sql(statement, batch)


def copied(engine: Engine, rows: list[tuple[object, ...]]) -> None:
    for batch in batches(rows):
        with Session(engine) as session, session.begin():
            append(session, EVENT, EVENT_COLUMNS, batch)


class Pace(NamedTuple):
    """How fast a way was."""

    a_second: float
    cpu_us: float
    """Processor time of one measurement, in microseconds."""


def pace(new_database: Callable[[], str], count: int, way: Callable[[Engine], None]) -> Pace:
    """Of measurements into a database of its own, whose desks are entered beforehand."""
    engine = open_for_writing(new_database())
    enter_desks(engine)
    working = [psutil.Process()]
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            working.append(psutil.Process(connection.scalar(text("SELECT pg_backend_pid()"))))
    began_s, before_s = time.perf_counter(), worked_s(working)
    way(engine)
    took_s, cpu_s = time.perf_counter() - began_s, worked_s(working) - before_s
    engine.dispose()
    return Pace(count / took_s, cpu_s / count * 1e6)


def enter_desks(engine: Engine) -> None:
    """Into a showroom whose profile keeps all that is measured, as do desks that send it."""
    with Session(engine) as session, session.begin():
        decide(session, "us")
        for number in range(DESKS):
            enter(session, f"desk-{number}", company="North", showroom="Harbour")


def worked_s(processes: list[psutil.Process]) -> float:
    return float(sum(sum(process.cpu_times()[:2]) for process in processes))


def into(name: str, new_database: Callable[[], str], count: int) -> None:
    came = messages(count)
    arrived = [read(topic, payload, 1.0) for topic, payload in came]
    rows = rows_of(arrived)
    ways: dict[str, Callable[[Engine], None]] = {
        "take_in": lambda engine: taken_in(engine, arrived),
        "read and take_in": lambda engine: read_and_taken_in(engine, came),
        "bare executemany": lambda engine: bare(engine, rows),
    }
    if name == "PostgreSQL":
        ways["bare COPY"] = lambda engine: copied(engine, rows)
    # By turns, the best of three each: what else the machine does falls on all alike.
    paces = dict.fromkeys(ways, Pace(0.0, math.inf))
    for _ in range(3):
        for way, run in ways.items():
            found, best = pace(new_database, count, run), paces[way]
            paces[way] = Pace(max(best.a_second, found.a_second), min(best.cpu_us, found.cpu_us))
    yardstick = paces["bare executemany"]
    for way, found in paces.items():
        print(
            f"{name:<12} {way:<18} {found.a_second:>8,.0f} a second {found.a_second / yardstick.a_second:>5.0%} of executemany"
            f"   {found.cpu_us:>6.1f} us of processor {yardstick.cpu_us / found.cpu_us:>5.0%}"
        )


def counted_only(settings: CentralSettings, count: int) -> None:
    """What the line to the broker costs by itself: every message is thrown away."""
    came = threading.Event()
    numbers = itertools.count(1)

    def count_one(_topic: str, _payload: bytes) -> None:
        if next(numbers) == count:
            came.set()

    link = Link(
        settings.broker,
        on_message=count_one,
        on_up=lambda: None,
        on_down=lambda _reason: None,
        on_rival=lambda _words: None,
        on_turn=lambda _name: None,
    )
    link.open()
    came.wait()
    link.close()


def stored(settings: CentralSettings, count: int) -> None:
    service = IngestService(settings)
    service.start()
    while service.status.kept < count:
        time.sleep(0.02)
    service.stop()


def through_mqtt(count: int) -> None:
    """One process, one message a measurement: all of them wait at the broker when the service comes."""
    ways: dict[str, Callable[[CentralSettings, int], None]] = {
        "one event a message": stored,
        "the same, thrown away": counted_only,
    }
    for way, run in ways.items():
        with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
            port = free_port()
            limits = "max_queued_messages 0\nmax_inflight_messages 1000\nlog_type none\n"
            config = f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n{limits}"
            broker = Mosquitto(Path(folder), config, port)
            broker.start()
            stack.callback(broker.kill)
            settings = CentralSettings(
                broker=Broker(host="127.0.0.1", port=port),
                database=Database(url=f"sqlite:///{folder}/central.db"),
            )
            enter_desks(open_for_writing(settings.database.used_url))
            service = IngestService(settings)
            service.start()
            while not service.status.connected:
                time.sleep(0.05)
            service.stop()
            multiple(
                [{"topic": topic, "payload": payload, "qos": 1} for topic, payload in messages(count)],
                port=port,
            )
            own = [psutil.Process()]
            began_s, before_s = time.perf_counter(), worked_s(own)
            run(settings, count)
            took_s, cpu_s = time.perf_counter() - began_s, worked_s(own) - before_s
            print(
                f"MQTT         {way:<22} {count / took_s:>8,.0f} a second   {cpu_s / count * 1e6:>6.1f} us of processor"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--measurements", type=int, default=20_000)
    asked = parser.parse_args()
    print(processor())
    with tempfile.TemporaryDirectory() as folder:
        numbers = iter(range(1000))
        into("SQLite", lambda: f"sqlite:///{folder}/{next(numbers)}.db", asked.measurements)
    server = PostgreSQL(fsync=True)
    try:
        server.make()
        server.start()

        def new_database() -> str:
            engine = open_for_migration(url := server.new_database())
            migrate(engine)
            engine.dispose()
            return url

        into("PostgreSQL", new_database, asked.measurements)
    finally:
        server.remove()
    through_mqtt(min(asked.measurements, AT_THE_BROKER))


if __name__ == "__main__":
    main()
