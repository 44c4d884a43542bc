"""How far away a body is, from its size: head, shoulder width, torso length, full stature.

People turn, bend, sit and are hidden in part, and every one of these makes a body look smaller, never larger. So the
parts that give the nearest range are used, and parts that give a much larger one are taken for turned or bent.
"""

import math
from dataclasses import dataclass

import numpy as np

from edge.arrays import FloatArray
from edge.observation import Estimate
from edge.settings.desk_toml import Camera
from edge.space.anthropometry import (
    ANKLE_HEIGHT_SHARE,
    EAR_DISTANCE_M,
    FACE_HEIGHT_SHARE,
    HEAD_ABOVE_SHOULDERS_M,
    SHOULDER_WIDTH_M,
    STATURE_M,
    TORSO_LENGTH_M,
)
from edge.space.floor import heading_of
from edge.space.foot import EDGE_SHARE
from edge.space.fusion import fuse
from edge.space.joints import Joints
from edge.space.lens import rays, square_to
from edge.space.seat import sits
from edge.vision.sightings import BodySighting

FORESHORTENED_SIGMA = 1.5
"""A part that puts the body this many standard errors farther away than its nearest part is turned away or bent."""

BUILD_SE = 0.04
"""Share by which a whole body is off beside a face of the same size: .8 of the spread of stature."""

TURNED_SE = 0.12
"""Share by which a width may mislead, as its turn is not known: the mean of 1 - cos up to 50 degrees."""
BOX_SE = 0.15
"""Share by which the height of a box differs from that of the person: hair, raised arms, hidden feet."""


@dataclass(frozen=True, slots=True)
class BodyRange:
    """How far away a body is over the floor."""

    range_m: Estimate
    """From the point on the floor below the camera."""
    parts: tuple[str, ...]
    """The parts it rests on."""
    sizes_m: dict[str, float]
    """The range that each part gives alone, also of parts taken for turned or bent."""


def range_from_body(joints: Joints, camera: Camera) -> BodyRange | None:
    """The floor range of a body from the sizes of its parts, or None when too little of it is seen."""
    parts: dict[str, Estimate] = {}
    shoulders, hips, ankles, head = joints.shoulders, joints.hips, joints.ankles, joints.head
    if joints.both_shoulders is not None:
        parts["shoulders"] = _wide(joints.both_shoulders, SHOULDER_WIDTH_M, joints.point_se, camera)
    if joints.both_ears is not None and not joints.faces_camera:
        parts["ears"] = _wide(joints.both_ears, EAR_DISTANCE_M, joints.point_se, camera)
    if head is not None and shoulders is not None:
        upright = _upright(head, shoulders, HEAD_ABOVE_SHOULDERS_M, joints.point_se, camera)
        if upright is not None:
            parts["neck"] = upright
    if shoulders is not None and hips is not None:
        upright = _upright(shoulders, hips, TORSO_LENGTH_M, joints.point_se, camera)
        if upright is not None:
            parts["torso"] = upright
    if head is not None and ankles is not None and not sits(joints, camera):
        share = FACE_HEIGHT_SHARE - ANKLE_HEIGHT_SHARE
        size = Estimate(STATURE_M.value * share, STATURE_M.se * share)
        upright = _upright(head, ankles, size, joints.point_se, camera)
        if upright is not None:
            parts["stature"] = upright
    if not parts:
        return None
    # Nearest by its upper bound: a noisy small part must not pull everything towards the camera.
    nearest = min(parts.values(), key=lambda part: part.value + part.se)
    believed = {
        name: part
        for name, part in parts.items()
        if part.value - nearest.value <= FORESHORTENED_SIGMA * math.hypot(part.se, nearest.se)
    }
    fused = fuse(believed)
    # Its parts are of one build: long in the trunk, or broad.
    build_se = BUILD_SE * fused.estimate.value
    sizes = {name: part.value for name, part in parts.items()}
    return BodyRange(Estimate(fused.estimate.value, max(fused.estimate.se, build_se)), fused.used, sizes)


def range_from_box(body: BodySighting, frame_size: tuple[int, int], camera: Camera) -> Estimate | None:
    """The floor range of a body of which no joint is sure, from its whole height; None when the picture cuts it off."""
    left, top, right, bottom = body.box_px
    if top < EDGE_SHARE * frame_size[1] or bottom > (1.0 - EDGE_SHARE) * frame_size[1]:
        return None
    ends = rays(camera.lens, frame_size, np.array([((left + right) / 2, top), ((left + right) / 2, bottom)]))
    whole = _upright(ends[0], ends[1], STATURE_M, 0.0, camera)
    return None if whole is None else Estimate(whole.value, math.hypot(whole.se, BOX_SE * whole.value))


def _wide(pair: FloatArray, size_m: Estimate, point_se: float, camera: Camera) -> Estimate:
    """The range of something as wide as that, which may be turned."""
    towards = np.asarray(pair.mean(axis=0), np.float64)
    apart = max(math.dist(*square_to(towards, pair)), 1e-6)
    noise = point_se * math.sqrt(2.0) / apart
    relative = math.hypot(size_m.se / size_m.value, TURNED_SE, noise)
    over_floor = range_over_floor_m(towards, size_m.value / apart, camera)
    return Estimate(over_floor, over_floor * relative)


def _upright(
    top: FloatArray, bottom: FloatArray, size_m: Estimate, point_se: float, camera: Camera
) -> Estimate | None:
    """The range at which something vertical of that size spans the rise between two rays."""
    rise = heading_of(camera, top)[2] - heading_of(camera, bottom)[2]
    noise = point_se * math.sqrt(2.0)
    if rise <= 2 * noise:
        return None
    relative = math.hypot(size_m.se / size_m.value, noise / rise)
    return Estimate(size_m.value / rise, size_m.value / rise * relative)


def range_over_floor_m(ray: FloatArray, distance_m: float, camera: Camera) -> float:
    """The range over the floor of something at a distance from the camera."""
    return distance_m / math.hypot(1.0, heading_of(camera, ray)[2])
