"""How far away a head is, from the size of its face: eyes, ears, iris.

A head that turns shows its eyes and ears closer together, but then its nose moves sideways out of their middle and the
eyes move away from the middle of the ears; both parts together keep the scale, whichever way the head looks.
"""

import math

import numpy as np
from numpy.typing import NDArray

from edge.observation import Estimate
from edge.settings import Camera
from edge.space.anthropometry import (
    EAR_DEPTH_M,
    EAR_DISTANCE_M,
    EYE_DISTANCE_M,
    IRIS_DIAMETER_M,
    NOSE_DEPTH_M,
)
from edge.space.fusion import fuse
from edge.space.lens import rays
from edge.space.mount import point_in_desk_frame_m
from edge.vision.sightings import MeshSighting

FloatArray = NDArray[np.float64]

RIGHT_IRIS, LEFT_IRIS = 468, 473
"""Centres in the mesh; the four points that follow each lie on its rim: one side, top, other side, bottom."""
IRIS_POINT_SE = 0.08
"""Spread of one frame's iris diameter as a share of it, all of the mesh's making."""
MESH_POINT_SE = 0.02
"""The same for the distance between the irises."""


def depth_from_keypoints_m(
    eyes: FloatArray, nose: FloatArray, ears: FloatArray | None, point_se: float
) -> Estimate | None:
    """Depth of a head along the optical axis from a detector's keypoints.

    Args:
        eyes: ``[2, 2]`` rays of the two eyes.
        nose: ``[2]`` ray of the tip of the nose.
        ears: ``[2, 2]`` rays of the two ears, or None when one is not seen.
        point_se: Standard error of one keypoint in one direction, in the same unit as the rays.

    Returns:
        None when the points lie too close together to have a size.
    """
    depths = [_depth(eyes, nose, EYE_DISTANCE_M, NOSE_DEPTH_M, point_se)]
    if ears is not None:
        depths.append(_depth(ears, eyes.mean(axis=0), EAR_DISTANCE_M, EAR_DEPTH_M, point_se))
    known = {str(number): depth for number, depth in enumerate(depths) if depth is not None}
    return fuse(known).estimate if known else None


def depth_from_mesh_m(mesh: MeshSighting, frame_size: tuple[int, int], camera: Camera) -> Estimate | None:
    """Depth of a meshed face along the optical axis, from its irises and the distance between them."""
    points = np.asarray(mesh.points, np.float64)
    flat = rays(camera.lens, frame_size, points[RIGHT_IRIS : LEFT_IRIS + 5, :2])
    across = [math.dist(flat[start + 1], flat[start + 3]) for start in (0, LEFT_IRIS - RIGHT_IRIS)]
    iris = float(np.mean(across))
    right, left = points[RIGHT_IRIS], points[LEFT_IRIS]
    seen_px = math.dist(right[:2], left[:2])
    if iris <= 0.0 or seen_px <= 0.0:
        return None
    turned = math.dist(right, left) / seen_px  # The mesh's depth undoes the foreshortening of a turned head.
    apart = math.dist(flat[0], flat[LEFT_IRIS - RIGHT_IRIS]) * turned
    return fuse(
        {
            "iris": _scaled(IRIS_DIAMETER_M, iris, IRIS_POINT_SE * iris),
            "eyes": _scaled(EYE_DISTANCE_M, apart, MESH_POINT_SE * apart + 0.5 * (turned - 1.0) * apart),
        }
    ).estimate


def eyes_place(
    mesh: MeshSighting, frame_size: tuple[int, int], camera: Camera
) -> tuple[tuple[float, float, float], Estimate] | None:
    """Where the eyes of a meshed face are.

    Args:
        mesh: The face.
        frame_size: Width and height of the picture in pixels.
        camera: Its lens and mount.

    Returns:
        Place between the eyes in the desk's frame (x, y, height above the floor; above the camera when the mount's height
        is not known) and the distance from the camera to them, in metres. None for a degenerate mesh.
    """
    depth = depth_from_mesh_m(mesh, frame_size, camera)
    if depth is None:
        return None
    between = np.asarray(mesh.points, np.float64)[[RIGHT_IRIS, LEFT_IRIS], :2].mean(axis=0)
    ray = np.append(rays(camera.lens, frame_size, between), 1.0)
    x, y, z = point_in_desk_frame_m(camera.mount, ray * depth.value)
    stretch = float(np.linalg.norm(ray))
    return (float(x), float(y), float(z)), Estimate(depth.value * stretch, depth.se * stretch)


def _depth(
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


def _scaled(size_m: Estimate, seen: float, seen_se: float) -> Estimate:
    value = size_m.value / seen
    return Estimate(value, value * math.hypot(size_m.se / size_m.value, seen_se / seen))
