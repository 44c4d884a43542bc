"""Whether the mouth is covered now: looked at a few times a second and pooled, so that no single picture decides."""

from collections import deque

from edge.arrays import Float32Array, Pixels
from edge.face import mouth_cover
from edge.face.face_frame import FaceFrame
from edge.face.mouth import Mouth

LOOK_S = 0.25
"""A mouth that keeps its shape is looked at so often: who puts a mask on takes longer."""
_MOVED_LOOK_S = 0.1
"""And so often while its shape changes, as it seems to when a hand comes before it."""
_MOVED_CM = 0.15
"""Lips that opened, closed, drew apart or together by so much have changed their shape."""
_POOL_S = 1.0
"""Looks of so long are taken together."""
_LEAST_LOOKS = 3
"""Fewer decide nothing."""
DOUBTFUL = 0.0
"""Log odds above which a look is not believed to show a stranger's mouth: 3 of 100 bare faces that were lit, coloured and
blurred in every way, 97 of 100 covers, of people who were not learnt from; of 140 bare faces as they were photographed 2."""
_OWN_SHARE, _OWN_MOST = 1 / 4, -1.0
"""Of somebody whose bare mouth is known the limit lies this share of the way to what it usually reads, but no further: three bare people's
looks stay below -3.9 for as long as their clips last, a hand before one of them reads -3 to 3, and light that fails takes 3 to 5."""
_OWN_AFTER, _OWN_MEMORY = 8, 100
"""Looks at a bare mouth until it is known, and how many the usual one is the mean of, at most."""
_HYSTERESIS = 1.0
"""A covered mouth is bare again when the mean of a second is this far below the limit."""
_MOST = 4.0
"""No look says more than this."""


class CoverNow:
    """Whether one person's mouth is covered.

    What is seen of a mouth while a look doubts that there is one is not believed; that it is covered is said once several looks agree.
    """

    def __init__(self) -> None:
        self.covered = False
        """Whether something covers the mouth, as far as several looks tell."""
        self._looks: deque[tuple[float, float]] = deque()
        self._looked: tuple[float, Mouth] | None = None
        self._latest = -_MOST
        self._usual = 0.0
        self._bare_looks = 0

    @property
    def _limit(self) -> float:
        """Log odds above which a look at this mouth is doubtful."""
        if self._bare_looks < _OWN_AFTER:
            return DOUBTFUL
        return max(min(_OWN_SHARE * self._usual, DOUBTFUL), _OWN_MOST)

    @property
    def bare(self) -> bool:
        """Whether what the mesh draws may be taken for the mouth."""
        return not self.covered and self._latest <= self._limit

    def observe(self, t_s: float, mesh: Float32Array, face: FaceFrame, lips: Mouth, rgb: Pixels) -> None:
        """Take a frame into account.

        Args:
            t_s: When the light arrived.
            mesh: [478, 3] px.
            face: The frame fitted to it.
            lips: The mouth as the mesh draws it.
            rgb: [height, width, 3], the picture the mesh was found in.
        """
        if not self._due(t_s, lips):
            return
        self._looked = (t_s, lips)
        odds = mouth_cover.log_odds(mesh, face, rgb)
        if odds is not None:
            self.take(t_s, odds)

    def take(self, t_s: float, odds_log: float) -> None:
        """Take the log odds of one look into account."""
        self._latest = max(min(odds_log, _MOST), -_MOST)
        self._looks.append((t_s, self._latest))
        while self._looks[0][0] < t_s - _POOL_S:
            self._looks.popleft()
        limit = self._limit
        if len(self._looks) >= _LEAST_LOOKS:
            mean = sum(odds for _, odds in self._looks) / len(self._looks)
            self.covered = mean > (limit - _HYSTERESIS if self.covered else limit)
        if not self.covered and self._latest <= limit:
            self._bare_looks = min(self._bare_looks + 1, _OWN_MEMORY)
            self._usual += (odds_log - self._usual) / self._bare_looks

    def _due(self, t_s: float, lips: Mouth) -> bool:
        if self._looked is None:
            return True
        before_s, before = self._looked
        moved = max(
            abs(lips.open_cm.value - before.open_cm.value), abs(lips.width_cm.value - before.width_cm.value)
        )
        return not 0.0 <= t_s - before_s < (_MOVED_LOOK_S if moved >= _MOVED_CM else LOOK_S)
