"""Near, and gone: by distance from the desk in metres, by polygons in the picture, or else the whole picture."""

from typing import Protocol

from shapely import Point, Polygon, prepare

from edge.observation import Person
from edge.scene.followed import Followed
from edge.settings.desk_toml import Camera
from protocol.standard import Near

NEAR_INERTIA_S = 0.2
"""Somebody is near once they have been for this long: one sighting gone astray brings nobody near."""
GONE_INERTIA_S = 0.5
"""And gone once they have been outside for this long."""


class Zone(Protocol):
    """Measures how far inside a person is."""

    def depth(self, known: Followed) -> tuple[float, float]:
        """How far inside "near" and how far inside "not gone yet"; negative outside, in whatever unit grows steadily."""


class ByDistance:
    """The standard's distances from the desk; somebody whose distance is not known is near while in the picture."""

    def __init__(self, near: Near) -> None:
        self._near = near

    def depth(self, known: Followed) -> tuple[float, float]:
        """Metres inside the approach distance and inside the leaving distance."""
        if known.place_motion is None:
            return 1.0, 1.0
        x_m, y_m = known.place_motion.at
        distance_m = float((x_m**2 + y_m**2) ** 0.5)
        return self._near.approach_m - distance_m, self._near.leave_m - distance_m


class ByPolygon:
    """Polygons in the picture that the feet must be in; feet below the picture count as at its edge."""

    def __init__(self, camera: Camera) -> None:
        """Take the camera's zones; one of them may be missing, then the other stands for both."""
        near = camera.near_zone or camera.leave_zone
        leave = camera.leave_zone or camera.near_zone
        if near is None or leave is None:
            raise ValueError(f"camera {camera.name} declares neither near_zone nor leave_zone")
        self._near, self._leave = Polygon(near).buffer(0), Polygon(leave).buffer(0)
        prepare(self._near)
        prepare(self._leave)

    def depth(self, known: Followed) -> tuple[float, float]:
        """Shares of the picture inside the near zone and inside the leaving zone."""
        foot = foot_in_picture(known.person)
        near = _depth(self._near, foot)
        return near, max(near, _depth(self._leave, foot))


def zone_of(camera: Camera, near: Near) -> Zone:
    """The zone a camera's people are held against: its polygons where it declares them, else the standard's distances."""
    if camera.near_zone is None and camera.leave_zone is None:
        return ByDistance(near)
    return ByPolygon(camera)


def foot_in_picture(person: Person) -> Point:
    """Where a person touches the floor, or the nearest point of the picture to it, in shares of the picture."""
    box = person.box
    x, y = person.foot or ((box.left + box.right) / 2, box.bottom)
    return Point(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))


class Nearness:
    """Whether one person is near, or gone again, with the times when they really crossed."""

    def __init__(self) -> None:
        self.near = False
        self.near_since_s: float | None = None
        self.near_se_s: float | None = None
        """Standard error of `near_since_s`; None for somebody who was there before anybody looked."""
        self.gone_since_s: float | None = None
        self.gone_se_s: float | None = None
        self._crossing_s: float | None = None
        self._crossing_se_s: float | None = None
        self._inside_from_the_first = False
        self._last: tuple[float, float, float] | None = None

    def see(
        self,
        t_s: float,
        depth: tuple[float, float],
        entered_s: float,
        entered_se_s: float | None,
        crossing_se_s: float,
    ) -> None:
        """Take in where the person is now.

        Args:
            t_s: Now.
            depth: As `Zone.depth` returns it.
            entered_s: When the person came into view, which is when somebody first seen inside came near.
            entered_se_s: Standard error of that; None for somebody who was there before anybody looked.
            crossing_se_s: Standard error of the moment at which somebody who moves as the person does now crosses a line.
        """
        crossed = depth[1] < 0.0 if self.near else depth[0] >= 0.0
        if not crossed:
            self._crossing_s = None
        elif self._crossing_s is None:
            self._crossing_s = t_s if self._last is None else self._interpolated(t_s, depth, self._last)
            self._inside_from_the_first = self._last is None
            self._crossing_se_s = crossing_se_s
        self._last = (t_s, *depth)
        inertia_s = GONE_INERTIA_S if self.near else NEAR_INERTIA_S
        if self._crossing_s is None or t_s - self._crossing_s < inertia_s:
            return
        if self._inside_from_the_first:  # Only by now is it known how fast the person came in.
            self._crossing_s, self._crossing_se_s = entered_s, entered_se_s
            self._inside_from_the_first = False
        self.near = not self.near
        if self.near:
            self.near_since_s, self.near_se_s = self._crossing_s, self._crossing_se_s
            self.gone_since_s = self.gone_se_s = None
        else:
            self.gone_since_s, self.gone_se_s = self._crossing_s, self._crossing_se_s
        self._crossing_s = None

    def walked_out(self, t_s: float, se_s: float) -> None:
        """The person left the picture at a time, with a standard error: whoever was near has gone."""
        if not self.near:
            return
        self.near = False
        self.gone_since_s, self.gone_se_s = t_s, se_s
        if self._crossing_s is not None:
            self.gone_since_s, self.gone_se_s = self._crossing_s, self._crossing_se_s

    def _interpolated(
        self, t_s: float, depth: tuple[float, float], last: tuple[float, float, float]
    ) -> float:
        last_s, *last_depth = last
        before, after = (last_depth[1], depth[1]) if self.near else (last_depth[0], depth[0])
        return last_s + (t_s - last_s) * before / (before - after)


def _depth(zone: Polygon, foot: Point) -> float:
    away = (
        float(zone.exterior.distance(foot))
        if zone.geom_type == "Polygon"
        else float(zone.boundary.distance(foot))
    )
    # A foot at the zone's border, as of somebody cut off by the picture's edge, is inside.
    return away if zone.covers(foot) else -away
