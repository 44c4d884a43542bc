"""Two desks of one name at one broker: said in words, and they take turns."""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from paho.mqtt.client import MQTTv5

from edge.settings.desk_toml import Uplink
from edge.uplink import publisher as publisher_module
from protocol.broker import rivalry as rivalry_module
from protocol.broker.connection import Connection
from tests.worlds.delivery.acknowledger import Acknowledger, eventually
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import Mosquitto

Version = Literal["5", "3.1.1"]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rests in which a test can see that both get their turn."""
    monkeypatch.setattr(publisher_module, "FIRST_RETRY_S", 0.2)
    monkeypatch.setattr(publisher_module, "TICK_S", 0.1)
    monkeypatch.setattr(rivalry_module, "REST_S", (1.5, 3.0))
    monkeypatch.setattr(rivalry_module, "LEFT_ALONE_S", 6.0)


@pytest.fixture(params=["5", "3.1.1"])
def twins(
    request: pytest.FixtureRequest, mosquitto: Mosquitto, tmp_path: Path
) -> Iterator[tuple[Desk, Desk]]:
    settings = Uplink(port=mosquitto.port, mqtt=request.param)
    one, other = (Desk(settings, tmp_path / f"{name}.db") for name in ("one", "other"))
    yield one, other
    one.leave()
    other.leave()


def test_both_say_it_in_words_once_and_both_deliver(
    twins: tuple[Desk, Desk], mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    with Acknowledger(mosquitto.port) as central:
        for desk in twins:
            desk.uplink.start()
        assert eventually(lambda: all(desk.uplink.notes for desk in twins), 30)
        for desk, note in itertools.product(twins, ("another desk goes by the name desk-3", "desk.device")):
            assert note in desk.uplink.notes[0]
            assert len(desk.uplink.notes[0]) <= 200
        births = len(central.births)
        for desk in twins:
            desk.put(1, 2, 3)
        assert eventually(lambda: all(desk.spool.pending == 0 for desk in twins), 30)
        assert len(central.births) - births < 30, "they take turns, they do not fight"
    told = [record.getMessage() for record in caplog.records if "another desk" in record.getMessage()]
    assert len(told) == 2


def test_when_one_is_renamed_the_other_forgets_it(twins: tuple[Desk, Desk], mosquitto: Mosquitto) -> None:
    one, other = twins
    with Acknowledger(mosquitto.port):
        for desk in twins:
            desk.uplink.start()
        assert eventually(lambda: bool(one.uplink.notes), 30)
        other.uplink.stop()
        assert eventually(lambda: not one.uplink.notes, 30)
        assert one.uplink.broker_connected


def test_a_desk_that_a_check_throws_off_once_is_back_at_once_and_tells_no_technician(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    settings = Uplink(port=mosquitto.port)
    desk = Desk(settings, tmp_path / "spool.db")
    with Acknowledger(mosquitto.port) as central:
        desk.uplink.start()
        assert eventually(lambda: desk.uplink.broker_connected and len(central.births) == 1)
        let_in = threading.Event()
        check = Connection(settings, "desk-3", MQTTv5, lambda _connection, _event: let_in.set())
        check.open()
        assert let_in.wait(20)
        check.close()
        assert eventually(lambda: len(central.births) > 1 and desk.uplink.broker_connected, 30)
        assert desk.uplink.notes == ()
    desk.leave()


def test_a_desk_that_was_restarted_is_no_other_desk(mosquitto: Mosquitto, tmp_path: Path) -> None:
    with Acknowledger(mosquitto.port) as central:
        for run in range(1, 4):
            desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db")
            desk.uplink.start()
            assert eventually(lambda run=run: len(central.births) >= run)  # type: ignore[misc]
            assert desk.uplink.notes == ()
            desk.leave()
