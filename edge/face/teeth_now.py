"""How many teeth show now: a count is good for a moment, as long as the lips stay where they are."""

from edge.arrays import Float32Array, Pixels
from edge.face import teeth
from edge.face.face_frame import FaceFrame
from edge.face.mouth_patch import Outlines, outlines
from edge.observation import Estimate

COUNT_HOLDS_S = 0.25
"""Teeth are counted anew after so long: counting costs as much as all else that is measured of a face, and a smile that is held shows the
same teeth. Four counts a second are eight of the shortest smile that is scored."""
_MOVED_MM = 1.5
"""Lips that have opened, closed, drawn apart or together by so much show other teeth: a third of a tooth's width."""


class TeethNow:
    """The last count of one person's teeth.

    A smile keeps its lips where they are, speech does not: what a smile shows is counted a few times a second, what speech shows is counted
    on nearly every frame.
    """

    def __init__(self) -> None:
        self._counted: tuple[float, Outlines, Estimate | None] | None = None

    def at(self, t_s: float, mesh: Float32Array, face: FaceFrame, rgb: Pixels) -> Estimate | None:
        """The teeth that show in a frame; None where they cannot be counted.

        Args:
            t_s: When the light arrived.
            mesh: [478, 3] px.
            face: The frame fitted to it.
            rgb: [height, width, 3], the picture the mesh was found in.
        """
        lips = outlines(face)
        if self._counted is not None and _holds(self._counted[0], t_s) and _alike(self._counted[1], lips):
            return self._counted[2]
        count = teeth.count(mesh, face, lips, rgb)
        self._counted = (t_s, lips, count)
        return count


def _holds(counted_s: float, t_s: float) -> bool:
    return 0.0 <= t_s - counted_s < COUNT_HOLDS_S


def _alike(before: Outlines, now: Outlines) -> bool:
    return (
        abs(now.opening_mm - before.opening_mm) < _MOVED_MM
        and abs(now.width_mm - before.width_mm) < _MOVED_MM
    )
