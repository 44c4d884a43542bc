import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.vision.networks.overlap import (
    BoxPx,
    best_match,
    box_overlap,
    intersection_over_union,
    keypoint_similarity,
    weighted_suppression,
)

corner = st.floats(0.0, 100.0, width=32)
boxes = st.tuples(corner, corner, st.floats(0.5, 50.0, width=32), st.floats(0.5, 50.0, width=32)).map(
    lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
)
detections = st.lists(st.tuples(boxes, st.floats(1 / 64, 1.0, width=32)), min_size=1, max_size=12)


@given(boxes, boxes)
def test_overlap_is_symmetric_and_a_share(one: BoxPx, other: BoxPx) -> None:
    assert 0.0 <= box_overlap(one, other) <= 1.0 + 1e-6
    assert np.isclose(box_overlap(one, other), box_overlap(other, one), atol=1e-6)


@given(boxes)
def test_a_box_overlaps_itself_wholly(box: BoxPx) -> None:
    assert np.isclose(box_overlap(box, box), 1.0, atol=1e-5)


def test_an_empty_box_overlaps_nothing() -> None:
    assert box_overlap((1.0, 1.0, 1.0, 1.0), (1.0, 1.0, 1.0, 1.0)) == 0.0


@given(detections)
def test_suppression_keeps_the_best_score_and_orders_by_it(found: list[tuple[BoxPx, float]]) -> None:
    kept = weighted_suppression(
        np.array([box for box, _ in found], np.float32), np.array([score for _, score in found]), 0.3
    )
    scores = [score for _, score in kept]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == max(score for _, score in found)
    assert len(kept) <= len(found)


@given(detections)
def test_suppression_of_what_does_not_overlap_changes_nothing(found: list[tuple[BoxPx, float]]) -> None:
    rows = np.array([box for box, _ in found], np.float32)
    rows += 200.0 * np.arange(len(rows), dtype=np.float32)[:, None]
    scores = np.array([score for _, score in found])
    kept = weighted_suppression(rows, scores, 0.3)
    assert len(kept) == len(found)
    order = np.argsort(-scores, kind="stable")
    assert np.allclose([row for row, _ in kept], rows[order], rtol=1e-5)


def test_overlapping_detections_become_their_mean_weighted_by_score() -> None:
    rows = np.array([[0, 0, 10, 10, 5, 5], [1, 1, 11, 11, 7, 7]], np.float32)
    ((row, score),) = weighted_suppression(rows, np.array([0.9, 0.3]), 0.3)
    assert score == 0.9
    assert np.allclose(row, [0.25, 0.25, 10.25, 10.25, 5.5, 5.5])


@given(boxes, st.lists(boxes, min_size=1, max_size=6))
def test_the_best_match_is_the_one_that_overlaps_most(box: BoxPx, others: list[BoxPx]) -> None:
    match = best_match(box, others)
    assert match is not None
    overlaps = intersection_over_union(np.array(box, np.float32), np.array(others, np.float32))
    assert match[1] == overlaps.max()


def test_nothing_matches_among_nobody() -> None:
    assert best_match((0.0, 0.0, 1.0, 1.0), []) is None


def _body(x: float, score: float = 1.0) -> np.ndarray:
    return np.array([[x + index, 10.0 * index, score] for index in range(17)], np.float32)


def test_the_same_keypoints_are_wholly_similar_and_distant_ones_not_at_all() -> None:
    box = (0.0, 0.0, 60.0, 170.0)
    assert keypoint_similarity(_body(0.0), _body(0.0), box) == 1.0
    assert keypoint_similarity(_body(0.0), _body(300.0), box) < 0.01


def test_keypoints_that_neither_has_say_nothing() -> None:
    assert keypoint_similarity(_body(0.0, 0.0), _body(0.0, 0.0), (0.0, 0.0, 60.0, 170.0)) == 0.0
