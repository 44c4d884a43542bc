"""Health says what the cameras and the models reached, not what they aimed at."""

import time
from collections.abc import Iterator

import numpy as np

from edge.camera.frame import Frame
from edge.live.health import HealthWatch, memory_mb
from edge.live.live_camera import LiveCamera
from edge.settings.desk_toml import Camera
from edge.vision.schedule import Rates, Schedule, Task
from protocol.measurements import MachineHealth
from protocol.software import running_software


class _Ticking:
    """A camera of a hundred frames a second."""

    live = True
    dropped = 0

    def __init__(self) -> None:
        self._closed = False

    def __iter__(self) -> Iterator[Frame]:
        while not self._closed:
            time.sleep(0.01)
            yield Frame(time.monotonic(), "door", 0, np.zeros((2, 2, 3), np.uint8))

    def close(self) -> None:
        self._closed = True


def test_the_rates_reached_and_the_frames_missed_are_told() -> None:
    began_s = time.monotonic()
    live = LiveCamera(Camera(name="door", watches="customers"), began_s, lambda _camera: _Ticking())
    schedule = Schedule(budget_cores=0.8)
    schedule.want("door", Task.BODIES, Rates(5.0, 1.0))
    health = HealthWatch([live], schedule, began_s)
    taken = 0
    while taken < 5:
        # Five frames taken slowly, of a camera that delivers many more.
        time.sleep(0.05)
        taken += isinstance(live.poll(time.monotonic()), Frame)
        schedule.ran("door", Task.BODIES, began_s + taken, ms=40.0)
    machine = MachineHealth(temperature_c=51.5, under_voltage="earlier", slowed_down="never", free_mb=900.0)
    told = health.sum_up(
        began_s + 10.0, spooled=3, clock="estimated", machine=machine, notes=("a lamp is broken",)
    )
    live.close()
    (camera,) = told.cameras
    assert (camera.name, camera.frames, camera.frame_rate_hz) == ("door", 5, 0.5)
    assert camera.asked_hz == live.camera.rate_hz
    assert told.machine == machine
    assert camera.dropped > 0
    assert camera.model_rate_hz["bodies"] > 0.0
    assert camera.model_ms["bodies"] > 0.0
    assert (told.spooled, told.notes) == (3, ("a lamp is broken",))
    assert told.software == str(running_software())
    again = health.sum_up(began_s + 20.0, spooled=0, clock="synced", machine=None, notes=())
    assert again.cameras[0].frames == 0
    assert again.start_s == told.end_s


def test_memory_is_what_the_kernel_says_is_resident() -> None:
    assert memory_mb(lambda: "100 512 10 1 0 50 0") == 2.0
    assert memory_mb() > 10.0
