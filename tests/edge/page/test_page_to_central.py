"""From a button on the host's page to the list at the centre: desk, page, broker and central service as real processes."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from edge.live.sign_in_point import NotSignedInError, sign_in
from tests.worlds.delivery.central_process import CentralProcess
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto
from tests.worlds.host_page import PageProcess

PATIENCE_S = 120.0


def until(found: Callable[[], Any]) -> Any:
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        if got := found():
            return got
        time.sleep(0.1)
    raise AssertionError("it did not come")


def done(page: PageProcess, **what: str) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", page.port, timeout=30)
    headers = {
        "Cookie": f"deskside-page={page.token}",
        "Origin": page.url,
        "Content-Type": "application/json",
    }
    try:
        link.request("POST", "/do", json.dumps(what), headers)
        answer = link.getresponse()
        return answer.status == 200 and bool(json.loads(answer.read())["ok"])
    finally:
        link.close()


def shown(page: PageProcess) -> dict[str, Any]:
    """What the page shows now, as its stream says it."""
    link = http.client.HTTPConnection("127.0.0.1", page.port, timeout=30)
    try:
        link.request("GET", "/events", headers={"Cookie": f"deskside-page={page.token}"})
        answer = link.getresponse()
        while not (line := answer.readline()).startswith(b"data: "):
            assert line, "the stream is over"
        state: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
        return state
    finally:
        link.close()


def listed(database: Path) -> str:
    command = [sys.executable, "-c", "from central.cli import main; main()", "requests", "list"]
    command += ["--db", f"sqlite:///{database}"]
    told = subprocess.run(
        command,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert told.returncode == 0, told.stderr
    return told.stdout


def test_help_and_contests_reach_the_list_at_the_centre_with_whoever_was_on_duty(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    central = CentralProcess(mosquitto.port, tmp_path)
    central.start()
    page = PageProcess(tmp_path)
    with (tmp_path / "desk.toml").open("a") as settings:
        settings.write(f'\n[uplink]\nhost = "127.0.0.1"\nport = {mosquitto.port}\n')
    command = [sys.executable, "-c", "from edge.cli import main; main()", "run"]
    command += ["--desk", str(tmp_path / "desk.toml"), "--state", str(tmp_path)]
    with (tmp_path / "desk.log").open("wb") as log:
        desk = subprocess.Popen(
            command, cwd=PROJECT, stderr=log, env={**os.environ, "GPIOZERO_PIN_FACTORY": "mock"}
        )

    def signed_in() -> bool:
        try:
            sign_in(tmp_path / "sign-in", "lin", in_front=None)
        except NotSignedInError:
            return False
        return True

    try:
        until(lambda: done(page, do="help", kind="administrative"))
        assert shown(page)["person"] is None
        until(signed_in)
        until(lambda: shown(page)["person"] == "lin")
        assert shown(page)["day"]["visits"] == 0
        until(
            lambda: (
                done(page, do="contest", about="day")
                and "contests the numbers of the day" in listed(central.file)
            )
        )
        told = listed(central.file)
        assert "administrative help" in told
        (contest, *_) = [line for line in told.splitlines() if "contests" in line]
        assert "desk-7" in contest
        assert "lin" in contest
    finally:
        desk.send_signal(signal.SIGTERM)
        assert desk.wait(60) == 0, (tmp_path / "desk.log").read_text()
        page.end()
        central.end(signal.SIGTERM)
