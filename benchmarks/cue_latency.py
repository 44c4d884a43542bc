"""How long after a frame's light arrived the host's light shows what it meant: the real appliance, two 720p cameras.

Run with `python -m benchmarks.cue_latency`. The clock starts at the frame's own time, as a camera's sensor would stamp it,
and stops when the light shows what the deciding parts made of it. The lines to keep are 80 ms for 95 % of the frames, 200 ms for all, and
150 ms for each cue that a frame causes.
"""

import logging
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from gpiozero.pins.mock import MockFactory, MockPWMPin
from rich.console import Console
from rich.table import Table

from benchmarks.vision_footage import Footage
from edge.camera.frame import Frame
from edge.camera.paced import PacedSource
from edge.camera.source import FrameSource
from edge.clock import Clock
from edge.feedback.cue import Cue
from edge.feedback.light_thread import STALE_S, LightThread
from edge.feedback.lights import DeskLights
from edge.live.appliance import Appliance
from edge.live.birth import birth_facts
from edge.live.memory import give_back_freed_memory
from edge.live.sight import Sight
from edge.observation import FrameSeen, Observation
from edge.settings.desk_toml import Camera, Mount, RgbLight, Settings, Storage, Uplink
from edge.settings.desk_toml import Lights as LightSettings
from edge.settings.last_good import Configuration
from edge.tools.demo.approach import ApproachingCustomer, Waypoint, read_portrait
from edge.tools.demo.host import HeldClip
from edge.tools.demo.media import CUSTOMER, HOST, fetch, media_folder
from protocol.standards_folder import find_standard

DURATION_S = 30.0
LINE_MS = 150.0
LINE_95_MS, LINE_WORST_MS = 80.0, 200.0
NOT_OF_A_FRAME = ("ready", "offline", "not_measuring")
"""Cues that no frame causes."""
WALK = [
    Waypoint(1.0, 5.5),
    Waypoint(5.0, 1.3),
    Waypoint(11.0, 1.3),
    Waypoint(15.0, 5.5),
    Waypoint(18.0, 5.5),
    Waypoint(22.0, 1.3),
    Waypoint(30.0, 1.3),
]


class TimedLights(DeskLights):
    """The real lights on simulated pins, with a stopwatch."""

    def __init__(self, wiring: LightSettings, clock: Clock) -> None:
        super().__init__(wiring, MockFactory(pin_class=MockPWMPin))  # type: ignore[no-untyped-call]
        self._clock = clock
        self._kind: object = None
        self.caused: dict[Cue, FrameSeen] = {}
        """Which frame each cue is due to."""
        self.changes: list[tuple[str, float]] = []
        """What the light changed to, and how many ms after the frame."""

    def show(self, cue: Cue, t_s: float) -> None:
        """Show it, and note when it is shown."""
        super().show(cue, t_s)
        if cue.kind != self._kind and (frame := self.caused.get(cue)) is not None:
            self.changes.append((cue.kind, 1000.0 * (self._clock.now_s() - frame.t_s)))
        self._kind = cue.kind


class TimedThread(LightThread):
    """The real thread of the lights, with a stopwatch for what it is told."""

    def __init__(self, lights: TimedLights, clock: Clock) -> None:
        self._clock = clock
        self._timed = lights
        self._frame: FrameSeen | None = None
        self.frames: dict[str, list[float]] = {}
        """How many ms after its light each frame was answered, by camera."""
        super().__init__(lights, clock.now_s)

    def caused_by(self, observation: Observation) -> None:
        """Note what the deciding parts are given, before the light shows what they make of it."""
        self._frame = observation if isinstance(observation, FrameSeen) else None

    def show(self, cue: Cue, lasts_s: float = STALE_S) -> None:
        """Note which frame it answers, and show it."""
        frame, self._frame = self._frame, None
        if frame is not None:
            self._timed.caused[cue] = frame
        super().show(cue, lasts_s)
        if frame is not None:
            self.frames.setdefault(frame.camera, []).append(1000.0 * (self._clock.now_s() - frame.t_s))


class TimedSight(Sight):
    """The real networks, with a stopwatch."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.looks: list[float] = []
        """How many ms each look took."""

    def observe(self, frame: Frame) -> FrameSeen:
        """Look, and note how long it took."""
        begun_s = time.monotonic()
        seen = super().observe(frame)
        self.looks.append(1000.0 * (time.monotonic() - begun_s))
        return seen


def sources() -> dict[str, FrameSource]:
    """Footage rendered beforehand, so that only the desk's own work is timed; delivered at the speed of life."""
    walk = list(
        ApproachingCustomer("customers", read_portrait(media_folder() / CUSTOMER.name), WALK, DURATION_S)
    )
    host = [
        Frame(
            each.t_s,
            each.camera,
            each.index,
            np.ascontiguousarray(np.repeat(np.repeat(each.rgb, 2, 0), 2, 1)),
        )
        for each in HeldClip(media_folder() / HOST.name, "staff", 8.0, DURATION_S)
    ]
    return {"customers": PacedSource(Footage(walk)), "staff": PacedSource(Footage(host))}


def measure() -> tuple[TimedLights, TimedThread, TimedSight]:
    """Run the appliance over the footage."""
    settings = Settings(
        cameras=(
            Camera(name="customers", watches="customers", mount=Mount(height_m=1.3)),
            Camera(name="staff", watches="staff", mount=Mount(y_m=-0.2, height_m=1.2, yaw_deg=180.0)),
        ),
        lights=LightSettings(host=RgbLight(red=17, green=27, blue=22)),
        uplink=Uplink(host="127.0.0.1", port=9),
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = settings.model_copy(update={"storage": Storage(spool=Path(folder) / "spool.db")})
        configuration = Configuration(settings, find_standard("eight-teeth"))
        clock, sight = Clock(), TimedSight(settings)
        lights = TimedLights(settings.lights, clock)
        thread = TimedThread(lights, clock)
        footage = sources()
        appliance = Appliance(
            configuration,
            birth_facts(configuration, sight.hashes),
            clock,
            sight,
            lights=thread,
            opener=lambda each: footage[each.name],
            witness=thread.caused_by,
        )
        stop = threading.Event()
        threading.Timer(DURATION_S + 1.0, stop.set).start()
        appliance.run(stop)
    return lights, thread, sight


def main() -> None:
    """Print the table."""
    os.environ["GPIOZERO_PIN_FACTORY"] = "mock"
    logging.basicConfig(level=logging.ERROR)
    give_back_freed_memory()
    fetch(media_folder())
    lights, thread, sight = measure()
    table = Table("cue", "ms after its frame", title="Light after frame, two 720p cameras at 15 fps")
    for kind, ms in lights.changes:
        table.add_row(kind, f"{ms:.0f}")
    console = Console()
    console.print(table)
    late_ms = {name: np.array(each) for name, each in thread.frames.items()}
    late = np.concatenate(list(late_ms.values()))
    for name, each in (("looking", np.array(sight.looks)), *late_ms.items(), ("all", late)):
        console.print(
            f"{name}: {len(each)} frames, median {np.median(each):.0f} ms, 95 % {np.percentile(each, 95):.0f} ms, worst {each.max():.0f} ms"
        )
    cues = [ms for kind, ms in lights.changes if kind not in NOT_OF_A_FRAME]
    kept = np.percentile(late, 95) <= LINE_95_MS and late.max() <= LINE_WORST_MS
    sys.exit(not cues or max(cues) > LINE_MS or not kept)


if __name__ == "__main__":
    main()
