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


def yaw_pitch_deg(x: float, y: float, z: float) -> tuple[float, float]:
    """Yaw and pitch of a direction in the desk's frame."""
    return math.degrees(math.atan2(x, y)), math.degrees(math.atan2(z, math.hypot(x, y)))


def roll_deg(yaw_deg: float, pitch_deg: float, x: float, y: float, z: float) -> float:
    """Roll of a head (or any body) that faces that way in the desk's frame.

    Args:
        yaw_deg: Of the way it faces.
        pitch_deg: Of the way it faces.
        x: To the host's right, of the way its own right-hand side points, which need not be exactly square to the way it faces.
        y: Towards the customers, of the same.
        z: Up, of the same.
    """
    yaw, pitch = math.radians(yaw_deg), math.radians(pitch_deg)
    sine, cosine = math.sin(yaw), math.cos(yaw)
    sinks = math.sin(pitch) * (sine * x + cosine * y) - math.cos(pitch) * z
    return math.degrees(math.atan2(sinks, cosine * x - sine * y))


def level_axes(yaw_deg: float, pitch_deg: float) -> tuple[FloatArray, FloatArray]:
    """The right and the up ``[3]`` of something that faces that way in the desk's frame without any roll."""
    yaw, pitch = math.radians(yaw_deg), math.radians(pitch_deg)
    right = np.array([math.cos(yaw), -math.sin(yaw), 0.0])
    up = np.array([-math.sin(pitch) * math.sin(yaw), -math.sin(pitch) * math.cos(yaw), math.cos(pitch)])
    return right, up
