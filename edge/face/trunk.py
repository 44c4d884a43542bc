"""The trunk's lean: its angle from the vertical, with the camera's tilt taken out."""

import math

import numpy as np

from edge.observation import Estimate
from edge.settings.desk_toml import Mount
from edge.space.mount import to_desk
from edge.vision.sightings import PoseSighting

_SHOULDERS, _HIPS = [11, 12], [23, 24]
"""Rows of a pose, BlazePose order; the person's left one first."""

SEEN = 0.5
"""A joint below this visibility is a guess of the model's."""
_SE_DEG = 5.0
"""What the trunk's angle wavers by around a person's own offset."""
_SHORTEST_TRUNK_M = 0.2
"""A shorter trunk than this, between the middles of shoulders and hips, is a collapsed pose: adults have
about 0.47 m."""


def trunk_lean(pose: PoseSighting, mount: Mount) -> Estimate | None:
    """Degrees the trunk leans towards the customers; None unless shoulders and hips are seen.

    Only its change from the same person's upright baseline is credible: upright people read +3 to +18 degrees. With the hips behind
    a desk not even that is: the model then guesses them, and the angle shifts by up to 17 degrees.

    Args:
        pose: A pose with its world points in camera axes.
        mount: How the camera is mounted.
    """
    if float(pose.points[_SHOULDERS + _HIPS, 3].min()) < SEEN:
        return None
    trunk = to_desk(mount) @ (pose.world[_SHOULDERS].mean(axis=0) - pose.world[_HIPS].mean(axis=0)).astype(
        np.float64
    )
    if float(np.linalg.norm(trunk)) < _SHORTEST_TRUNK_M:
        return None
    return Estimate(math.degrees(math.atan2(float(trunk[1]), float(trunk[2]))), _SE_DEG)
