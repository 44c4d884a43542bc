"""From a camera's frames to observations: everything that needs pixels or landmarks happens here, and ends here."""

from edge.camera.frame import Frame
from edge.manner.hands import HandMotion
from edge.manner.host_view import host_view
from edge.observation import FrameSeen, HostView, Person
from edge.settings import Camera
from edge.space.place import locate
from edge.vision.eye import Eye
from edge.vision.model_store import ModelStore
from edge.vision.schedule import Schedule
from edge.vision.sightings import Look


class Perception:
    """One camera's way from frames to observations.

    Args:
        camera: The camera, as desk.toml declares it.
        models: Where the networks come from.
        schedule: Shared by all cameras of the desk.
        threads: Of the processor, for each network.
    """

    def __init__(self, camera: Camera, models: ModelStore, schedule: Schedule, threads: int = 1) -> None:
        self.camera = camera
        self._eye = Eye(camera, models, schedule, threads=threads)
        self._hands = HandMotion()

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
        return host_view(look.host_mesh, look.host_pose, look.host_body, frame.rgb, self.camera, size, hands)


def perceptions(
    cameras: tuple[Camera, ...], models: ModelStore, schedule: Schedule, threads: int = 1
) -> dict[str, Perception]:
    """One perception a camera, by the camera's name, all on one schedule."""
    return {camera.name: Perception(camera, models, schedule, threads) for camera in cameras}
