"""Times each model once, and says at which rates this machine will look."""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from edge.finding import Finding
from edge.settings.desk_toml import Camera, Settings, Vision
from edge.vision import body_detector, pose
from edge.vision.body_detector import BodyDetector
from edge.vision.face_detector import FULL_RANGE, SHORT_RANGE, FaceDetector
from edge.vision.face_mesh import FaceMesh
from edge.vision.host_finder import BODY, MESH_LEAST_HZ, POSE, RECHECK
from edge.vision.networks.crops import Square
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from edge.vision.people_finder import BODIES_WITH_SOMEBODY, HEAD_FACES
from edge.vision.schedule import Rates, Schedule, Task

PICTURE = (720, 1280, 3)
"""Height, width and colours of the picture that is looked at: what a Pi's cameras are asked for."""
HEADS = 2
"""How many heads are searched in the picture of a visit: a couple."""
KEPT_SHARE = 0.9
"""A rate this close to the one wanted is as good."""
_NAMES = {
    Task.BODIES: "bodies",
    Task.HEAD_FACES: "faces on them",
    Task.HOST_MESH: "the host's face",
    Task.HOST_POSE: "the host's pose",
}
"""What the tasks of a visit are called; the others run seldom then."""


def check_speed(settings: Settings) -> Finding:
    """What is found of the models' times at this desk, with a visit in progress before all of its cameras.

    Raises:
        ModelRefusedError: A model cannot be used.
    """
    return judged(times_ms(ModelStore(), settings.vision.threads), settings.cameras, settings.vision)


def times_ms(models: ModelStore, threads: int) -> dict[Task, float]:
    """The processor time of one run of each task, in ms, on a picture of `PICTURE`."""

    def network(name: str) -> Network:
        return Network(models.session(name, threads))

    rgb = np.random.default_rng(0).integers(0, 256, PICTURE, np.uint8)
    square = Square(640.0, 360.0, 200.0)
    bodies = BodyDetector(network(body_detector.MODEL))
    short, full = (FaceDetector(kind, network(kind.model)) for kind in (SHORT_RANGE, FULL_RANGE))
    mesh = FaceMesh.of(models, threads)
    posture = pose.Pose(network(pose.MODEL))

    def ms(run: Callable[[], object]) -> float:
        run()  # the first run of a network takes memory and lays it out
        begun_s = time.thread_time()
        run()
        return 1000.0 * threads * (time.thread_time() - begun_s)

    search = ms(lambda: (short.find(rgb), full.find(rgb)))
    return {
        Task.BODIES: ms(lambda: bodies.find(rgb, body_detector.Detail.FINE)),
        Task.HOST_BODY: ms(lambda: bodies.find(rgb, body_detector.Detail.COARSE)),
        Task.HEAD_FACES: HEADS * ms(lambda: short.find_in(rgb, square)),
        Task.HOST_SEARCH: search,
        Task.HOST_MESH: ms(lambda: mesh.fit(rgb, square)),
        Task.HOST_POSE: ms(lambda: posture.fit(rgb, square)),
    }


def judged(costs_ms: Mapping[Task, float], cameras: Sequence[Camera], vision: Vision) -> Finding:
    """What such times mean for a desk: pure."""
    schedule = in_a_visit(costs_ms, cameras, vision)
    planned = [(camera.name, task, rates) for camera in cameras for task, rates in _wanted(camera).items()]
    reached = {(name, task): schedule.allowed_hz(name)[task] for name, task, _ in planned}
    told = [
        f"{_NAMES[task]} {reached[name, task]:.1f} of {rates.wanted_hz:.1f} Hz (camera {name})"
        for name, task, rates in planned
        if task in _NAMES
    ]
    times = ", ".join(f"{what} {costs_ms[task]:.0f} ms" for task, what in _NAMES.items())
    found = f"{times}; in a visit: {', '.join(told) or 'no camera'}"
    slow = any(
        reached[name, task] < KEPT_SHARE * rates.wanted_hz
        for name, task, rates in planned
        if task in (Task.BODIES, Task.HOST_MESH)
    )
    if schedule.coarse:
        found += "; bodies are looked for coarsely, to about 4 m"
    if slow or schedule.coarse:
        to_do = (
            f"raise vision.cpu_budget ({vision.cpu_budget:g} cores) where cores are free, lower a camera's rate_hz, or fit a heat sink; "
            "docs/hardware-acceptance.md says what each rate is for"
        )
        return Finding("speed", "warning", found, to_do)
    return Finding("speed", "good", found)


def in_a_visit(costs_ms: Mapping[Task, float], cameras: Sequence[Camera], vision: Vision) -> Schedule:
    """The schedule of a visit before all cameras, by what each task costs."""
    schedule = Schedule(vision.cpu_budget, measured=False, nominal_ms=costs_ms)
    for camera in cameras:
        for task, rates in _wanted(camera).items():
            schedule.want(camera.name, task, rates)
    return schedule


def _wanted(camera: Camera) -> dict[Task, Rates]:
    """What is asked of a camera while a visit is in progress."""
    wanted: dict[Task, Rates] = {}
    if camera.watches != "staff":
        wanted |= {Task.BODIES: BODIES_WITH_SOMEBODY, Task.HEAD_FACES: HEAD_FACES}
    if camera.watches != "customers":
        mesh = Rates(camera.rate_hz, min(camera.rate_hz, MESH_LEAST_HZ))
        wanted |= {Task.HOST_MESH: mesh, Task.HOST_POSE: POSE, Task.HOST_SEARCH: RECHECK}
    if camera.watches == "staff":
        wanted[Task.HOST_BODY] = BODY
    return wanted
