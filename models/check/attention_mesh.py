"""Compares the attention mesh with MediaPipe's own pipeline, on the same crop of the same face."""

from collections.abc import Iterator
from math import cos, sin
from typing import Any

import cv2
import numpy as np
from mediapipe.python import solution_base

from edge.vision.networks.model_store import ModelStore
from models.check.comparison import Comparison, Tensor, mesh_points, portrait

MODEL = "face_landmarks_attention_mesh"
"""The model that is compared."""
RUNTIME = "MediaPipe FaceMesh"
"""What it is compared with."""

GRAPH = "mediapipe/modules/face_landmark/face_landmark_front_cpu.binarypb"
"""The graph inside the mediapipe package that runs the published mesh."""

SIDE = 192
"""Of the crop, in pixels."""

ALLOWED_MEAN = 0.02
"""Pixels of the crop: both cut the crop out with OpenCV, but MediaPipe by a perspective map."""


def compare() -> Iterator[Comparison]:
    """Compare each group of points on the portrait's face."""
    picture = portrait()
    expected, region = _published(picture)
    found = mesh_points(_crop(picture, region)[np.newaxis])
    expected_in_crop = _into_crop(expected, region)
    layout = ModelStore().layout(MODEL)
    groups = {"mesh": list(range(468)), **layout["refined"]}
    for group, places in groups.items():
        distances = np.linalg.norm(found[places] - expected_in_crop[places], axis=1)
        yield Comparison(
            f"mesh, {group.removeprefix('output_')}",
            RUNTIME,
            float(distances.mean()),
            ALLOWED_MEAN,
            "px mean",
        )


def _published(picture: Tensor) -> tuple[Tensor, Any]:
    """The 478 points in pixels of the picture, and the region that was cropped, as MediaPipe finds them."""
    with solution_base.SolutionBase(
        binary_graph_path=GRAPH,
        side_inputs={"num_faces": 1, "with_attention": True, "use_prev_landmarks": False},
        outputs=["multi_face_landmarks", "face_rects_from_detections"],
    ) as graph:
        seen = graph.process({"image": picture})
    height, width = picture.shape[:2]
    (face,) = seen.multi_face_landmarks
    points = np.array([(point.x * width, point.y * height) for point in face.landmark])
    return points, seen.face_rects_from_detections[0]


def _axes(picture_shape: tuple[int, ...], region: Any) -> tuple[Tensor, Tensor]:
    """Centre of the region, and the vectors along its sides for one pixel of the crop."""
    height, width = picture_shape[:2]
    centre = np.array([region.x_center * width, region.y_center * height])
    right = np.array([cos(region.rotation), sin(region.rotation)]) * region.width * width / SIDE
    down = np.array([-sin(region.rotation), cos(region.rotation)]) * region.height * height / SIDE
    return centre, np.stack([right, down])


def _crop(picture: Tensor, region: Any) -> Tensor:
    centre, axes = _axes(picture.shape, region)
    corner = centre - (SIDE / 2) * axes.sum(axis=0)
    # As MediaPipe does on the CPU, without the half pixel between a pixel's corner and its centre.
    to_picture = np.column_stack([axes.T, corner])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(picture, to_picture, (SIDE, SIDE), flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _into_crop(points: Tensor, region: Any) -> Tensor:
    centre, axes = _axes(portrait().shape, region)
    in_crop: Tensor = (points - centre) @ np.linalg.inv(axes) + SIDE / 2
    return in_crop
