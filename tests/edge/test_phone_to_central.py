"""From the pin to the score: a telephone that rings, is answered, and stands in the central report."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero.devices import Device
from gpiozero.pins.mock import MockFactory

from edge.clock import Clock
from edge.live.appliance import Appliance
from edge.live.birth import birth_facts
from edge.live.sight import Sight
from edge.settings.desk_toml import DeskSection, PhoneLine, Settings, Storage, Uplink
from edge.settings.last_good import Configuration
from protocol.standards_folder import find_standard
from tests.worlds.delivery.central_process import CentralProcess
from tests.worlds.delivery.mosquitto import Mosquitto

CENTRAL = Path(sys.executable).with_name("deskside-central")
RING_PIN, HOOK_PIN = 23, 24


@pytest.fixture
def pins() -> Iterator[Any]:
    """gpiozero's simulated pins, in the place of a board's."""
    before = Device.pin_factory
    factory = MockFactory()  # type: ignore[no-untyped-call]
    Device.pin_factory = factory
    yield factory
    Device.pin_factory = before


@pytest.fixture
def database(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Path]:
    central = CentralProcess(mosquitto.port, tmp_path)
    central.start()
    yield central.file
    central.end(signal.SIGTERM)


def test_a_telephone_answered_in_the_second_ring_is_scored_as_such(
    pins: Any, database: Path, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    line = PhoneLine(
        name="1",
        ring_pin=RING_PIN,
        hook_pin=HOOK_PIN,
        input="envelope",
        ring_active_high=True,
        hook_active_high=True,
        cadence="DE",
    )
    settings = Settings(
        desk=DeskSection(device="desk-3"),
        phone=(line,),
        uplink=Uplink(host="127.0.0.1", port=mosquitto.port),
        storage=Storage(spool=tmp_path / "spool.db"),
    )
    configuration, sight = Configuration(settings, find_standard("eight-teeth")), Sight(settings)
    appliance = Appliance(configuration, birth_facts(configuration, sight.hashes), Clock(), sight)
    stop = threading.Event()
    at_work = threading.Thread(target=appliance.run, args=(stop,))
    at_work.start()
    ring, hook = pins.pin(RING_PIN), pins.pin(HOOK_PIN)
    time.sleep(0.5)
    ring.drive_high()
    time.sleep(1.0)
    ring.drive_low()
    time.sleep(4.0)
    ring.drive_high()
    time.sleep(0.5)
    hook.drive_high()
    ring.drive_low()
    time.sleep(2.0)
    hook.drive_low()
    time.sleep(1.5)
    stop.set()
    at_work.join(30)

    command = [str(CENTRAL), "report", "--db", f"sqlite:///{database}", "--standard", "eight-teeth", "--json"]
    reported = subprocess.run(command, capture_output=True, text=True, check=False)
    assert reported.returncode == 0, reported.stderr
    (desk,) = json.loads(reported.stdout)["desks"]
    (call,) = desk["days"][0]["calls"]
    measured, (verdict,) = call["measured"]["data"], call["verdicts"]
    assert (measured["outcome"], measured["answered_ring"], measured["rings_begun"]) == ("answered", 2, 2)
    assert measured["pickup_delay_s"] == pytest.approx(5.5, abs=0.5)
    assert (verdict["clause"], verdict["outcome"], verdict["value"]) == ("phone.rings", "pass", 2.0)
