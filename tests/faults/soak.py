"""Everything that goes wrong, for a while, and then the count: what was put is stored exactly once.

``python -m tests.faults.soak MINUTES [--postgresql]``: real spools and uplinks of 50 desks, a real broker and the central service as it is
started in production. Meanwhile the central service is killed, the broker too, the database is locked, disks are filled, clocks are turned, a
stranger floods the broker, and central and desks are told what is not true.
"""

import argparse
import json
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from edge.settings.desk_toml import Uplink
from protocol.measurements import Gap
from protocol.state import Ack
from protocol.topics import Topic
from tests.worlds.delivery.central_process import CentralProcess
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto
from tests.worlds.delivery.postgresql import PostgreSQL
from tests.worlds.delivery.small_disks import Others, mounted

DESKS = 50
ON_SMALL_DISKS = 10
SMALL_MB = 4
EVERY_S = 0.5
"""How often each desk measures something."""
FAULT_S = 3.0
"""How long a fault lasts, and how long it is quiet after it."""
STUCK_S = 240.0
"""Once all is well again something arrives at least so often: the longest wait of a desk for broker and answer is a minute each, of a
central service for its database half of one, and a starved machine gets round to it some time."""
LOCKED_S = 4.0
FLOOD_HZ = 40.0
FLOOD_BYTES = 60_000


@dataclass
class House:
    """Desks, broker, database and central service."""

    broker: Mosquitto
    central: CentralProcess
    database: str
    desks: dict[str, Desk]
    others: list[Others]
    put: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)


class Crowd(threading.Thread):
    """Puts what desks measure, each with a number of its own."""

    def __init__(self, house: House) -> None:
        super().__init__(daemon=True)
        self._house = house
        self.stopping = threading.Event()
        self.rounds = 0
        """How often every desk has put something."""
        self.ended_by: BaseException | None = None
        """What kept it from going on."""

    def run(self) -> None:
        try:
            self._put()
        except BaseException as error:
            self.ended_by = error
            raise

    def _put(self) -> None:
        draw = random.Random(14)
        number = 0
        while not self.stopping.is_set():
            number += 1
            for name, desk in self._house.desks.items():
                what = f"{name} {number}"
                now_s = time.monotonic()
                desk.spool.put(Gap(start_s=now_s, end_s=now_s, what=what, reason="x" * draw.randrange(450)))
                self._house.put[what] += 1
            self.rounds = number
            self.stopping.wait(EVERY_S)


class Stranger(threading.Thread):
    """Floods the broker: long nonsense, events of nobody, answers and commands that nobody sent."""

    def __init__(self, house: House) -> None:
        super().__init__(daemon=True)
        self._house = house
        self.stopping = threading.Event()
        self.sent = 0

    def run(self) -> None:
        client = Client(CallbackAPIVersion.VERSION2, "stranger")
        client.reconnect_delay_set(1, 1)
        draw = random.Random(41)
        with suppress(OSError):
            client.connect("localhost", self._house.broker.port)
        client.loop_start()
        while not self.stopping.wait(1 / FLOOD_HZ):
            if not client.is_connected():
                continue
            name = draw.choice([*self._house.desks])
            bootid = self._house.desks[name].spool.bootid
            for topic, payload in (
                (Topic("stranger", "event"), draw.randbytes(FLOOD_BYTES)),
                (Topic(name, "event"), b'{"id": "nonsense"}'),
                (Topic(name, "ack"), _ack(name, draw.randrange(2**50), {bootid: 0})),
                (Topic(name, "ack"), _ack(name, draw.randrange(2**50), {"f" * 32: 10**6})),
                (Topic(name, "cmd"), b'{"command": "rebirth"}'),
                (Topic(name, "cmd"), b'{"command": "make-coffee"}'),
            ):
                client.publish(str(topic), payload)
                self.sent += 1
        client.loop_stop()


def _ack(device: str, session: int, numbers: dict[str, int]) -> bytes:
    return Ack(device=device, session=session, acknowledged=numbers).model_dump_json().encode()


def central_killed(house: House) -> None:
    house.central.end(signal.SIGKILL)
    time.sleep(FAULT_S)
    house.central.start()


def broker_killed(house: House) -> None:
    house.broker.kill()
    time.sleep(FAULT_S)
    house.broker.start()


def database_locked(house: House) -> None:
    engine = create_engine(house.database)
    with suppress(Exception), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        else:
            connection.exec_driver_sql("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
        time.sleep(LOCKED_S)
    engine.dispose()


def disks_filled(house: House) -> None:
    """They stay full until the next time."""
    for others in house.others:
        others.fill()


def disks_given_back(house: House) -> None:
    for others in house.others:
        with suppress(FileNotFoundError):
            others.leave()


def clocks_turned(house: House) -> None:
    draw = random.Random(house.faults.total())
    for desk in draw.sample([*house.desks.values()], len(house.desks) // 2):
        desk.offset_s += draw.choice((-86400.0, -60.0, 60.0, 86400.0))
        desk.synced = draw.random() < 0.5


FAULTS: tuple[Callable[[House], None], ...] = (
    central_killed,
    disks_filled,
    broker_killed,
    clocks_turned,
    database_locked,
    disks_given_back,
    disks_filled,
)


@contextmanager
def house_of(folder: Path, *, postgresql: bool) -> Iterator[House]:
    with ExitStack() as stack:
        broker = Mosquitto(folder)
        broker.start()
        stack.callback(broker.kill)
        database = f"sqlite:///{folder / 'central.db'}"
        if postgresql:
            server = PostgreSQL()
            stack.callback(server.remove)
            server.make()
            server.start()
            database = server.new_database()
            migrate = "from central.cli import main; main()", "migrate", "--db", database
            subprocess.run([sys.executable, "-c", *migrate], cwd=PROJECT, check=True, capture_output=True)
        central = CentralProcess(broker.port, folder, database)
        central.start()
        stack.callback(lambda: central.end(signal.SIGKILL))
        folders = [folder] * DESKS
        others = []
        with suppress(pytest.skip.Exception):
            for number in range(ON_SMALL_DISKS):
                below = folder / f"disk-{number}"
                below.mkdir()
                folders[number] = stack.enter_context(mounted("tmpfs", SMALL_MB, below))
                others.append(Others(folders[number]))
        desks = {}
        for number, place in enumerate(folders):
            name = f"desk-{number + 1}"
            desks[name] = Desk(Uplink(port=broker.port), place / f"{name}.db", name, os.urandom(16).hex())
            stack.callback(desks[name].leave)
            # Their clocks are right until they are turned.
            desks[name].offset_s = time.time() - time.monotonic()
            desks[name].uplink.start()
        yield House(broker, central, database, desks, others)


def waiting(house: House) -> int:
    return sum(desk.spool.pending for desk in house.desks.values())


def until_delivered(house: House) -> bool:
    """Wait while anything still arrives, however slow the machine is; whether nothing waits any more."""
    least, moved_s = waiting(house), time.monotonic()
    while least and time.monotonic() - moved_s < STUCK_S:
        time.sleep(0.1)
        if (now := waiting(house)) < least:
            least, moved_s = now, time.monotonic()
        if not house.central.runs:
            # As systemd does.
            house.faults["central service ended by itself"] += 1
            house.central.start()
    return not least


def stored(house: House) -> Counter[str]:
    """How often each measurement stands in the database."""
    engine = create_engine(house.database)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT raw FROM event")).all()
    engine.dispose()
    return Counter(json.loads(raw)["data"].get("what", "") for (raw,) in rows)


def soak(minutes: float, folder: Path, *, postgresql: bool) -> bool:
    """Let everything go wrong for so long, and print what came of it; whether all is stored exactly once."""
    with house_of(folder, postgresql=postgresql) as house:
        crowd, stranger = Crowd(house), Stranger(house)
        began_s = time.monotonic()
        crowd.start()
        stranger.start()
        faults = random.Random(1)
        order = [*FAULTS]
        while time.monotonic() - began_s < 60.0 * minutes:
            time.sleep(FAULT_S)
            fault = order[house.faults.total() % len(order)]
            if house.faults.total() >= len(order):
                fault = faults.choice(order)
            fault(house)
            house.faults[fault.__name__] += 1
        crowd.stopping.set()
        crowd.join()
        waited = waiting(house)
        stranger.stopping.set()
        stranger.join()
        settled_s = time.monotonic()
        delivered = until_delivered(house)
        took_s = time.monotonic() - settled_s
        found = stored(house)
        missing = [what for what in house.put if what not in found]
        twice = [what for what in house.put if found[what] > 1]
        table = Table(title=f"{minutes:g} minutes, {DESKS} desks, {house.database.partition(':')[0]}")
        for column in ("what", "how many"):
            table.add_column(column, justify="right")
        for what, count in house.faults.items():
            table.add_row(what.replace("_", " "), str(count))
        for what, count in (
            ("messages of a stranger", stranger.sent),
            ("desks on full disks", len(house.others)),
            ("rounds in which every desk put", crowd.rounds),
            ("measurements put", house.put.total()),
            ("of them waiting when all was well again", waited),
            ("stored", sum(what in found for what in house.put)),
            ("missing", len(missing)),
            ("stored more than once", len(twice)),
            ("other gaps of the spools", found["spool"]),
        ):
            table.add_row(what, f"{count:,}")
        table.add_row("seconds until all had arrived", f"{took_s:.1f}")
        Console().print(table)
        if crowd.ended_by is not None or not crowd.rounds:
            print(f"the desks did not go on measuring: {crowd.ended_by!r}", file=sys.stderr)
        if not delivered or missing or twice:
            print(f"not delivered: {missing[:10]}; twice: {twice[:10]}", file=sys.stderr)
            tell_of(house, {what.partition(" ")[0] for what in missing})
        return delivered and not missing and not twice and crowd.ended_by is None and crowd.rounds > 0


def tell_of(house: House, names: Iterable[str]) -> None:
    """What the desks say of themselves whose measurements are missing, and those that say that something waits."""
    for name, desk in house.desks.items():
        spool = desk.spool
        if name in names or spool.pending:
            state = f"online {desk.uplink.online}, trouble {spool.trouble}, held {spool.held()}"
            print(f"{name}: {spool.pending} wait, {state}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("minutes", type=float)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        logging.basicConfig(filename=Path(folder) / "desks.log")
        sys.exit(0 if soak(given.minutes, Path(folder), postgresql=given.postgresql) else 1)


if __name__ == "__main__":
    main()
