"""The memory of the live desk over half an hour: the real appliance with two 720p cameras at 15 Hz, at the speed of life.

Prints the curve, a point a minute, and its growth after the first minute. The footage is decoded in a process of its own, as a camera's
driver would be: its 40 MB are not the desk's.

    .venv/bin/python -m benchmarks.memory_curve [MINUTES]
"""

import itertools
import logging
import multiprocessing
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil

from benchmarks.vision_footage import SIZE, Footage
from benchmarks.vision_load import RATE_HZ, encoded_footage, forever
from edge.camera.frame import Frame
from edge.camera.paced import PacedSource
from edge.clock import Clock
from edge.live.appliance import Appliance
from edge.live.birth import birth_facts
from edge.live.memory import give_back_freed_memory
from edge.live.sight import Sight
from edge.settings.desk_toml import Camera, Settings, Storage, Uplink
from edge.settings.last_good import Configuration
from protocol.standards_folder import find_standard

MINUTES = 31.0
SETTLED_S = 60.0
EVERY_S = 5.0
MOST_MB, MOST_GROWTH_MB = 300.0, 10.0


def decode(connection: socket.socket, paths: list[Path], watches: str) -> None:
    """Send what a camera shows as fast as it is taken, in a process of its own."""
    for frame in forever(paths, watches):
        connection.sendall(frame.rgb.tobytes())


def decoded(connection: socket.socket, watches: str) -> Iterator[Frame]:
    """The frames that come from such a process, each in memory of its own, as a camera's are."""
    for index in itertools.count():
        rgb = np.empty((SIZE[1], SIZE[0], 3), np.uint8)
        room = rgb.data.cast("B")
        while room:
            room = room[connection.recv_into(room) :]
        yield Frame(index / RATE_HZ, watches, index, rgb)


@contextmanager
def footage() -> Iterator[dict[str, Iterator[Frame]]]:
    """Both cameras' footage without end, by what each watches; when it is left, nobody decodes any more."""
    spawned = multiprocessing.get_context("spawn")
    with encoded_footage() as files:
        sources, processes = {}, []
        for watches, paths in files.items():
            here, there = socket.socketpair()
            processes.append(spawned.Process(target=decode, args=(there, paths, watches), daemon=True))
            processes[-1].start()
            sources[watches] = decoded(here, watches)
            here.recv(1, socket.MSG_PEEK)  # The process is at work.
        yield sources
        for process in processes:
            process.terminate()
            process.join()


def curve(minutes: float, sources: dict[str, Iterator[Frame]], folder: Path) -> list[tuple[float, float]]:
    """Seconds since the beginning, and the resident memory in MB at that time."""
    settings = Settings(
        cameras=(
            Camera(name="customers", watches="customers", rate_hz=RATE_HZ),
            Camera(name="staff", watches="staff", rate_hz=RATE_HZ),
        ),
        uplink=Uplink(host="127.0.0.1", port=9),
        storage=Storage(spool=folder / "spool.db"),
    )
    configuration, sight = Configuration(settings, find_standard("eight-teeth")), Sight(settings)
    appliance = Appliance(
        configuration,
        birth_facts(configuration, sight.hashes),
        Clock(),
        sight,
        opener=lambda camera: PacedSource(Footage(sources[camera.name])),
    )
    stop = threading.Event()
    at_work = threading.Thread(target=appliance.run, args=(stop,))
    at_work.start()
    process, began_s, points = psutil.Process(), time.monotonic(), []
    while (now_s := time.monotonic() - began_s) < 60.0 * minutes and at_work.is_alive():
        points.append((now_s, process.memory_info().rss / 1e6))
        if now_s // 60.0 > (now_s - EVERY_S) // 60.0:
            print(f"minute {now_s // 60.0:3.0f}: {points[-1][1]:6.1f} MB", flush=True)
        time.sleep(EVERY_S)
    stop.set()
    at_work.join()
    return points


def main() -> int:
    """Print the curve while it is made, and what it comes to."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    os.environ["GPIOZERO_PIN_FACTORY"] = "mock"
    logging.basicConfig(level=logging.ERROR)
    give_back_freed_memory()
    with tempfile.TemporaryDirectory() as folder, footage() as sources:
        points = np.array(curve(minutes, sources, Path(folder)))
    settled = points[points[:, 0] >= SETTLED_S]
    # Medians of a minute: at one moment a network's activations may be mapped.
    first, last = (
        np.median(part[:, 1]) for part in (settled[settled[:, 0] < SETTLED_S + 60.0], settled[-12:])
    )
    growth_mb, most_mb = last - first, settled[:, 1].max()
    print(
        f"at most {most_mb:.0f} MB (line: {MOST_MB:.0f}), {growth_mb:+.1f} MB after the first minute (line: {MOST_GROWTH_MB:.0f})"
    )
    return int(most_mb > MOST_MB or growth_mb > MOST_GROWTH_MB)


if __name__ == "__main__":
    sys.exit(main())
