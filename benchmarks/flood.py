"""What a flood of long messages costs the desks beside it: memory of the central service, and how much of theirs is stored.

Real spools and uplinks of so many desks, a real broker, the central service in its own process, and somebody who sends messages of 60 kB as
fast as the broker takes them. ``python -m benchmarks.flood [--desks N] [--each N]``.
"""

import argparse
import sqlite3
import tempfile
import threading
import time
from contextlib import ExitStack, closing
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from edge.settings.desk_toml import Uplink
from tests.worlds.delivery.central_process import CentralProcess
from tests.worlds.delivery.desk import Desk, numbered
from tests.worlds.delivery.flood import LONG, Flood
from tests.worlds.delivery.mosquitto import Mosquitto
from tests.worlds.delivery.postgresql import MEMORY

TOGETHER = 100
"""Desks of one process: each takes seven files, and Python's MQTT client watches none above the 1024th (select(2))."""
PATIENCE_S = 600.0
"""How long the desks may take to get through."""

LEAST_FLOOD = 5000
"""Messages of the flood while memory is watched: 300 MB, ten times what the service holds of what it was not yet able to store."""


class Memory(threading.Thread):
    """The most memory that a process had while it was watched, in MB."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self.stopping = threading.Event()
        self.before_mb = self.highest_mb = self._now_mb()

    def run(self) -> None:
        """Watch until `stopping` is set."""
        while not self.stopping.wait(0.1):
            self.highest_mb = max(self.highest_mb, self._now_mb())

    def _now_mb(self) -> float:
        return float(self._process.memory_info().rss) / 1e6


def some_desks(port: int, folder: Path, numbers: range, each: int, talk: Connection) -> None:
    """Desks in a process of their own: one measurement each at once, the others when asked; tells each time whether all got through."""
    settings = Uplink(port=port)
    desks = []
    for number in numbers:
        desk = Desk(settings, folder / f"{number}.db", f"desk-{number}", f"{number:032x}")
        desk.uplink.start()
        desk.put(0)
        desks.append(desk)
    talk.send(until_delivered(desks))
    talk.recv()
    for desk in desks:
        desk.spool.put_all([numbered(number) for number in range(1, each)])
    talk.send(until_delivered(desks))


def until_delivered(desks: list[Desk]) -> bool:
    until_s = time.monotonic() + PATIENCE_S
    return all(desk.uplink.wait_until_delivered(max(0.1, until_s - time.monotonic())) for desk in desks)


def flooded(folder: Path, desks: int, each: int) -> None:
    with ExitStack() as stack:
        broker = Mosquitto(folder)
        broker.start()
        stack.callback(broker.kill)
        central = CentralProcess(broker.port, folder)
        central.start()
        stack.callback(central.kill)
        talks = []
        for first in range(0, desks, TOGETHER):
            ours, theirs = Pipe()
            numbers = range(first, min(first + TOGETHER, desks))
            process = Process(
                target=some_desks, args=(broker.port, folder, numbers, each, theirs), daemon=True
            )
            process.start()
            stack.callback(process.kill)
            talks.append(ours)
        if not all(talk.recv() for talk in talks):
            raise SystemExit("the desks do not get through without a flood either")
        memory = Memory(central.pid)
        memory.start()
        with Flood(broker.port) as flood:
            began_s = time.monotonic()
            for talk in talks:
                talk.send(None)
            got_through = all(talk.recv() for talk in talks)
            took_s = time.monotonic() - began_s
            while flood.sent < LEAST_FLOOD:
                time.sleep(0.1)
        memory.stopping.set()
        memory.join()
        with closing(sqlite3.connect(central.file)) as db:
            ((stored,),) = db.execute("SELECT count(DISTINCT device || ' ' || sequence) FROM event")
            longest, kept = db.execute("SELECT max(length(payload)), count(*) FROM rejected").fetchone()
        print(f"{desks} desks, {each} measurements each, beside {flood.sent:,} messages of {LONG:,} bytes")
        print(f"stored                          {stored:>8,} of {desks * each:,}")
        print(f"all got through                 {got_through!s:>8} after {took_s:.0f} s")
        print(
            f"memory of the central service   {memory.before_mb:>8.0f} MB before, {memory.highest_mb:.0f} MB at most"
        )
        print(f"kept aside of the flood         {kept:>8,} messages, {longest or 0:,} bytes of each at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--desks", type=int, default=200)
    parser.add_argument("--each", type=int, default=20)
    asked = parser.parse_args()
    # In memory: 200 spools on one disk of a machine wait for each other as those of 200 desks do not.
    place = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder:
        flooded(Path(folder), asked.desks, asked.each)


if __name__ == "__main__":
    main()
