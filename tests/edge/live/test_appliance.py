"""The appliance as systemd starts it: real broker, real central service, real footage in the place of cameras."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.worlds.delivery.central_process import CentralProcess
from tests.worlds.delivery.mosquitto import Mosquitto
from tests.worlds.desk_texts import LINE_AND_UPLINK

BIN = Path(sys.executable).parent
PATIENCE_S = 120.0

DESK = (
    """
[desk]
device = "desk-7"

[[cameras]]
name = "door"
watches = "customers"
source = "{pictures}"
rate_hz = 5

[lights]
host = {{ kind = "rgb", red = 17, green = 27, blue = 22 }}
measuring = 5
"""
    + LINE_AND_UPLINK
)


@pytest.fixture
def desk_file(tmp_path: Path, mosquitto: Mosquitto) -> Path:
    """A desk whose camera is a folder of numbered pictures of an empty room: 6 s of them, then it stops delivering."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(30):
        cv2.imwrite(str(pictures / f"{number:04d}.jpg"), np.full((180, 320, 3), 120, np.uint8))
    path = tmp_path / "desk.toml"
    path.write_text(DESK.format(pictures=pictures, port=mosquitto.port, folder=tmp_path))
    return path


@pytest.fixture
def central(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Path]:
    central = CentralProcess(mosquitto.port, tmp_path)
    central.start()
    yield central.file
    central.end(signal.SIGTERM)


def appliance(desk_file: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "GPIOZERO_PIN_FACTORY": "mock"}
    command = [
        str(BIN / "deskside"),
        "run",
        "--desk",
        str(desk_file),
        "--state",
        str(desk_file.parent / "state"),
    ]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def stored(database: Path, kind: str) -> list[dict[str, Any]]:
    if not database.exists():
        return []
    with closing(sqlite3.connect(database)) as connection:
        try:
            rows = connection.execute(
                "select raw from event where type = ?", (f"deskside.{kind}.v1",)
            ).fetchall()
        except sqlite3.OperationalError:
            return []
    return [json.loads(row[0])["data"] for row in rows]


def until(found: Any) -> Any:
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        if got := found():
            return got
        time.sleep(0.1)
    raise AssertionError("it did not come")


def stopped(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    return told


def test_a_camera_that_stops_delivering_is_a_gap_in_the_central_store(desk_file: Path, central: Path) -> None:
    process = appliance(desk_file)
    gaps = until(lambda: stored(central, "gap"))
    told = stopped(process)
    assert gaps[0]["what"] == "camera door"
    assert gaps[0]["end_s"] > gaps[0]["start_s"]
    assert "camera door is lost" in told
    assert "delivers again" in told
    assert "Traceback" not in told


def test_a_desk_with_a_slip_in_its_settings_goes_on_with_the_last_good_ones(
    desk_file: Path, central: Path
) -> None:
    stopped_at_once = appliance(desk_file)
    until((desk_file.parent / "state" / "last-good-desk.toml").exists)
    until(lambda: stored(central, "gap"))
    stopped(stopped_at_once)
    desk_file.write_text(desk_file.read_text().replace("watches =", "wathces ="))
    process = appliance(desk_file)
    count = len(stored(central, "gap"))
    until(lambda: len(stored(central, "gap")) > count)
    told = stopped(process)
    assert "did you mean watches?" in told
    assert "last good settings" in told


def test_a_desk_without_any_good_settings_says_what_is_wrong_and_ends(desk_file: Path) -> None:
    desk_file.write_text("[desk]\ndevice = 'Desk 7'\n")
    process = appliance(desk_file)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "line 2: desk.device" in told
    assert "Traceback" not in told
