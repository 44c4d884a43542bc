"""From a camera's frames to observations: everything that needs pixels or landmarks happens here, and ends here."""

from dataclasses import replace

from edge.camera.frame import Frame
from edge.face.followed_face import FollowedFace
from edge.face.hands import HandMotion
from edge.face.host_view import host_view
from edge.observation import FrameSeen, HostView, Person
from edge.settings.desk_toml import Camera, Settings
from edge.space.place import locate
from edge.vision.eye import Eye
from edge.vision.networks.model_store import ModelStore
from edge.vision.schedule import Schedule
from edge.vision.sightings import Look


class Perception:
    """One camera's way from frames to observations.

    Args:
        camera: The camera, as desk.toml declares it.
        models: Where the networks come from.
        schedule: Shared by all cameras of the desk.
        threads: Of the processor, for each network.
        smile_measured: Whether the host's mouth may be measured at this desk; if not, no observation has it.
    """

    def __init__(
        self,
        camera: Camera,
        models: ModelStore,
        schedule: Schedule,
        threads: int = 1,
        *,
        smile_measured: bool = True,
    ) -> None:
        self.camera = camera
        self._smile_measured = smile_measured
        self._eye = Eye(camera, models, schedule, threads=threads)
        self._hands = HandMotion()
        self._face = FollowedFace()

    def observe(self, frame: Frame) -> FrameSeen:
        """What a frame shows, as numbers about people; frames come in order of time."""
        look = self._eye.look(frame)
        return FrameSeen(
            frame.t_s, frame.camera, self._people(look), self._host(look, frame), look.host_sought
        )

    def _people(self, look: Look) -> tuple[Person, ...] | None:
        if look.bodies is None:
            return None
        size = (look.width, look.height)
        faces = look.faces or (None,) * len(look.bodies)
        return tuple(
            locate(body, face, size, self.camera) for body, face in zip(look.bodies, faces, strict=True)
        )

    def _host(self, look: Look, frame: Frame) -> HostView | None:
        hands = self._hands.moved(look.t_s, look.host_pose, look.host_body)
        size = (look.width, look.height)
        host = host_view(
            look.host_mesh,
            look.host_pose,
            look.host_body,
            frame.rgb,
            self.camera,
            size,
            hands,
            self._face,
            look.t_s,
        )
        return host if host is None or self._smile_measured else without_mouth(host)


def without_mouth(host: HostView) -> HostView:
    """The host without what a desk that may not measure smiles leaves out of every observation."""
    return replace(
        host,
        mouth_covered=None,
        lift_left_cm=None,
        lift_right_cm=None,
        lift_above_nose_cm=None,
        mouth_width_cm=None,
        mouth_open_cm=None,
        teeth=None,
    )


def perceptions(settings: Settings, models: ModelStore, schedule: Schedule) -> dict[str, Perception]:
    """One perception for each of a desk's cameras, by the camera's name, all on one schedule."""
    threads, smile_measured = settings.vision.threads, settings.desk.smile_measured
    return {
        camera.name: Perception(camera, models, schedule, threads, smile_measured=smile_measured)
        for camera in settings.cameras
    }
