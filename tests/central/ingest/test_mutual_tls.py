"""The service against the broker and the access rules as they are shipped."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.ingest.service import IngestService
from central.settings import Broker, CentralSettings, Database
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.certificates import Authority, Files
from tests.worlds.delivery.house import House, house

__all__ = ["house"]


def service(house: House, identity: Files) -> IngestService:
    broker = Broker(
        host="localhost",
        port=house.broker.port,
        ca_file=house.authority.certificate,
        cert_file=identity.certificate,
        key_file=identity.key,
    )
    database = Database(url=f"sqlite:///{house.folder}/central.db")
    return IngestService(CentralSettings(broker=broker, database=database))


@pytest.fixture
def central(house: House) -> Iterator[IngestService]:
    central = service(house, house.authority.issue("central"))
    central.start()
    yield central
    central.stop()


def test_with_its_certificate_the_service_hears_and_acknowledges(
    house: House, central: IngestService
) -> None:
    desk = house.desk(house.authority.issue("desk-3"), "desk-3")
    desk.uplink.start()
    desk.put(1, 2, 3)
    assert desk.uplink.wait_until_delivered(20)
    assert central.status.kept == 3
    desk.leave()


def test_a_service_of_another_authority_is_refused_and_says_so(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "other").mkdir()
    stranger = service(house, Authority(tmp_path / "other", "other").issue("central"))
    with caplog.at_level(logging.INFO):
        stranger.start()
        assert eventually(lambda: "trying again" in caplog.text)
        stranger.stop()
    assert not stranger.status.connected


def test_of_a_broker_with_its_access_rules_nothing_is_told(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        central = service(house, house.authority.issue("central"))
        central.start()
        assert eventually(lambda: "access-check/event" in house.broker.log.read_text())
        desk = house.desk(house.authority.issue("desk-3"), "desk-3")
        desk.uplink.start()
        desk.put(1)
        assert desk.uplink.wait_until_delivered(20)
        assert central.status.connected
        desk.leave()
        central.stop()
    assert not [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("central.ingest") and record.levelno >= logging.WARNING
    ]
