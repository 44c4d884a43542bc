"""Runs the models that are due on one camera's frames, and returns what they found."""

from collections.abc import Sequence
from time import thread_time

from edge.camera.frame import Frame
from edge.settings.desk_toml import Camera, Polygon
from edge.vision import body_detector, pose
from edge.vision.face_detector import FULL_RANGE, SHORT_RANGE, FaceDetector
from edge.vision.face_mesh import FaceMesh
from edge.vision.head_faces import HeadFaces
from edge.vision.host_face import HostFace
from edge.vision.host_finder import HostFinder, HostSeen
from edge.vision.host_pose import HostPose
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network
from edge.vision.people_finder import PeopleFinder
from edge.vision.schedule import Schedule
from edge.vision.sightings import BodySighting, Look
from edge.vision.turns import Turns
from edge.vision.zone import inside


class Eye:
    """What one camera's models see.

    Args:
        camera: The camera, as desk.toml declares it.
        models: Where the networks come from.
        schedule: Shared by all cameras of the desk.
        threads: Of the processor, for each network.

    Example:
        >>> import numpy as np
        >>> eye = Eye(Camera(name="front", watches="customers"), ModelStore(), Schedule(budget_cores=0.8))
        >>> look = eye.look(Frame(0.0, "front", 0, np.zeros((720, 1280, 3), np.uint8)))
        >>> look.bodies
        ()
    """

    def __init__(
        self,
        camera: Camera,
        models: ModelStore,
        schedule: Schedule,
        threads: int = 1,
    ) -> None:
        def network(name: str) -> Network:
            return Network(models.session(name, threads))

        turns = Turns(schedule, camera.name, lambda: threads * thread_time())
        self._staff_zone = camera.staff_zone
        bodies = body_detector.BodyDetector(network(body_detector.MODEL))
        short_range = FaceDetector(SHORT_RANGE, network(SHORT_RANGE.model))
        self._head_faces = HeadFaces(short_range)
        self._people = PeopleFinder(turns, bodies, self._head_faces) if camera.watches != "staff" else None
        self._host: HostFinder | None = None
        if camera.watches != "customers":
            mesh = FaceMesh.of(models, threads)
            full_range = FaceDetector(FULL_RANGE, network(FULL_RANGE.model))
            face = HostFace(mesh, (short_range, full_range))
            posture = HostPose(pose.Pose(network(pose.MODEL)))
            own_bodies = bodies if self._people is None else None
            self._host = HostFinder(turns, face, posture, camera.rate_hz, own_bodies)

    def look(self, frame: Frame) -> Look:
        """What is to be seen in a frame; frames come in order of time."""
        height, width = frame.rgb.shape[:2]
        found = self._people.look(frame.rgb, frame.t_s) if self._people else None
        bodies, faces = found or (None, ())
        host = self._host_in(self._host, frame, bodies) if self._host else HostSeen()
        return Look(
            frame.t_s,
            frame.camera,
            width,
            height,
            bodies,
            faces,
            host.mesh,
            host.sought,
            host.pose,
            host.body,
        )

    def _host_in(self, finder: HostFinder, frame: Frame, bodies: tuple[BodySighting, ...] | None) -> HostSeen:
        if self._staff_zone is None or self._people is None:
            return finder.look_everywhere(frame.rgb, frame.t_s, bodies)
        if bodies is None:
            return finder.look_on(frame.rgb, frame.t_s)
        body = standing_in(self._staff_zone, bodies, (frame.rgb.shape[1], frame.rgb.shape[0]))
        others = [each for each in bodies if each is not body]
        return finder.look_at(frame.rgb, frame.t_s, body, others, self._head_faces)


def standing_in(zone: Polygon, bodies: Sequence[BodySighting], size: tuple[int, int]) -> BodySighting | None:
    """The tallest body whose lower end is in a zone of a picture of this width and height; None when nobody's is."""
    there = [body for body in bodies if inside(zone, _lower_end(body, size))]
    return max(there, key=lambda body: body.height_px, default=None)


def _lower_end(body: BodySighting, size: tuple[int, int]) -> tuple[float, float]:
    left, _, right, bottom = body.box_px
    return (left + right) / 2 / size[0], bottom / size[1]
