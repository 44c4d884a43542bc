"""From pixels to rays and back, for a camera whose angle of view and distortion are known.

A ray is given by where it pierces the plane one unit before the camera: ``[..., 2]``, x right and y down, as OpenCV's
normalised image coordinates.
"""

import math

import cv2
import numpy as np
from numpy.typing import ArrayLike

from edge.arrays import FloatArray
from edge.settings.desk_toml import Lens

_SETTLED = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 100, 1e-10)
"""When the iteration that takes distortion out of a point ends: after 100 steps, or one smaller than 1e-10 of
the focal length."""


def focal_px(lens: Lens, frame_size: tuple[int, int]) -> float:
    """The focal length in pixels of a picture of this width and height.

    ``horizontal_view_deg`` is the angle really seen between the middles of the picture's two shorter edges, so distortion is part of it. A
    portrait picture is one of a camera that was turned: what its sensor sees across is then the picture's height.
    """
    edge = math.tan(math.radians(lens.horizontal_view_deg) / 2)
    return max(frame_size) / 2 / (edge * (1 + lens.k1 * edge**2 + lens.k2 * edge**4))


def rays(lens: Lens, frame_size: tuple[int, int], points_px: ArrayLike) -> FloatArray:
    """The rays that fell on some pixels.

    Args:
        lens: The camera's lens.
        frame_size: Width and height of the picture in pixels; its centre is taken as the optical axis.
        points_px: ``[N, 2]`` or ``[2]``, x and y.

    Returns:
        The same shape, on the plane one unit before the camera.
    """
    points = np.asarray(points_px, np.float64)
    if lens.k1 == 0.0 and lens.k2 == 0.0:
        return (points - (frame_size[0] / 2, frame_size[1] / 2)) / focal_px(lens, frame_size)
    matrix, distortion = _camera(lens, frame_size)
    flat = cv2.undistortPointsIter(
        points.reshape(-1, 1, 2), matrix, distortion, np.eye(3), np.eye(3), _SETTLED
    )
    return np.asarray(flat, np.float64).reshape(points.shape)


def pixels(lens: Lens, frame_size: tuple[int, int], rays_xy: ArrayLike) -> FloatArray:
    """Where rays ``[N, 2]`` or ``[2]`` fall in the picture, in pixels; the inverse of `rays`."""
    points = np.asarray(rays_xy, np.float64)
    matrix, distortion = _camera(lens, frame_size)
    ahead = np.concatenate([points.reshape(-1, 2), np.ones((points.size // 2, 1))], axis=1)
    flat, _ = cv2.projectPoints(ahead, np.zeros(3), np.zeros(3), matrix, distortion)
    return np.asarray(flat, np.float64).reshape(points.shape)


def square_to(towards: ArrayLike, rays_xy: ArrayLike) -> FloatArray:
    """Rays as they pierce a plane one unit away that is square to one of them, instead of square to the optical axis.

    Away from the optical axis a flat sensor stretches what it sees; on this plane sizes are true again.

    Args:
        towards: ``[2]``, the ray the plane is square to.
        rays_xy: ``[N, 2]`` or ``[2]``.

    Returns:
        The same shape; the plane's x stays level with the picture's.
    """
    x, y = (float(value) for value in np.asarray(towards, np.float64))
    flat, whole = math.hypot(x, 1.0), math.hypot(x, y, 1.0)
    axes = np.array(
        [
            [1.0 / flat, -x * y / (flat * whole), x / whole],
            [0.0, flat / whole, y / whole],
            [-x / flat, -y / (flat * whole), 1.0 / whole],
        ]
    )
    points = np.asarray(rays_xy, np.float64)
    ahead = np.concatenate([points.reshape(-1, 2), np.ones((points.size // 2, 1))], axis=1)
    turned = ahead @ axes
    return np.asarray((turned[:, :2] / turned[:, 2:]).reshape(points.shape), np.float64)


def _camera(lens: Lens, frame_size: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    width, height = frame_size
    focal = focal_px(lens, frame_size)
    matrix = np.array([[focal, 0.0, width / 2], [0.0, focal, height / 2], [0.0, 0.0, 1.0]])
    return matrix, np.array([lens.k1, lens.k2, 0.0, 0.0])
