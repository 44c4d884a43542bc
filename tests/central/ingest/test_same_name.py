"""The central service started twice under one name, as its users start it."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.cli import app
from edge.settings.desk_toml import Uplink
from protocol.broker import rivalry as rivalry_module
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.central_process import CentralProcess
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.mosquitto import Mosquitto


@pytest.fixture
def twins(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[tuple[CentralProcess, CentralProcess]]:
    folders = tmp_path / "one", tmp_path / "other"
    for folder in folders:
        folder.mkdir()
    one, other = (CentralProcess(mosquitto.port, folder) for folder in folders)
    one.start()
    assert eventually(lambda: one.said("listening"), 30)
    other.start()
    yield one, other
    one.end(signal.SIGKILL)
    other.end(signal.SIGKILL)


def test_both_say_it_in_words_and_do_not_fight_and_measurements_are_kept(
    twins: tuple[CentralProcess, CentralProcess], mosquitto: Mosquitto, tmp_path: Path
) -> None:
    words = "another central service goes by the name deskside-central .* stop one of them"
    assert eventually(lambda: any(one.said(words) for one in twins), 40)
    desk = Desk(Uplink(port=mosquitto.port), tmp_path / "spool.db")
    desk.uplink.start()
    desk.put(1, 2, 3)
    assert desk.uplink.wait_until_delivered(30)
    desk.leave()
    assert sum(one.log.read_text().count("listening to the desks") for one in twins) < 8
    assert not any(one.said("Traceback") for one in twins)


def test_two_machines_of_one_name_are_a_fault_that_the_office_reads(
    mosquitto: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rivalry_module, "REST_S", (0.5, 1.0))
    central = CentralProcess(mosquitto.port, tmp_path)
    central.start()
    desks = [
        Desk(Uplink(port=mosquitto.port), tmp_path / f"{digit}.db", machine_id=digit * 32) for digit in "12"
    ]
    try:
        for desk in desks:
            desk.uplink.start()
        words = "two machines go by the name desk-3"
        assert eventually(lambda: words in list_of_desks(central, capsys), 60)
    finally:
        for desk in desks:
            desk.leave()
        central.end(signal.SIGKILL)


def list_of_desks(central: CentralProcess, capsys: pytest.CaptureFixture[str]) -> str:
    if not central.said("listening"):
        return ""
    app(["desks", "list", "--db", f"sqlite:///{central.file}"], standalone_mode=False)
    return " ".join(capsys.readouterr().out.split())
