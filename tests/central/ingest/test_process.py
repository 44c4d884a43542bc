"""The service as it runs in production: started, told to stop, killed, and short of disk."""

import random
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.settings.desk_toml import Uplink
from edge.uplink import publisher as publisher_module
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.central_process import CentralProcess
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import Mosquitto


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
