"""How many of the people on the labelled clips are seen, and how far away people are still seen.

.venv/bin/python -m benchmarks.vision_detection
"""

import json
from collections.abc import Callable
from math import radians, tan
from typing import Any

import cv2
import numpy as np

from benchmarks.vision_footage import SIZE, clip
from edge.arrays import Pixels
from edge.camera.video import VideoFile
from edge.settings.desk_toml import Camera
from edge.vision.body_detector import MODEL, BodyDetector, Detail
from edge.vision.eye import Eye
from edge.vision.face_detector import SHORT_RANGE, FaceDetector
from edge.vision.head_faces import HeadFaces
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from edge.vision.schedule import Schedule

FOCAL_PX = SIZE[0] / 2 / tan(radians(66.0) / 2)
"""Of the Camera Module 3 at 720p."""
DISTANCES_M = (1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
PEOPLE = (
    ("woman, from behind", "approach_onebyone.mp4", 12.0, 1.65),
    ("man, from behind", "approach_onebyone.mp4", 30.0, 1.75),
    ("man, facing, to the knee", "approach_walking.gif", 2.6, 1.35),
)
"""Who, where, when in the clip, and how many metres of them are to be seen."""


def main() -> None:
    models = ModelStore()
    print("People seen at the default schedule (looks; missing and extra are people, summed over looks)")
    for name, expected in expectations().items():
        count(name, expected, models)
    bodies = BodyDetector(Network(models.session(MODEL)))
    faces = HeadFaces(FaceDetector(SHORT_RANGE, Network(models.session(SHORT_RANGE.model))))
    print("\nScore by distance, 720p, 66 degrees wide: body seen coarsely / finely / face on the head")
    print(f"{'':26}" + "".join(f"{distance_m:>17.1f} m" for distance_m in DISTANCES_M))
    for who, name, t_s, height_m in PEOPLE:
        picture = next(frame.rgb for frame in VideoFile(clip(name), "front") if frame.t_s >= t_s)
        scores = [
            _scores(_at(picture, bodies, height_m, distance_m), bodies, faces) for distance_m in DISTANCES_M
        ]
        print(f"{who:26}" + "".join(f"{text:>19}" for text in scores))


def expectations() -> dict[str, Callable[[float], int]]:
    """How many people each clip shows, by time."""
    labels: dict[str, Any] = json.loads((clip("labels.json")).read_text())
    visits = [each for each in labels["approach"] if each["clip"] == "approach_onebyone.mp4"]
    third = next(each for each in labels["approach"] if each["clip"] == "approach_storeaisle.gif")[
        "first_visible"
    ]
    return {
        "approach_onebyone.mp4": lambda t_s: sum(
            each["first_visible"] <= t_s <= each["last_visible"] for each in visits
        ),
        "approach_walking.gif": lambda _: 2,
        "approach_storeaisle.gif": lambda t_s: 2 + (t_s >= third),
    }


def count(name: str, expected: Callable[[float], int], models: ModelStore) -> None:
    eye = Eye(Camera(name="front", watches="customers"), models, Schedule(0.8, measured=False))
    looks, people, missing, extra = 0, 0, [], 0
    for frame in VideoFile(clip(name), "front"):
        bodies = eye.look(frame).bodies
        if bodies is None:
            continue
        looks += 1
        wanted = expected(frame.t_s)
        people += wanted
        missing += [f"{frame.t_s:.1f}"] * max(0, wanted - len(bodies))
        extra += max(0, len(bodies) - wanted)
    print(f"  {name:24} {looks:4} looks, {people:4} people, missing {len(missing)}, extra {extra}")
    if missing:
        print(f"    missing at {', '.join(missing)} s")


def _at(picture: Pixels, bodies: BodyDetector, height_m: float, distance_m: float) -> Pixels:
    """The person of a picture, as large as they are at a distance, in a 720p frame of blurred noise."""
    _, top, _, bottom = bodies.find(picture)[0].box_px
    scale = height_m * FOCAL_PX / distance_m / (bottom - top)
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    person = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC)
    left, above = max(0, size[0] - SIZE[0]) // 2, max(0, size[1] - SIZE[1]) // 2
    person = person[above:, left:][: SIZE[1], : SIZE[0]]
    noise = np.random.default_rng(0).integers(60, 160, (SIZE[1], SIZE[0], 3), np.uint8)
    frame = cv2.GaussianBlur(noise, (0, 0), 25).astype(np.uint8, copy=False)
    y, x = (SIZE[1] - person.shape[0]) // 2, (SIZE[0] - person.shape[1]) // 2
    frame[y : y + person.shape[0], x : x + person.shape[1]] = person
    return frame


def _scores(picture: Pixels, bodies: BodyDetector, faces: HeadFaces) -> str:
    coarse, fine = bodies.find(picture, Detail.COARSE), bodies.find(picture, Detail.FINE)
    face = faces.find_one(picture, fine[0]) if fine else None
    return " / ".join(
        f"{each[0].score:.2f}" if each else "-" for each in (coarse, fine, [face] if face else [])
    )


if __name__ == "__main__":
    main()
