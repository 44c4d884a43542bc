"""From a badge at a desk to a duty in the central database: real processes and a real broker; the reader's keys come through a pipe, as no kernel
here has a device for them."""

import json
import os
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from edge.duty.pseudonym import pseudonym_of
from edge.live.site_key import make_key
from tests.worlds.delivery.central_process import CentralProcess
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto

PATIENCE_S = 120.0
ENTER = 28
BADGE, KEYS = "0417", (11, 5, 2, 8)
GRABBED = """
import fcntl
real = fcntl.ioctl
fcntl.ioctl = lambda device, request, *rest: 0 if request in (0x40044590, 0x400445A0) else real(device, request, *rest)
from edge.cli import main
main()
"""
DESK = """
[desk]
device = "desk-7"

[sign_in]
reader = "{folder}/reader"
key_file = "{folder}/site.key"

[uplink]
host = "127.0.0.1"
port = {port}

[storage]
spool = "{folder}/spool.db"
"""


def until(found: Callable[[], Any]) -> Any:
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        if got := found():
            return got
        time.sleep(0.1)
    raise AssertionError("it did not come")


@pytest.fixture
def central(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Path]:
    central = CentralProcess(mosquitto.port, tmp_path)
    central.start()
    yield central.file
    central.end(signal.SIGTERM)


class DeskProcess:
    def __init__(self, folder: Path, port: int) -> None:
        self.key = make_key(folder / "site.key")
        self.log = folder / "desk.log"
        os.mkfifo(folder / "reader")
        self._reader = os.open(folder / "reader", os.O_RDWR)
        (folder / "desk.toml").write_text(DESK.format(folder=folder, port=port))
        command = [
            sys.executable,
            "-c",
            GRABBED,
            "run",
            "--desk",
            str(folder / "desk.toml"),
            "--state",
            str(folder),
        ]
        environment = {**os.environ, "GPIOZERO_PIN_FACTORY": "mock"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=log, stdout=log)

    def show_badge(self) -> None:
        """The keys of the badge, at the pace of a reader."""
        now_s = time.monotonic()
        for place, code in enumerate((*KEYS, ENTER)):
            for value in (1, 0):
                t_s = now_s + 0.004 * place
                os.write(self._reader, struct.pack("llHHi", int(t_s), int(t_s % 1 * 1e6), 1, code, value))

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        os.close(self._reader)


def duties(database: Path) -> list[dict[str, Any]]:
    if not database.exists():
        return []
    with closing(sqlite3.connect(database)) as connection:
        try:
            rows = connection.execute(
                "select raw from event where type = 'deskside.duty.v1' order by id"
            ).fetchall()
        except sqlite3.OperationalError:
            return []
    return [json.loads(row[0])["data"] for row in rows]


def test_a_badge_is_a_duty_at_the_centre_at_once_and_whole_when_it_ends(
    tmp_path: Path, mosquitto: Mosquitto, central: Path
) -> None:
    desk = DeskProcess(tmp_path, mosquitto.port)
    try:
        until(lambda: "measuring under" in desk.log.read_text())
        desk.show_badge()
        (begun,) = until(lambda: duties(central))
        assert begun["person"] == pseudonym_of(BADGE, desk.key)
        assert begun["ongoing"] is True
        time.sleep(
            max(0.0, begun["start_s"] + 4.0 - time.monotonic())
        )  # within three seconds the same badge was shown once
        desk.show_badge()
        ended = until(lambda: duties(central)[1:])[0]
        assert (ended["person"], ended["start_s"]) == (begun["person"], begun["start_s"])
        assert ended["end_s"] >= ended["start_s"] + 3.0
        assert "ongoing" not in ended
    finally:
        desk.end()
    assert desk.process.returncode == 0, desk.log.read_text()
    kept = b"".join(
        path.read_bytes() for path in tmp_path.iterdir() if path.is_file() and path.name != "central.log"
    )
    assert f'"{BADGE}"'.encode() not in kept
    assert BADGE not in desk.log.read_text()
