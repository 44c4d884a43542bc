"""How far everybody was a moment ago: what the host did is certain only later, and the customer walks on meanwhile."""

from collections import deque
from collections.abc import Iterable

from edge.scene.scene_now import Track
from protocol.measurements import Quantity

KEPT_S = 5.0
"""Longer than any state of the host takes to become certain; the slowest of them, work resumed, takes 2 s."""
LOOK_S = 0.5
"""A look further from the moment asked about is no look at it."""


ByTrack = dict[int, Quantity]
"""How far people were, by their tracks."""


class Distances:
    """The last few seconds of everybody's distance from the desk."""

    def __init__(self) -> None:
        self._known: dict[int, deque[tuple[float, Quantity]]] = {}

    def take(self, t_s: float, tracks: Iterable[Track]) -> None:
        """Add what is seen now."""
        for track in tracks:
            distance = quantity(track)
            if not track.visible or distance is None:
                continue
            looks = self._known.setdefault(track.id, deque())
            if not looks or looks[-1][0] < track.last_seen_s:
                looks.append((track.last_seen_s, distance))
        for track_id in tuple(self._known):
            looks = self._known[track_id]
            while looks and looks[0][0] < t_s - KEPT_S:
                looks.popleft()
            if not looks:
                del self._known[track_id]

    def at(self, track_ids: Iterable[int], t_s: float) -> Quantity | None:
        """Distance of the nearest of some people at a moment; None where none was seen around it."""
        found = (self._one_at(track_id, t_s) for track_id in track_ids)
        return min((each for each in found if each is not None), key=lambda each: each.value, default=None)

    def everybody_at(self, t_s: float) -> ByTrack:
        """Distance of everyone seen around a moment, by track."""
        found = {track_id: self._one_at(track_id, t_s) for track_id in self._known}
        return {track_id: each for track_id, each in found.items() if each is not None}

    def _one_at(self, track_id: int, t_s: float) -> Quantity | None:
        looks = self._known.get(track_id, ())
        nearest = min(looks, key=lambda look: abs(look[0] - t_s), default=None)
        return nearest[1] if nearest is not None and abs(nearest[0] - t_s) <= LOOK_S else None


def quantity(track: Track) -> Quantity | None:
    """The distance of a track as a measured value."""
    distance = track.distance_m
    return None if distance is None else Quantity(value=distance.value, se=distance.se)
