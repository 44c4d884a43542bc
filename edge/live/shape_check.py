"""Notices a camera whose picture is stretched, by the faces in it."""

from collections.abc import Callable, Iterable, Iterator

from edge.arrays import Pixels
from edge.camera.frame import Frame
from edge.face.followed_face import FollowedFace
from edge.face.host_view import host_view
from edge.observation import Estimate
from edge.settings.desk_toml import Camera
from edge.vision.sightings import MeshSighting

FollowFace = Callable[[Pixels, float], MeshSighting | None]
"""Gives the largest face in a camera's next picture, of that time."""

LOOK_STEP_S = 0.5
"""Pictures are looked at this far apart."""
LOOKED_S = 20.0
"""How far into footage faces are looked at."""


class ShapeCheck:
    """Whether a camera's picture is stretched, from the faces in some of its frames.

    Args:
        camera: Whose it is.
        face: Finds the largest face and follows it.
    """

    def __init__(self, camera: Camera, face: FollowFace) -> None:
        self._camera = camera
        self._face = face
        self._followed = FollowedFace()
        self._first_s: float | None = None
        self._next_s = 0.0

    @property
    def stretch(self) -> Estimate | None:
        """How many times too wide things are in it; None while nothing is told."""
        return self._followed.stretch.told

    def watching(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """The same frames, with those looked at that are far enough apart."""
        for frame in frames:
            if self._first_s is None:
                self._first_s = self._next_s = frame.t_s
            if self._next_s <= frame.t_s <= self._first_s + LOOKED_S:
                self._next_s = frame.t_s + LOOK_STEP_S
                self._look(frame)
            yield frame

    def look_on(self, watched: Iterable[Frame]) -> None:
        """Take what is left of frames that are being watched, as far as they are of use."""
        for frame in watched:
            if self._first_s is not None and frame.t_s > self._first_s + LOOKED_S:
                return

    def _look(self, frame: Frame) -> None:
        size = (frame.rgb.shape[1], frame.rgb.shape[0])
        found = self._face(frame.rgb, frame.t_s)
        host_view(found, None, None, frame.rgb, self._camera, size, followed=self._followed, t_s=frame.t_s)
