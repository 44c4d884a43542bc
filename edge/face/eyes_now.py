"""Which eyes can be seen now: looked at a few times a second."""

from edge.arrays import Float32Array, Pixels
from edge.face import eye_cover
from edge.face.cover_looks import CoverLooks
from edge.face.face_frame import FaceFrame

LOOK_S = 0.5
"""Eyes are looked at so often: glasses are put on and off in a second."""


class EyesNow:
    """Which of one person's eyes show, and are not behind dark glass or a patch."""

    def __init__(self) -> None:
        self._right, self._left = CoverLooks(), CoverLooks()
        self._looked_s: float | None = None

    @property
    def shown(self) -> tuple[bool, bool]:
        """Of the person's right eye, and the left one."""
        return self._right.bare, self._left.bare

    @property
    def hidden(self) -> bool:
        """Whether both are behind something, as far as several looks tell."""
        return self._right.covered and self._left.covered

    def observe(self, t_s: float, mesh: Float32Array, face: FaceFrame, rgb: Pixels) -> None:
        """Take a frame into account.

        Args:
            t_s: When the light arrived.
            mesh: [478, 3] px.
            face: The frame fitted to it.
            rgb: [height, width, 3], the picture the mesh was found in.
        """
        if self._looked_s is not None and 0.0 <= t_s - self._looked_s < LOOK_S:
            return
        self._looked_s = t_s
        odds = eye_cover.log_odds(mesh, face, rgb)
        if odds is not None:
            self._right.take(t_s, odds[0])
            self._left.take(t_s, odds[1])
