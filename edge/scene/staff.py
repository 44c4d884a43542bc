"""Who of the people a camera sees is staff: those on the staff's floor, or in the staff's part of the picture."""

from collections.abc import Iterable

from shapely import Point, Polygon, prepare

from edge.scene.followed import Followed
from edge.scene.zones import foot_in_picture
from edge.settings.desk_toml import Camera

KNOWN_S = 2.0
"""Somebody who has been among the staff for this long in all is staff for good, also when they step out to a customer."""


class Staff:
    """Tells staff from customers for a camera that watches both; for any other camera nobody is staff."""

    def __init__(self, camera: Camera) -> None:
        both = camera.watches == "both"
        self._floor = _prepared(camera.staff_floor) if both else None
        self._zone = _prepared(camera.staff_zone) if both else None
        self._inside_s: dict[int, float] = {}
        self._seen: dict[int, tuple[float, bool]] = {}

    def see(self, known: Followed) -> None:
        """Take in where a person was just seen."""
        inside = self._among_staff(known)
        last_s, was_inside = self._seen.get(known.number, (known.last_seen_s, inside))
        if inside and was_inside:
            self._inside_s[known.number] = self._inside_s.get(known.number, 0.0) + known.last_seen_s - last_s
        self._seen[known.number] = (known.last_seen_s, inside)

    def has(self, known: Followed) -> bool:
        """Whether a person is staff."""
        _, inside = self._seen.get(known.number, (0.0, False))
        return inside or self._inside_s.get(known.number, 0.0) >= KNOWN_S

    def forget(self, people: Iterable[Followed]) -> None:
        """Forget people who are followed no more."""
        for known in people:
            self._seen.pop(known.number, None)
            self._inside_s.pop(known.number, None)

    def _among_staff(self, known: Followed) -> bool:
        if self._floor is not None and known.place_motion is not None:
            x_m, y_m = known.place_motion.at
            return bool(self._floor.covers(Point(x_m, y_m)))
        return self._zone is not None and bool(self._zone.covers(foot_in_picture(known.person)))


def _prepared(corners: tuple[tuple[float, float], ...] | None) -> Polygon | None:
    if corners is None:
        return None
    polygon = Polygon(corners).buffer(0)
    prepare(polygon)
    return polygon
