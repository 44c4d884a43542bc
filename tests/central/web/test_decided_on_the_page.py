"""What people decide on the pages reaches a desk: the service, a broker and the desk's own program, each as a process of its own."""

import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from central.accounts.roles import Grant, Scope
from central.standards.signing_key import make_signing_key
from central.standards.standard_versions import text_sha256
from protocol.broker.address import BrokerAddress
from protocol.broker.connection import Accepted, Connection
from protocol.broker.versions import Versions
from protocol.envelope import parse
from protocol.manner import told_manner
from protocol.measurements import Encounter
from protocol.state import Birth
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.mosquitto import PROJECT, Mosquitto
from tests.worlds.desk_facts import event, gaze, reaction, smile, visit
from tests.worlds.pages.http_browser import HttpBrowser
from tests.worlds.pages.service import PagesService
from tests.worlds.pages.standards import hash_on, send, write
from tests.worlds.profiles import decide
from tests.worlds.standard_texts import house_standard

PATIENCE_S = 180.0
NORTH = Scope("North")
STANDARD = house_standard(1, "harbour-house", "[respond]", "within_s = 7")


class RunningDesk:
    """A desk without a camera, in the Harbour, and the service that it reports to."""

    def __init__(self, service: PagesService, log: Path) -> None:
        self.service, self.log = service, log

    def birth(self) -> Birth | None:
        """Its latest."""
        with closing(sqlite3.connect(self.service.file)) as db:
            row = db.execute(
                "SELECT birth FROM boot WHERE device = 'desk-1' AND birth IS NOT NULL ORDER BY first_wall_s DESC"
            ).fetchone()
        return None if row is None else Birth.model_validate_json(row[0])

    def encounters(self) -> list[Encounter]:
        with closing(sqlite3.connect(self.service.file)) as db:
            rows = db.execute("SELECT raw FROM event WHERE device = 'desk-1' ORDER BY id").fetchall()
        found = [parse(raw.encode()).data for (raw,) in rows]
        return [each for each in found if isinstance(each, Encounter)]

    def told(self, what: Any) -> None:
        """Wait until its birth fits."""
        assert eventually(lambda: (birth := self.birth()) is not None and bool(what(birth)), PATIENCE_S), (
            f"{self.birth()}\n{self.log.read_text()}\n{self.service.said}"
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RunningDesk]:
    broker = Mosquitto(tmp_path)
    broker.start()
    key = tmp_path / "signing.key"
    (tmp_path / "keys").write_text(f"{make_signing_key(key)}\n")
    state, log, toml = tmp_path / "state", tmp_path / "desk.log", tmp_path / "desk.toml"
    state.mkdir()
    toml.write_text(
        f'[desk]\ndevice = "desk-1"\nstandard_keys = "{tmp_path}/keys"\n'
        f'[storage]\nspool = "{state}/spool.db"\n[uplink]\nhost = "127.0.0.1"\nport = {broker.port}\n'
    )
    environment = {**os.environ, "GPIOZERO_PIN_FACTORY": "mock"}
    environment.pop("NOTIFY_SOCKET", None)
    settings = f'[standards]\nsigning_key = "{key}"\n'
    with PagesService(tmp_path, broker.port, settings) as service, log.open("ab") as opened:
        service.keep("desk-1", "North", "Harbour")
        engine = service.engine()
        with Session(engine) as session, session.begin():
            decide(session, "other", "North", "Harbour")
        engine.dispose()
        for name, grant in (
            ("writer", Grant("showroom_manager", NORTH)),
            ("boss", Grant("area_manager", NORTH)),
            ("council", Grant("works_council")),
            ("technician", Grant("technician", NORTH)),
        ):
            service.give_account(name, grant)
        process = subprocess.Popen(
            [sys.executable, "-m", "edge.cli", "run", "--desk", str(toml), "--state", str(state)],
            cwd=PROJECT,
            env=environment,
            stdout=opened,
            stderr=opened,
        )
        try:
            yield RunningDesk(service, log)
        finally:
            process.terminate()
            process.wait(60)
            broker.stop()


def publish(port: int, *payloads: bytes) -> None:
    """Say something in the name of ``desk-1``, as one with older software would."""
    heard: list[object] = []
    settings = BrokerAddress(host="127.0.0.1", port=port)
    connection = Connection(
        settings, "old-desk", Versions(settings.mqtt).current, lambda _, each: heard.append(each)
    )
    connection.open()
    try:
        assert eventually(lambda: any(isinstance(each, Accepted) for each in heard), PATIENCE_S)
        for payload in payloads:
            number = connection.publish("deskside/1/desk-1/event", payload)
            assert eventually(
                lambda number=number: any(getattr(each, "message", None) == number for each in heard),  # type: ignore[misc]
                PATIENCE_S,
            )
    finally:
        connection.close()


def smiled(number: int) -> bytes:
    """A visit that begins now and in which the desk says that somebody smiled; of a boot of its own."""
    seen = visit(reaction("smiled", 1.0), smile=smile(), gaze=gaze(), at_s=60.0 * number)
    return event(seen, number, "desk-1", boot="d" * 32, offset_s=time.time() - 60.0 * number)


def row_of_the_desk(browser: HttpBrowser) -> str:
    page = browser.get("/desk-standards").text
    found = re.search(r'<a href="/desks/desk-1">.*?</tr>', page, re.DOTALL)
    assert found, page
    return re.sub(r"\s+", " ", re.sub(r' data-head="[^"]*"', "", found[0]))


def test_a_profile_and_a_standard_decided_on_the_pages_are_what_the_desk_works_by(desk: RunningDesk) -> None:
    service, port = desk.service, desk.service.broker_port
    boss, council, technician = (service.browser(name) for name in ("boss", "council", "technician"))
    desk.told(lambda birth: birth.leaves_out == ())
    publish(port, smiled(1))
    assert eventually(lambda: len(desk.encounters()) == 1, PATIENCE_S)
    assert "smile" in told_manner(desk.encounters()[0])

    # One proposes and cannot sign; another signs; the desk leaves the smile out, and the centre what a desk sends all the same.
    asked = {"showroom": "1", "profile": "eu", "reason": "agreed with those who work there"}
    assert boss.send("/profiles", at="/profiles", **asked).status_code == 303
    sign = re.search(r"/profiles/\d+/sign", council.get("/profiles").text)
    assert sign
    assert boss.send(sign[0], at="/profiles").status_code == 422
    assert desk.birth().leaves_out == ()  # type: ignore[union-attr]
    assert council.send(sign[0], at="/profiles").status_code == 303
    desk.told(lambda birth: birth.leaves_out == ("smile",))
    publish(port, smiled(2))
    assert eventually(lambda: len(desk.encounters()) == 2, PATIENCE_S)
    assert told_manner(desk.encounters()[1]) == ("gaze",)
    assert "<td>The smile</td>" in row_of_the_desk(technician)

    # One writes a standard, another approves it and puts it into force: the desk takes it, and says so.
    assert write(service.browser("writer"), STANDARD) == (303, "/standards/harbour-house/1")
    path = "/standards/harbour-house/1"
    assert send(boss, path, "approve", sha256=hash_on(boss.get(path).text))[0] == 303
    assert "<td>eight-teeth@1</td>" in row_of_the_desk(technician)
    assert send(boss, path, "put-into-force", showroom="1")[0] == 303
    desk.told(lambda birth: birth.standard == "harbour-house@1")
    birth = desk.birth()
    assert birth is not None
    assert (birth.standard_sha256, birth.leaves_out) == (text_sha256(STANDARD), ("smile",))
    row = row_of_the_desk(technician)
    assert row.count("<td>harbour-house@1</td>") == 2
    assert "✓" in row
    assert "✕" not in row
