"""What two eyes cost: two 720p cameras at 15 frames a second, default schedule, an hour's footage in as little time as it takes.

Prints the cores that live operation would need (processor time over the footage's own time), the memory and its growth, and where
the time goes.

    .venv/bin/python -m benchmarks.vision_load [MINUTES]
"""

import multiprocessing
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.vision_footage import clip, write_720p
from edge.camera.frame import Frame
from edge.camera.video import VideoFile
from edge.live.memory import give_back_freed_memory
from edge.settings.desk_toml import Camera, Vision
from edge.vision.eye import Eye
from edge.vision.networks import preprocess
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from edge.vision.schedule import Schedule

RATE_HZ = 15.0
MINUTES = 30.0
MOST_CORES = 1.0
MOST_MEMORY_MB = 400.0
MOST_GROWTH_MB = 10.0
MOST_PREPROCESSING = 0.15
CLIPS = {"customers": ("approach_onebyone.mp4", "approach_walking.gif", "approach_storeaisle.gif"),
         "staff": ("lean_cap12.mp4", "smile_singleface.mp4")}  # fmt: skip


class Clockwork:
    """Processor time spent in named parts; inner parts are taken off the outer ones."""

    def __init__(self) -> None:
        self.spent_s: dict[str, float] = defaultdict(float)
        self._inner_s = [0.0]

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its processor time put to a part."""

        def run(*args: Any, **kwargs: Any) -> Any:
            self._inner_s.append(0.0)
            begun_s = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                took_s = time.thread_time() - begun_s
                self.spent_s[part] += took_s - self._inner_s.pop()
                self._inner_s[-1] += took_s

        return run


def forever(paths: list[Path], camera: str) -> Iterator[Frame]:
    """The clips one after another, again and again, on one timeline at `RATE_HZ`."""
    index = 0
    while True:
        for path in paths:
            source = VideoFile(path, camera)
            for frame in source:
                yield Frame(index / RATE_HZ, camera, index, frame.rgb)
                index += 1
            source.close()


@contextmanager
def encoded_footage() -> Iterator[dict[str, list[Path]]]:
    """The clips of both cameras at 720p, as files that are there for a while, by what the camera watches."""
    spawned = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, mp_context=spawned) as encoders:
        files = {}
        for watches, names in CLIPS.items():
            files[watches] = [Path(folder) / f"{name}.mp4" for name in names]
            for name, path in zip(names, files[watches], strict=True):
                # In a process of its own: what encoding leaves in memory is not the eyes'.
                encoders.submit(write_720p, clip(name), path, RATE_HZ).result()
        encoders.shutdown()
        yield files


@contextmanager
def endless_footage() -> Iterator[dict[str, Iterator[Frame]]]:
    """The clips of both cameras at 720p, without end, by what the camera watches."""
    with encoded_footage() as files:
        yield {watches: forever(paths, watches) for watches, paths in files.items()}


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    clockwork = Clockwork()
    Network.run = clockwork.timed("networks", Network.run)  # type: ignore[method-assign]
    for canvas in (preprocess.ByteCanvas, preprocess.FloatCanvas):
        canvas.place = clockwork.timed("pre-processing", canvas.place)  # type: ignore[method-assign]
    preprocess.FloatCanvas.cut = clockwork.timed("pre-processing", preprocess.FloatCanvas.cut)  # type: ignore[method-assign]
    with endless_footage() as sources:
        return measure(minutes, sources, clockwork)


def measure(minutes: float, sources: dict[str, Iterator[Frame]], clockwork: Clockwork) -> int:
    give_back_freed_memory()
    schedule = Schedule(Vision().cpu_budget)
    models = ModelStore()
    eyes = {
        watches: Eye(Camera(name=watches, watches=watches, rate_hz=RATE_HZ), models, schedule)  # type: ignore[arg-type]
        for watches in sources
    }
    read = clockwork.timed("decoding video", next)
    look = clockwork.timed("decoding outputs, tracking, schedule", Eye.look)
    process = psutil.Process()
    frames = round(minutes * 60.0 * RATE_HZ)
    settled = min(frames - 1, round(60.0 * RATE_HZ))
    memory_mb: list[float] = []
    begun_s, t_s = time.process_time(), 0.0
    for index in range(frames):
        for watches, source in sources.items():
            frame = read(source)
            look(eyes[watches], frame)
            t_s = frame.t_s
        if (index >= settled and index % round(15.0 * RATE_HZ) == 0) or index == settled:
            memory_mb.append(process.memory_info().rss / 1e6)
    used_s, footage_s = time.process_time() - begun_s, frames / RATE_HZ
    report_rates(schedule, list(sources), t_s)
    return report_load(used_s, footage_s, memory_mb, clockwork.spent_s)


def report_rates(schedule: Schedule, cameras: list[str], t_s: float) -> None:
    for camera in cameras:
        reached = ", ".join(f"{name} {hz:.1f} Hz" for name, hz in schedule.reached_hz(camera, t_s).items())
        print(f"{camera:10} {reached}")
    print("mean ms    " + ", ".join(f"{name} {ms:.1f}" for name, ms in schedule.mean_ms().items()))


def report_load(used_s: float, footage_s: float, memory_mb: list[float], spent_s: dict[str, float]) -> int:
    cores = used_s / footage_s
    growth_mb = memory_mb[-1] - memory_mb[0]
    print(
        f"two 720p cameras at {RATE_HZ:.0f} Hz, {footage_s / 60:.0f} min of footage, {used_s:.0f} s of processor time"
    )
    print(f"cores      {cores:.2f} (at most {MOST_CORES})")
    print(
        f"memory     {max(memory_mb):.0f} MB (at most {MOST_MEMORY_MB:.0f}), grew by {growth_mb:+.1f} MB after the first minute"
    )
    for part, seconds in sorted(spent_s.items(), key=lambda each: -each[1]):
        print(f"  {part:38} {seconds / used_s:6.1%}")
    vision_s = sum(seconds for part, seconds in spent_s.items() if part != "decoding video")
    share = spent_s["pre-processing"] / vision_s
    print(f"pre-processing is {share:.1%} of the vision's time (at most {MOST_PREPROCESSING:.0%})")
    kept = (
        cores <= MOST_CORES
        and max(memory_mb) <= MOST_MEMORY_MB
        and growth_mb <= MOST_GROWTH_MB
        and share <= MOST_PREPROCESSING
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
