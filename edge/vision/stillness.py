"""Tells a picture that still shows what nobody was found in from one that a search is worth: networks cost 200 times as much as this."""

import cv2
import numpy as np

from edge.arrays import IntArray, Pixels

CELLS = 80
"""Cells along a picture's longer side. Of 16 x 16 pixels in 720p: somebody at 6 m covers 30 of them, and a sensor's noise is averaged away."""
SAMPLES_PER_CELL = 4
"""Along a side of a cell."""
CHANGED_CELLS = 4
"""So many cells together have changed: a head at 6 m."""
LEAST_CHANGE = 3.0
"""Levels (of 255) by which a cell has changed: what rounding and a coder leave of a dark picture stays below."""
CHANGE_SHARE = 0.1
"""Or by this share of the picture's mean level, where that is more. On approach_onebyone a still room stays below 0.1; whoever comes
changes cells by 1.2 to 1.8 of it, in the copy at an eighth of the light, too."""
MOVED_FOR_S = 2.0
"""A picture that changed is searched for so long: whoever moved in may be found some looks later."""
SEARCH_AFTER_S = 3.0
"""A search is never spared for longer than this, whatever the picture shows. Somebody at 4 m changes 100 cells of it, of which
four are enough."""


class Stillness:
    """What one search of one camera last found nobody in.

    Args:
        search_after_s: For how long a search may be spared.
    """

    def __init__(self, search_after_s: float = SEARCH_AFTER_S) -> None:
        self._search_after_s = search_after_s
        self._empty: IntArray | None = None
        self._searched_s = 0.0
        self._moved_s: float | None = None

    def still(self, rgb: Pixels, t_s: float) -> bool:
        """Whether a search of this picture can be spared, since it shows what nobody was found in a moment ago."""
        if self._empty is None or t_s < self._searched_s:
            return False
        if changed(self._empty, cells(rgb)):
            self._moved_s = t_s
        return self.unmoved(t_s) and t_s - self._searched_s < self._search_after_s

    def unmoved(self, t_s: float) -> bool:
        """Whether the last picture asked about shows what nobody was found in, so that a search of it is only to make sure."""
        moved = self._moved_s is not None and t_s - self._moved_s < MOVED_FOR_S
        return self._empty is not None and not moved

    def found_nobody(self, rgb: Pixels, t_s: float) -> None:
        """Note that this picture was searched in vain."""
        now = cells(rgb)
        if self._empty is not None and changed(self._empty, now):
            self._moved_s = t_s
        self._empty, self._searched_s = now, t_s

    def found_somebody(self, t_s: float) -> None:
        """Note that somebody is there."""
        self._empty, self._moved_s = None, t_s


def cells(rgb: Pixels) -> IntArray:
    """A picture's levels [rows, columns, 3], the longer side of `CELLS`."""
    height, width = rgb.shape[:2]
    columns, rows = (max(1, round(CELLS * side / max(width, height))) for side in (width, height))
    fine = cv2.resize(
        rgb, (SAMPLES_PER_CELL * columns, SAMPLES_PER_CELL * rows), interpolation=cv2.INTER_LINEAR
    )
    return cv2.resize(fine, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.int32)


def changed(before: IntArray, after: IntArray, beside: tuple[slice, slice] | None = None) -> bool:
    """Whether a picture's cells show something else than before.

    Args:
        before: Its cells then.
        after: Its cells now.
        beside: Rows and columns of cells that are not asked about; None: all are.
    """
    if before.shape != after.shape:
        return True
    least = max(LEAST_CHANGE, CHANGE_SHARE * float(before.mean()))
    other = np.abs(after - before).max(axis=2) >= least
    if beside is not None:
        other[beside] = False
    return int(np.count_nonzero(other)) >= CHANGED_CELLS
