"""The broker is away for the whole run, or is restarted in the middle: a lost broker costs time, not data."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.worlds.delivery.mosquitto import Mosquitto
from tests.worlds.delivery.processes import CentralProcess, DeskProcess, assert_exactly_once


def waiting(desk: DeskProcess) -> int:
    with closing(sqlite3.connect(desk.spool)) as db:
        (count,) = db.execute("SELECT count(*) FROM measurement").fetchone()
    return int(count)


def test_what_was_measured_without_a_broker_arrives_when_there_is_one(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    mosquitto.kill()
    with DeskProcess(mosquitto.port, tmp_path) as desk:
        desk.measure_until_killed(after_s=3.0)
        assert 0 < len(desk.printed()) <= waiting(desk)
        mosquitto.start()
        with CentralProcess(mosquitto.port, tmp_path) as central:
            assert desk.measure(10)
            assert waiting(desk) == 0
            assert_exactly_once(desk, central, kills=1)


def test_a_broker_restarted_in_the_middle_loses_nothing_and_repeats_nothing(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    with CentralProcess(mosquitto.port, tmp_path) as central, DeskProcess(mosquitto.port, tmp_path) as desk:
        pid = desk.start()
        for end in (mosquitto.kill, mosquitto.stop):
            time.sleep(2.0)
            end()
            time.sleep(0.5)
            mosquitto.start()
        time.sleep(1.0)
        desk.kill(pid)
        assert desk.measure(10)
        assert_exactly_once(desk, central, kills=1)
