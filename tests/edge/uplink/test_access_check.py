"""A desk notices a broker without access rules, and says so once; of one that has them it says nothing."""

from typing import Literal

import pytest

from edge.settings.desk_toml import Uplink
from edge.uplink import publisher as publisher_module
from tests.worlds.delivery.acknowledger import Acknowledger, eventually
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.house import House, house
from tests.worlds.delivery.mosquitto import Mosquitto

__all__ = ["house"]

Version = Literal["5", "3.1.1"]


@pytest.mark.parametrize("mqtt", ["5", "3.1.1"])
def test_a_broker_without_access_rules_is_told_once_however_often_it_comes_back(
    mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, mqtt: Version
) -> None:
    monkeypatch.setattr(publisher_module, "FIRST_RETRY_S", 0.1)
    folder = mosquitto.log.parent
    desk = Desk(Uplink(port=mosquitto.port, mqtt=mqtt), folder / "spool.db")
    another = Desk(Uplink(port=mosquitto.port, mqtt=mqtt), folder / "another.db", "desk-4")

    def told() -> int:
        return len([1 for record in caplog.records if "no access rules" in record.getMessage()])

    with Acknowledger(mosquitto.port):
        desk.uplink.start()
        desk.put(1)
        assert desk.uplink.wait_until_delivered(30)
        assert eventually(lambda: told() == 1, 30)
        mosquitto.stop()
        assert eventually(lambda: not desk.uplink.broker_connected, 30)
        mosquitto.start()
        desk.put(2)
        assert desk.uplink.wait_until_delivered(60)
        assert told() == 1
        # What another desk asks comes to this one too: it says its own, this one nothing more.
        another.uplink.start()
        assert eventually(lambda: told() == 2, 30)
        desk.put(3)
        assert desk.uplink.wait_until_delivered(30)
    assert told() == 2
    desk.leave()
    another.leave()


@pytest.mark.parametrize("mqtt", ["5", "3.1.1"])
def test_of_a_broker_with_its_access_rules_a_desk_says_nothing(
    house: House, caplog: pytest.LogCaptureFixture, mqtt: Version
) -> None:
    settings = house.settings(house.authority.issue("desk-3")).model_copy(update={"mqtt": mqtt})
    desk = Desk(settings, house.folder / "desk-3.db")
    with house.central() as central:
        desk.uplink.start()
        desk.put(1)
        assert desk.uplink.wait_until_delivered(30)
        assert eventually(lambda: "access-check/event" in house.broker.log.read_text(), 30)
        desk.put(2)
        assert desk.uplink.wait_until_delivered(30)
        assert len(central.births) == 1, "the broker did not hang up"
    desk.leave()
    assert [record.getMessage() for record in caplog.records if record.name.startswith("edge.uplink")] == []
