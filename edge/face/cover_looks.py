"""Looks at something that may be covered, pooled over a second, so that no single picture decides."""

from collections import deque

_POOL_S = 1.2
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


class CoverLooks:
    """Whether one thing is covered.

    What is seen of it while a look doubts that it is bare is not believed; that it is covered is said once several looks agree.
    """

    def __init__(self) -> None:
        self.covered = False
        """Whether something covers it, as far as several looks tell."""
        self.seems_covered = False
        """Whether the latest look that doubts little says so."""
        self._looks: deque[tuple[float, float]] = deque()
        self._latest = -_MOST
        self._usual = 0.0
        self._bare_looks = 0

    @property
    def _limit(self) -> float:
        """Log odds above which a look at it is doubtful."""
        if self._bare_looks < _OWN_AFTER:
            return DOUBTFUL
        return max(min(_OWN_SHARE * self._usual, DOUBTFUL), _OWN_MOST)

    @property
    def bare(self) -> bool:
        """Whether what the mesh draws there may be believed."""
        return not self.covered and self._latest <= self._limit

    def take(self, t_s: float, odds_log: float) -> None:
        """Take the log odds of one look into account."""
        self._latest = max(min(odds_log, _MOST), -_MOST)
        self._looks.append((t_s, self._latest))
        while self._looks[0][0] < t_s - _POOL_S:
            self._looks.popleft()
        limit = self._limit
        self.seems_covered = self._latest > (limit - _HYSTERESIS if self.seems_covered else limit)
        if len(self._looks) >= _LEAST_LOOKS:
            mean = sum(odds for _, odds in self._looks) / len(self._looks)
            self.covered = mean > (limit - _HYSTERESIS if self.covered else limit)
        if not self.covered and self._latest <= limit:
            self._bare_looks = min(self._bare_looks + 1, _OWN_MEMORY)
            self._usual += (odds_log - self._usual) / self._bare_looks
