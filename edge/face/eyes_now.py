"""Which eyes can be seen now: looked at a few times a second."""

import math

import numpy as np

from edge.arrays import Float32Array, FloatArray, Pixels
from edge.face import eye_cover
from edge.face.cover_looks import CoverLooks
from edge.face.face_frame import FaceFrame

LOOK_S = 0.5
"""Eyes are looked at so often: glasses are put on and off in a second."""
_MOVED_LOOK_S = 0.1
"""And so often while the face's fixed points move against each other, as they do when a mesh meets glasses."""
_MOVED_UNITS = 0.11
"""By so much, root mean square: nine in ten dark glasses move them further, and within half a second of a clip they move by 0.08."""


class EyesNow:
    """Which of one person's eyes show, and are not behind dark glass or a patch."""

    def __init__(self) -> None:
        self._right, self._left = CoverLooks(), CoverLooks()
        self._looked: tuple[float, FloatArray] | None = None
        """When, and where the face's fixed points lay then."""

    @property
    def shown(self) -> tuple[bool, bool]:
        """Of the person's right eye, and the left one."""
        return self._right.bare, self._left.bare

    @property
    def seem_shown(self) -> tuple[bool, bool]:
        """What the latest look alone says of the person's right eye, and the left one."""
        return not self._right.seems_covered, not self._left.seems_covered

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
        fixed = face.fixed
        if not self._due(t_s, fixed):
            return
        self._looked = (t_s, fixed)
        odds = eye_cover.log_odds(mesh, face, rgb)
        if odds is not None:
            self._right.take(t_s, odds[0])
            self._left.take(t_s, odds[1])

    def _due(self, t_s: float, fixed: FloatArray) -> bool:
        if self._looked is None:
            return True
        before_s, before = self._looked
        since_s = t_s - before_s
        if not 0.0 <= since_s < LOOK_S:
            return True
        if since_s < _MOVED_LOOK_S:
            return False
        off = fixed - before
        return math.sqrt(float(np.vdot(off, off)) / len(off)) >= _MOVED_UNITS
