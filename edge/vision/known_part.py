"""Tells when a search can be limited to the part of a picture in which everybody stands who is known: nothing else in it has changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from edge.arrays import IntArray, Pixels
from edge.vision.body_detector import MOST_AT_ONCE, Detail
from edge.vision.body_memory import CLEAR_SCORE, SAME_PLACE_OVERLAP, WEAK_SCORE
from edge.vision.networks.crops import PicturePart
from edge.vision.networks.overlap import BoxPx, best_match, box_overlap
from edge.vision.sightings import BodySighting
from edge.vision.stillness import cells, changed

SIDEWAYS_SHARE, UPWARDS_SHARE = 0.15, 0.06
"""Kept around everybody, in shares of their height: who stands sways by 0.02 of it, and a walk of two looks is 0.1."""
MOST_SHARE = 0.6
"""Of the picture's area: a larger part saves too little."""
WHOLE_EVERY_S = 2.0
"""The whole picture is never left out for longer than this, whatever it shows."""
MOVED_FOR_S = 2.0
"""After something changed beside those who are known, the whole picture is looked at for so long: whoever moved in may be found some looks later."""
STANDS_OVERLAP = 0.65
"""Intersection over union of a body's box with itself as it came to stand: a step to the side of a third of its width makes it 0.5, arms that
move leave 0.75."""
CAME_OVERLAP = 0.5
"""Of a body's box with where it was first found: below, it came from there. What never came may be a poster, which a part and the whole show
.002 of the picture's width apart, as if it swayed."""
KEPT_S = 5.0
"""Where a body was first found is kept for so long while it is missed."""
SPARED_S = 0.4
"""While everybody stands and the picture shows what it did at the last look, no look is spared for longer than this: three of those that a
desk takes of somebody who moves. Still more seldom a noisy picture's poster would seem to sway (`edge.scene.life`)."""
_ROUNDED_S = 1e-3
"""Times of pictures are sums of many steps."""
TALL_PX = 100
"""Somebody this tall in the coarser input is looked at as finely as one at 3.5 m is in the finer one of the whole picture."""


@dataclass(frozen=True, slots=True)
class _WalkedIn:
    """Where one body was first found, and last."""

    first: BoxPx
    last: BoxPx
    seen_s: float


class KnownPart:
    """Where one camera's people stand, and what the rest of the picture showed when all of it was last looked at."""

    def __init__(self) -> None:
        self._part: PicturePart | None = None
        self._cells: IntArray | None = None
        self._now: tuple[float, IntArray] | None = None
        """The cells of the latest picture, and its time."""
        self._looked: tuple[float, IntArray] | None = None
        """Those of the picture that was looked at last."""
        self._whole_coarse = False
        """Whether the whole picture was last looked at as its part is."""
        self._boxes: tuple[BoxPx, ...] = ()
        """Where everybody came to stand."""
        self._ways: list[_WalkedIn] = []
        """Where each of those who were seen of late was first found, and last."""
        self._whole_s = self._moved_s = 0.0

    def spares(self, rgb: Pixels, t_s: float) -> bool:
        """Whether a look at this picture can be spared: everybody has stood for a while, and it shows what it did at the last look."""
        if self._looked is None or not self._boxes:
            return False
        if not 0.0 <= t_s - self._looked[0] < SPARED_S - _ROUNDED_S:
            return False
        if changed(self._looked[1], self._seen(rgb, t_s)):
            if self._part is None:
                self._moved_s = t_s
            return False
        return t_s - self._moved_s >= MOVED_FOR_S

    def part(self, rgb: Pixels, t_s: float) -> PicturePart | None:
        """The part of a picture that a search can be limited to; None where all of it must be looked at."""
        if not self._calm(rgb, t_s) or t_s - self._whole_s >= WHOLE_EVERY_S:
            return None
        self._looked = (t_s, self._seen(rgb, t_s))
        return self._part

    def whole_detail(self, rgb: Pixels, t_s: float) -> Detail:
        """How finely to look at all of a picture: where nothing has changed beside those who stand, every second time as at their part."""
        self._whole_coarse = self._calm(rgb, t_s) and not self._whole_coarse
        return self.detail((rgb.shape[1], rgb.shape[0])) if self._whole_coarse else Detail.FINE

    def _calm(self, rgb: Pixels, t_s: float) -> bool:
        """Whether everybody who is there came, and nothing has changed beside them for a while."""
        if self._part is None or self._cells is None or t_s < self._whole_s:
            return False
        if changed(self._cells, self._seen(rgb, t_s), _in_cells(self._part, self._cells, rgb)):
            self._moved_s = t_s
        return t_s - self._moved_s >= MOVED_FOR_S

    def _seen(self, rgb: Pixels, t_s: float) -> IntArray:
        """The cells of a picture, worked out once."""
        if self._now is None or self._now[0] != t_s:
            self._now = (t_s, cells(rgb))
        return self._now[1]

    def looked_whole(self, rgb: Pixels, boxes: Sequence[BoxPx], t_s: float) -> None:
        """Note what the whole picture shows, and where those stand in it who were found."""
        now = self._seen(rgb, t_s)
        part = _around(boxes, (rgb.shape[1], rgb.shape[0])) if self._all_came(boxes, t_s) else None
        if len(boxes) != len(self._boxes) or not self._stand(boxes):
            self._boxes, self._moved_s = tuple(boxes), t_s
        elif part and self._cells is not None and changed(self._cells, now, _in_cells(part, now, rgb)):
            self._moved_s = t_s
        self._part, self._cells, self._whole_s = part, now, t_s
        self._looked = (t_s, now)

    def detail(self, picture: tuple[int, int]) -> Detail:
        """How finely to look at the part of a picture of this width and height: whoever is tall in it needs no more than who is far away."""
        lowest = min((box[3] - box[1] for box in self._boxes), default=0.0)
        return Detail.COARSE if lowest * Detail.COARSE.value / max(picture) >= TALL_PX else Detail.FINE

    def holds(self, bodies: Sequence[BodySighting], part: PicturePart, picture: tuple[int, int]) -> bool:
        """Whether what was found in the part is everybody who was known, each whole and about where they were, and nobody else."""
        if len(bodies) >= MOST_AT_ONCE or any(part.cuts(body.box_px, picture) for body in bodies):
            return False
        clear = [body for body in bodies if body.score >= CLEAR_SCORE]
        return len(clear) <= len(self._boxes) and self._stand(
            [body.box_px for body in bodies if body.score >= WEAK_SCORE]
        )

    def _all_came(self, boxes: Sequence[BoxPx], t_s: float) -> bool:
        """Whether everybody who was found came from elsewhere: what always was where it is may be no person."""
        ways = [way for way in self._ways if 0.0 <= t_s - way.seen_s <= KEPT_S]
        now: list[_WalkedIn] = []
        for box in boxes:
            match = best_match(box, [way.last for way in ways])
            known = match is not None and match[1] >= SAME_PLACE_OVERLAP
            first = ways.pop(match[0]).first if match is not None and known else box
            now.append(_WalkedIn(first, box, t_s))
        self._ways = now + ways
        return all(box_overlap(way.first, way.last) < CAME_OVERLAP for way in now)

    def _stand(self, boxes: Sequence[BoxPx]) -> bool:
        """Whether everybody who was known is still where they came to stand."""
        matches = [best_match(box, boxes) for box in self._boxes]
        stay = all(match is not None and match[1] >= STANDS_OVERLAP for match in matches)
        return stay and bool(self._boxes)


def _around(boxes: Sequence[BoxPx], picture: tuple[int, int]) -> PicturePart | None:
    """The part that holds all boxes with what is kept around them; None where there are none, or it is most of the picture."""
    if not boxes:
        return None
    width, height = picture
    wide = [(box, box[3] - box[1]) for box in boxes]
    left = max(0.0, min(box[0] - SIDEWAYS_SHARE * tall for box, tall in wide))
    right = min(float(width), max(box[2] + SIDEWAYS_SHARE * tall for box, tall in wide))
    top = max(0.0, min(box[1] - UPWARDS_SHARE * tall for box, tall in wide))
    bottom = min(float(height), max(box[3] + UPWARDS_SHARE * tall for box, tall in wide))
    if (right - left) * (bottom - top) > MOST_SHARE * width * height:
        return None
    return PicturePart(int(left), int(top), int(right), int(bottom))


def _in_cells(part: PicturePart, of: IntArray, rgb: Pixels) -> tuple[slice, slice]:
    """The rows and columns of cells that a part covers, also in part."""
    down, across = of.shape[0] / rgb.shape[0], of.shape[1] / rgb.shape[1]
    return (
        slice(int(part.top * down), -int(-part.bottom * down // 1)),
        slice(int(part.left * across), -int(-part.right * across // 1)),
    )
