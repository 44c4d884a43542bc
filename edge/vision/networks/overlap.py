"""How far detections overlap, and which of them are the same thing."""

from collections.abc import Sequence

import numpy as np

from edge.arrays import AnyFloatArray, Float32Array

BoxPx = tuple[float, float, float, float]
"""left, top, right, bottom, in pixels."""


def intersection_over_union(box: Float32Array, others: Float32Array) -> Float32Array:
    """Of one box [4] with each of [n, 4]; boxes are left, top, right, bottom."""
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    shared = np.clip(sides, 0.0, None).prod(1)
    areas = np.clip(others[:, 2:] - others[:, :2], 0.0, None).prod(1)
    union = np.clip(box[2:] - box[:2], 0.0, None).prod() + areas - shared
    return np.where(union > 0.0, shared / np.where(union > 0.0, union, 1.0), 0.0).astype(np.float32)


def box_overlap(one: BoxPx, other: BoxPx) -> float:
    """Intersection over union of two boxes."""
    return float(intersection_over_union(np.array(one, np.float32), np.array([other], np.float32))[0])


def weighted_suppression(
    rows: Float32Array, scores: AnyFloatArray, least_overlap: float
) -> list[tuple[Float32Array, float]]:
    """MediaPipe's weighted non-maximum suppression: overlapping detections become their mean, weighted by score.

    Args:
        rows: [n, 4 + 2k]: left, top, right, bottom, then points; all are averaged.
        scores: [n].
        least_overlap: Intersection over union from which two are the same.

    Returns:
        Averaged row and best score, best first.
    """
    order = np.argsort(-scores, kind="stable")
    found = []
    while order.size:
        best = order[0]
        same = intersection_over_union(rows[best, :4], rows[order, :4]) > least_overlap
        same[0] = True
        weights = scores[order[same]]
        mean = (rows[order[same]] * weights[:, None]).sum(0) / weights.sum()
        found.append((mean.astype(np.float32), float(scores[best])))
        order = order[~same]
    return found


KEYPOINT_SPREAD = np.array(
    [
        0.026,
        0.025,
        0.025,
        0.035,
        0.035,
        0.079,
        0.079,
        0.072,
        0.072,
        0.062,
        0.062,
        0.107,
        0.107,
        0.087,
        0.087,
        0.089,
        0.089,
    ],
    np.float32,
)
"""COCO's standard deviation of each of the 17 keypoints as annotated, in shares of the person's size (COCO OKS, sigmas)."""


def keypoint_similarity(one: Float32Array, other: Float32Array, box: BoxPx) -> float:
    """COCO's object keypoint similarity, each keypoint weighted by how surely both have it.

    Args:
        one: [17, 3] of x, y, score.
        other: The same.
        box: Of one of the two; its area is the scale.

    Returns:
        0 (nothing in common) to 1 (the same).
    """
    weights = np.sqrt(one[:, 2] * other[:, 2])
    total = float(weights.sum())
    area = max(1.0, (box[2] - box[0]) * (box[3] - box[1]))
    squared = ((one[:, :2] - other[:, :2]) ** 2).sum(1)
    similar = np.exp(-squared / (2.0 * area * (2.0 * KEYPOINT_SPREAD) ** 2))
    return float((similar * weights).sum() / total) if total > 0.0 else 0.0


def best_match(box: BoxPx, others: Sequence[BoxPx]) -> tuple[int, float] | None:
    """The one of `others` that overlaps `box` most, and how much; None without others."""
    if not others:
        return None
    overlaps = intersection_over_union(np.array(box, np.float32), np.array(others, np.float32))
    best = int(overlaps.argmax())
    return best, float(overlaps[best])
