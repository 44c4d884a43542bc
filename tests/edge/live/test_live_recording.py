"""What the live desk was told, recorded, gives the same measurements again, byte for byte."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gpiozero.devices import Device
from gpiozero.pins.mock import MockFactory

from edge.camera.frame import Frame
from edge.camera.paced import PacedSource
from edge.camera.source import FrameSource
from edge.clock import Clock
from edge.desk import Desk
from edge.live.appliance import Appliance
from edge.live.birth import birth_facts
from edge.live.sight import Sight
from edge.observation import End, FrameSeen, Observation
from edge.recording import Header, Recorder, read
from edge.settings.desk_toml import Camera, PhoneLine, Settings, Storage, Uplink
from edge.settings.last_good import Configuration
from edge.uplink.spool import Spool
from protocol.measurements import Health, Measurement
from protocol.standards_folder import find_standard
from tests.worlds.footage import Scripted

LASTS_S = 6.0


class Fleeting(Scripted):
    """Noise at twenty frames a second, for a few seconds: then the camera is lost."""

    def __init__(self, camera: str) -> None:
        super().__init__([n / 20 for n in range(round(20 * LASTS_S / 2))])
        self.camera = camera

    def __iter__(self) -> Iterator[Frame]:
        draw = np.random.default_rng(1)
        for frame in super().__iter__():
            yield Frame(frame.t_s, self.camera, frame.index, draw.integers(0, 256, (180, 320, 3), np.uint8))


@pytest.fixture
def live(tmp_path: Path) -> tuple[Configuration, list[Observation], list[Measurement]]:
    """What a live desk was told, and what it measured."""
    pins: Any = MockFactory()  # type: ignore[no-untyped-call]
    Device.pin_factory = pins
    settings = Settings(
        cameras=(Camera(name="door", watches="customers"), Camera(name="desk", watches="staff")),
        phone=(PhoneLine(name="1", ring_pin=23, input="envelope", ring_active_high=True, cadence="DE"),),
        uplink=Uplink(host="127.0.0.1", port=1),
        storage=Storage(spool=tmp_path / "spool.db"),
    )
    configuration, clock, sight = (
        Configuration(settings, find_standard("eight-teeth")),
        Clock(),
        Sight(settings),
    )
    told: list[Observation] = []

    def opened(camera: Camera) -> FrameSource:
        return PacedSource(Fleeting(camera.name))

    appliance = Appliance(
        configuration,
        birth_facts(configuration, sight.hashes),
        clock,
        sight,
        opener=opened,
        witness=told.append,
    )
    stop = threading.Event()
    at_work = threading.Thread(target=appliance.run, args=(stop,))
    at_work.start()
    ring = pins.pin(23)
    for level in (True, False):
        time.sleep(LASTS_S / 3)
        (ring.drive_high if level else ring.drive_low)()
    time.sleep(LASTS_S)
    stop.set()
    at_work.join(60)
    Device.pin_factory = None
    spool = Spool(tmp_path / "spool.db", settings.desk.device, clock)
    spool.open()
    spooled: list[Measurement] = [each.measurement for each in spool.after(0, 1000)]
    spool.close()
    return configuration, told, [each for each in spooled if not isinstance(each, Health)]


def test_a_recording_of_the_live_desk_gives_the_same_measurements_byte_for_byte(
    live: tuple[Configuration, list[Observation], list[Measurement]], tmp_path: Path
) -> None:
    configuration, told, measured = live
    path = tmp_path / "live.jsonl"
    with Recorder(path, Header(settings=configuration.settings, standard=configuration.standard)) as recorder:
        for observation in told:
            recorder.write(observation)
    desk = Desk(configuration)
    again = [measurement for observation in read(path) for measurement in desk.observe(observation)]
    assert {each.what for each in measured if hasattr(each, "what")} == {"camera door", "camera desk"}
    assert [each.model_dump_json() for each in again] == [each.model_dump_json() for each in measured]
    assert {each.camera for each in told if isinstance(each, FrameSeen)} == {"door", "desk"}
    assert isinstance(told[-1], End)
