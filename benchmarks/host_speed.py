"""What mouth, smile, gaze and posture add to the time that a host frame takes: the mesh alone, against the mesh and all of them.

Times are of the processor, not of the clock on the wall, so that other work on the machine does not count.
"""

import os
from collections.abc import Callable
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING

import cv2
import numpy as np

from edge.arrays import Pixels
from edge.host.host_meter import HostMeter
from edge.observation import FrameSeen, HostView
from tests.worlds.host_figures import footage
from tests.worlds.host_figures.footage import FaceReader

if TYPE_CHECKING:
    from edge.vision.sightings import MeshSighting

SHARED = Path(os.environ.get("DESKSIDE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
REPEATS = 5
MOUTH_OPEN_CM = 0.1


def main() -> None:
    cv2.setNumThreads(1)
    reader = FaceReader()
    for clip in ("smile_singleface.mp4", "lean_cap12.mp4"):
        frames = footage.clip(SHARED / "clips" / clip)[:400]
        report(clip, reader, frames)


def report(clip: str, reader: FaceReader, frames: list[tuple[float, Pixels]]) -> None:
    """Print the times of one clip."""
    reader.first(frames[0][1])
    meshes: list[MeshSighting | None] = []
    mesh_ms = timed(lambda: meshes.extend(reader.next(rgb) for _, rgb in frames), frames, repeats=1)
    views: list[HostView | None] = []

    def measure() -> None:
        views.clear()
        views.extend(footage.view(mesh, rgb) for mesh, (_, rgb) in zip(meshes, frames, strict=True))

    view_ms = timed(measure, frames)

    def follow() -> None:
        meter = HostMeter(smile_measured=True)
        for view, (t_s, _) in zip(views, frames, strict=True):
            meter.observe(FrameSeen(t_s, "staff", host=view, host_sought=True), ())

    meter_ms = timed(follow, frames)
    opened = np.mean(
        [
            v is not None and v.mouth_open_cm is not None and v.mouth_open_cm.value >= MOUTH_OPEN_CM
            for v in views
        ]
    )
    added = (view_ms + meter_ms) / mesh_ms
    print(
        f"{clip}: mesh {mesh_ms:.2f} ms, measuring it {view_ms:.2f} ms, following it {meter_ms:.2f} ms a frame, "
        f"the mouth open on {100 * opened:.0f} % of them: adds {100 * added:.0f} % to the time per host frame"
    )


def timed(run: Callable[[], None], frames: list[tuple[float, Pixels]], repeats: int = REPEATS) -> float:
    """Least milliseconds of processor time per frame over some repeats."""
    taken = []
    for _ in range(repeats):
        before = thread_time()
        run()
        taken.append(thread_time() - before)
    return 1000 * min(taken) / len(frames)


if __name__ == "__main__":
    main()
