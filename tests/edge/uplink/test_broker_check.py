"""The way to the broker is checked by going it, with the uplink's own connection."""

import gc
from pathlib import Path

import pytest

from edge.settings.desk_toml import Uplink
from edge.tools.demo import demo_broker
from edge.uplink.broker_check import check_broker, password_in_the_open
from protocol.broker import trial_broker
from tests.worlds.delivery.certificates import Authority, Files
from tests.worlds.delivery.house import House, house
from tests.worlds.delivery.mosquitto import Mosquitto, free_port

__all__ = ["house"]
# paho leaves the socket of a failed handshake to the garbage collector, which pytest hears.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def test_a_broker_that_lets_the_desk_in_is_good(mosquitto: Mosquitto) -> None:
    found = check_broker(Uplink(host="127.0.0.1", port=mosquitto.port), "desk-3")
    assert found.verdict == "good", found


@pytest.mark.parametrize(
    ("host", "secured", "warned"),
    [
        ("broker.lan", {}, True),
        ("192.168.1.5", {}, True),
        ("broker.lan", {"tls": True}, False),
        ("broker.lan", {"ca_file": Path("ca.crt")}, False),
        ("localhost", {}, False),
        ("127.0.0.1", {}, False),
        ("::1", {}, False),
    ],
)
def test_a_password_that_goes_to_another_machine_without_tls_is_warned_of(
    host: str, secured: dict[str, object], *, warned: bool
) -> None:
    named = {"host": host, "username": "desk-3", "password_file": Path("password"), **secured}
    found = password_in_the_open(Uplink.model_validate(named))
    assert (found is not None and found.verdict == "warning") == warned
    assert password_in_the_open(Uplink(host=host)) is None


def test_a_desk_with_its_certificate_is_let_in_by_the_broker_as_it_is_shipped(house: House) -> None:
    found = check_broker(house.settings(house.authority.issue("desk-3")), "desk-3")
    assert found.verdict == "good", found


def test_a_certificate_of_a_stranger_is_refused(house: House) -> None:
    stranger = Authority(house.folder, "stranger").issue("desk-3")
    assert check_broker(house.settings(stranger), "desk-3").verdict == "bad"


def test_a_broker_that_the_authority_does_not_vouch_for_is_told_with_the_reason(house: House) -> None:
    other = Authority(house.folder, "other")
    settings = house.settings(house.authority.issue("desk-3")).model_copy(
        update={"ca_file": other.certificate}
    )
    found = check_broker(settings, "desk-3")
    gc.collect()
    assert found.verdict == "bad"
    assert "certificate is not accepted" in found.found
    assert "uplink.ca_file" in found.to_do


def test_a_broker_that_speaks_no_tls_is_told_apart(mosquitto: Mosquitto, tmp_path: Path) -> None:
    authority = Authority(tmp_path, "ca")
    identity = authority.issue("desk-3")
    settings = Uplink(
        host="localhost",
        port=mosquitto.port,
        ca_file=authority.certificate,
        cert_file=identity.certificate,
        key_file=identity.key,
    )
    found = check_broker(settings, "desk-3")
    gc.collect()
    assert found.verdict == "bad"
    assert "uplink.port" in found.to_do


def test_files_that_are_no_certificate_are_told_by_their_setting(house: House) -> None:
    identity = house.authority.issue("desk-3")
    (house.folder / "notes.txt").write_text("no certificate")
    found = check_broker(house.settings(Files(identity.certificate, house.folder / "notes.txt")), "desk-3")
    assert found.verdict == "bad"
    assert "uplink.cert_file and uplink.key_file" in found.found


def test_a_broker_that_is_away_costs_no_measurement() -> None:
    found = check_broker(Uplink(host="127.0.0.1", port=free_port()), "desk-3")
    assert found.verdict == "bad"
    assert "nobody listens" in found.found
    assert "none is lost" in found.to_do


@pytest.mark.parametrize("mqtt", ["auto", "3.1.1", "5"])
def test_a_broker_without_mqtt_5_is_good_unless_5_is_asked_for(
    mqtt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("amqtt", reason="needs the broker in Python: pip install amqtt")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(trial_broker, "DAEMONS", str(tmp_path))
    with demo_broker.running_broker(tmp_path) as (_, way):
        found = check_broker(Uplink.model_validate({**way.model_dump(), "mqtt": mqtt}), "desk-3")
    assert found.verdict == ("bad" if mqtt == "5" else "good"), found
