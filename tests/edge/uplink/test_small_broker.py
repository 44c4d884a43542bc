"""Brokers that take little: a short queue costs time, and a message that is too long stops no other."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

import pytest

from edge.settings.desk_toml import Uplink
from edge.uplink import publisher as publisher_module
from edge.uplink import window as window_module
from protocol.measurements import Gap
from protocol.state import MOST_BOOTS
from tests.worlds.delivery.acknowledger import Acknowledger
from tests.worlds.delivery.desk import Desk, numbered
from tests.worlds.delivery.mosquitto import Mosquitto, free_port

Version = Literal["5", "3.1.1"]
TOO_LONG = 6


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries as short as a test's patience."""
    monkeypatch.setattr(publisher_module, "FIRST_RETRY_S", 0.1)
    monkeypatch.setattr(publisher_module, "TICK_S", 0.1)
    monkeypatch.setattr(window_module, "HOLE_S", 0.3)


@contextmanager
def broker(folder: Path, *lines: str) -> Iterator[Mosquitto]:
    port = free_port()
    text = "\n".join([f"listener {port} 127.0.0.1", "allow_anonymous true", "persistence false", *lines, ""])
    place = folder / "broker"
    place.mkdir()
    found = Mosquitto(place, text, port)
    found.start()
    try:
        yield found
    finally:
        found.kill()


@pytest.mark.parametrize("mqtt", ["5", "3.1.1"])
@pytest.mark.parametrize(
    "limits", [("max_queued_messages 10",), ("max_queued_messages 10", "max_inflight_messages 2")]
)
def test_a_broker_with_a_queue_of_ten_costs_time_and_one_line(
    mqtt: Version, limits: tuple[str, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with broker(tmp_path, *limits) as small, Acknowledger(small.port, slow_s=0.01) as central:
        desk = Desk(Uplink(port=small.port, mqtt=mqtt), tmp_path / "spool.db")
        desk.put(*range(600))
        with caplog.at_level(logging.INFO):
            desk.uplink.start()
            assert desk.uplink.wait_until_delivered(120)
        assert {event.sequence for event in central.events} == set(range(1, 601))
        told = [record.getMessage() for record in caplog.records]
        assert len([line for line in told if "max_queued_messages" in line]) == 1, told
        assert len(told) <= 3, told
        desk.leave()


def long_one(desk: Desk) -> None:
    """A measurement of several thousand bytes among short ones."""
    desk.put(*range(1, TOO_LONG))
    desk.spool.put(numbered(TOO_LONG).model_copy(update={"reason": "x" * 500, "what": "y" * 100}))
    desk.put(*range(TOO_LONG + 1, 20))


@pytest.mark.parametrize(
    ("mqtt", "limit"),
    [
        ("5", "max_packet_size 900"),  # said when the connection is accepted
        ("3.1.1", "max_packet_size 900"),  # the broker hangs up
        ("5", "message_size_limit 800"),  # the broker refuses that one
        ("3.1.1", "message_size_limit 800"),  # the broker confirms it, and drops it
    ],
)
def test_a_message_that_is_too_long_for_the_broker_is_kept_and_told_once_and_the_others_go_on(
    mqtt: Version, limit: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with broker(tmp_path, limit) as foreign, Acknowledger(foreign.port) as central:
        desk = Desk(Uplink(port=foreign.port, mqtt=mqtt), tmp_path / "spool.db")
        long_one(desk)
        desk.uplink.start()
        assert desk.uplink.wait_until_delivered(60)
        desk.put(20, 21)
        assert desk.uplink.wait_until_delivered(60)
        assert desk.uplink.notes == (), "a broker that hangs up on a message is no other desk"
        desk.leave()
        events = {event.sequence: event.data for event in central.events}
        assert set(events) == set(range(1, 22))
        gap = events[TOO_LONG]
        assert isinstance(gap, Gap)
        assert (gap.start_s, gap.end_s) == (TOO_LONG, TOO_LONG + 0.5)
        assert "the broker takes" in gap.reason
        assert "kept on the desk" in gap.reason
    assert len([r for r in caplog.records if "kept on the desk" in r.getMessage()]) == 1
    with closing(sqlite3.connect(tmp_path / "spool.db")) as spool:
        ((kept,),) = spool.execute("SELECT data FROM unreadable").fetchall()
    assert b"x" * 500 in kept


def test_what_is_too_long_in_memory_stops_no_other_either(tmp_path: Path) -> None:
    (tmp_path / "no folder").write_text("in the way")
    with broker(tmp_path, "max_packet_size 900") as foreign, Acknowledger(foreign.port) as central:
        desk = Desk(Uplink(port=foreign.port), tmp_path / "no folder" / "spool.db")
        long_one(desk)
        desk.uplink.start()
        assert desk.uplink.wait_until_delivered(60)
        desk.leave()
        assert {event.sequence for event in central.events} == set(range(1, 20))
        (gap,) = [event.data for event in central.events if event.sequence == TOO_LONG]
        assert "it is lost" in gap.reason


def test_a_birth_that_names_many_boots_is_cut_to_what_the_broker_takes(tmp_path: Path) -> None:
    with broker(tmp_path, "max_packet_size 1500") as foreign, Acknowledger(foreign.port) as central:
        for run in range(30):
            desk = Desk(Uplink(port=foreign.port), tmp_path / "spool.db", boot=f"{run:032x}")
            desk.put(run)
            if run < 29:
                desk.leave()
        assert len(desk.spool.held()) == 30 <= MOST_BOOTS
        desk.uplink.start()
        assert desk.uplink.wait_until_delivered(60)
        desk.leave()
        assert 1 <= len(central.births[0].held) < 30
        assert len(central.events) == 30
