"""Watches the host: the face's mesh on every frame, the pose now and then."""

from dataclasses import dataclass

import numpy as np

from edge.vision.body_detector import BodyDetector, Detail
from edge.vision.body_memory import CLEAR_SCORE
from edge.vision.head_faces import HEAD, HeadFaces
from edge.vision.host_face import HostFace
from edge.vision.host_pose import HostPose
from edge.vision.preprocess import Picture
from edge.vision.schedule import Rates, Task
from edge.vision.sightings import BodySighting, MeshSighting, PoseSighting
from edge.vision.turns import Turns

MESH_LEAST_HZ = 5.0
SEARCH = Rates(wanted_hz=5.0, least_hz=2.0)
POSE = Rates(wanted_hz=3.0, least_hz=1.0)
BODY = Rates(wanted_hz=1.0, least_hz=0.5)

HEAD_REACH = 0.75
"""How far a body's head may be from the middle of the host's face, in widths of the mesh, to belong to it."""


@dataclass(frozen=True, slots=True)
class HostSeen:
    """What one frame shows of the host."""

    mesh: MeshSighting | None = None
    sought: bool = False
    pose: PoseSighting | None = None
    body: BodySighting | None = None


class HostWatch:
    """The host in one camera's frames."""

    def __init__(self, turns: Turns, face: HostFace, pose: HostPose, rate_hz: float) -> None:
        self._turns = turns
        self._face = face
        self._pose = pose
        turns.want(Task.HOST_MESH, Rates(rate_hz, min(rate_hz, MESH_LEAST_HZ)))
        turns.want(Task.HOST_POSE, POSE)

    def look_everywhere(self, rgb: Picture, t_s: float, bodies: BodyDetector) -> HostSeen:
        """Look for the host as the largest face of the picture."""
        mesh, sought = self._follow(rgb, t_s)
        self._turns.want(Task.HOST_SEARCH, SEARCH)
        if mesh is None and not self._face.followed and self._turns.due(Task.HOST_SEARCH, t_s):
            sought = True
            with self._turns.taken(Task.HOST_SEARCH, t_s):
                mesh = self._face.search(rgb)
        body = None
        self._turns.want(Task.HOST_BODY, BODY)
        missing = not self._pose.followed or not self._face.followed
        if missing and self._turns.due(Task.HOST_BODY, t_s):
            with self._turns.taken(Task.HOST_BODY, t_s):
                body = body_of_host(bodies.find(rgb, Detail.COARSE), mesh)
        return HostSeen(mesh, sought, self._posture(rgb, t_s, body), body)

    def look_at(self, rgb: Picture, t_s: float, body: BodySighting | None, faces: HeadFaces) -> HostSeen:
        """Look for the host as the one whose body is `body`; with None, there is no host in this frame."""
        if body is None:
            self._face.forget()
            self._pose.forget()
            return HostSeen(sought=True)
        mesh, sought = self._follow(rgb, t_s)
        if mesh is not None and not belongs(body, mesh):
            self._face.forget()
            mesh = None
        if mesh is None and not self._face.followed:
            sought = True
            face = faces.find_one(rgb, body)
            mesh = None if face is None else self._face.begin(rgb, face)
        return HostSeen(mesh, sought, self._posture(rgb, t_s, body), body)

    def look_on(self, rgb: Picture, t_s: float) -> HostSeen:
        """Look where the host was a frame ago, and nowhere else."""
        mesh, sought = self._follow(rgb, t_s)
        return HostSeen(mesh, sought, self._posture(rgb, t_s, None))

    def _follow(self, rgb: Picture, t_s: float) -> tuple[MeshSighting | None, bool]:
        if not self._face.followed or not self._turns.due(Task.HOST_MESH, t_s):
            return None, False
        with self._turns.taken(Task.HOST_MESH, t_s):
            return self._face.follow(rgb), True

    def _posture(self, rgb: Picture, t_s: float, body: BodySighting | None) -> PoseSighting | None:
        if body is not None and not self._pose.followed:
            self._pose.begin(body)
        if not self._pose.followed or not self._turns.due(Task.HOST_POSE, t_s):
            return None
        with self._turns.taken(Task.HOST_POSE, t_s):
            return self._pose.look(rgb)


def body_of_host(bodies: list[BodySighting], mesh: MeshSighting | None) -> BodySighting | None:
    """The body that carries the host's face; without a face the largest one that is seen clearly."""
    if mesh is not None:
        return next((body for body in bodies if belongs(body, mesh)), None)
    clear = [body for body in bodies if body.score >= CLEAR_SCORE]
    return max(clear, key=_height, default=None)


def belongs(body: BodySighting, mesh: MeshSighting) -> bool:
    """Whether a body's head is where a mesh is."""
    head = np.average(body.keypoints[HEAD, :2], axis=0, weights=body.keypoints[HEAD, 2] + 1e-6)
    left, right = mesh.points[:, 0].min(), mesh.points[:, 0].max()
    away = np.hypot(*(head - mesh.points[:, :2].mean(0)))
    return bool(away <= HEAD_REACH * (right - left))


def _height(body: BodySighting) -> float:
    return body.box_px[3] - body.box_px[1]
