"""What desks send writes no line of its own into the log, the terminal or a page."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.publish import multiple

from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.central_process import CentralProcess
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto
from tests.worlds.desk_facts import call, event, gap, staffed, visit

EVIL = "x\nINFO all is well\r\x1b[2J\x1b]0;owned\x07\u202eback\x9b31m"
WRITES = ["\x1b", "\x07", "\r", "\x9b", "\u202e"]


@pytest.fixture
def central(mosquitto: Mosquitto, tmp_path: Path) -> CentralProcess:
    central = CentralProcess(mosquitto.port, tmp_path)
    central.start()
    assert eventually(lambda: central.said("listening to the desks"), 30)
    return central


def test_names_and_words_of_desks_cannot_write(
    central: CentralProcess, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    measured: list[Any] = [
        staffed(0.0, 3600.0),
        gap(10.0, 20.0, EVIL, EVIL),
        call(2, "answered", line=EVIL, cadence=EVIL),
        visit(standard=EVIL),
    ]
    broken = event(staffed(0.0, 1.0), 9).replace(b'"staffed":', b'"a\\n\\u001b[2J\\u009b31m":1,"staffed":')
    messages = [("deskside/1/desk-1/event", event(data, number)) for number, data in enumerate(measured, 1)]
    messages.append(("deskside/1/desk-1/event", broken))  # A topic with a newline no mosquitto passes on.
    multiple(
        [{"topic": topic, "payload": payload, "qos": 1} for topic, payload in messages], port=mosquitto.port
    )
    assert eventually(lambda: len(central.stored()) == len(measured) and central.said("kept aside"), 30)
    central.kill()
    log = central.log.read_text()
    assert not [sign for sign in WRITES if sign in log]
    assert all(line.startswith(("INFO ", "WARNING ")) for line in log.splitlines())
    assert "INFO all is well" not in log.splitlines()
    page = tmp_path / "page.html"
    for command in (
        ["report", "--out", str(page)],
        ["report", "--json"],
        ["rejected", "desk-1"],
        ["desks", "list"],
    ):
        printed = subprocess.run(
            [
                sys.executable,
                "-c",
                "from central.cli import main; main()",
                *command,
                "--db",
                str(central.file),
            ],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert not [sign for sign in WRITES if sign in printed], command
        assert "INFO all is well" not in printed.splitlines()
    assert not [sign for sign in WRITES if sign in page.read_text()]
