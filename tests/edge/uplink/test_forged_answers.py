"""What anybody may say who can write to a desk's topics: believed of what was sent, and obeyed only so often."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.publish import multiple

from edge.settings.desk_toml import Uplink
from edge.uplink import conversation as conversation_module
from edge.uplink import publisher as publisher_module
from edge.uplink import window as window_module
from edge.uplink.send_pace import WINDOW
from protocol.state import Ack
from tests.worlds.delivery.acknowledger import Acknowledger, eventually
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import Mosquitto


@pytest.fixture
def desk(mosquitto: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(publisher_module, "TICK_S", 0.1)
    desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db")
    yield desk
    desk.leave()


@pytest.fixture
def central(mosquitto: Mosquitto) -> Iterator[Acknowledger]:
    with Acknowledger(mosquitto.port) as central:
        yield central


def forge(mosquitto: Mosquitto, channel: str, *payloads: str) -> None:
    multiple(
        [
            {"topic": f"deskside/1/desk-3/{channel}", "payload": payload, "qos": 1, "retain": False}
            for payload in payloads
        ],
        hostname="127.0.0.1",
        port=mosquitto.port,
    )


def ack(desk: Desk, number: int, session: int = 1) -> str:
    return Ack(device="desk-3", session=session, acknowledged={desk.spool.bootid: number}).model_dump_json()


def test_an_acknowledgement_of_what_was_never_sent_deletes_nothing_of_it(
    desk: Desk, central: Acknowledger, mosquitto: Mosquitto
) -> None:
    central.answers = False
    desk.put(*range(5 * WINDOW))
    desk.uplink.start()
    assert eventually(lambda: len(central.events) == WINDOW)
    forge(mosquitto, "ack", ack(desk, 10**6))
    assert eventually(lambda: len(central.events) == 2 * WINDOW)
    assert desk.spool.pending == 4 * WINDOW
    central.answers = True
    assert not desk.uplink.wait_until_delivered(1.0), "the first hundred are missing at the central service"


def test_an_acknowledgement_of_a_boot_of_which_nothing_was_sent_is_ignored(
    mosquitto: Mosquitto, tmp_path: Path, desk: Desk
) -> None:
    desk.put(1, 2, 3)
    old = desk.spool.bootid
    desk.uplink.start()
    assert eventually(lambda: desk.uplink.broker_connected)
    forged = Ack(device="desk-3", session=1, acknowledged={"f" * 32: 3}).model_dump_json()
    forge(mosquitto, "ack", forged)
    assert not desk.uplink.wait_until_delivered(0.5)
    assert desk.spool.bootid == old
    assert desk.spool.pending == 3


def test_a_flood_of_acknowledgements_with_changing_sessions_makes_the_desk_send_everything_again_once(
    desk: Desk, central: Acknowledger, mosquitto: Mosquitto
) -> None:
    central.answers = False
    desk.put(*range(50))
    desk.uplink.start()
    assert eventually(lambda: len(central.events) == 50)
    forge(mosquitto, "ack", *(ack(desk, 0, session) for session in range(200)))
    assert eventually(lambda: len(central.events) == 100)
    assert not eventually(lambda: len(central.events) > 100, within_s=2.0)


def test_answers_forged_all_the_time_make_the_desk_send_again_ever_less_often(
    desk: Desk, central: Acknowledger, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_module, "HOLE_S", 0.5)
    monkeypatch.setattr(conversation_module, "RESTART_EVERY_S", 0.5)
    central.answers = False
    desk.put(*range(50))
    desk.uplink.start()
    assert eventually(lambda: len(central.events) == 50)
    forged = 0
    until_s = time.monotonic() + 12.0
    while time.monotonic() < until_s:
        forge(mosquitto, "ack", *(ack(desk, 0, session) for session in range(forged, forged + 50)))
        forged += 50
    assert forged >= 200
    assert len(central.events) <= 50 * 12, "some five times each for the one reason and the other"
    central.answers = True
    central.session = 77
    central.acknowledge("desk-3")
    desk.put(50)
    assert desk.uplink.wait_until_delivered(30.0)


def test_acknowledgements_that_move_nothing_never_touch_the_disk(
    desk: Desk, central: Acknowledger, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    desk.put(1, 2, 3)
    desk.uplink.start()
    assert desk.uplink.wait_until_delivered(20.0)
    desk.put(4)
    assert desk.uplink.wait_until_delivered(20.0)
    before = [(tmp_path / f"spool.db{suffix}").stat().st_mtime_ns for suffix in ("", "-wal")]
    forge(mosquitto, "ack", *(ack(desk, number % 5) for number in range(200)))
    assert not eventually(lambda: desk.spool.pending > 0, within_s=1.0)
    assert [(tmp_path / f"spool.db{suffix}").stat().st_mtime_ns for suffix in ("", "-wal")] == before


def test_a_flood_of_what_makes_no_sense_is_logged_and_refused_once(
    desk: Desk, central: Acknowledger, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    desk.uplink.start()
    assert eventually(lambda: len(central.births) == 1)
    for _ in range(100):
        central.command("desk-3", b'{"command": "make-coffee"}')
    forge(mosquitto, "ack", *["{"] * 100)
    assert eventually(lambda: len(central.refusals) == 1)
    assert not eventually(lambda: len(central.refusals) > 1, within_s=1.0)
    told = [record.getMessage() for record in caplog.records]
    assert sum("refused" in words for words in told) == 1
    assert sum("/ack" in words for words in told) == 1


def test_a_flood_of_commands_is_one_birth(desk: Desk, central: Acknowledger, mosquitto: Mosquitto) -> None:
    desk.uplink.start()
    assert eventually(lambda: len(central.births) == 1)
    forge(mosquitto, "cmd", *['{"command": "rebirth"}'] * 200)
    assert eventually(lambda: len(central.births) == 2)
    assert not eventually(lambda: len(central.births) > 2, within_s=2.0)
