"""One contestant of vision_mesh_vs_mediapipe.py: meshes a clip each time it reads a line.

Runs in two environments; in MediaPipe's there is nothing of ours but this file and vision_footage.py.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from benchmarks.vision_footage import enlarged
from edge.arrays import Pixels

RATE_HZ = 15.0
"""At which a desk looks while a customer is in sight: how long eyes are taken to rest goes by the frames' times."""
Frames = list[Pixels]


def load(path: Path) -> Frames:
    capture = cv2.VideoCapture(str(path))
    frames: Frames = []
    while True:
        read, bgr = capture.read()
        if not read:
            return frames
        frames.append(enlarged(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)))


def deskside() -> Callable[[Pixels], bool]:
    from edge.vision.face_detector import FULL_RANGE, SHORT_RANGE, FaceDetector  # noqa: PLC0415 - not there in the other environment
    from edge.vision.face_mesh import FaceMesh  # noqa: PLC0415
    from edge.vision.host_face import HostFace  # noqa: PLC0415
    from edge.vision.networks.model_store import ModelStore  # noqa: PLC0415
    from edge.vision.networks.network import Network  # noqa: PLC0415

    models = ModelStore()
    detectors = [
        FaceDetector(kind, Network(models.session(kind.model))) for kind in (SHORT_RANGE, FULL_RANGE)
    ]
    face = HostFace(FaceMesh.of(models), detectors)
    at_s = 0.0

    def look(rgb: Pixels) -> bool:
        nonlocal at_s
        at_s += 1.0 / RATE_HZ
        return (face.follow(rgb, at_s) or face.search(rgb)) is not None

    return look


def mediapipe() -> Callable[[Pixels], bool]:
    from mediapipe.python.solutions.face_mesh import FaceMesh  # noqa: PLC0415 - only in its own environment

    mesh = FaceMesh(refine_landmarks=True, max_num_faces=1)
    return lambda rgb: mesh.process(rgb).multi_face_landmarks is not None


def main() -> None:
    contestant, path = sys.argv[1:]
    look = {"deskside": deskside, "mediapipe": mediapipe}[contestant]()
    frames = load(Path(path))
    for rgb in frames:
        look(rgb)
    print("ready", flush=True)
    for _ in sys.stdin:
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        found = sum(look(rgb) for rgb in frames)
        wall_ms = 1000.0 * (time.perf_counter() - wall_s) / len(frames)
        cpu_ms = 1000.0 * (time.process_time() - cpu_s) / len(frames)
        print(found, len(frames), wall_ms, cpu_ms, flush=True)


if __name__ == "__main__":
    main()
