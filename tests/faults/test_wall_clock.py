"""The wall clock jumps by a day while the desk measures: durations stay, nothing is lost, and it is said in words."""

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from edge.settings.desk_toml import Uplink
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import Mosquitto
from tests.worlds.delivery.processes import CentralProcess

DAY_S = 86400.0


def stored(folder: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(folder / "central.db")) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute("SELECT * FROM event ORDER BY sequence")]


def test_a_wall_clock_that_jumps_by_a_day_changes_no_duration_and_loses_nothing(
    mosquitto: Mosquitto, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db")
    with CentralProcess(mosquitto.port, tmp_path):
        desk.uplink.start()
        desk.put(1, 2, 3)
        assert desk.uplink.wait_until_delivered(30)
        desk.offset_s += DAY_S
        desk.put(4, 5, 6)
        assert desk.uplink.wait_until_delivered(30)
        desk.offset_s -= 2 * DAY_S
        desk.put(7, 8, 9)
        assert desk.uplink.wait_until_delivered(30)
        desk.leave()
    rows = stored(tmp_path)
    assert [row["timeline_s"] for row in rows] == [float(n) for n in range(1, 10)]
    assert [row["duration_s"] for row in rows] == [0.5] * 9
    assert "the wall clock jumped forward by 1.0 days: measured durations are not touched" in caplog.text
    assert "the wall clock jumped back by 2.0 days" in caplog.text


def test_once_the_clock_is_synchronised_times_sent_before_are_corrected_in_the_database(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db")
    estimated_s = desk.offset_s
    with CentralProcess(mosquitto.port, tmp_path):
        desk.uplink.start()
        desk.put(1, 2, 3)
        assert desk.uplink.wait_until_delivered(30)
        assert [row["synced"] for row in stored(tmp_path)] == [0, 0, 0]
        desk.offset_s += 300 * DAY_S
        desk.synced = True
        desk.put(4)
        assert desk.uplink.wait_until_delivered(30)
        until_s = time.monotonic() + 15
        while not all(row["synced"] for row in stored(tmp_path)) and time.monotonic() < until_s:
            time.sleep(0.1)
        desk.leave()
    rows = stored(tmp_path)
    for row in rows:
        assert row["synced"]
        assert row["start_wall_s"] == pytest.approx(estimated_s + 300 * DAY_S + row["timeline_s"], abs=0.1)
        assert json.loads(row["raw"])["data"]["start_s"] == row["timeline_s"]
