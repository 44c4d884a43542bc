"""Tells the living from posters, busts and screens: nobody stands so still that their head does not sway."""

import math
from collections import deque
from collections.abc import Sequence
from enum import Enum, auto

import numpy as np

from edge.scene.followed import TrackSample
from edge.scene.pace import MAD_SIGMA

BIN_S = 1.0
"""Over each of these the middle of a head is taken, so that what trembles from picture to picture does not count."""
STILL_S = 30.0
"""Whoever has not moved as the living do for so long is furniture ..."""
CAME_STILL_S = 120.0
"""... or for so long, of whoever was seen to come: a cardboard figure may be carried in, but a customer may also read."""
KEPT_BINS = round(CAME_STILL_S / BIN_S)
SWAY = 0.001
"""Sideways spread of a head that shows life, in picture widths: 4 mm at 3 m and 7 mm at 5 m, where the head of somebody who stands as still as
they can sways by 13 to 20 mm in half a minute. A still face pasted into approach_onebyone spreads by .0003 while people come and go beside it,
the standing people of the labelled clips by .001 to .02 in a few seconds."""
NOD = 0.004
"""The same up and down, where the network puts a poster's head more loosely: .0008 to .002."""
TREMBLE = 0.0003
"""Median way of a head from one picture to the next from which somebody just found is presumed alive until 30 s have shown otherwise: .0003
to .001 on the labelled clips, a hundredth of that for the pasted face."""
TREMBLED_LOOKS = 4
"""So many pictures are needed for that."""
CAME_M = 0.25
"""Whoever was seen to get on by this came by themselves: more than any sway."""
MIDDLE_SHARE = (10, 90)
"""Percentiles between which a spread is taken: who passes before a poster moves it for a while."""


class Living(Enum):
    """What is known of a body's being alive."""

    UNKNOWN = auto()
    """Too little was seen of it yet, and it did not move: it gives no visit, and nothing is said of it."""
    ALIVE = auto()
    FURNITURE = auto()


class Life:
    """Whether one followed body moves as the living do."""

    def __init__(self) -> None:
        self.living = Living.UNKNOWN
        self._came = False
        self._first: tuple[float, float] | None = None
        self._bins: deque[tuple[float, float, float]] = deque(maxlen=KEPT_BINS)
        """Start of each second, and the middle of the head in it."""
        self._bin: list[tuple[float, float]] = []
        self._bin_s = -math.inf

    def see(self, samples: Sequence[TrackSample], metres_per_width: float) -> None:
        """Take in the last of a body's samples, of which the scene keeps the last seconds."""
        newest = samples[-1]
        if newest.t_s - self._bin_s >= BIN_S:
            self._close_bin()
            self._bin_s = newest.t_s
        self._bin.append(newest.head)
        self._note_coming(samples, metres_per_width)
        still_s = CAME_STILL_S if self._came else STILL_S
        if self._is_still(newest.t_s, still_s):
            self.living = Living.FURNITURE
        elif self._came or self._sways() or (self.living is not Living.FURNITURE and _trembles(samples)):
            self.living = Living.ALIVE

    def _close_bin(self) -> None:
        if self._bin:
            x, y = np.median(self._bin, axis=0)
            self._bins.append((self._bin_s, float(x), float(y)))
        self._bin = []

    def _note_coming(self, samples: Sequence[TrackSample], metres_per_width: float) -> None:
        if self._came or len(samples) < TREMBLED_LOOKS:
            return
        now = np.median([sample.head for sample in list(samples)[-3:]], axis=0)
        if self._first is None:
            self._first = (float(now[0]), float(now[1]))
        ranges = [sample.range_m for sample in samples if sample.range_m is not None]
        nearer_m = float(np.median(ranges[-3:]) - np.median(ranges[:3])) if len(ranges) >= 2 * 3 else 0.0
        self._came = math.hypot(math.dist(now, self._first) * metres_per_width, nearer_m) > CAME_M

    def _is_still(self, now_s: float, still_s: float) -> bool:
        bins = [each for each in self._bins if each[0] >= now_s - still_s - BIN_S]
        if not bins or now_s - bins[0][0] < still_s or len(bins) < still_s / BIN_S / 2:
            return False
        across, up = _spread(bins)
        return across < SWAY and up < NOD

    def _sways(self) -> bool:
        bins = list(self._bins)[-round(STILL_S / BIN_S) :]
        if len(bins) < 2:
            return False
        across, up = _spread(bins)
        return across >= SWAY or up >= NOD


def _spread(bins: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    low, high = np.percentile(np.array(bins)[:, 1:], MIDDLE_SHARE, axis=0)
    return float(high[0] - low[0]), float(high[1] - low[1])


def _trembles(samples: Sequence[TrackSample]) -> bool:
    """Whether a head moves from picture to picture by more than a still picture's does."""
    if len(samples) < TREMBLED_LOOKS:
        return False
    ways = np.abs(np.diff([sample.head[0] for sample in samples]))
    return float(np.median(ways)) * MAD_SIGMA >= TREMBLE
