"""Decides which weak detections to believe: a person must be seen clearly once, and may then be half hidden for a while."""

from dataclasses import dataclass

from edge.vision.networks.overlap import BoxPx, best_match
from edge.vision.sightings import BodySighting

CLEAR_SCORE = 0.24
"""From here on MoveNet is believed by itself: people at 6 m in 720p score 0.26 to 0.41."""

SQUAT_SURE_SCORE = 0.4
"""From this score on a body that is wider than high is believed."""
LEAST_HEIGHT_OVER_WIDTH = 0.9
"""Whoever is wholly in the picture is taller than wide, or seen very clearly. On person-free frames of the labelled clips a table's foot
scores up to 0.25, at a height of 0.7 widths; no person there is below 1.7."""

EDGE_SHARE = 0.02
"""A box this close to the picture's edge may be cut off by it; in shares of the picture's size."""

WEAK_SCORE = 0.12
"""From here on it is believed where a person was just seen: people half hidden by others score 0.13 to 0.25."""

SAME_PLACE_OVERLAP = 0.3
"""Intersection over union with the person's last box."""

FORGET_AFTER_S = 1.0
"""How long a place is remembered without any detection there."""

DOUBT_AFTER_S = 5.0
"""How long weak detections alone are believed: a thing in the background must not keep a person alive who has left."""


@dataclass(frozen=True, slots=True)
class _Memory:
    box: BoxPx
    seen_s: float
    clear_s: float


class BodyMemory:
    """Who was seen where, of late, by one camera."""

    def __init__(self) -> None:
        self._memories: list[_Memory] = []

    @property
    def anybody(self) -> bool:
        """Whether somebody was there at the last look."""
        return bool(self._memories)

    def believe(self, bodies: list[BodySighting], picture: tuple[int, int], t_s: float) -> list[BodySighting]:
        """Those of the detections of one frame that are people.

        Args:
            bodies: The detections.
            picture: Width and height of the frame.
            t_s: Time of the frame.
        """
        remembered = [memory for memory in self._memories if t_s - memory.seen_s <= FORGET_AFTER_S]
        believed, memories = [], []
        for body in sorted(bodies, key=lambda each: -each.score):
            if _is_squat(body, picture):
                continue
            clear_s = t_s if body.score >= CLEAR_SCORE else _last_clear(body, remembered, t_s)
            if clear_s is not None:
                believed.append(body)
                memories.append(_Memory(body.box_px, t_s, clear_s))
        unseen = [old for old in remembered if not _replaced(old, memories)]
        self._memories = memories + unseen
        return believed


def _is_squat(body: BodySighting, picture: tuple[int, int]) -> bool:
    left, top, right, bottom = body.box_px
    width, height = picture
    cut_off = (
        left < EDGE_SHARE * width
        or top < EDGE_SHARE * height
        or right > (1.0 - EDGE_SHARE) * width
        or bottom > (1.0 - EDGE_SHARE) * height
    )
    squat = bottom - top < LEAST_HEIGHT_OVER_WIDTH * (right - left)
    return squat and not cut_off and body.score < SQUAT_SURE_SCORE


def _last_clear(body: BodySighting, remembered: list[_Memory], t_s: float) -> float | None:
    """When the person at the place of a weak detection was last seen clearly; None when it is not to be believed."""
    match = best_match(body.box_px, [memory.box for memory in remembered])
    if body.score < WEAK_SCORE or match is None or match[1] < SAME_PLACE_OVERLAP:
        return None
    clear_s = remembered[match[0]].clear_s
    return clear_s if t_s - clear_s <= DOUBT_AFTER_S else None


def _replaced(old: _Memory, memories: list[_Memory]) -> bool:
    match = best_match(old.box, [memory.box for memory in memories])
    return match is not None and match[1] >= SAME_PLACE_OVERLAP
