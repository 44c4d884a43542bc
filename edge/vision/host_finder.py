"""Watches the host: the face's mesh on every frame, the pose now and then."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.arrays import Pixels
from edge.vision.body_detector import BodyDetector, Detail
from edge.vision.body_memory import CLEAR_SCORE
from edge.vision.head_faces import HEAD, HeadFaces
from edge.vision.host_face import HostFace
from edge.vision.host_pose import HostPose
from edge.vision.schedule import Rates, Task
from edge.vision.sightings import BodySighting, MeshSighting, PoseSighting
from edge.vision.stillness import Stillness
from edge.vision.turns import Turns

MESH_LEAST_HZ = 5.0
"""The mesh runs at the camera's rate while a customer may be in sight, and so often while none is, or time is short: nothing that is reported
happens then but leaving a smile or work that a customer meets, which is dated to 0.05 s even so (smile_singleface at 5 frames a second)."""
SEARCH = Rates(wanted_hz=5.0, least_hz=2.0)
"""Of the search while no face is followed."""
RECHECK = Rates(wanted_hz=0.5, least_hz=0.2)
"""Of the search while a face is followed: somebody nearer may have sat down."""
POSE = Rates(wanted_hz=3.0, least_hz=1.0)
"""Of the pose while a customer may be in sight: a lean takes a second."""
POSE_WITH_NOBODY = Rates(wanted_hz=1.5, least_hz=1.0)
"""While none is: nothing of it is reported then, and how the host sits and whether their hands move is known as well."""
STILL_S = 6.0
"""An empty chair in a picture that does not change is searched no more seldom: whoever sits down is near, and changes a quarter of it."""
BODY = Rates(wanted_hz=1.0, least_hz=0.5)
"""Of the search for the body that starts a pose."""

HEAD_REACH = 0.75
"""How far a body's head may be from the middle of the host's face, in widths of the mesh, to belong to it."""


@dataclass(frozen=True, slots=True)
class HostSeen:
    """What one frame shows of the host."""

    mesh: MeshSighting | None = None
    sought: bool = False
    pose: PoseSighting | None = None
    body: BodySighting | None = None


class HostFinder:
    """The host in one camera's frames."""

    def __init__(
        self, turns: Turns, face: HostFace, pose: HostPose, rate_hz: float, bodies: BodyDetector | None = None
    ) -> None:
        """Take the networks.

        Args:
            turns: When what may run.
            face: The host's face.
            pose: The host's pose.
            rate_hz: How often to look for the mesh: the camera's rate.
            bodies: For a camera that nobody else searches for bodies.
        """
        self._turns = turns
        self._face = face
        self._pose = pose
        self._bodies = bodies
        self._no_face, self._no_body = Stillness(STILL_S), Stillness(STILL_S)
        least_hz = min(rate_hz, MESH_LEAST_HZ)
        self._mesh_fine, self._mesh_coarse = Rates(rate_hz, least_hz), Rates(least_hz, least_hz)
        turns.want(Task.HOST_MESH, self._mesh_fine)
        turns.want(Task.HOST_POSE, POSE)
        turns.want(Task.HOST_SEARCH, SEARCH)
        if bodies is not None:
            turns.want(Task.HOST_BODY, BODY)

    def look_everywhere(
        self, rgb: Pixels, t_s: float, bodies: Sequence[BodySighting] | None = None
    ) -> HostSeen:
        """Look for the host as the largest face of the picture.

        Args:
            rgb: The picture.
            t_s: Its time.
            bodies: Those found in it, where the camera is also searched for customers.
        """
        mesh, sought = self._follow(rgb, t_s)
        self._turns.want(Task.HOST_SEARCH, RECHECK if self._face.followed else SEARCH)
        if self._turns.due(Task.HOST_SEARCH, t_s):
            sought = True
            found = self._search(rgb, t_s)
            if found is not None:
                mesh = found
                self._leave_other_pose(found)
        body = self._body(rgb, t_s, mesh) if bodies is None else body_with(bodies, mesh)
        return HostSeen(mesh, sought, self._posture(rgb, t_s, body), body)

    def look_at(
        self,
        rgb: Pixels,
        t_s: float,
        body: BodySighting | None,
        others: Sequence[BodySighting],
        faces: HeadFaces,
    ) -> HostSeen:
        """Look for the host as the one whose body is `body`.

        Args:
            rgb: The picture.
            t_s: Its time.
            body: The host's; None when it is not to be seen, or was missed this once.
            others: The bodies of everybody else.
            faces: Finds the face on a body.
        """
        mesh, sought = self._follow(rgb, t_s)
        if mesh is not None and (body is None or not belongs(body, mesh)) and body_with(others, mesh):
            self._face.forget()
            mesh = None
        if body is None:
            if not self._face.followed:
                self._pose.forget()
            return HostSeen(mesh, sought or not self._face.followed, self._posture(rgb, t_s, None))
        if not self._face.followed and self._turns.due(Task.HOST_SEARCH, t_s):
            sought = True
            with self._turns.taken(Task.HOST_SEARCH, t_s):
                mesh = self._face.begin_first(rgb, faces.candidates(rgb, body))
        return HostSeen(mesh, sought, self._posture(rgb, t_s, body), body)

    def look_on(self, rgb: Pixels, t_s: float) -> HostSeen:
        """Look where the host was a frame ago, and nowhere else."""
        mesh, sought = self._follow(rgb, t_s)
        return HostSeen(mesh, sought, self._posture(rgb, t_s, None))

    def _follow(self, rgb: Pixels, t_s: float) -> tuple[MeshSighting | None, bool]:
        somebody = self._turns.somebody
        self._turns.want(Task.HOST_MESH, self._mesh_fine if somebody else self._mesh_coarse)
        self._turns.want(Task.HOST_POSE, POSE if somebody else POSE_WITH_NOBODY)
        if not self._face.followed or not self._turns.due(Task.HOST_MESH, t_s):
            return None, False
        with self._turns.taken(Task.HOST_MESH, t_s):
            return self._face.follow(rgb, t_s), True

    def _search(self, rgb: Pixels, t_s: float) -> MeshSighting | None:
        """The largest face that is not followed yet; nobody's is in a picture that has not changed since nobody was in it."""
        if not self._pose.followed and self._no_face.still(rgb, t_s):
            self._turns.spared(Task.HOST_SEARCH, t_s)
            return None
        with self._turns.taken(Task.HOST_SEARCH, t_s):
            found = self._face.search(rgb)
        if self._face.followed:
            self._no_face.found_somebody(t_s)
        else:
            self._no_face.found_nobody(rgb, t_s)
        return found

    def _body(self, rgb: Pixels, t_s: float, mesh: MeshSighting | None) -> BodySighting | None:
        """The host's body, sought only while the face or the pose is not followed."""
        missing = not self._pose.followed or not self._face.followed
        if self._bodies is None or not missing or not self._turns.due(Task.HOST_BODY, t_s):
            return None
        if mesh is None and not self._pose.followed and self._no_body.still(rgb, t_s):
            self._turns.spared(Task.HOST_BODY, t_s)
            return None
        with self._turns.taken(Task.HOST_BODY, t_s):
            bodies = self._bodies.find(rgb, Detail.COARSE)
        if bodies:
            self._no_body.found_somebody(t_s)
        else:
            self._no_body.found_nobody(rgb, t_s)
        return largest_clear(bodies) if mesh is None else body_with(bodies, mesh)

    def _leave_other_pose(self, mesh: MeshSighting) -> None:
        """Stop following a pose that is not that of the face just found."""
        if self._pose.head_px is not None and not _at_face(self._pose.head_px, mesh):
            self._pose.forget()

    def _posture(self, rgb: Pixels, t_s: float, body: BodySighting | None) -> PoseSighting | None:
        if body is not None and not self._pose.followed:
            self._pose.begin(body)
        if not self._pose.followed or not self._turns.due(Task.HOST_POSE, t_s):
            return None
        with self._turns.taken(Task.HOST_POSE, t_s):
            return self._pose.look(rgb)


def body_with(bodies: Sequence[BodySighting], mesh: MeshSighting | None) -> BodySighting | None:
    """The body that carries a face."""
    if mesh is None:
        return None
    return next((body for body in bodies if belongs(body, mesh)), None)


def largest_clear(bodies: Sequence[BodySighting]) -> BodySighting | None:
    """The tallest body that is seen clearly: the host whose face is turned away."""
    clear = [body for body in bodies if body.score >= CLEAR_SCORE]
    return max(clear, key=lambda body: body.height_px, default=None)


def belongs(body: BodySighting, mesh: MeshSighting) -> bool:
    """Whether a body's head is where a mesh is."""
    x, y = np.average(body.keypoints[HEAD, :2], axis=0, weights=body.keypoints[HEAD, 2] + 1e-6).tolist()
    return _at_face((x, y), mesh)


def _at_face(head_px: tuple[float, float], mesh: MeshSighting) -> bool:
    width = mesh.points[:, 0].max() - mesh.points[:, 0].min()
    x, y = mesh.points[:, :2].mean(0)
    return bool(np.hypot(head_px[0] - x, head_px[1] - y) <= HEAD_REACH * width)
