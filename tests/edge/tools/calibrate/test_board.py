import cv2
import numpy as np
import pytest

from edge.settings.desk_toml import Camera, Lens, Mount
from edge.tools.calibrate import board
from edge.tools.calibrate.board import BoardPlace, BoardView
from edge.tools.calibrate.fit import CalibrationError
from edge.tools.calibrate.pinhole import Pinhole
from tests.worlds.boards import FRAME, SQUARE_M, pictured

CAMERA = Camera(name="customers", watches="customers", lens=Lens(horizontal_view_deg=66))


def lying(camera: Pinhole, x_m: float, y_m: float) -> BoardView:
    rgb = pictured(camera, np.array([x_m, y_m, 0.0]), np.array([1.0, 0.0, 0.0]), np.array([0.0, -1.0, 0.0]))
    view = board.find(rgb, SQUARE_M)
    assert view is not None
    return view


def held(lens: Lens, seed: int, views: int = 9) -> list[BoardView]:
    """The board held before a camera, here and there, tilted this way and that."""
    random, camera = np.random.default_rng(seed), Pinhole(lens, Mount(height_m=1.0))
    found = []
    for turn in range(views):
        across, up = (-0.45, 0.0, 0.45)[turn % 3], (-0.2, 0.0, 0.2)[turn // 3 % 3]
        middle = np.array([across, 1.0, 1.0 + up]) * (1, random.uniform(0.85, 1.1), 1)
        tilts, _ = cv2.Rodrigues(random.uniform(-0.5, 0.5, 3))
        turned = np.asarray(tilts, np.float64)
        right, down = turned[:, 0], -turned[:, 2]
        view = board.find(pictured(camera, middle, right, down), SQUARE_M)
        if view is not None:
            found.append(view)
    return found


@pytest.mark.parametrize(("view_deg", "k1"), [(66.0, 0.0), (80.0, -0.12)])
def test_a_lens_is_found_from_a_board_held_before_it(view_deg: float, k1: float) -> None:
    fit = board.lens_from_board(held(Lens(horizontal_view_deg=view_deg, k1=k1), seed=1), FRAME)
    assert fit.lens.horizontal_view_deg == pytest.approx(view_deg, abs=0.7)
    assert fit.lens.k1 == pytest.approx(k1, abs=0.04)
    assert fit.residual_px < 0.5
    assert any("degrees wide" in line for line in fit.report())


@pytest.mark.parametrize(
    "mount",
    [
        Mount(height_m=1.4, pitch_deg=-35.0),
        Mount(x_m=0.3, y_m=-0.2, height_m=1.1, pitch_deg=-28.0, yaw_deg=10.0, roll_deg=3.0),
    ],
)
def test_a_board_on_the_floor_says_where_the_camera_stands_and_looks(mount: Mount) -> None:
    view = lying(Pinhole(CAMERA.lens, mount), 0.1, 1.5)
    fit = board.mount_from_board(view, BoardPlace(0.1, 1.5), CAMERA, FRAME, SQUARE_M)
    assert (fit.mount.x_m, fit.mount.y_m) == pytest.approx((mount.x_m, mount.y_m), abs=0.03)
    assert fit.mount.height_m == pytest.approx(mount.height_m, abs=0.03)
    found = [fit.mount.yaw_deg, fit.mount.pitch_deg, fit.mount.roll_deg]
    assert found == pytest.approx([mount.yaw_deg, mount.pitch_deg, mount.roll_deg], abs=0.7)
    assert fit.good


def test_a_picture_without_a_board_shows_none() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (540, 960, 3)).astype(np.uint8)
    assert board.find(noise) is None


def test_too_few_views_are_refused_with_what_to_do() -> None:
    with pytest.raises(CalibrationError, match="views of the board are too few"):
        board.lens_from_board(held(Lens(), seed=1, views=3), FRAME)


def test_a_board_held_only_in_the_middle_is_refused_with_what_to_do() -> None:
    camera = Pinhole(Lens(), Mount(height_m=1.0))
    rgb = pictured(camera, np.array([0.0, 2.0, 1.0]), np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, -1.0]))
    view = board.find(rgb, SQUARE_M)
    assert view is not None
    with pytest.raises(CalibrationError, match="towards its edges"):
        board.lens_from_board([view] * 8, FRAME)


def test_the_board_to_print_can_be_read_back() -> None:
    print_ = board.printed(60)
    view = board.find(np.repeat(print_[..., None], 3, axis=2))
    assert view is not None
    assert len(view.corners_px) == (board.COLUMNS - 1) * (board.ROWS - 1)
