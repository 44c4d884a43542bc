"""The central service started twice under one name, as its users start it."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.settings.desk_toml import Uplink
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
