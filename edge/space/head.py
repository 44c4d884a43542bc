"""How far away a head is, from the size of its face: eyes, ears, nose.

A head that turns shows its eyes and ears closer together, but then its nose moves sideways out of their middle and the
eyes move away from the middle of the ears; both parts together keep the scale, whichever way the head looks.
"""

import math

import numpy as np

from edge.arrays import FloatArray
from edge.observation import Estimate
from edge.space.anthropometry import EAR_DEPTH_M, EAR_DISTANCE_M, EYE_DISTANCE_M, NOSE_DEPTH_M
from edge.space.fusion import fuse
from edge.space.lens import square_to


def distance_from_keypoints_m(
    eyes: FloatArray, nose: FloatArray, ears: FloatArray | None, point_se: float
) -> Estimate | None:
    """Distance from the camera to a head, from a detector's keypoints.

    Args:
        eyes: ``[2, 2]`` rays of the two eyes.
        nose: ``[2]`` ray of the tip of the nose.
        ears: ``[2, 2]`` rays of the two ears, or None when one is not seen.
        point_se: Standard error of one keypoint in one direction, in the same unit as the rays.

    Returns:
        None when the points lie too close together to have a size.
    """
    towards = eyes.mean(axis=0)
    eyes, nose = square_to(towards, eyes), square_to(towards, nose)
    distances = [_distance(eyes, nose, EYE_DISTANCE_M, NOSE_DEPTH_M, point_se)]
    if ears is not None:
        middle = np.asarray(eyes.mean(axis=0), np.float64)
        distances.append(_distance(square_to(towards, ears), middle, EAR_DISTANCE_M, EAR_DEPTH_M, point_se))
    known = {str(number): distance for number, distance in enumerate(distances) if distance is not None}
    return fuse(known).estimate if known else None


def _distance(
    pair: FloatArray, middle: FloatArray, size_m: Estimate, depth_m: float, point_se: float
) -> Estimate | None:
    across = pair[0] - pair[1]
    apart = float(np.linalg.norm(across))
    if apart <= 0.0:
        return None
    aside = float((middle - pair.mean(axis=0)) @ across) / apart
    scale = math.hypot(apart / size_m.value, aside / depth_m)
    noise = point_se * math.sqrt(2.0) * math.hypot(apart / size_m.value**2, aside / depth_m**2) / scale
    # What the turn hides must come back through a nose's depth, which differs between people by a tenth or more.
    turned = 0.15 * (aside / depth_m / scale) ** 2
    relative = math.hypot(size_m.se / size_m.value, noise / scale, turned)
    return Estimate(1.0 / scale, relative / scale)
