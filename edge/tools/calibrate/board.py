"""A camera's lens, and its place and tilt, from a printed board whose squares know their numbers (ChArUco)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from edge.arrays import FloatArray, Pixels
from edge.settings.desk_toml import Camera, Lens
from edge.space.lens import focal_px
from edge.tools.calibrate.fit import DRAWS, REPORTED_M, CalibrationError, LensFit, MountFit, distance_errors
from edge.tools.calibrate.pinhole import Pinhole, angles_deg

COLUMNS, ROWS = 7, 5
"""Squares of the board: as many as fill a sheet of A4 with a white margin."""
MARKER_SHARE = 0.75
"""Side of a marker, as a share of its square's."""
SQUARE_M = 0.036
"""Side of a square where the board fills a sheet of A4; measure it on the print."""
LEAST_CORNERS = 8
"""A view fixes its own six numbers of place and tilt by three corners; fewer than these leave little for the lens."""
LEAST_VIEWS = 8
"""Views at different tilts part the lens' focal length from the board's distance; with eight, one bad view is outweighed."""
LEAST_COVERED = 0.4
"""Share of the picture the views together should reach over: a lens bends most towards its edges."""
CORNER_SE_PX = 0.3
"""Standard error of a corner in the picture."""
LAID_SE_DEG = 1.0
"""How well somebody lays a board square to the desk's edge, by eye along a tape measure."""
LAID_SE_M = 0.01
"""How well somebody lays a board at a place, with the same tape measure."""
_GOOD_RESIDUAL_PX = 1.5
"""Corners are found to 0.3 px; five times that means a bent board or a lens that this model does not describe."""
_PRINT_MARGIN = 0.5
"""White around the board, in squares: the markers at its edge need it."""


@dataclass(frozen=True, slots=True)
class BoardView:
    """A board as one picture shows it."""

    corners_px: FloatArray
    """[n, 2]."""
    corners_m: FloatArray
    """[n, 3] the same corners on the board: x right, y down along the print, z into it, from its top left."""


@dataclass(frozen=True, slots=True)
class BoardPlace:
    """Where a board lies: face up, its printed top away from the desk, its long edges along the desk's."""

    x_m: float
    y_m: float
    """Its middle, in the desk's frame."""
    height_m: float = 0.0
    """Above the floor."""


def printed(px_per_square: int) -> Pixels:
    """The board to print, as a grey picture [rows, columns]."""
    margin = round(_PRINT_MARGIN * px_per_square)
    size = (COLUMNS * px_per_square + 2 * margin, ROWS * px_per_square + 2 * margin)
    return np.asarray(_board(SQUARE_M).generateImage(size, marginSize=margin), np.uint8)


def find(rgb: Pixels, square_m: float = SQUARE_M) -> BoardView | None:
    """The board in a picture; None when too little of it is seen.

    Args:
        rgb: [height, width, 3].
        square_m: Side of a square, as measured on the print.
    """
    board = _board(square_m)
    corners, numbers, _, _ = cv2.aruco.CharucoDetector(board).detectBoard(
        cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    )
    if corners is None or numbers is None or len(numbers) < LEAST_CORNERS:
        return None
    on_board = np.asarray(board.getChessboardCorners(), np.float64)
    return BoardView(
        np.asarray(corners, np.float64).reshape(-1, 2), on_board[np.asarray(numbers).reshape(-1)]
    )


def lens_from_board(views: Sequence[BoardView], frame_size: tuple[int, int]) -> LensFit:
    """The lens that explains some views of the board.

    Args:
        views: The board held at different tilts, all over the picture.
        frame_size: Width and height of the picture in px.

    Raises:
        CalibrationError: Too few views, or too little of the picture covered, or they do not fit together.
    """
    if len(views) < LEAST_VIEWS:
        raise CalibrationError(
            f"{len(views)} views of the board are too few: hold it still at {LEAST_VIEWS} places or more, tilted differently at each."
        )
    covered = _covered(views, frame_size)
    if covered < LEAST_COVERED:
        raise CalibrationError(
            f"The views cover {100 * covered:.0f} % of the picture: hold the board towards its edges and corners too, until {100 * LEAST_COVERED:.0f} % are covered."
        )
    width, height = frame_size
    longer = max(frame_size)
    guess = np.array([[longer, 0.0, width / 2], [0.0, longer, height / 2], [0.0, 0.0, 1.0]])
    flags = (
        cv2.CALIB_USE_INTRINSIC_GUESS
        | cv2.CALIB_FIX_ASPECT_RATIO
        | cv2.CALIB_FIX_PRINCIPAL_POINT
        | cv2.CALIB_ZERO_TANGENT_DIST
        | cv2.CALIB_FIX_K3
    )
    residual, matrix, distortion, _, _, errors, _, _ = cv2.calibrateCameraExtended(
        [view.corners_m.astype(np.float32) for view in views],
        [view.corners_px.astype(np.float32) for view in views],
        frame_size,
        guess,
        np.zeros(5),
        flags=flags,
    )
    if residual > _GOOD_RESIDUAL_PX:
        raise CalibrationError(
            f"The board's corners are off by {residual:.1f} pixels: keep the board flat (glue it to a plate) and still, and try again."
        )
    focal, focal_se = float(matrix[0, 0]), float(errors[0, 0])
    k1, k2 = (float(value) for value in np.ravel(distortion)[:2])
    lens = Lens(horizontal_view_deg=_view_deg(focal, longer, k1, k2), k1=k1, k2=k2)
    se = abs(_view_deg(focal + focal_se, longer, k1, k2) - lens.horizontal_view_deg)
    return LensFit(lens, se, float(residual), len(views))


def mount_from_board(
    view: BoardView,
    place: BoardPlace,
    camera: Camera,
    frame_size: tuple[int, int],
    square_m: float = SQUARE_M,
) -> MountFit:
    """Where the camera stands and looks, from a board that lies at a known place.

    Args:
        view: The board in the picture.
        place: Where it lies.
        camera: As desk.toml has it, its lens known already.
        frame_size: Width and height of the picture in px.
        square_m: Side of a square, as measured on the print.

    Raises:
        CalibrationError: The corners fit no camera.
    """
    focal = focal_px(camera.lens, frame_size)
    matrix = np.array([[focal, 0.0, frame_size[0] / 2], [0.0, focal, frame_size[1] / 2], [0.0, 0.0, 1.0]])
    distortion = np.array([camera.lens.k1, camera.lens.k2, 0.0, 0.0])
    solved, turn, shift = cv2.solvePnP(view.corners_m, view.corners_px, matrix, distortion)
    if not solved:
        raise CalibrationError(
            "The board's corners fit no camera: lay it flat, so that all of it is seen, and try again."
        )
    pose = np.concatenate([np.ravel(turn), np.ravel(shift)]).astype(np.float64)
    seen, slopes = cv2.projectPoints(view.corners_m, pose[:3], pose[3:], matrix, distortion)
    off = np.asarray(seen, np.float64).reshape(-1, 2) - view.corners_px
    residual = float(np.sqrt(np.mean(np.sum(off**2, axis=1))))
    noise = max(CORNER_SE_PX, residual / math.sqrt(2))
    towards_pose = np.asarray(slopes, np.float64)[:, :6]
    covariance = np.linalg.inv(towards_pose.T @ towards_pose) * noise**2
    middle = np.array([COLUMNS, ROWS, 0.0]) * square_m / 2
    random = np.random.default_rng(0)
    best = _standing_at(pose, middle, place, camera)
    draws = [
        _laid(_standing_at(drawn, middle, place, camera), random)
        for drawn in random.multivariate_normal(pose, covariance, DRAWS)
    ]
    spread = np.std(
        [
            [
                d.mount.height_m or 0.0,
                d.mount.pitch_deg,
                d.mount.roll_deg,
                d.mount.yaw_deg - best.mount.yaw_deg,
            ]
            for d in draws
        ],
        axis=0,
    )
    return MountFit(
        mount=best.mount,
        lens=best.lens,
        height_se_m=float(spread[0]),
        pitch_se_deg=float(spread[1]),
        roll_se_deg=float(spread[2]),
        yaw_se_deg=float(spread[3]),
        horizontal_view_se_deg=0.0,
        residual_px=residual,
        distance_se_m=distance_errors(best, draws, frame_size, REPORTED_M),
    )


def _board(square_m: float) -> cv2.aruco.CharucoBoard:
    markers = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_5X5_50)
    return cv2.aruco.CharucoBoard((COLUMNS, ROWS), square_m, MARKER_SHARE * square_m, markers)


def _covered(views: Sequence[BoardView], frame_size: tuple[int, int]) -> float:
    """Share of the picture inside the hull of all corners."""
    corners = np.vstack([view.corners_px for view in views]).astype(np.float32)
    return float(cv2.contourArea(cv2.convexHull(corners))) / (frame_size[0] * frame_size[1])


def _view_deg(focal: float, longer: int, k1: float, k2: float) -> float:
    """The angle seen along the picture's longer side, as `edge.space.lens` reads it."""
    target, edge = longer / 2 / focal, longer / 2 / focal
    for _ in range(20):
        edge = target / (1 + k1 * edge**2 + k2 * edge**4)
    return 2 * math.degrees(math.atan(edge))


def _standing_at(pose: FloatArray, middle: FloatArray, place: BoardPlace, camera: Camera) -> Pinhole:
    """The camera in the desk's frame, from the board's pose in camera axes."""
    turn, _ = cv2.Rodrigues(pose[:3])
    # On the board x runs along the desk's edge to the host's right, y back to the desk, z down into the floor.
    board_to_desk = np.diag([1.0, -1.0, -1.0])
    camera_on_board = -np.asarray(turn, np.float64).T @ pose[3:]
    x, y, z = np.array([place.x_m, place.y_m, place.height_m]) + board_to_desk @ (camera_on_board - middle)
    yaw, pitch, roll = angles_deg(board_to_desk @ np.asarray(turn, np.float64).T)
    mount = camera.mount.model_copy(
        update={
            "x_m": float(x),
            "y_m": float(y),
            "height_m": float(z),
            "yaw_deg": yaw,
            "pitch_deg": pitch,
            "roll_deg": roll,
        }
    )
    return Pinhole(camera.lens, mount)


def _laid(pinhole: Pinhole, random: np.random.Generator) -> Pinhole:
    """The same camera, had the board been laid a little differently."""
    mount = pinhole.mount
    return Pinhole(
        pinhole.lens,
        mount.model_copy(
            update={
                "yaw_deg": mount.yaw_deg + float(random.normal(0.0, LAID_SE_DEG)),
                "x_m": mount.x_m + float(random.normal(0.0, LAID_SE_M)),
                "y_m": mount.y_m + float(random.normal(0.0, LAID_SE_M)),
            }
        ),
    )
