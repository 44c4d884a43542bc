"""What is kept of one frame of the host, so that an encounter can be summed up from it."""

import math
from dataclasses import dataclass

from edge.host.bearing import DOWN_DEG, bearing, line_of_sight
from edge.host.host_now import HostNow
from edge.host.resting_face import Baseline
from edge.observation import Estimate, HostView
from edge.scene.scene_now import Track


@dataclass(frozen=True, slots=True)
class CustomerAt:
    """A customer in one frame."""

    id: int
    bearing_deg: float | None
    """Seen from the host's eyes; None without a place."""
    distance_m: Estimate | None


@dataclass(frozen=True, slots=True)
class HostSample:
    """The host in one frame; what could not be measured is None."""

    t_s: float
    lift_cm: float | None
    lift_se_cm: float
    """Of this frame alone."""
    baseline_se_cm: float
    """Of the resting face that it was measured against, which many frames share."""
    baseline_known: bool
    teeth: Estimate | None
    mouth_covered: bool
    gaze_yaw_deg: float | None
    gaze_down: bool
    gaze_se_deg: float
    lean: Estimate | None
    standing: bool | None
    customers: tuple[CustomerAt, ...]


def sample_of(now: HostNow, view: HostView, resting: Baseline, customers: tuple[Track, ...]) -> HostSample:
    """The sample of one frame.

    Args:
        now: The host as the meters have them at this frame.
        view: What the frame itself showed.
        resting: Their resting face.
        customers: Everyone on the customers' side.
    """
    look = line_of_sight(view)
    return HostSample(
        t_s=now.t_s,
        lift_cm=None if now.lift_cm is None else now.lift_cm.value,
        lift_se_cm=0.0 if now.lift_cm is None else _without(now.lift_cm.se, resting.se_cm),
        baseline_se_cm=resting.se_cm,
        baseline_known=resting.known,
        teeth=now.teeth,
        mouth_covered=bool(view.mouth_covered),
        gaze_yaw_deg=None if look is None else look.yaw_deg.value,
        gaze_down=look is not None and look.pitch_deg.value < -DOWN_DEG,
        gaze_se_deg=0.0 if look is None else look.yaw_deg.se,
        lean=now.lean_deg,
        standing=now.standing,
        customers=tuple(_customer_at(view, c) for c in customers),
    )


def _without(whole: float, part: float) -> float:
    """What a standard error is without a part of it that other samples share."""
    return math.sqrt(max(whole**2 - part**2, 0.0))


def _customer_at(view: HostView, customer: Track) -> CustomerAt:
    bearing_deg = None if customer.place is None else bearing(view, customer).yaw_deg
    return CustomerAt(customer.id, bearing_deg, customer.distance_m)
