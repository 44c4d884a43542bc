"""What anybody may say who can write to a desk's topics: believed of what was sent, and obeyed only so often."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.publish import multiple

from edge.settings.desk_toml import Uplink
from edge.uplink import publisher as publisher_module
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


def test_a_flood_of_commands_is_one_birth(desk: Desk, central: Acknowledger, mosquitto: Mosquitto) -> None:
    desk.uplink.start()
    assert eventually(lambda: len(central.births) == 1)
    forge(mosquitto, "cmd", *['{"command": "rebirth"}'] * 200)
    assert eventually(lambda: len(central.births) == 2)
    assert not eventually(lambda: len(central.births) > 2, within_s=2.0)
