"""What mouth, smile, gaze and posture add to the time that a host frame takes: the mesh alone, against the mesh and all of them.

Every second frame of the clips is taken: 15 a second, as a desk does.

Times are of the processor, not of the clock on the wall, so that other work on the machine does not count.
"""

import os
from collections.abc import Callable
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.processor import processor
from edge.arrays import Pixels
from edge.face.followed_face import FollowedFace
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
    print(processor())
    reader = FaceReader()
    for clip in ("smile_singleface.mp4", "lean_cap12.mp4"):
        frames = footage.clip(SHARED / "clips" / clip)[:800:2]
        report(clip, reader, frames)


def report(clip: str, reader: FaceReader, frames: list[tuple[float, Pixels]]) -> None:
    """Print the times of one clip."""
    reader.first(frames[0][1])
    meshes: list[MeshSighting | None] = []

    def lay() -> None:
        meshes.clear()
        meshes.extend(reader.next(rgb, t_s) for t_s, rgb in frames)

    mesh_ms = timed(lay, frames)
    views: list[HostView | None] = []

    def measure() -> None:
        views.clear()
        followed = FollowedFace()
        views.extend(
            footage.view(mesh, rgb, followed, t_s) for mesh, (t_s, rgb) in zip(meshes, frames, strict=True)
        )

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
    added_ms = view_ms + meter_ms
    print(
        f"{clip}: mesh {mesh_ms:.2f} ms, measuring it {view_ms:.2f} ms, following it {meter_ms:.2f} ms a frame, "
        f"the mouth open on {100 * opened:.0f} % of them: adds {added_ms:.2f} ms, {100 * added_ms / mesh_ms:.0f} % of the mesh"
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
