"""What the whole desk costs: two 720p cameras at 15 frames a second, from pixels to measurements, at the default schedule.

Prints the cores that live operation would need, the memory and its growth, and where the time goes. 30 minutes of footage take
about as long to look at.

    .venv/bin/python -m benchmarks.desk_load [MINUTES]
"""

import sys
import time
from collections.abc import Iterator

import psutil

from benchmarks.vision_load import (
    MINUTES,
    RATE_HZ,
    Clockwork,
    endless_footage,
    report_load,
    report_rates,
)
from edge.camera.frame import Frame
from edge.desk import Desk
from edge.face import perception
from edge.face.perception import perceptions
from edge.live.memory import give_back_freed_memory
from edge.settings.desk_toml import Camera, Settings
from edge.settings.last_good import Configuration
from edge.vision.eye import Eye
from edge.vision.networks import preprocess
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from edge.vision.schedule import Schedule
from protocol.standards_folder import find_standard


def watch_the_clock(clockwork: Clockwork) -> None:
    """Put the processor time of each part of the chain to its name."""
    Network.run = clockwork.timed("networks", Network.run)  # type: ignore[method-assign]
    for canvas in (preprocess.ByteCanvas, preprocess.FloatCanvas):
        canvas.place = clockwork.timed("pre-processing", canvas.place)  # type: ignore[method-assign]
    preprocess.FloatCanvas.cut = clockwork.timed("pre-processing", preprocess.FloatCanvas.cut)  # type: ignore[method-assign]
    Eye.look = clockwork.timed("decoding outputs, schedule", Eye.look)  # type: ignore[method-assign]
    perception.locate = clockwork.timed("places", perception.locate)  # type: ignore[attr-defined]
    perception.host_view = clockwork.timed("mouth, gaze, posture", perception.host_view)  # type: ignore[attr-defined]
    Desk.observe = clockwork.timed("tracks, encounters, cue", Desk.observe)  # type: ignore[method-assign]


def measure(minutes: float, sources: dict[str, Iterator[Frame]], clockwork: Clockwork) -> int:
    """Look at the footage; 0 when every line is kept."""
    settings = Settings(
        cameras=(
            Camera(name="customers", watches="customers", rate_hz=RATE_HZ),
            Camera(name="staff", watches="staff", rate_hz=RATE_HZ),
        )
    )
    schedule = Schedule(settings.vision.cpu_budget)
    eyes = perceptions(settings, ModelStore(), schedule)
    desk = Desk(Configuration(settings, find_standard("eight-teeth")))
    read = clockwork.timed("decoding video", next)
    process = psutil.Process()
    frames = round(minutes * 60.0 * RATE_HZ)
    settled = min(frames - 1, round(60.0 * RATE_HZ))
    memory_mb: list[float] = []
    measured = 0
    begun_s, t_s = time.process_time(), 0.0
    for index in range(frames):
        for name, source in sources.items():
            frame = read(source)
            measured += len(desk.observe(eyes[name].observe(frame)))
            t_s = frame.t_s
        if (index >= settled and index % round(15.0 * RATE_HZ) == 0) or index == settled:
            memory_mb.append(process.memory_info().rss / 1e6)
    used_s = time.process_time() - begun_s
    report_rates(schedule, list(sources), t_s)
    print(f"{measured} measurements")
    return report_load(used_s, frames / RATE_HZ, memory_mb, clockwork.spent_s)


def main() -> int:
    """Enlarge the clips, and look at them again and again."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    give_back_freed_memory()
    clockwork = Clockwork()
    watch_the_clock(clockwork)
    with endless_footage() as sources:
        return measure(minutes, sources, clockwork)


if __name__ == "__main__":
    sys.exit(main())
