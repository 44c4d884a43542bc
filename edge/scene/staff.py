"""Who of the people before a camera is staff: who comes from the staff's side, who goes there, and who only may be."""

from collections.abc import Iterable
from dataclasses import dataclass

from shapely import Point, Polygon, prepare

from edge.scene.followed import Followed
from edge.scene.staff_memory import StaffMemory
from edge.scene.zones import foot_in_picture
from edge.settings.desk_toml import Camera
from protocol.measurements import MayBeStaff

BEGAN_S = 0.25
"""Whoever is first seen on the staff's side, and is there for this long, came from it; as long as it takes to be sure of a body."""
KNOWN_S = 2.0
"""Whoever steps onto the staff's side and is there for this long at a stretch did not lean over the line ..."""
CROSSED_S = 15.0
"""... and is staff if they had been in front for no longer than this: a colleague who arrives walks through a room of 15 m in it."""
ASIDE_S = 5.0
"""Whoever was in front for longer may be staff once they have been on the staff's side for this long at a stretch: a colleague after a
chat, or a customer who was asked in. Whoever looks over the counter for somebody is back sooner."""
BEHIND_M = 0.5
"""So far behind the desk's front edge the floor is the staff's where no other is drawn: the depth of a narrow desk, and the error of a
place seen from 4 m."""
ROOM_M = 20.0
"""How far the staff's floor reaches behind the desk and to its sides: as far as a camera sees anybody."""


class Staff:
    """Tells staff from customers for one camera that sees the customers' side.

    Example:
        >>> Staff(Camera(name="front", watches="customers")).tells
        False
    """

    def __init__(self, camera: Camera) -> None:
        floor = camera.staff_floor
        if floor is None and camera.staff_zone is None and camera.mount.y_m != 0.0:
            floor = ((-ROOM_M, -BEHIND_M), (ROOM_M, -BEHIND_M), (ROOM_M, -ROOM_M), (-ROOM_M, -ROOM_M))
        self._floor = _prepared(floor)
        self._zone = _prepared(camera.staff_zone)
        self._stays: dict[int, _Stay] = {}
        self._memory = StaffMemory()

    @property
    def tells(self) -> bool:
        """Whether anything is known of where the staff's side is."""
        return self._floor is not None or self._zone is not None

    def see(self, known: Followed, everyone: Iterable[Followed]) -> None:
        """Take in where a person was just seen, and who else is followed."""
        if not self.tells:
            return
        inside = self._among_staff(known)
        stay = self._stays.get(known.number)
        if stay is None:
            stay = self._stays[known.number] = _Stay(known.last_seen_s, inside)
            hidden = [each for each in everyone if not each.visible]
            stay.doubt = self._memory.who_is(known, [(each, self.has(each)) for each in hidden])
        stay.see(known.last_seen_s, inside=inside)

    def has(self, known: Followed) -> bool:
        """Whether a person is staff, or is among them at this moment."""
        stay = self._stays.get(known.number)
        return stay is not None and (stay.inside or stay.is_staff)

    def is_sure_of(self, known: Followed) -> bool:
        """Whether a person is staff, wherever they are."""
        stay = self._stays.get(known.number)
        return stay is not None and stay.is_staff

    def is_undecided_about(self, known: Followed) -> bool:
        """Whether a person has just stepped onto the staff's side, so that it is not known yet what that means."""
        stay = self._stays.get(known.number)
        return stay is not None and stay.inside and not stay.is_staff and stay.longest_s < ASIDE_S

    def doubt(self, known: Followed) -> MayBeStaff | None:
        """Why a person may be staff; None of who is no more likely to be than anybody, and of who surely is."""
        stay = self._stays.get(known.number)
        return None if stay is None or stay.is_staff else stay.may_be

    def forget(self, people: Iterable[Followed]) -> None:
        """Let go of people who are followed no more; where they were last is remembered for a while."""
        if not self.tells:
            return
        for known in people:
            stay = self._stays.pop(known.number, None)
            self._memory.keep(known, staff=stay is not None and stay.is_staff)

    def _among_staff(self, known: Followed) -> bool:
        if self._floor is not None and known.place_motion is not None:
            x_m, y_m = known.place_motion.at
            return bool(self._floor.covers(Point(x_m, y_m)))
        return self._zone is not None and bool(self._zone.covers(foot_in_picture(known.person)))


@dataclass(slots=True)
class _Stay:
    """How long one person has been on the staff's side and in front of it."""

    last_s: float
    inside: bool
    began_inside: bool = False
    inside_s: float = 0.0
    """At a stretch, up to now."""
    longest_s: float = 0.0
    """Longest such stretch."""
    outside_s: float = 0.0
    """In all, up to the stretch on the staff's side that goes on or was last."""
    is_staff: bool = False
    doubt: MayBeStaff | bool | None = None
    """What the place where they appeared says: True of staff found again, and else why they may be."""

    def __post_init__(self) -> None:
        self.began_inside = self.inside

    def see(self, t_s: float, *, inside: bool) -> None:
        """Take in on which side they are."""
        passed_s = max(0.0, t_s - self.last_s)
        if inside and self.inside:
            self.inside_s += passed_s
        elif not inside and not self.inside:
            self.outside_s += passed_s
        if not inside:
            self.began_inside = self.began_inside and self.inside_s >= BEGAN_S
            self.inside_s = 0.0
        self.last_s, self.inside = t_s, inside
        self.longest_s = max(self.longest_s, self.inside_s)
        came_from_there = self.began_inside and self.longest_s >= BEGAN_S
        walked_there = self.inside_s >= KNOWN_S and self.outside_s <= CROSSED_S
        self.is_staff = self.is_staff or self.doubt is True or came_from_there or walked_there

    @property
    def may_be(self) -> MayBeStaff | None:
        """Why they may be staff."""
        if self.longest_s >= ASIDE_S:
            return "went_behind"
        return None if isinstance(self.doubt, bool) else self.doubt


def _prepared(corners: tuple[tuple[float, float], ...] | None) -> Polygon | None:
    if corners is None:
        return None
    polygon = Polygon(corners).buffer(0)
    prepare(polygon)
    return polygon
