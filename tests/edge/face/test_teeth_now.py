"""A count of teeth is good for a moment, and only while the lips stay where they are."""

from dataclasses import replace

import numpy as np

from edge.face import face_frame
from edge.face.teeth_now import COUNT_HOLDS_S, TeethNow
from edge.observation import Estimate
from edge.settings.desk_toml import Camera, Lens, Mount
from tests.worlds.host_figures.head import Head, mesh

CAMERA = Camera(
    name="staff", watches="staff", lens=Lens(horizontal_view_deg=50), mount=Mount(height_m=1.2, yaw_deg=180)
)
FRAME = (1280, 720)
GREY = np.full((720, 1280, 3), 128, np.uint8)
OPEN = Head(place_m=(0.0, -0.6, 1.2), wider_cm=1.6, open_cm=1.2)
NO_TEETH = Estimate(0.0, 0.4)


def shown(teeth: TeethNow, t_s: float, head: Head) -> Estimate | None:
    """What shows in a grey picture: nothing can be counted between open lips, and closed ones show no teeth."""
    seen = mesh(head, CAMERA, FRAME)
    return teeth.at(t_s, seen.points, face_frame.fit(seen.points), GREY)


def test_lips_that_close_show_no_teeth_at_once() -> None:
    teeth = TeethNow()
    assert shown(teeth, 0.0, OPEN) is None
    assert shown(teeth, 0.07, replace(OPEN, open_cm=0.0)) == NO_TEETH


def test_lips_that_open_are_looked_between_at_once() -> None:
    teeth = TeethNow()
    assert shown(teeth, 0.0, replace(OPEN, open_cm=0.0)) == NO_TEETH
    assert shown(teeth, 0.07, replace(OPEN, open_cm=0.2)) is None


def test_lips_that_hardly_move_are_looked_between_again_after_a_moment() -> None:
    teeth = TeethNow()
    closed, ajar = replace(OPEN, open_cm=0.05), replace(OPEN, open_cm=0.11)
    assert shown(teeth, 0.0, closed) == NO_TEETH
    assert shown(teeth, COUNT_HOLDS_S / 2, ajar) == NO_TEETH
    assert shown(teeth, COUNT_HOLDS_S, ajar) is None


def test_a_time_that_goes_back_is_counted_anew() -> None:
    teeth = TeethNow()
    assert shown(teeth, 5.0, replace(OPEN, open_cm=0.05)) == NO_TEETH
    assert shown(teeth, 4.9, replace(OPEN, open_cm=0.11)) is None
