"""One contestant of desk_scenes.py: looks at so many seconds of a scene each time it reads the scene's name.

Runs in two environments; in MediaPipe's there is nothing of ours but this file, vision_footage.py and edge/arrays.py.
"""

import itertools
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from benchmarks.vision_footage import enlarged
from edge.arrays import Pixels

RATE_HZ = 15.0
NOISE = 2.0
"""Levels of noise, one sigma, as a sensor adds it indoors."""
SETTLE_S = 4.0
"""Of every scene these first seconds, and those of its opening, are not counted: networks load and faces are found."""

Stretch = tuple[str, float, float]
"""A clip, and from when to when."""
EMPTY = ("approach_onebyone.mp4", 20.5, 22.4)
COMES, STANDS = ("approach_onebyone.mp4", 5.5, 9.0), ("approach_onebyone.mp4", 9.0, 13.0)
SEATED = ("lean_cap12.mp4", 2.0, 6.0)
SCENES: dict[str, tuple[Stretch, Stretch]] = {
    "empty showroom": (EMPTY, EMPTY),
    "host seated, nobody near": (EMPTY, SEATED),
    "a visit in progress": (STANDS, SEATED),
}
"""What the customers' camera and the staff's show."""
OPENINGS: dict[str, Stretch] = {"a visit in progress": COMES}
"""What the customers' camera showed before: who stands there has come."""


def load(folder: Path, stretch: Stretch) -> list[Pixels]:
    """The frames of a stretch at `RATE_HZ`, as small as they are in the clip."""
    name, from_s, to_s = stretch
    capture = cv2.VideoCapture(str(folder / name))
    frames: list[Pixels] = []
    while True:
        read, bgr = capture.read()
        t_s = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
        if not read or t_s > to_s:
            return frames
        if t_s >= from_s + len(frames) / RATE_HZ:
            frames.append(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8))


def forever(frames: list[Pixels], opening: list[Pixels]) -> Iterator[Pixels]:
    """An opening, then frames to and fro, so that nobody jumps; at 720p, and with a sensor's noise."""
    random = np.random.default_rng(3)
    noise = [random.normal(0, NOISE, (720, 1280, 3)).astype(np.int8) for _ in range(7)]
    for index, rgb in enumerate(itertools.chain(opening, itertools.cycle([*frames, *frames[-2:0:-1]]))):
        yield np.clip(enlarged(rgb).astype(np.int16) + noise[index % len(noise)], 0, 255).astype(np.uint8)


def deskside() -> Callable[[float, Pixels, Pixels], None]:
    """The whole desk, from pixels to measurements."""
    from edge.camera.frame import Frame  # noqa: PLC0415 - not there in the other environment
    from edge.desk import Desk  # noqa: PLC0415
    from edge.face.perception import perceptions  # noqa: PLC0415
    from edge.live.memory import give_back_freed_memory  # noqa: PLC0415
    from edge.settings.desk_toml import Camera, Settings  # noqa: PLC0415
    from edge.settings.last_good import Configuration  # noqa: PLC0415
    from edge.vision.networks.model_store import ModelStore  # noqa: PLC0415
    from edge.vision.schedule import Schedule  # noqa: PLC0415
    from protocol.standards_folder import find_standard  # noqa: PLC0415

    give_back_freed_memory()
    settings = Settings(
        cameras=(
            Camera(name="customers", watches="customers", rate_hz=RATE_HZ),
            Camera(name="staff", watches="staff", rate_hz=RATE_HZ),
        )
    )
    # Planned by nominal times, so that a busy machine does no less work than an idle one.
    eyes = perceptions(settings, ModelStore(), Schedule(settings.vision.cpu_budget, measured=False))
    desk = Desk(Configuration(settings, find_standard("eight-teeth")))

    def look(t_s: float, front: Pixels, back: Pixels) -> None:
        index = round(t_s * RATE_HZ)
        for name, rgb in (("customers", front), ("staff", back)):
            desk.observe(eyes[name].observe(Frame(t_s, name, index, rgb)))

    return look


def mediapipe() -> Callable[[float, Pixels, Pixels], None]:
    """The same work by MediaPipe's solutions, at the rates that the desk looks at: bodies, faces on them, the host's mesh and pose.

    Its pose follows one person, so it stands for the bodies of all. It has nothing that spares a still room.
    """
    from mediapipe.python.solutions.face_detection import FaceDetection  # noqa: PLC0415 - only in its own environment
    from mediapipe.python.solutions.face_mesh import FaceMesh  # noqa: PLC0415
    from mediapipe.python.solutions.pose import Pose  # noqa: PLC0415

    people, posture = Pose(model_complexity=1), Pose(model_complexity=1)
    faces, mesh = FaceDetection(model_selection=1), FaceMesh(refine_landmarks=True, max_num_faces=1)
    due = {"bodies": 0.0, "faces": 0.0, "mesh": 0.0, "pose": 0.0}
    somebody, host = True, True

    def turn(what: str, t_s: float, rate_hz: float) -> bool:
        if t_s < due[what] - 1e-6:
            return False
        due[what] = max(due[what] + 1 / rate_hz, t_s)
        return True

    def look(t_s: float, front: Pixels, back: Pixels) -> None:
        nonlocal somebody, host
        if turn("bodies", t_s, 7.5 if somebody else 4.0):
            somebody = people.process(front).pose_landmarks is not None
        if somebody and turn("faces", t_s, 2.5):
            faces.process(front)
        if turn("mesh", t_s, RATE_HZ if host else 5.0):
            host = mesh.process(back).multi_face_landmarks is not None
        if turn("pose", t_s, 3.0 if host else 1.0):
            posture.process(back)

    return look


def main() -> None:
    """Answer every line, a scene's name, with the processor time and the seconds of footage of a round."""
    contestant, folder, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    cv2.setNumThreads(1)
    openings = {name: load(folder, stretch) for name, stretch in OPENINGS.items()}
    scenes = {
        name: (forever(load(folder, front), openings.get(name, [])), forever(load(folder, back), []))
        for name, (front, back) in SCENES.items()
    }
    looks = {name: {"deskside": deskside, "mediapipe": mediapipe}[contestant]() for name in SCENES}
    at_s = dict.fromkeys(SCENES, 0.0)
    print("ready", flush=True)
    for line in sys.stdin:
        scene = line.strip()
        front, back = scenes[scene]
        spent_s = 0.0
        opening_s = len(openings.get(scene, [])) / RATE_HZ
        until_s = at_s[scene] + seconds + (SETTLE_S + opening_s if at_s[scene] == 0.0 else 0.0)
        counted_from_s = until_s - seconds
        while at_s[scene] < until_s:
            t_s = at_s[scene]
            pictures = next(front), next(back)
            begun_s = time.process_time()
            looks[scene](t_s, *pictures)
            if t_s >= counted_from_s - 1e-6:
                spent_s += time.process_time() - begun_s
            at_s[scene] = t_s + 1 / RATE_HZ
        print(spent_s, seconds, flush=True)


if __name__ == "__main__":
    main()
