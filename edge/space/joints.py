"""The joints of a sighted body that can be relied on, as rays."""

from dataclasses import dataclass

import numpy as np

from edge.arrays import FloatArray, Mask
from edge.settings.desk_toml import Camera
from edge.space.lens import rays
from edge.vision.sightings import BodySighting

NOSE, EYES, EARS, SHOULDERS, HIPS, KNEES, ANKLES = 0, (1, 2), (3, 4), (5, 6), (11, 12), (13, 14), (15, 16)
"""Rows of the keypoints, COCO order."""

SEEN_SCORE = 0.3
"""Keypoints below this are guesses about hidden parts (MoveNet's scores of hidden joints stay below .2)."""
CUT_SHARE = 0.02
"""A box this close to the picture's left or right edge, as a share of its width, is cut off there, and MoveNet pulls joints inside."""
POINT_SE_OF_WIDTH = 0.0015
"""Standard error of a keypoint as a share of the picture's width: about half an input pixel of the 384 wide network."""
POINT_SE_OF_SIZE = 0.012
"""And as a share of the body's size in the picture: people would not mark a joint more exactly either."""


@dataclass(frozen=True, slots=True)
class Joints:
    """Rays ``[2]`` of joints that were seen, None for what was not."""

    both_eyes: FloatArray | None
    """``[2, 2]``, as are the other pairs."""
    both_ears: FloatArray | None
    """None as well, like `both_shoulders`, for a body that the picture's left or right edge cuts."""
    nose: FloatArray | None
    both_shoulders: FloatArray | None
    head: FloatArray | None
    """Mean of what is seen of the face."""
    shoulders: FloatArray | None
    """The middle of both; None unless both are seen, likewise below."""
    hips: FloatArray | None
    knees: FloatArray | None
    ankles: FloatArray | None
    faces_camera: bool
    """Whether the left ear, or else the left shoulder, is seen on the right: MoveNet reports eyes on the backs of heads, too."""
    point_se: float


def joints_of(body: BodySighting, frame_size: tuple[int, int], camera: Camera) -> Joints:
    """The joints of a body that were really seen: scored well, and inside the picture."""
    width, height = frame_size
    points = np.asarray(body.keypoints, np.float64)
    flat = rays(camera.lens, frame_size, points[:, :2])
    inside = (points[:, :2] >= 0).all(axis=1) & (points[:, 0] <= width) & (points[:, 1] <= height)
    seen = inside & (points[:, 2] >= SEEN_SCORE)
    face = [row for row in (NOSE, *EYES, *EARS) if seen[row]]

    left, _, right, _ = body.box_px
    cut = min(left, width - right) < CUT_SHARE * width

    def pair(rows: tuple[int, int]) -> FloatArray | None:
        return flat[list(rows)] if seen[list(rows)].all() else None

    def middle(rows: tuple[int, int]) -> FloatArray | None:
        both = pair(rows)
        return None if both is None else np.asarray(both.mean(axis=0), np.float64)

    return Joints(
        both_eyes=pair(EYES),
        both_ears=None if cut else pair(EARS),
        nose=flat[NOSE] if seen[NOSE] else None,
        both_shoulders=None if cut else pair(SHOULDERS),
        head=np.asarray(flat[face].mean(axis=0), np.float64) if face else None,
        shoulders=middle(SHOULDERS),
        hips=middle(HIPS),
        knees=middle(KNEES),
        ankles=middle(ANKLES),
        faces_camera=_left_is_right(points, seen),
        point_se=keypoint_se_px(body, frame_size) * _per_px(camera, frame_size),
    )


def _left_is_right(points: FloatArray, seen: Mask) -> bool:
    for left, right in (EARS, SHOULDERS):
        if seen[left] and seen[right]:
            return bool(points[left, 0] > points[right, 0])
    return bool(seen[NOSE])


def keypoint_se_px(body: BodySighting, frame_size: tuple[int, int]) -> float:
    """Standard error of one keypoint of a body in one direction, in pixels."""
    left, top, right, bottom = body.box_px
    size = min(max(right - left, (bottom - top) / 2), float(frame_size[0]))
    return POINT_SE_OF_WIDTH * frame_size[0] + POINT_SE_OF_SIZE * size / 2


def _per_px(camera: Camera, frame_size: tuple[int, int]) -> float:
    width, height = frame_size
    left, right = rays(camera.lens, frame_size, np.array([[0.0, height / 2], [width, height / 2]]))
    return float(right[0] - left[0]) / width
