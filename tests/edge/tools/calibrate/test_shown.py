import numpy as np

from edge.settings.desk_toml import Lens, Mount
from edge.tools.calibrate.pinhole import Pinhole
from edge.tools.calibrate.shown import in_terminal, with_floor_grid

CAMERA = Pinhole(Lens(), Mount(height_m=1.5, pitch_deg=-15.0))


def test_the_metres_of_the_floor_are_drawn_where_they_are() -> None:
    grey = np.full((720, 1280, 3), 120, np.uint8)
    drawn = with_floor_grid(grey, CAMERA)
    x, y = CAMERA.pixels(np.array([[0.3, 3.0, 0.0]]), (1280, 720))[0]
    assert tuple(drawn[round(y), round(x)]) == (255, 200, 0)
    assert (grey == 120).all()


def test_a_camera_that_sees_no_floor_has_no_lines() -> None:
    grey = np.full((720, 1280, 3), 120, np.uint8)
    up = Pinhole(Lens(), Mount(height_m=1.5, pitch_deg=80.0))
    assert (with_floor_grid(grey, up) == 120).all()


def test_a_picture_becomes_text_as_wide_as_the_terminal() -> None:
    text = in_terminal(np.zeros((90, 160, 3), np.uint8), 40)
    lines = text.split("\n")
    assert all(line.count("▀") == 40 for line in lines)
    assert len(lines) == 11
