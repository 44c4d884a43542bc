"""What one frame shows of the host's body: where it is, and how far its trunk leans."""

import math

import numpy as np

from edge.arrays import Float32Array
from edge.observation import Box, Estimate, HostView
from edge.settings.desk_toml import Mount
from edge.space.mount import to_desk
from edge.vision.sightings import BodySighting, PoseSighting

FrameSize = tuple[int, int]
"""Width and height in pixels."""

_NOSE, _KNUCKLES = 0, [19, 20]
"""Rows of a pose, BlazePose order; the knuckles of the index fingers."""
_SHOULDERS, _HIPS = [11, 12], [23, 24]
"""Rows of a pose, BlazePose order; the person's left one first."""

_SEEN = 0.5
"""A joint below this visibility is a guess of the model's."""
_SE_DEG = 5.0
"""What the trunk's angle wavers by around a person's own offset."""
_HAND_SE_WIDTHS = 0.05
"""What the way from nose to hand wavers by, in shoulder widths, while a hand rests at a chin (labelled clip: 0.035)."""
_SHORTEST_TRUNK_M = 0.2
"""A shorter trunk than this, between the middles of shoulders and hips, is a collapsed pose: adults have
about 0.47 m."""


def body_view(
    pose: PoseSighting | None,
    body: BodySighting | None,
    mount: Mount,
    frame_size: FrameSize,
    hands_active: Estimate | None,
) -> HostView | None:
    """The host without their face; None when nothing of the body was seen.

    Args:
        pose: The body's pose, on frames that were looked at for it.
        body: The host's body, on frames that were searched for bodies.
        mount: How the camera is mounted.
        frame_size: Of the frame.
        hands_active: What `HandMotion` measured in this frame.
    """
    box = _box(pose, body, frame_size)
    if box is None:
        return None
    return HostView(
        box=box,
        lean_deg=None if pose is None else _trunk_lean(pose, mount),
        hands_active=hands_active,
        hand_to_face=None if pose is None else _hand_to_face(pose),
    )


def box_around(points: Float32Array, frame_size: FrameSize) -> Box:
    """The box around some points ``[n, 2 or more]`` in px."""
    width, height = frame_size
    across, down = points[:, 0], points[:, 1]
    return Box(
        float(across.min()) / width,
        float(down.min()) / height,
        float(across.max()) / width,
        float(down.max()) / height,
    )


def _box(pose: PoseSighting | None, body: BodySighting | None, frame_size: FrameSize) -> Box | None:
    width, height = frame_size
    if body is not None:
        left, top, right, bottom = body.box_px
        return Box(left / width, top / height, right / width, bottom / height)
    if pose is not None:
        seen = pose.points[pose.points[:, 3] >= _SEEN]
        return box_around(seen, frame_size) if len(seen) else None
    return None


def _trunk_lean(pose: PoseSighting, mount: Mount) -> Estimate | None:
    """Degrees the trunk leans towards the customers; None unless shoulders and hips are seen.

    Only its change from the same person's upright baseline is credible: upright people read +3 to +18 degrees. With the hips behind
    a desk not even that is: the model then guesses them, and the angle shifts by up to 17 degrees.

    Args:
        pose: A pose with its world points in camera axes.
        mount: How the camera is mounted.
    """
    if float(pose.points[_SHOULDERS + _HIPS, 3].min()) < _SEEN:
        return None
    trunk = to_desk(mount) @ (pose.world[_SHOULDERS].mean(axis=0) - pose.world[_HIPS].mean(axis=0)).astype(
        np.float64
    )
    if float(np.linalg.norm(trunk)) < _SHORTEST_TRUNK_M:
        return None
    return Estimate(math.degrees(math.atan2(float(trunk[1]), float(trunk[2]))), _SE_DEG)


def _hand_to_face(pose: PoseSighting) -> Estimate | None:
    """Shoulder widths from the nose to the nearer hand; None unless nose and shoulders are seen.

    Whether the hands are seen is not asked: where they are hidden the model guesses them to hang or to rest, and so they do.

    Args:
        pose: A pose with its points in pixels.
    """
    points = pose.points[:, :2].astype(np.float64)
    width_px = float(np.hypot(*(points[_SHOULDERS[0]] - points[_SHOULDERS[1]])))
    if float(pose.points[[_NOSE, *_SHOULDERS], 3].min()) < _SEEN or width_px < 1.0:
        return None
    ways_px = np.hypot(*(points[_KNUCKLES] - points[_NOSE]).T)
    return Estimate(float(ways_px.min()) / width_px, _HAND_SE_WIDTHS)
