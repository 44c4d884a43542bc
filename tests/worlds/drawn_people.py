"""Bodies and faces as the models would report them, for tests that need no picture."""

import numpy as np

from edge.vision.sightings import BodySighting, MeshSighting


def body(
    left: float = 100.0,
    top: float = 100.0,
    width: float = 60.0,
    height: float = 200.0,
    score: float = 0.5,
    *,
    facing: bool = True,
) -> BodySighting:
    """An upright person: head in the top eighth, shoulders as wide as the box."""
    right, bottom, middle = left + width, top + height, left + width / 2
    keypoints = np.full((17, 3), score, np.float32)
    near, far = (right, left) if facing else (left, right)
    keypoints[0, :2] = middle, top + height / 12
    for row, (share, drop) in {
        1: (0.1, 1 / 14),
        3: (0.2, 1 / 12),
        5: (0.5, 0.2),
        11: (0.3, 0.5),
        15: (0.3, 1.0),
    }.items():
        half = (near - far) * share
        keypoints[row, :2] = middle + half, top + drop * height
        keypoints[row + 1, :2] = middle - half, top + drop * height
    return BodySighting((left, top, right, bottom), score, keypoints)


def mesh(x: float, y: float, width: float) -> MeshSighting:
    """A face around a point."""
    points = np.zeros((478, 3), np.float32)
    turn = np.linspace(0.0, 2.0 * np.pi, 478)
    points[:, 0], points[:, 1] = x + width / 2 * np.cos(turn), y + width / 2 * np.sin(turn)
    return MeshSighting(points, 1.0)
