"""A standard on its whole way: put into force at the centre, over the broker as it is shipped, to a desk that works by it."""

import json
import os
import queue
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from central.database.engine import open_for_changes, open_for_writing
from central.desks.registry import enter
from central.showrooms.premises import known_showroom
from central.standards.activations import activate_standard
from central.standards.signing_key import make_signing_key
from central.standards.standard_versions import text_sha256
from edge.live.sign_in_point import sign_in, sign_in_file
from protocol.broker.connection import Accepted, Connection, Incoming, TurnedDown
from protocol.broker.versions import Versions
from protocol.topics import Topic
from tests.worlds.delivery.certificates import Files
from tests.worlds.delivery.house import House, house
from tests.worlds.delivery.mosquitto import PROJECT
from tests.worlds.standard_texts import active_standard, house_standard, two_people

__all__ = ["house"]

PATIENCE_S = 120.0
FIRST = house_standard(1, "house", "[respond]", "within_s = 7")
SECOND = house_standard(2, "house", "[respond]", "within_s = 9")

BROKER = """
host = "localhost"
port = {port}
ca_file = "{ca}"
cert_file = "{cert}"
key_file = "{key}"
"""


def _broker(house: House, identity: Files) -> str:
    return BROKER.format(
        port=house.broker.port,
        ca=house.authority.certificate,
        cert=identity.certificate,
        key=identity.key,
    )


@contextmanager
def _program(log: Path, *arguments: str) -> Iterator[None]:
    environment = {**os.environ, "GPIOZERO_PIN_FACTORY": "mock"}
    environment.pop("NOTIFY_SOCKET", None)
    with log.open("ab") as opened:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=PROJECT, env=environment, stdout=opened, stderr=opened
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def _wait(for_what: Callable[[], bool], *logs: Path) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not for_what():
        assert time.monotonic() < until_s, "\n".join(log.read_text() for log in logs if log.exists())
        time.sleep(0.2)


def _birth(file: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(file)) as db:
        row = db.execute("SELECT birth FROM boot WHERE device = 'desk-1' AND birth IS NOT NULL").fetchone()
    found: dict[str, Any] = json.loads(row[0]) if row else {}
    return found


def _sign_ins(file: Path) -> int:
    with closing(sqlite3.connect(file)) as db:
        rows = db.execute("SELECT raw FROM event WHERE type = 'deskside.duty.v1'").fetchall()
    duties = [json.loads(raw)["data"] for (raw,) in rows]
    return sum(duty["person"] == "anna" and duty.get("ongoing") is True for duty in duties)


def _refused(house: House, identity: Files, name: str, topic: Topic) -> bool:
    """Whether the broker refuses what somebody with a certificate says on a topic."""
    heard: queue.Queue[Incoming] = queue.Queue()
    settings = house.settings(identity)
    connection = Connection(settings, name, Versions(settings.mqtt).current, lambda _, each: heard.put(each))
    connection.open()
    try:
        while not isinstance(heard.get(timeout=PATIENCE_S), Accepted):
            pass
        number = connection.publish(str(topic), b"{}", retain=True)
        while True:
            match heard.get(timeout=PATIENCE_S):
                case TurnedDown(message=message) if message == number:
                    return True
                case each if getattr(each, "message", None) == number:
                    return False
                case _:
                    pass
    finally:
        connection.close()


def _prepare(folder: Path) -> tuple[str, int]:
    """The database of two showrooms and a key; returns the key's public line and whoever approves."""
    engine = open_for_writing(f"sqlite:///{folder}/central.db")
    with Session(engine) as session, session.begin():
        writer, approver = two_people(session)
        for device, showroom in (("desk-1", "Harbour"), ("desk-2", "Market")):
            enter(session, device, company="North", showroom=showroom)
        for text in (FIRST, SECOND):
            active_standard(session, text, writer, approver, time.time())
    engine.dispose()
    return make_signing_key(folder / "signing.key"), approver


def _put_into_force(folder: Path, version: int, approver: int) -> None:
    engine = open_for_changes(f"sqlite:///{folder}/central.db")
    now_s = time.time()
    with Session(engine) as session, session.begin():
        activate_standard(
            session, "house", version, known_showroom(session, "Harbour"), now_s, approver, now_s
        )
    engine.dispose()


def test_a_standard_put_into_force_is_what_the_desks_of_that_showroom_work_by(house: House) -> None:
    folder = house.folder
    line, approver = _prepare(folder)
    (folder / "keys").write_text(f"{line}\n")
    central_toml, desk_toml, state = folder / "central.toml", folder / "desk.toml", folder / "state"
    state.mkdir()
    central_toml.write_text(
        f'[standards]\nsigning_key = "{folder}/signing.key"\n[database]\nurl = "{folder}/central.db"\n[broker]'
        + _broker(house, house.authority.issue("central"))
    )
    own = house.authority.issue("desk-1")
    desk_toml.write_text(
        f'[desk]\ndevice = "desk-1"\nstandard_keys = "{folder}/keys"\n[storage]\nspool = "{state}/spool.db"\n[uplink]'
        + _broker(house, own)
    )
    file, central_log, desk_log = folder / "central.db", folder / "central.log", folder / "desk.log"
    logs = central_log, desk_log
    run = ("edge.cli", "run", "--desk", str(desk_toml), "--state", str(state))
    with (
        _program(central_log, "central.cli", "serve", "--config", str(central_toml), "--no-pages"),
        _program(desk_log, *run),
    ):
        _wait(lambda: _birth(file).get("standard") == "eight-teeth@1", *logs)
        assert "standard_plan" not in _birth(file)
        sign_in(sign_in_file(state / "spool.db"), "anna", in_front=None)
        _wait(lambda: _sign_ins(file) == 1, *logs)
        for version, text in ((1, FIRST), (2, SECOND)):
            before = _birth(file).get("standard_plan", 0)
            _put_into_force(folder, version, approver)
            label = f"house@{version}"
            _wait(lambda label=label: _birth(file).get("standard") == label, *logs)  # type: ignore[misc]
            assert _birth(file)["standard_sha256"] == text_sha256(text)
            assert _birth(file)["standard_plan"] > before
            # Whoever was on duty need not sign in again for it.
            _wait(lambda version=version: _sign_ins(file) == 1 + version, *logs)  # type: ignore[misc]
        # Nobody but the central service says what a desk works by, under whatever desk's name.
        for topic in (Topic("desk-1", "standard"), Topic("desk-2", "standard")):
            assert _refused(house, house.authority.issue("desk-2"), "desk-2", topic)
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT device FROM desk_standard").fetchall() == [("desk-1",)]
    # Neither broker nor central service is needed for it to go on so.
    house.broker.kill()
    desk_log.write_text("")
    with _program(desk_log, *run):
        _wait(lambda: "measuring under house@2" in desk_log.read_text(), desk_log)
