"""Finds the three-dimensional pose of one body: BlazePose, full."""

from math import cos, sin

import numpy as np

from edge.arrays import Float32Array, Pixels
from edge.vision.networks.crops import Square, square_along
from edge.vision.networks.network import Network, sigmoid
from edge.vision.networks.preprocess import FloatCanvas
from edge.vision.sightings import BodySighting, PoseSighting

MODEL = "pose_landmark_full"
"""Its name in the models' manifest."""

SIDE = 256
"""Of the input, in pixels."""

GROWTH = 1.25
"""Crop over the circle around the person; MediaPipe's pose_landmark graphs."""

LEAST_PRESENCE = 0.5
"""Below, the crop holds no body; MediaPipe's min_tracking_confidence."""

BODY_LANDMARKS = 33
"""Then follow the centre and the rim of the circle for the next crop, and four points for parts we do not use."""

NOSE = 0
"""Row of the nose, BlazePose order."""

REACH = np.arange(-3, 4)
"""Rows and columns of the neighbourhood, from its middle."""
REFINE_LEAST = 0.5
"""The 7 x 7 neighbourhood, and the least confidence, of MediaPipe's RefineLandmarksFromHeatmapCalculator."""

CIRCLE_OVER_TORSO = 1.6
"""Radius of the circle around a person over the length of the torso, mid-hip to mid-shoulder."""

TORSO_OVER_SHOULDERS = 1.3
"""Torso length over shoulder width, where hips are hidden by a desk (Drillis & Contini 1966: .288 over .219 of the stature)."""

LEAST_KEYPOINT_SCORE = 0.2
"""From which MoveNet's shoulders and hips are used to place the crop."""


class Pose:
    """The pose network with its buffers."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._canvas = FloatCanvas(SIDE, low=0.0, high=1.0)

    def fit(self, rgb: Pixels, square: Square) -> tuple[PoseSighting, Square]:
        """The pose of the body in a square of a picture, and the square to look at in the next frame."""
        outputs = self._network.run(self._canvas.cut(rgb, square))
        raw = outputs["Identity"].reshape(-1, 5)
        shares = refine(raw[:, :3] / np.float32(SIDE), outputs["Identity_3"][0])
        in_picture = square.to_picture(shares)
        points = np.column_stack([in_picture, sigmoid(raw[:, 3])])[:BODY_LANDMARKS]
        world = upright(outputs["Identity_4"].reshape(-1, 3)[:BODY_LANDMARKS], square.angle)
        centre, rim = in_picture[BODY_LANDMARKS], in_picture[BODY_LANDMARKS + 1]
        presence = float(outputs["Identity_1"].ravel()[0])
        return PoseSighting(points, world, presence), square_along(centre, rim, GROWTH)


def refine(shares: Float32Array, heat: Float32Array) -> Float32Array:
    """Landmarks moved to the centre of the heat around them.

    Args:
        shares: [n, 3]: x, y, z in shares of the input.
        heat: [rows, columns, n] logits.

    Returns:
        A copy of `shares` with x and y of the landmarks moved where the heat is sure enough.
    """
    rows, columns = heat.shape[:2]
    column, row = np.floor(shares[:, 0] * columns).astype(int), np.floor(shares[:, 1] * rows).astype(int)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    landmark = np.flatnonzero(inside)
    # [landmarks, 7, 7]: the neighbourhood of each; what lies outside the map has no heat.
    near_row = (row[landmark, None] + REACH)[:, :, None]
    near_column = (column[landmark, None] + REACH)[:, None, :]
    on_map = (near_row >= 0) & (near_row < rows) & (near_column >= 0) & (near_column < columns)
    at = (near_row.clip(0, rows - 1), near_column.clip(0, columns - 1), landmark[:, None, None])
    warmth = sigmoid(heat[at]) * on_map
    total = warmth.sum((1, 2))
    sure = warmth.max((1, 2), initial=0.0) >= REFINE_LEAST
    refined = shares.copy()
    refined[landmark[sure], 0] = ((warmth * near_column).sum((1, 2))[sure] / total[sure]) / columns
    refined[landmark[sure], 1] = ((warmth * near_row).sum((1, 2))[sure] / total[sure]) / rows
    return refined


def upright(world: Float32Array, angle: float) -> Float32Array:
    """World landmarks [n, 3] of a turned crop, turned back to the picture's axes."""
    turned = world.copy()
    turned[:, 0] = world[:, 0] * cos(angle) - world[:, 1] * sin(angle)
    turned[:, 1] = world[:, 0] * sin(angle) + world[:, 1] * cos(angle)
    return turned


def square_of_body(body: BodySighting) -> Square | None:
    """Where to look for the pose of a body that MoveNet found; None when its shoulders are not to be seen."""
    shoulders, hips = body.keypoints[5:7], body.keypoints[11:13]
    if shoulders[:, 2].min() < LEAST_KEYPOINT_SCORE:
        return None
    top = shoulders[:, :2].mean(0)
    if hips[:, 2].min() >= LEAST_KEYPOINT_SCORE:
        middle = hips[:, :2].mean(0)
    else:
        width = float(np.hypot(*(shoulders[0, :2] - shoulders[1, :2])))
        middle = top + np.array([0.0, TORSO_OVER_SHOULDERS * width], np.float32)
    return square_along(middle, middle + (top - middle) * CIRCLE_OVER_TORSO, GROWTH)
