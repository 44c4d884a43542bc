"""Whether the mouth is covered now: looked at a few times a second."""

from edge.arrays import Float32Array, Pixels
from edge.face import mouth_cover
from edge.face.cover_looks import CoverLooks
from edge.face.face_frame import FaceFrame
from edge.face.mouth import Mouth

LOOK_S = 0.25
"""A mouth that keeps its shape is looked at so often: who puts a mask on takes longer."""
_MOVED_LOOK_S = 0.1
"""And so often while its shape changes, as it seems to when a hand comes before it."""
_MOVED_CM = 0.15
"""Lips that opened, closed, drew apart or together by so much have changed their shape."""


class CoverNow:
    """Whether one person's mouth is covered."""

    def __init__(self) -> None:
        self._looks = CoverLooks()
        self._looked: tuple[float, Mouth] | None = None

    @property
    def covered(self) -> bool:
        """Whether something covers the mouth, as far as several looks tell."""
        return self._looks.covered

    @property
    def bare(self) -> bool:
        """Whether what the mesh draws may be taken for the mouth."""
        return self._looks.bare

    def observe(
        self,
        t_s: float,
        mesh: Float32Array,
        face: FaceFrame,
        lips: Mouth,
        rgb: Pixels,
        *,
        eyes_hidden: bool = False,
    ) -> None:
        """Take a frame into account.

        Args:
            t_s: When the light arrived.
            mesh: [478, 3] px.
            face: The frame fitted to it.
            lips: The mouth as the mesh draws it.
            rgb: [height, width, 3], the picture the mesh was found in.
            eyes_hidden: Whether something seems to hide both eyes.
        """
        if not self._due(t_s, lips):
            return
        self._looked = (t_s, lips)
        odds = mouth_cover.log_odds(mesh, face, rgb, eyes_hidden=eyes_hidden)
        if odds is not None:
            self._looks.take(t_s, odds)

    def _due(self, t_s: float, lips: Mouth) -> bool:
        if self._looked is None:
            return True
        before_s, before = self._looked
        moved = max(
            abs(lips.open_cm.value - before.open_cm.value), abs(lips.width_cm.value - before.width_cm.value)
        )
        return not 0.0 <= t_s - before_s < (_MOVED_LOOK_S if moved >= _MOVED_CM else LOOK_S)
