"""Where a customer is, seen from the host's eyes, and how far the host's head and gaze are off it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from edge.observation import Estimate, HostView
from edge.scene.scene_now import Track

EYES_M = (0.0, -0.6)
"""Where a host's eyes are when no camera's geometry gives them: behind the middle of the desk."""
_EYES_SE_M = 0.15
"""How far from there a host's eyes are when they lean or roll their chair: half a chair's width, by judgement."""
_UNPLACED_SE_DEG = 15.0
"""A customer without a place may stand anywhere before the desk: half a metre to either side of its middle, at 2 m."""

ON_DEG = 15.0
"""The gaze is on a customer within this angle: a person 1.5 m away is 20 degrees wide, and eyes rest anywhere on them."""
DOWN_DEG = 16.0
"""A gaze further below the horizon than this rests on the desk, whatever its side."""
TURNED_DEG = 30.0
"""A head within this angle is turned to a customer: eyes do the rest."""
TURNED_AWAY_DEG = 38.0
"""A turned head has turned away beyond this: a head's yaw wavers by about 4 degrees, and twice that is no turn."""
APART_DEG = 10.0
"""Of two customers the head is turned to one when it points nearer to them by this: two standard errors of where it points."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """The way from the host's eyes to where the customer is."""

    yaw_deg: float
    se_deg: float


def served(customers: Sequence[Track]) -> Track | None:
    """The customer the host should attend to: of those near, the one who has been so longest."""
    near = [c for c in customers if c.near]
    return min(
        near,
        key=lambda c: (c.near_since_s if c.near_since_s is not None else c.first_seen_s, c.id),
        default=None,
    )


def turned_to(view: HostView, customers: Sequence[Track]) -> int | None:
    """Track of the one customer near whom the head is turned to; None when to none, or when they stand too close to one another."""
    placed = [c for c in customers if c.near and c.place is not None]
    offs = sorted(
        (off.value, c.id) for c in placed if (off := head_off_deg(view, bearing(view, c))) is not None
    )
    if not offs or offs[0][0] > TURNED_DEG:
        return None
    return None if len(offs) > 1 and offs[1][0] - offs[0][0] < APART_DEG else offs[0][1]


def bearing(view: HostView, customer: Track | None) -> Bearing:
    """The way to a customer or, with none or one without a place, straight out to where customers come from."""
    if customer is None or customer.place is None:
        return Bearing(0.0, _UNPLACED_SE_DEG)
    x, y = EYES_M if view.eyes_m is None else view.eyes_m[:2]
    ahead_m, aside_m = customer.place.y_m - y, customer.place.x_m - x
    distance_m = max(math.hypot(ahead_m, aside_m), 0.3)
    return Bearing(
        math.degrees(math.atan2(aside_m, ahead_m)),
        math.degrees(math.hypot(customer.place.se_m * _SIDEWAYS_SHARE, _EYES_SE_M) / distance_m),
    )


_SIDEWAYS_SHARE = 0.3
"""A place's error is mostly along the line of sight; so much of it is across, by judgement."""


_EYES_TURN_DEG = 10.0
"""How far eyes stand off straight ahead in the head, one sigma: people turn the head to within so much of what they look at."""


@dataclass(frozen=True, slots=True)
class LineOfSight:
    """Which way a host looks, in the desk's frame."""

    yaw_deg: Estimate
    pitch_deg: Estimate


def line_of_sight(view: HostView) -> LineOfSight | None:
    """The way the eyes look or, where no iris is to be seen, the way the head faces, as much less sure as eyes may turn in it.

    None when the face is not seen.
    """
    if view.gaze_yaw_deg is not None and view.gaze_pitch_deg is not None:
        return LineOfSight(view.gaze_yaw_deg, view.gaze_pitch_deg)
    if view.head_yaw_deg is None or view.head_pitch_deg is None:
        return None
    yaw, pitch = view.head_yaw_deg, view.head_pitch_deg
    return LineOfSight(
        Estimate(yaw.value, math.hypot(yaw.se, _EYES_TURN_DEG)),
        Estimate(pitch.value, math.hypot(pitch.se, _EYES_TURN_DEG)),
    )


def gaze_off_deg(view: HostView, target: Bearing) -> Estimate | None:
    """Angle between the line of sight and the customer; None when the face is not seen.

    A customer's eyes are level with the host's, more or less: only a gaze that falls to the desk is off vertically.
    """
    look = line_of_sight(view)
    return None if look is None else _off(look.yaw_deg, look.pitch_deg, target)


def head_off_deg(view: HostView, target: Bearing) -> Estimate | None:
    """Angle between the way the head faces and the customer; None when the face is not seen."""
    return _off(view.head_yaw_deg, view.head_pitch_deg, target)


def _off(yaw: Estimate | None, pitch: Estimate | None, target: Bearing) -> Estimate | None:
    if yaw is None or pitch is None:
        return None
    sideways = (yaw.value - target.yaw_deg + 180.0) % 360.0 - 180.0
    below = max(-DOWN_DEG - pitch.value, 0.0)
    off = math.hypot(sideways, below + (ON_DEG if below > 0.0 else 0.0))
    return Estimate(off, math.hypot(yaw.se, target.se_deg))
