"""systemd is told that the central service is ready once it keeps, and alive only while no thread hangs that takes in."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from central.database.engine import disposing, migrate, open_for_migration
from central.ingest import thread_watch as watch_module
from central.ingest.service import IngestService
from central.settings import Broker, CentralSettings, Database
from edge.settings.desk_toml import Uplink
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.central_process import CentralProcess
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import Mosquitto
from tests.worlds.delivery.postgresql import PostgreSQL


@pytest.fixture
def notes(mosquitto: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """What a program that is started after the broker, which speaks there too, tells systemd, as systemd hears it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        # As often as it asks for: one note at each look.
        monkeypatch.setenv("WATCHDOG_USEC", "300000")
        monkeypatch.delenv("WATCHDOG_PID", raising=False)
        yield systemd


@pytest.fixture
def central(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[CentralProcess]:
    central = CentralProcess(mosquitto.port, tmp_path)
    yield central
    central.kill()


def test_systemd_is_told_ready_then_alive_and_at_last_stopping(
    notes: socket.socket, central: CentralProcess
) -> None:
    central.start()
    assert notes.recv(100) == b"READY=1"
    assert central.file.exists(), "ready means that measurements can be kept"
    assert [notes.recv(100) for _ in range(3)] == [b"WATCHDOG=1"] * 3
    assert central.end(signal.SIGTERM) == 0
    while (note := notes.recv(100)) == b"WATCHDOG=1":
        pass
    assert note == b"STOPPING=1"


def test_a_service_whose_database_cannot_be_used_is_never_ready(
    notes: socket.socket, central: CentralProcess
) -> None:
    central.file.write_bytes(b"rubbish" * 1000)
    central.start()
    assert central.wait() == 2
    notes.setblocking(False)
    with pytest.raises(BlockingIOError):
        notes.recv(100)


def test_a_writer_that_the_database_holds_up_for_too_long_counts_as_hanging_until_it_goes_on(
    postgresql: PostgreSQL, mosquitto: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "STUCK_S", 3.0)
    url = postgresql.new_database()
    with disposing(open_for_migration(url)) as engine:
        migrate(engine)
    broker = Broker(host="127.0.0.1", port=mosquitto.port)
    central = IngestService(CentralSettings(broker=broker, database=Database(url=url)))
    central.start()
    desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db")
    desk.uplink.start()
    desk.put(1)
    assert desk.uplink.wait_until_delivered(30)
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as another:
        another.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
        desk.put(2)
        assert eventually(lambda: central.stuck() == "writer", 30)
    assert eventually(lambda: central.stuck() is None, 30)
    assert desk.uplink.wait_until_delivered(30)
    desk.leave()
    central.stop()


def test_a_broker_that_is_away_is_no_hanging_thread(tmp_path: Path) -> None:
    """A new start would not bring it back."""
    database = Database(url=f"sqlite:///{tmp_path}/central.db")
    central = IngestService(CentralSettings(broker=Broker(host="127.0.0.1", port=9), database=database))
    central.start()
    turned = central._threads._turned_s
    assert eventually(lambda: set(turned) == {"writer", "line"}, 30)
    before = dict(turned)
    assert eventually(lambda: all(turned[name] > before[name] for name in before), 60)
    assert central.stuck() is None
    central.stop()


# The fault is what the test is about; pytest hears of it as well.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_reader_that_a_fault_ended_costs_one_connection(
    mosquitto: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(url=f"sqlite:///{tmp_path}/central.db")
    central = IngestService(
        CentralSettings(broker=Broker(host="127.0.0.1", port=mosquitto.port), database=database)
    )
    arrived, faults = central._link._on_message, [RuntimeError("a fault")]

    def once(topic: str, payload: bytes) -> None:
        if payload and faults:
            raise faults.pop()
        arrived(topic, payload)

    central._link._on_message = once
    central.start()
    assert eventually(lambda: central.status.connected, 30)
    desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db")
    desk.uplink.start()
    desk.put(1)
    assert desk.uplink.wait_until_delivered(90)
    assert "nothing reads it any more" in caplog.text
    desk.leave()
    central.stop()
