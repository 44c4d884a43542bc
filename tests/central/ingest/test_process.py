"""The service as it runs in production: started, told to stop, killed, and short of disk."""

import random
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge.settings.desk_toml import Uplink
from edge.uplink import publisher as publisher_module
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto


class CentralProcess:
    """One run of ``deskside-central serve`` after another on one database."""

    def __init__(self, port: int, folder: Path) -> None:
        self.file = folder / "central.db"
        self.log = folder / "central.log"
        self._command = [
            *(sys.executable, "-c", "from central.cli import main; main()", "serve"),
            *("--broker", f"127.0.0.1:{port}", "--db", f"sqlite:///{self.file}"),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=PROJECT, stdout=log, stderr=log)

    def end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(20)

    def limit_files_to(self, size: int) -> None:
        assert self._process is not None
        _, hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, hard))

    def said(self, what: str) -> bool:
        return self.log.exists() and re.search(what, self.log.read_text()) is not None

    def stored(self) -> list[int]:
        if not self.file.exists():
            return []
        with closing(sqlite3.connect(self.file)) as db:
            return [row[0] for row in db.execute("SELECT sequence FROM event ORDER BY sequence")]


@pytest.fixture
def central(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[CentralProcess]:
    central = CentralProcess(mosquitto.port, tmp_path)
    central.start()
    yield central
    central.end(signal.SIGKILL)


@pytest.fixture
def desk(mosquitto: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(publisher_module, "TICK_S", 0.1)
    desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db")
    desk.uplink.start()
    yield desk
    desk.leave()


def test_told_to_stop_it_ends_in_order_and_says_what_it_did(central: CentralProcess, desk: Desk) -> None:
    desk.put(*range(50))
    assert desk.uplink.wait_until_delivered(30)
    assert central.end(signal.SIGTERM) == 0
    assert central.said("stopped: .*50 measurements kept from 1 desk")
    assert not central.said("Traceback")


def test_killed_in_the_middle_again_and_again_it_loses_and_repeats_nothing(
    central: CentralProcess, desk: Desk
) -> None:
    draw = random.Random(11)
    count = 0
    for _ in range(4):
        assert eventually(lambda: central.said("listening"), 30)
        for _ in range(draw.randint(1, 6)):
            desk.put(*range(count, count + 60))
            count += 60
            time.sleep(draw.uniform(0.0, 0.15))
        central.end(signal.SIGKILL)
        forgotten = count - desk.spool.pending
        assert central.stored()[:forgotten] == list(range(1, forgotten + 1))
        central.log.unlink()
        central.start()
    assert desk.uplink.wait_until_delivered(60)
    assert central.stored() == list(range(1, count + 1))


def test_on_a_full_disk_it_acknowledges_nothing_and_goes_on_when_there_is_room(
    central: CentralProcess, desk: Desk
) -> None:
    desk.put(0)
    assert desk.uplink.wait_until_delivered(30)
    central.limit_files_to(100_000)
    desk.put(*range(1, 600))
    assert eventually(lambda: central.said("does not take measurements: .*nothing is acknowledged"), 30)
    assert desk.spool.pending
    central.limit_files_to(resource.RLIM_INFINITY)
    assert desk.uplink.wait_until_delivered(90)
    assert central.stored() == list(range(1, 601))
    assert central.said("takes measurements again")
