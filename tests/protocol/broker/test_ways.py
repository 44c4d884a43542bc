"""Every common way to a broker, gone by a real desk and a real central service through a real mosquitto."""

import gc
import logging
from pathlib import Path
from typing import Any

import pytest

from central.ingest.service import IngestService
from central.settings import Broker, CentralSettings, Database
from edge.settings.desk_toml import Uplink
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.gates import PASSWORD, Gates, gates

__all__ = ["gates"]
WAYS = ("password", "password and TLS", "mutual TLS", "websockets", "websockets and TLS")


def way(gates: Gates, which: str, name: str) -> dict[str, Any]:
    """The settings of a way, as the table of either file has them."""
    named = {"username": name, "password_file": gates.password_file}
    ca = {"ca_file": gates.authority.certificate}
    match which:
        case "password":
            return {"port": gates.plain, **named}
        case "password and TLS":
            return {"port": gates.tls, **named, **ca}
        case "mutual TLS":
            files = gates.authority.issue(name)
            return {"port": gates.mutual, **ca, "cert_file": files.certificate, "key_file": files.key}
        case "websockets":
            return {"port": gates.websockets, "transport": "websockets", **named}
        case _:
            return {"port": gates.secure_websockets, "transport": "websockets", **named, **ca}


@pytest.mark.parametrize("mqtt", ["5", "3.1.1"])
@pytest.mark.parametrize("which", WAYS)
def test_desk_and_central_service_get_through(which: str, mqtt: str, gates: Gates, tmp_path: Path) -> None:
    broker = Broker.model_validate({**way(gates, which, "central"), "mqtt": mqtt})
    database = Database(url=f"sqlite:///{tmp_path}/central.db")
    central = IngestService(CentralSettings(broker=broker, database=database))
    uplink = Uplink.model_validate({**way(gates, which, "desk-3"), "mqtt": mqtt})
    desk = Desk(uplink, tmp_path / "spool.db")
    central.start()
    try:
        assert eventually(lambda: central.status.connected)
        desk.uplink.start()
        desk.put(1, 2, 3)
        assert desk.uplink.wait_until_delivered(20)
    finally:
        desk.leave()
        central.stop()
    assert central.status.kept == 3


def test_a_credential_of_systemd_is_a_file_like_others(
    gates: Gates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broker-password").write_text(PASSWORD)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    given = {**way(gates, "password", "desk-3"), "password_file": "credential:broker-password"}
    desk = Desk(Uplink.model_validate(given), tmp_path / "spool.db")
    desk.uplink.start()
    try:
        assert eventually(lambda: desk.uplink.broker_connected)
    finally:
        desk.leave()


def test_no_password_stands_in_a_log(gates: Gates, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    given = way(gates, "password", "desk-3") | {"password_file": gates.wrong_password_file()}
    desk = Desk(Uplink.model_validate(given), tmp_path / "spool.db")
    with caplog.at_level(logging.DEBUG):
        desk.uplink.start()
        assert eventually(lambda: "a user desk-3 with this password" in caplog.text)
        desk.leave()
    assert "wrong\n" not in caplog.text
    assert PASSWORD not in caplog.text


def test_a_central_service_with_a_wrong_password_says_so_and_names_its_settings(
    gates: Gates, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    given = way(gates, "password and TLS", "central") | {"password_file": gates.wrong_password_file()}
    database = Database(url=f"sqlite:///{tmp_path}/central.db")
    central = IngestService(CentralSettings(broker=Broker.model_validate(given), database=database))
    central.start()
    try:
        assert eventually(lambda: "broker.username and broker.password_file" in caplog.text)
    finally:
        central.stop()


# paho leaves the socket of a failed handshake to the garbage collector, which pytest hears.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_central_service_that_asks_for_tls_where_none_is_spoken_says_so(
    gates: Gates, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    given = way(gates, "password and TLS", "central") | {"port": gates.plain}
    database = Database(url=f"sqlite:///{tmp_path}/central.db")
    central = IngestService(CentralSettings(broker=Broker.model_validate(given), database=database))
    central.start()
    try:
        assert eventually(lambda: f"port {gates.plain} of localhost speaks no TLS" in caplog.text)
    finally:
        central.stop()
        gc.collect()
