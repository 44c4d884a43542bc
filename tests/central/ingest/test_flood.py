"""A flood of long messages costs who sends it: memory stays, and every measurement of the other desks is stored."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from edge.settings.desk_toml import Uplink
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.central_process import CentralProcess
from tests.worlds.delivery.desk import Desk
from tests.worlds.delivery.flood import Flood
from tests.worlds.delivery.mosquitto import Mosquitto

DESKS = 20
"""``python -m benchmarks.flood`` has 200 of them."""
EACH = 30
MOST_GROWN_MB = 150.0


@pytest.fixture
def desks(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[list[Desk]]:
    settings = Uplink(port=mosquitto.port)
    desks = [
        Desk(settings, tmp_path / f"{number}.db", f"desk-{number}", f"{number:032x}")
        for number in range(DESKS)
    ]
    yield desks
    for desk in desks:
        desk.leave()


def test_memory_stays_and_good_desks_get_through(
    mosquitto: Mosquitto, desks: list[Desk], tmp_path: Path
) -> None:
    central = CentralProcess(mosquitto.port, tmp_path)
    central.start()
    assert eventually(lambda: central.said("listening to the desks"), 30)
    service = psutil.Process(central.pid)
    for desk in desks:
        desk.uplink.start()
        desk.put(0)
    assert all(desk.uplink.wait_until_delivered(60) for desk in desks)
    before_mb = service.memory_info().rss / 1e6
    highest_mb = before_mb
    with Flood(mosquitto.port) as flood:
        assert eventually(lambda: flood.sent > 500, 60)
        for desk in desks:
            desk.put(*range(1, EACH))
        for desk in desks:
            assert desk.uplink.wait_until_delivered(120)
            highest_mb = max(highest_mb, service.memory_info().rss / 1e6)
        assert eventually(lambda: flood.sent > 2000, 60)
        highest_mb = max(highest_mb, service.memory_info().rss / 1e6)
    assert highest_mb - before_mb < MOST_GROWN_MB
    with closing(sqlite3.connect(central.file)) as db:
        stored = dict(db.execute("SELECT device, count(DISTINCT sequence) FROM event GROUP BY device"))
        longest, kept = db.execute("SELECT max(length(payload)), count(*) FROM rejected").fetchone()
    assert stored == {f"desk-{number}": EACH for number in range(DESKS)}
    assert longest <= 4096
    assert kept <= 2500
    central.kill()
