"""How large a face is: the size of its units in centimetres, pooled over all that was seen of one person.

An iris is as wide as any other, but one frame's is a poor ruler: eyes turn, lids close, both points of its rim are jittered. A face keeps
its size, so what is learnt of the ratio of face to iris in some frames holds in all of them, with the error of the pool.
"""

import math

from edge.face.eyes import MeshEye
from edge.face.face_frame import POPULATION_UNIT_CM
from edge.observation import Estimate
from edge.space.anthropometry import IRIS_DIAMETER_M

_RIM_PX = 0.85
"""Standard error of one iris' chord in px: both its points are jittered and regressed to 192 px."""
_TURN_SE = 0.10
"""Standard error in radians of where an iris faces the camera: head and eye together, 6 degrees."""
_OPEN_SHARE = 0.30
"""From this opening of the lids on they do not touch the iris' level chord."""
_LID_SE = 0.6
"""Relative error of the chord by how much the opening falls short of that: 0.1 less makes it 3 to 7 % shorter on three clips."""
_SHARED_SE = 0.02
"""What no pooling takes away, as a share: how the mesh draws this person's irises."""
_LOOK_S = 2.0
"""Frames closer than this share much of their error: the eyes rest for so long."""
_FIRST_S = 1 / 15
"""What the first frame counts for."""
_LONGEST_S = 0.5
"""No frame speaks for longer."""
_MEMORY_S = 300.0
"""The pool is as heavy as so many seconds at most: later ones slowly replace the earliest."""
_FAR_OFF = 2.0
"""Beyond so many of its errors from the pool a frame weighs less, so that a slip of the mesh does not move it."""


class FaceScale:
    """The scale of one person's face; begin a new one for the next person."""

    def __init__(self) -> None:
        self._weight_s = 0.0
        self._seconds = 0.0
        self._ratio = 0.0
        """Face units in the diameter of an iris, pooled."""
        self._last_s: float | None = None
        self.unit_cm = POPULATION_UNIT_CM
        """Size of a face unit; the population's until an iris was seen."""

    def observe(self, t_s: float, eyes: tuple[MeshEye, MeshEye], px_per_unit: float) -> Estimate:
        """Take a frame into account; the size of a face unit in cm by all frames so far.

        Args:
            t_s: When the light arrived.
            eyes: The eyes in it.
            px_per_unit: Picture points in a unit of the face in it.
        """
        step = _FIRST_S if self._last_s is None else min(max(t_s - self._last_s, 0.0), _LONGEST_S)
        self._last_s = t_s
        for eye in eyes:
            if eye.open and eye.iris_px >= _FINEST_PX:
                self._add(eye.iris_across_px / px_per_unit, _relative_se(eye), step / 2)
        if self._seconds > 0.0:
            self.unit_cm = self._pooled()
        return self.unit_cm

    def _add(self, ratio: float, relative_se: float, seconds: float) -> None:
        weight = seconds * relative_se**-2
        if self._seconds > 0.0:
            off = abs(ratio / self._ratio - 1)
            weight *= min(1.0, _FAR_OFF * math.hypot(relative_se, self._relative_se()) / max(off, 1e-9))
        kept = max(1 - seconds / _MEMORY_S, 0.0) if self._seconds >= _MEMORY_S else 1.0
        self._weight_s = kept * self._weight_s + weight
        self._seconds = kept * self._seconds + seconds
        self._ratio += (ratio - self._ratio) * weight / self._weight_s

    def _relative_se(self) -> float:
        """Of the pooled ratio, without what this person's irises share."""
        one_look = self._seconds / self._weight_s
        return math.sqrt(one_look / (1 + self._seconds / _LOOK_S))

    def _pooled(self) -> Estimate:
        """The irises' word and the population's, weighted by their errors."""
        seen = 100 * IRIS_DIAMETER_M.value / self._ratio
        seen_se = seen * math.hypot(
            IRIS_DIAMETER_M.se / IRIS_DIAMETER_M.value, self._relative_se(), _SHARED_SE
        )
        prior = POPULATION_UNIT_CM
        weight = prior.se**-2 / (prior.se**-2 + seen_se**-2)
        return Estimate(weight * prior.value + (1 - weight) * seen, (prior.se**-2 + seen_se**-2) ** -0.5)


_FINEST_PX = 2.0
"""A smaller iris is not measured."""


def _relative_se(eye: MeshEye) -> float:
    """Standard error of one eye's iris in one frame, as a share of it."""
    rim = _RIM_PX / eye.iris_px
    turn = _TURN_SE * math.sqrt(max(eye.foreshortened**2 - 1, 0.0))
    lids = _LID_SE * max(_OPEN_SHARE - eye.open_share, 0.0)
    return math.sqrt(rim**2 + turn**2 + lids**2 + _SHARED_SE**2)
