"""Finds the host's pose and follows it from look to look."""

from typing import TYPE_CHECKING

from edge.arrays import Pixels
from edge.vision.pose import LEAST_PRESENCE, NOSE, Pose, square_of_body
from edge.vision.sightings import BodySighting, PoseSighting

if TYPE_CHECKING:
    from edge.vision.networks.crops import Square


class HostPose:
    """The host's pose over time."""

    def __init__(self, pose: Pose) -> None:
        self._pose = pose
        self._square: Square | None = None
        self.head_px: tuple[float, float] | None = None
        """Where the nose was at the last look, while the pose is followed."""

    @property
    def followed(self) -> bool:
        """Whether the pose can be looked for without a body to start from."""
        return self._square is not None

    def forget(self) -> None:
        """Stop following."""
        self._square = None
        self.head_px = None

    def begin(self, body: BodySighting) -> None:
        """Follow this body from the next look on, unless its shoulders are hidden."""
        self._square = square_of_body(body)

    def look(self, rgb: Pixels) -> PoseSighting | None:
        """The pose; None when it is not followed, or lost with this frame."""
        if self._square is None:
            return None
        sighting, following = self._pose.fit(rgb, self._square)
        if sighting.presence < LEAST_PRESENCE:
            self.forget()
            return None
        self._square = following
        self.head_px = (float(sighting.points[NOSE, 0]), float(sighting.points[NOSE, 1]))
        return sighting
