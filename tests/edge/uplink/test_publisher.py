import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import MQTTv311

from edge.settings.desk_toml import Uplink
from edge.uplink import publisher as publisher_module
from edge.uplink import send_pace as pace_module
from edge.uplink import sender as sender_module
from edge.uplink import window as window_module
from protocol.envelope import wrap
from protocol.measurements import Health
from protocol.state import BirthFacts
from tests.worlds.delivery.acknowledger import Acknowledger, eventually
from tests.worlds.delivery.desk import FACTS, Desk, numbered
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto, free_port, wait_until_listening


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries as short as a test's patience."""
    monkeypatch.setattr(publisher_module, "FIRST_RETRY_S", 0.1)
    monkeypatch.setattr(publisher_module, "LONGEST_RETRY_S", 0.5)
    monkeypatch.setattr(publisher_module, "TICK_S", 0.1)
    monkeypatch.setattr(publisher_module, "ACCEPT_WITHIN_S", 1.0)


@pytest.fixture
def desk(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db")
    yield desk
    desk.leave()


@pytest.fixture
def central(mosquitto: Mosquitto) -> Iterator[Acknowledger]:
    with Acknowledger(mosquitto.port) as central:
        yield central


def sequences(central: Acknowledger) -> list[int]:
    return [event.sequence for event in central.events]


def states(central: Acknowledger) -> list[str]:
    return [state.state for state in central.states]


def test_what_is_put_arrives_once_and_in_order_and_is_then_forgotten(
    desk: Desk, central: Acknowledger
) -> None:
    desk.uplink.start()
    assert eventually(lambda: desk.uplink.online)
    desk.put(*range(250))
    assert desk.uplink.wait_until_delivered(20)
    assert sequences(central) == list(range(1, 251))
    assert [event.data for event in central.events] == [numbered(n) for n in range(250)]
    assert not any(event.historical for event in central.events)


def test_health_travels_on_its_own_channel(desk: Desk, central: Acknowledger) -> None:
    health = Health(
        start_s=1, end_s=2, cameras=(), cpu_share=None, memory_mb=None, spooled=0, clock="estimated"
    )
    desk.uplink.start()
    desk.spool.put(health)
    assert desk.uplink.wait_until_delivered(20)
    assert central.topics == ["deskside/1/desk-3/health"]


def test_what_was_measured_while_the_broker_was_away_is_sent_later_and_says_so(
    desk: Desk, central: Acknowledger, mosquitto: Mosquitto
) -> None:
    desk.uplink.start()
    desk.put(1)
    assert desk.uplink.wait_until_delivered(20)
    mosquitto.kill()
    assert eventually(lambda: not desk.uplink.broker_connected)
    assert not desk.uplink.online
    desk.put(2)
    mosquitto.start()
    assert desk.uplink.wait_until_delivered(20)
    desk.put(3)
    assert desk.uplink.wait_until_delivered(20)
    by_number = {event.sequence: event for event in central.events}
    assert by_number[2].historical
    assert not by_number[3].historical
    assert by_number[2].time.timestamp() == pytest.approx(desk.offset_s + 2.0)


def test_a_fault_while_the_broker_is_away_costs_a_moment_and_not_the_uplink(
    desk: Desk, central: Acknowledger, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    mosquitto.kill()
    faults = [RuntimeError("nobody thought of it"), RuntimeError("nor of this")]
    writes_held = desk.spool.write_held

    def write_held() -> None:
        if faults:
            raise faults.pop()
        writes_held()

    desk.put(1)
    monkeypatch.setattr(desk.spool, "write_held", write_held)
    desk.uplink.start()
    assert eventually(lambda: not faults)
    mosquitto.start()
    assert desk.uplink.wait_until_delivered(20)


def test_birth_state_and_last_will_share_a_session(
    desk: Desk, central: Acknowledger, mosquitto: Mosquitto
) -> None:
    desk.uplink.start()
    assert eventually(lambda: states(central) == ["init", "ready"])
    (birth,) = central.births
    assert birth.bootid == desk.spool.bootid
    assert (
        BirthFacts.model_validate({name: getattr(birth, name) for name in BirthFacts.model_fields}) == FACTS
    )
    assert desk.uplink._conversation is not None
    desk.uplink._conversation._connection._hang_up()  # a cable pulled out: no closing state
    assert eventually(lambda: states(central)[2:] == ["lost", "init", "ready"])
    assert [state.session == birth.session for state in central.states] == [True, True, True, False, False]
    assert central.births[1].session == central.states[-1].session


def test_a_desk_that_stops_in_order_says_farewell(desk: Desk, central: Acknowledger) -> None:
    desk.uplink.start()
    assert eventually(lambda: desk.uplink.online)
    desk.uplink.stop()
    assert eventually(lambda: states(central) == ["init", "ready", "disconnected"])
    assert not desk.uplink.online


def test_nothing_is_forgotten_while_the_central_service_is_silent(
    desk: Desk, central: Acknowledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_module, "FIRST_PATIENCE_S", 0.5)
    central.answers = False
    desk.uplink.start()
    desk.put(1, 2)
    assert eventually(lambda: len(central.events) >= 6), "sent again and again"
    assert desk.uplink.broker_connected
    assert not desk.uplink.central_answering
    assert desk.spool.pending == 2
    central.answers = True
    assert desk.uplink.wait_until_delivered(20)
    assert set(sequences(central)) == {1, 2}


def test_a_central_service_that_starts_after_the_desk_gets_everything(
    desk: Desk, mosquitto: Mosquitto
) -> None:
    desk.uplink.start()
    desk.put(1, 2, 3)
    assert eventually(lambda: desk.uplink.broker_connected)
    assert not desk.uplink.wait_until_delivered(0.5)
    with Acknowledger(mosquitto.port) as central:
        assert desk.uplink.wait_until_delivered(10)
        assert sequences(central) == [1, 2, 3]
        assert len(central.births) == 1


def test_a_silent_central_service_is_not_flooded(desk: Desk, central: Acknowledger) -> None:
    central.answers = False
    desk.uplink.start()
    desk.put(*range(pace_module.WINDOW + 50))
    assert eventually(lambda: len(central.events) >= pace_module.WINDOW)
    desk.put(1000)
    assert not eventually(lambda: len(central.events) > pace_module.WINDOW, within_s=0.5)


def test_a_central_service_that_was_restarted_gets_again_what_it_did_not_acknowledge(
    desk: Desk, central: Acknowledger
) -> None:
    desk.uplink.start()
    desk.put(1)
    assert desk.uplink.wait_until_delivered(20)
    central.answers = False
    desk.put(2, 3)
    assert eventually(lambda: sequences(central) == [1, 2, 3])
    del central.events[1:]  # killed before the commit
    central.session += 1
    central.answers = True
    central.acknowledge("desk-3")
    assert desk.uplink.wait_until_delivered(5)
    assert sequences(central) == [1, 2, 3]


def test_a_central_service_that_lost_its_memory_does_not_wait_for_what_the_desk_deleted(
    desk: Desk, central: Acknowledger
) -> None:
    desk.uplink.start()
    desk.put(1, 2)
    assert desk.uplink.wait_until_delivered(20)
    central.forget()
    central.command("desk-3", b'{"command": "rebirth"}')
    assert eventually(lambda: len(central.births) == 2)
    assert (central.births[1].held[0].first, central.births[1].held[0].last) == (3, 2)
    desk.put(3)
    assert desk.uplink.wait_until_delivered(20)


def test_an_unknown_command_is_refused_politely_and_does_no_harm(desk: Desk, central: Acknowledger) -> None:
    desk.uplink.start()
    assert eventually(lambda: desk.uplink.online)
    central.command("desk-3", b'{"command": "make-coffee"}')
    assert eventually(lambda: len(central.refusals) == 1)
    assert central.refusals[0].command == "make-coffee"
    central.command("desk-3", b"\xff{")
    desk.put(1)
    assert desk.uplink.wait_until_delivered(20)


def test_when_the_clock_is_synchronised_a_birth_corrects_what_was_sent_before(
    desk: Desk, central: Acknowledger
) -> None:
    desk.uplink.start()
    desk.put(1)
    assert desk.uplink.wait_until_delivered(20)
    assert central.events[0].clock == "estimated"
    desk.offset_s += 86400.0
    desk.synced = True
    assert eventually(lambda: central.births[-1].wall.clock == "synced")
    birth, event = central.births[-1], central.events[0]
    assert birth.bootid == event.bootid
    assert birth.wall.offset_s + event.timeline == pytest.approx(desk.offset_s + 1.0)
    desk.put(2)
    assert desk.uplink.wait_until_delivered(20)
    assert central.events[-1].clock == "synced"
    assert central.events[-1].time.timestamp() == pytest.approx(desk.offset_s + 2.0)


def test_a_spool_replaced_in_use_is_delivered_under_its_new_numbering(
    desk: Desk, central: Acknowledger, tmp_path: Path
) -> None:
    desk.uplink.start()
    desk.put(*range(5))
    assert desk.uplink.wait_until_delivered(20)
    path = tmp_path / "spool.db"
    with desk.spool._lock:
        desk.spool._close_file()
        path.write_bytes(b"no database" * 1000)
    desk.put(5)
    assert desk.uplink.wait_until_delivered(20)
    assert len({birth.bootid for birth in central.births}) == 2
    assert [event.subject for event in central.events][5:] == ["spool", "test 5"]


def test_a_measurement_that_cannot_be_sent_does_not_end_the_uplink(
    desk: Desk, central: Acknowledger, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faults = iter([True, True])

    def faulty_wrap(*args: Any, **kwargs: Any) -> Any:
        if next(faults, False):
            raise ZeroDivisionError("a fault of ours")
        return wrap(*args, **kwargs)

    monkeypatch.setattr(sender_module, "wrap", faulty_wrap)
    desk.uplink.start()
    desk.put(1, 2)
    assert desk.uplink.wait_until_delivered(20)
    assert "a fault in the uplink" in caplog.text


def test_measuring_goes_on_while_the_broker_hangs(desk: Desk, mosquitto: Mosquitto) -> None:
    desk.uplink.start()
    assert eventually(lambda: desk.uplink.broker_connected)
    os.kill(mosquitto.pid, signal.SIGSTOP)
    try:
        desk.put(*range(50))
        desk.uplink.stop(timeout_s=20)
        assert not desk.uplink._thread.is_alive(), "even the end does not wait for the broker"
        assert desk.spool.pending == 50
    finally:
        os.kill(mosquitto.pid, signal.SIGCONT)


def test_a_broker_that_is_not_there_is_told_once_and_in_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    desk = Desk(Uplink(port=port), tmp_path / "spool.db")
    desk.uplink.start()
    desk.put(1)
    assert not desk.uplink.wait_until_delivered(2)
    desk.leave()
    (message,) = [record.getMessage() for record in caplog.records]
    assert f"localhost:{port}" in message
    assert "nobody listens" in message
    assert "kept, and sent later" in message


def test_that_measurements_get_through_again_is_never_said_while_none_does(
    desk: Desk, central: Acknowledger, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING")
    monkeypatch.setattr(window_module, "FIRST_PATIENCE_S", 0.3)
    central.answers = False
    desk.uplink.start()
    desk.put(1, 2)
    assert eventually(lambda: "does not acknowledge what it is sent" in caplog.text)
    for _ in range(5):
        central.acknowledge("desk-3")  # an answer, by which nothing has arrived
        assert not eventually(lambda: "get through again" in caplog.text, within_s=0.2)
    central.answers = True
    assert desk.uplink.wait_until_delivered(20)
    assert eventually(lambda: "get through again" in caplog.text)


def test_a_certificate_that_is_not_there_is_told_by_its_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    missing = tmp_path / "ca.crt"
    settings = Uplink(port=free_port(), ca_file=missing, cert_file=missing, key_file=missing)
    desk = Desk(settings, tmp_path / "spool.db")
    desk.uplink.start()
    assert eventually(lambda: "ca.crt" in caplog.text)
    desk.leave()


def test_a_broker_without_mqtt_5_is_spoken_to_in_mqtt_3(tmp_path: Path) -> None:
    pytest.importorskip("amqtt", reason="needs the broker in Python: pip install amqtt")
    port = free_port()
    broker = subprocess.Popen(
        [sys.executable, "-m", "protocol.broker.trial_broker", "127.0.0.1", str(port)], cwd=PROJECT
    )
    desk = Desk(Uplink(port=port), tmp_path / "spool.db")
    try:
        wait_until_listening(port, broker)
        with Acknowledger(port, version=MQTTv311):
            desk.uplink.start()
            desk.put(1, 2, 3)
            assert desk.uplink.wait_until_delivered(30)
    finally:
        desk.leave()
        broker.kill()
        broker.wait()
