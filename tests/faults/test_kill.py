"""The desk and the central service are killed (SIGKILL) at random moments: everything arrives exactly once."""

import time
from pathlib import Path

from tests.worlds.delivery.mosquitto import Mosquitto
from tests.worlds.delivery.processes import CentralProcess, DeskProcess, assert_exactly_once, moments


def test_a_desk_killed_a_hundred_times_loses_nothing_and_repeats_nothing(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    kills = moments(seed=1, count=100, longest_s=0.5)
    with CentralProcess(mosquitto.port, tmp_path) as central, DeskProcess(mosquitto.port, tmp_path) as desk:
        for after_s in kills:
            desk.measure_until_killed(after_s)
        assert desk.measure(10)
        assert len(desk.printed()) > 1000
        assert_exactly_once(desk, central, kills=len(kills))


def test_a_central_service_killed_again_and_again_loses_nothing_and_repeats_nothing(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    with CentralProcess(mosquitto.port, tmp_path) as central, DeskProcess(mosquitto.port, tmp_path) as desk:
        pid = desk.start()
        for after_s in moments(seed=2, count=8, longest_s=2.5):
            time.sleep(after_s)
            central.kill()
            central.start()
        desk.kill(pid)
        assert desk.measure(10)
        assert_exactly_once(desk, central, kills=1)
