"""Another program has the pins when the desk starts: the desk measures all the rest, and takes them when they are free."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto
from tests.worlds.desk_texts import LINE_AND_UPLINK

PATIENCE_S = 90.0
DESK = (
    """
[desk]
device = "desk-3"

[lights]
host = {{ kind = "separate", red = 17, amber = 27, green = 22 }}
measuring = 5
"""
    + LINE_AND_UPLINK
)
PROGRAM = """
import sys
from pathlib import Path

from gpiozero import devices
from gpiozero.pins.mock import MockFactory

import edge.live.health
from edge.cli import main

held = Path(sys.argv.pop(1))


class Busy(Exception):
    pass  # as lgpio's own error, it has no kin


class Board(MockFactory):
    def pin(self, name):
        if held.exists():
            raise Busy("'GPIO busy'")
        return super().pin(name)


devices.Device.pin_factory = Board()
edge.live.health.EVERY_S = 1.0
main()
"""


class HeldDesk:
    """`deskside run`, whose pins are busy while a file is there; systemd is the test."""

    def __init__(self, folder: Path, port: int) -> None:
        self.held, self.log, self.spool = folder / "held", folder / "log", folder / "spool.db"
        desk_file = folder / "desk.toml"
        desk_file.write_text(DESK.format(port=port, folder=folder))
        self.held.touch()
        name = f"deskside-test-{os.getpid()}-{id(self)}"
        self.systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.systemd.bind(f"\0{name}")
        self.systemd.settimeout(PATIENCE_S)
        environment = {**os.environ, "NOTIFY_SOCKET": f"@{name}", "WATCHDOG_USEC": str(int(0.6e6))}
        options = ["run", "--desk", str(desk_file), "--state", str(folder)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(self.held), *options],
                cwd=PROJECT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def logged(self, words: str, times: int = 1) -> bool:
        return eventually(lambda: self.log.read_text().count(words) >= times, within_s=PATIENCE_S)

    def measured(self, kind: str) -> list[dict[str, Any]]:
        """What it has measured of a kind; nobody acknowledges it, so all of it is kept."""
        with closing(sqlite3.connect(f"file:{self.spool}?mode=ro", uri=True)) as db:
            rows = db.execute("SELECT data FROM measurement WHERE type LIKE ? ORDER BY row", (f"%{kind}%",))
            return [json.loads(data) for (data,) in rows]

    def notes(self) -> list[str]:
        """The notes of its latest health."""
        return [str(note) for note in self.measured("health")[-1].get("notes", ())]

    def wait_for_health(self, count: int = 2) -> None:
        """Wait for so many more of its health measurements."""
        before = len(self.measured("health"))
        assert eventually(lambda: len(self.measured("health")) >= before + count, within_s=PATIENCE_S)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.systemd.close()


@pytest.fixture
def desk(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[HeldDesk]:
    desk = HeldDesk(tmp_path, mosquitto.port)
    yield desk
    desk.kill()


def test_pins_that_are_busy_at_the_start_are_taken_when_they_are_free(desk: HeldDesk) -> None:
    assert desk.logged("; it is tried again", times=3)
    while b"READY=1" not in desk.systemd.recv(4096):
        pass
    assert eventually(desk.spool.exists, within_s=PATIENCE_S)
    desk.wait_for_health()
    noted = desk.notes()
    for part in ("line 1: ring_pin 23", "the host's light", "the measuring light"):
        (note,) = [note for note in noted if part in note]
        assert "is busy, likely held by " in note
    assert desk.measured("gap") == []
    desk.held.unlink()
    for part in ("telephone line 1 is heard", "the host's light works", "the measuring light works"):
        assert desk.logged(part)
    assert eventually(lambda: len(desk.measured("gap")) == 1, within_s=PATIENCE_S)
    desk.wait_for_health()
    assert not [note for note in desk.notes() if "busy" in note]
    desk.process.send_signal(signal.SIGTERM)
    assert desk.process.wait(PATIENCE_S) == 0
    (gap,) = desk.measured("gap")
    assert gap["what"] == "phone 1"
    assert "ring_pin 23" in gap["reason"]
    assert gap["end_s"] > gap["start_s"]
    log = desk.log.read_text()
    assert log.count("is busy") == 3, "one line for each part"
    assert "Traceback" not in log
