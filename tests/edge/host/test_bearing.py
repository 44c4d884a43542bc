"""Which of several customers the host is turned to."""

import pytest

from edge.host.bearing import turned_to
from edge.observation import Box, Estimate, HostView, Place
from edge.scene.scene_now import Track


def looking(yaw_deg: float) -> HostView:
    """A host at the desk whose head points to this side."""
    return HostView(
        box=Box(0.4, 0.4, 0.6, 0.6),
        eyes_m=(0.0, -0.6, 1.2),
        head_yaw_deg=Estimate(yaw_deg, 4.0),
        head_pitch_deg=Estimate(0.0, 4.0),
    )


def at(id_: int, x_m: float, *, near: bool = True) -> Track:
    """Somebody 1.4 m before the host: 0.5 m aside is 20 degrees."""
    return Track(
        id=id_,
        first_seen_s=0.0,
        last_seen_s=10.0,
        box=Box(0.4, 0.2, 0.6, 1.0),
        place=Place(x_m, 0.8, 0.1),
        distance_m=Estimate(1.0, 0.1),
        speed_m_s=None,
        near=near,
        near_since_s=1.0 if near else None,
        gone_since_s=None,
        stands=True,
        stood_since_s=2.0,
        visible=True,
    )


@pytest.mark.parametrize(("yaw_deg", "who"), [(-20.0, 1), (20.0, 2), (0.0, None), (-80.0, None)])
def test_the_head_tells_which_of_two_customers_it_is_turned_to(yaw_deg: float, who: int | None) -> None:
    assert turned_to(looking(yaw_deg), (at(1, -0.5), at(2, 0.5))) == who


def test_two_who_stand_close_together_are_not_told_apart() -> None:
    assert turned_to(looking(0.0), (at(1, -0.1), at(2, 0.1))) is None


def test_somebody_who_is_not_near_is_nobody_to_turn_to() -> None:
    assert turned_to(looking(0.0), (at(1, 0.0, near=False),)) is None
