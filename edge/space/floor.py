"""The place on the floor that a pixel shows, with the error that tilt, height and the pixel itself leave in it."""

import math
from dataclasses import dataclass

import numpy as np

from edge.arrays import FloatArray
from edge.observation import Place
from edge.settings.desk_toml import Camera
from edge.space.lens import rays
from edge.space.mount import to_desk

TILT_SE_DEG = 1.0
"""How well a mount's pitch is known after `deskside calibrate` or a spirit level; this error dominates beyond 3 m."""
HEIGHT_SE_M = 0.03
"""How well a camera's height is known from a tape measure."""
FARTHEST_M = 15.0
"""Beyond this the floor is seen so flat that a pixel gives no place."""


@dataclass(frozen=True, slots=True)
class Footing:
    """Where a ray meets the floor."""

    place: Place
    range_m: float
    """From the point on the floor below the camera."""
    range_se_m: float


def footing(
    camera: Camera, frame_size: tuple[int, int], foot_px: tuple[float, float], pixel_se: float
) -> Footing | None:
    """Where the floor is that `foot_px` shows.

    Args:
        camera: Its lens and mount are used.
        frame_size: Width and height of the picture in pixels.
        foot_px: The point where somebody touches the floor.
        pixel_se: Standard error of that point, in pixels, in each direction.

    Returns:
        None when the camera's height is not known, or the pixel does not look down at the floor within `FARTHEST_M`.
    """
    height = camera.mount.height_m
    if height is None:
        return None
    beside = (foot_px[0], foot_px[1] + pixel_se)
    ahead = rays(camera.lens, frame_size, np.array([foot_px, beside]))
    east, north, sinks = _down(camera, ahead[0])
    if sinks <= 0.0 or height / sinks > FARTHEST_M:
        return None
    range_m = height / sinks
    pixel_part = range_m - height / max(_down(camera, ahead[1])[2], 1e-6)
    tilt_part = math.radians(TILT_SE_DEG) * (height + range_m**2 / height)  # d(h / tan a) / da = h / sin² a
    range_se = math.hypot(pixel_part, tilt_part, HEIGHT_SE_M * range_m / height)
    return Footing(place_at(camera, (east, north), range_m, range_se), range_m, range_se)


def place_at(camera: Camera, heading: tuple[float, float], range_m: float, range_se_m: float) -> Place:
    """The place `range_m` metres over the floor from the camera along a unit `heading` (x, y in the desk's frame)."""
    x = camera.mount.x_m + heading[0] * range_m
    y = camera.mount.y_m + heading[1] * range_m
    distance = math.hypot(x, y)
    along = abs(heading[0] * x + heading[1] * y) / distance if distance > 0 else 1.0
    # Across the heading a camera is so much surer than along it that a twentieth of the range covers it.
    return Place(x, y, math.hypot(along * range_se_m, (1 - along) * 0.05 * range_m))


def heading_of(camera: Camera, ray: FloatArray) -> tuple[float, float, float]:
    """A ray's unit heading over the floor (x, y in the desk's frame) and its rise per metre of floor."""
    x, y, z = to_desk(camera.mount) @ np.array([ray[0], ray[1], 1.0])
    flat = math.hypot(x, y) or 1e-9
    return float(x / flat), float(y / flat), float(z / flat)


def _down(camera: Camera, ray: FloatArray) -> tuple[float, float, float]:
    east, north, rise = heading_of(camera, ray)
    return east, north, -rise
