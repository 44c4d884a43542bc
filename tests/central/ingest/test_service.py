"""From a real desk through a real broker into the database and back."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from paho.mqtt.publish import single
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.database import engine as database_module
from central.database.engine import UnusableDatabaseError, open_for_reading
from central.desks.registry import DeskRow
from central.ingest import service as service_module
from central.ingest.inbox import Inbox
from central.ingest.outstanding import rejected
from central.ingest.service import IngestService
from central.records.event_row import EventRow
from central.settings import Broker, CentralSettings, Database
from edge.settings.desk_toml import Uplink
from edge.uplink import publisher as publisher_module
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import Mosquitto
from tests.worlds.desk_facts import event, staffed


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries as short as a test's patience."""
    monkeypatch.setattr(publisher_module, "FIRST_RETRY_S", 0.1)
    monkeypatch.setattr(publisher_module, "LONGEST_RETRY_S", 0.5)
    monkeypatch.setattr(publisher_module, "TICK_S", 0.1)
    monkeypatch.setattr(service_module, "TICK_S", 0.1)
    monkeypatch.setattr(service_module, "ASK_AGAIN_EVERY_S", 0.5)
    monkeypatch.setattr(service_module, "FIRST_DATABASE_RETRY_S", 0.05)
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_MS", 100)


class Central:
    """Runs of the service, one after the other, on one database."""

    def __init__(self, port: int, folder: Path) -> None:
        self.file = folder / "central.db"
        self.url = f"sqlite:///{self.file}"
        self._port = port
        self.service = self._new()

    def start(self) -> None:
        self.service.start()

    def restart(self) -> None:
        self.service.stop()
        self.service = self._new()
        self.service.start()

    def stored(self) -> list[str]:
        engine = open_for_reading(self.url)
        with Session(engine) as session:
            rows = session.scalars(select(EventRow).order_by(EventRow.sequence)).all()
            found = [f"{row.device}/{row.sequence}" for row in rows]
        engine.dispose()
        return found

    def _new(self) -> IngestService:
        broker = Broker(port=self._port, host="127.0.0.1")
        return IngestService(CentralSettings(broker=broker, database=Database(url=self.url)))


@pytest.fixture
def central(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[Central]:
    central = Central(mosquitto.port, tmp_path)
    yield central
    central.service.stop()


@pytest.fixture
def desk(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db")
    yield desk
    desk.leave()


def numbers(count: int) -> list[str]:
    return [f"desk-3/{number}" for number in range(1, count + 1)]


def test_what_a_desk_measures_is_stored_once_and_forgotten_by_the_desk(central: Central, desk: Desk) -> None:
    central.start()
    desk.uplink.start()
    desk.put(*range(300))
    assert desk.uplink.wait_until_delivered(20)
    assert central.stored() == numbers(300)


def test_a_service_started_after_the_desk_gets_everything(central: Central, desk: Desk) -> None:
    desk.uplink.start()
    desk.put(*range(120))
    assert eventually(lambda: desk.uplink.broker_connected)
    central.start()
    assert desk.uplink.wait_until_delivered(20)
    assert central.stored() == numbers(120)


def test_a_service_restarted_in_the_middle_goes_on(central: Central, desk: Desk) -> None:
    central.start()
    desk.uplink.start()
    for first in range(0, 300, 100):
        desk.put(*range(first, first + 100))
        central.restart()
    assert desk.uplink.wait_until_delivered(20)
    assert central.stored() == numbers(300)


def test_a_broker_that_is_away_is_waited_for(central: Central, desk: Desk, mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    central.start()
    desk.uplink.start()
    desk.put(1, 2, 3)
    assert eventually(lambda: not central.service.status.connected)
    mosquitto.start()
    assert desk.uplink.wait_until_delivered(20)
    assert central.stored() == numbers(3)


def test_a_broker_killed_in_the_middle_costs_time_and_no_data(
    central: Central, desk: Desk, mosquitto: Mosquitto
) -> None:
    central.start()
    desk.uplink.start()
    desk.put(*range(150))
    mosquitto.kill()
    desk.put(*range(150, 200))
    mosquitto.start()
    assert desk.uplink.wait_until_delivered(30)
    assert central.stored() == numbers(200)


def test_while_the_database_is_locked_nothing_is_acknowledged(
    central: Central, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    central.start()
    desk.uplink.start()
    desk.put(0)
    assert desk.uplink.wait_until_delivered(20)
    with caplog.at_level(logging.INFO), closing(sqlite3.connect(central.file)) as other:
        other.execute("BEGIN IMMEDIATE")
        desk.put(1, 2)
        assert eventually(lambda: central.service.status.trouble is not None)
        assert desk.spool.pending == 2
        other.rollback()
        assert desk.uplink.wait_until_delivered(20)
    assert central.stored() == numbers(3)
    assert central.service.status.trouble is None
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "locked" in said
    assert "takes measurements again" in said


def test_what_the_service_had_no_room_for_is_sent_again(
    central: Central, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    central.start()
    monkeypatch.setattr(central.service, "_inbox", inbox := Inbox(capacity=5))
    desk.uplink.start()
    desk.put(*range(100))
    assert desk.uplink.wait_until_delivered(30)
    assert central.stored() == numbers(100)
    assert inbox.held_bytes == 0


def test_rubbish_on_the_line_holds_up_nobody(central: Central, desk: Desk, mosquitto: Mosquitto) -> None:
    central.start()
    desk.uplink.start()
    assert eventually(lambda: central.service.status.connected)
    for topic in ("deskside/1/desk-3/event", "deskside/1/desk-3/birth", "deskside/1/NOBODY/event"):
        single(topic, b"rubbish", qos=1, hostname="127.0.0.1", port=mosquitto.port)
    desk.put(1, 2, 3)
    assert desk.uplink.wait_until_delivered(20)
    assert eventually(lambda: central.service.status.rejected == 3)
    engine = open_for_reading(central.url)
    with Session(engine) as session:
        assert {row.topic for row in rejected(session, "desk-3")} == {
            "deskside/1/desk-3/event",
            "deskside/1/desk-3/birth",
        }
    engine.dispose()


def test_an_event_of_an_older_protocol_is_acknowledged_so_that_it_holds_up_nobody(
    central: Central, mosquitto: Mosquitto
) -> None:
    central.start()
    assert eventually(lambda: central.service.status.connected)
    good = [event(staffed(float(n), n + 0.5), n, device="desk-3") for n in (1, 2, 3)]
    good[1] = good[1].replace(b"attendance.v1", b"attendance.v0")
    for payload in good:
        single("deskside/1/desk-3/event", payload, qos=1, hostname="127.0.0.1", port=mosquitto.port)
    assert eventually(lambda: central.service.status.kept == 2 and central.service.status.rejected == 1)
    with closing(sqlite3.connect(central.file)) as db:
        assert db.execute("SELECT settled FROM boot").fetchall() == [(3,)]


def test_a_desks_state_is_known(central: Central, desk: Desk) -> None:
    def state() -> str | None:
        engine = open_for_reading(central.url)
        with Session(engine) as session:
            row = session.get(DeskRow, "desk-3")
            found = row.state if row else None
        engine.dispose()
        return found

    central.start()
    desk.uplink.start()
    assert eventually(lambda: state() == "ready")
    desk.uplink.stop()
    assert eventually(lambda: state() == "disconnected")


def test_a_database_that_cannot_be_used_is_told_at_the_start() -> None:
    service = IngestService(CentralSettings(database=Database(url="sqlite:////proc/nowhere/central.db")))
    with pytest.raises(UnusableDatabaseError, match="cannot be made"):
        service.start()


def test_a_broker_without_access_rules_is_told_once(
    central: Central, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    def told() -> int:
        return len([1 for record in caplog.records if "no access rules" in record.getMessage()])

    central.start()
    assert eventually(lambda: told() == 1)
    mosquitto.stop()
    assert eventually(lambda: not central.service.status.connected)
    mosquitto.start()
    assert eventually(lambda: central.service.status.connected)
    single("deskside/1/access-check/event", b"", qos=1, hostname="127.0.0.1", port=mosquitto.port)
    single("deskside/1/desk-3/event", b"rubbish", qos=1, hostname="127.0.0.1", port=mosquitto.port)
    assert eventually(lambda: central.service.status.rejected == 1)
    assert told() == 1
    assert central.stored() == []
