"""From a camera's own axes to the desk's frame, by where and how the camera is mounted.

Camera axes: x right, y down, z along the optical axis. Desk frame: x to the host's right as they face the customers,
y from the desk towards the customers, z up; its origin is the floor below the middle of the desk's front edge.
Angles: yaw 0 looks along y and grows towards x, pitch is positive up, roll is positive when the right-hand side sinks.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from edge.arrays import FloatArray
from edge.settings.desk_toml import Mount

_STRAIGHT_OUT = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""[3, 3] of a camera that looks straight out, level: its right is the host's right, its down is down, it looks at the customers."""


@lru_cache(maxsize=16)
def to_desk(mount: Mount) -> FloatArray:
    """The rotation ``[3, 3]`` that turns a direction in camera axes into one in the desk's frame; read-only."""
    yaw, pitch, roll = np.radians([mount.yaw_deg, mount.pitch_deg, mount.roll_deg])
    turned = np.array([[np.cos(yaw), np.sin(yaw), 0.0], [-np.sin(yaw), np.cos(yaw), 0.0], [0.0, 0.0, 1.0]])
    tilted = np.array(
        [[1.0, 0.0, 0.0], [0.0, np.cos(pitch), -np.sin(pitch)], [0.0, np.sin(pitch), np.cos(pitch)]]
    )
    rolled = np.array(
        [[np.cos(roll), 0.0, np.sin(roll)], [0.0, 1.0, 0.0], [-np.sin(roll), 0.0, np.cos(roll)]]
    )
    rotation = np.asarray(turned @ tilted @ rolled @ _STRAIGHT_OUT, np.float64)
    rotation.flags.writeable = False
    return rotation


def position_m(mount: Mount) -> FloatArray:
    """Where the camera is: x, y, height ``[3]``; a height that is not known is 0, so heights are then above the camera."""
    return np.array([mount.x_m, mount.y_m, mount.height_m or 0.0])


def point_in_desk_frame_m(mount: Mount, point_m: ArrayLike) -> FloatArray:
    """A point ``[3]`` in camera axes, metres, in the desk's frame (see `position_m` about unknown heights)."""
    return np.asarray(position_m(mount) + to_desk(mount) @ np.asarray(point_m, np.float64), np.float64)


def direction_deg(mount: Mount, direction: ArrayLike) -> tuple[float, float]:
    """Yaw and pitch in the desk's frame of a direction ``[3]`` in camera axes, such as a gaze."""
    x, y, z = (to_desk(mount) @ np.asarray(direction, np.float64)).tolist()
    return math.degrees(math.atan2(x, y)), math.degrees(math.atan2(z, math.hypot(x, y)))


def attitude_deg(mount: Mount, forward: ArrayLike, right: ArrayLike) -> tuple[float, float, float]:
    """Yaw, pitch and roll in the desk's frame of a head (or any body) seen by the camera.

    Args:
        mount: How the camera is mounted.
        forward: ``[3]`` in camera axes, the way the head faces.
        right: ``[3]`` in camera axes, towards the head's own right ear; need not be exactly square to `forward`.
    """
    yaw_deg, pitch_deg = direction_deg(mount, forward)
    level_right, up = level_axes(yaw_deg, pitch_deg)
    side = to_desk(mount) @ np.asarray(right, np.float64)
    return yaw_deg, pitch_deg, math.degrees(math.atan2(float(-side @ up), float(side @ level_right)))


def level_axes(yaw_deg: float, pitch_deg: float) -> tuple[FloatArray, FloatArray]:
    """The right and the up ``[3]`` of something that faces that way in the desk's frame without any roll."""
    yaw, pitch = math.radians(yaw_deg), math.radians(pitch_deg)
    right = np.array([math.cos(yaw), -math.sin(yaw), 0.0])
    up = np.array([-math.sin(pitch) * math.sin(yaw), -math.sin(pitch) * math.cos(yaw), math.cos(pitch)])
    return right, up
