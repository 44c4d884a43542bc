"""The demo's broker, with mosquitto and without."""

import logging
from pathlib import Path

import pytest

from edge.tools.demo import demo_broker
from edge.tools.demo.central import running_central
from protocol.broker import trial_broker
from tests.worlds.delivery.acknowledger import eventually
from tests.worlds.delivery.desk import Desk


def test_without_mosquitto_the_embedded_broker_delivers_and_nothing_is_complained_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("amqtt", reason="needs the broker in Python: pip install amqtt")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(trial_broker, "DAEMONS", str(tmp_path))
    with (
        demo_broker.running_broker(tmp_path) as (name, way),
        running_central(way, tmp_path / "central.db", tmp_path / "central.log"),
        caplog.at_level(logging.WARNING),
    ):
        assert name == "amqtt (embedded)"
        desk = Desk(way, tmp_path / "spool.db")
        desk.uplink.start()
        desk.put(1, 2, 3)
        assert desk.uplink.wait_until_delivered(30)
        assert eventually(lambda: desk.uplink.online)
        desk.leave()
    assert caplog.text == ""
    warnings = [line for line in (tmp_path / "central.log").read_text().splitlines() if "WARNING" in line]
    # Nobody but this machine reaches it, and it lets everybody in.
    assert ["has no access rules" in line for line in warnings] == [True]
