import gc

import pytest

from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.certificates import Authority, Files
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.house import House, house

__all__ = ["house"]


def test_a_desk_with_its_certificate_delivers(house: House) -> None:
    desk = house.desk(house.authority.issue("desk-3"), "desk-3")
    with house.central() as central:
        desk.uplink.start()
        desk.put(1, 2, 3)
        assert desk.uplink.wait_until_delivered(20)
        assert [event.identity.device for event in central.events] == ["desk-3"] * 3
        central.command("desk-3", b'{"command": "make-coffee"}')
        assert eventually(lambda: len(central.refusals) == 1)
        desk.leave()
        assert eventually(lambda: central.states[-1].state == "disconnected")


def test_a_desk_cannot_speak_under_the_name_of_another(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    impostor = house.desk(house.authority.issue("desk-4"), "desk-3")
    honest = house.desk(house.authority.issue("desk-5"), "desk-5")
    with house.central() as central:
        impostor.uplink.start()
        impostor.put(1)
        assert eventually(lambda: "access rules (ACL) refuse" in caplog.text)
        honest.uplink.start()
        honest.put(1)
        assert honest.uplink.wait_until_delivered(20)
        assert impostor.spool.pending == 1, "refused is not delivered"
        impostor.leave()
        honest.leave()
        assert [event.source for event in central.events] == ["desk-5"]
        assert [birth.device for birth in central.births] == ["desk-5"]
    assert "check the broker's ACL against the name in the certificate" in caplog.text


def test_a_last_will_under_the_name_of_another_is_not_heard(house: House) -> None:
    impostor = house.desk(house.authority.issue("desk-4"), "desk-3")
    with house.central() as central:
        impostor.uplink.start()
        assert eventually(lambda: impostor.uplink._conversation is not None)
        conversation = impostor.uplink._conversation
        assert conversation is not None
        assert eventually(lambda: conversation.accepted)
        conversation._connection._hang_up()
        impostor.leave()
        assert not eventually(lambda: central.states != [], within_s=1.0)


def test_a_stranger_is_not_let_in(house: House) -> None:
    stranger = Authority(house.folder, "stranger").issue("desk-3")
    desk = house.desk(stranger, "desk-3")
    with house.central() as central:
        desk.uplink.start()
        desk.put(1)
        assert not desk.uplink.wait_until_delivered(3)
        assert not desk.uplink.broker_connected
        desk.leave()
        assert central.events == []


# paho leaves the socket of a failed handshake to the garbage collector, which pytest hears.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broker_that_our_authority_does_not_vouch_for_gets_nothing(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    identity = house.authority.issue("desk-3")
    other = Authority(house.folder, "other")
    settings = house.settings(identity).model_copy(update={"ca_file": other.certificate})
    desk = Desk(settings, house.folder / "desk-3.db")
    desk.uplink.start()
    desk.put(1)
    assert eventually(lambda: "its authority is not that of uplink.ca_file" in caplog.text)
    assert desk.spool.pending == 1
    desk.leave()
    gc.collect()


def test_files_that_are_no_certificate_are_told_by_their_key(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    identity = house.authority.issue("desk-3")
    (house.folder / "notes.txt").write_text("no certificate")
    for key, settings in {
        "uplink.ca_file": house.settings(identity).model_copy(update={"ca_file": house.folder / "notes.txt"}),
        "uplink.cert_file": house.settings(Files(identity.certificate, house.folder / "notes.txt")),
        "uplink.key_file": house.settings(Files(identity.certificate, house.folder / "missing.key")),
    }.items():
        desk = Desk(settings, house.folder / "desk-3.db")
        desk.uplink.start()
        assert eventually(lambda key=key: key in caplog.text)  # type: ignore[misc]
        desk.leave()
