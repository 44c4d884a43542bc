import numpy as np
import pytest

from edge.face.hands import HandMotion
from edge.vision.sightings import BodySighting, PoseSighting


def pose(left_wrist: tuple[float, float], *, shift: float = 0.0, seen: float = 0.9) -> PoseSighting:
    points = np.zeros((33, 4), np.float32)
    points[:, 3] = seen
    points[11, :2], points[12, :2] = (400 + shift, 200), (300 + shift, 200)
    points[15, :2], points[16, :2] = (left_wrist[0] + shift, left_wrist[1]), (280 + shift, 400)
    return PoseSighting(points, np.zeros((33, 3), np.float32), 1.0)


def test_hands_that_move_are_told_in_shoulder_widths_per_second() -> None:
    motion = HandMotion()
    motion.moved(0.0, pose((420, 400)), None)
    moved = motion.moved(0.5, pose((460, 400)), None)
    assert moved is not None
    assert moved.value == pytest.approx(0.8)


def test_swaying_with_the_whole_body_moves_no_hands() -> None:
    motion = HandMotion()
    motion.moved(0.0, pose((420, 400)), None)
    moved = motion.moved(0.3, pose((420, 400), shift=50.0), None)
    assert moved is not None
    assert moved.value == pytest.approx(0.0, abs=0.01)


def test_hidden_hands_and_looks_too_far_apart_tell_nothing() -> None:
    motion = HandMotion()
    assert motion.moved(0.0, pose((420, 400), seen=0.1), None) is None
    assert motion.moved(1.0, pose((420, 400)), None) is None
    assert motion.moved(9.0, pose((460, 400)), None) is None


def test_a_body_without_a_pose_has_hands_too() -> None:
    keypoints = np.zeros((17, 3), np.float32)
    keypoints[:, 2] = 0.9
    keypoints[5, :2], keypoints[6, :2] = (400, 200), (300, 200)
    keypoints[9, :2], keypoints[10, :2] = (420, 400), (280, 400)
    motion = HandMotion()
    motion.moved(0.0, None, BodySighting((0, 0, 1, 1), 0.9, keypoints))
    later = keypoints.copy()
    later[10, 0] = 230
    moved = motion.moved(1.0, None, BodySighting((0, 0, 1, 1), 0.9, later))
    assert moved is not None
    assert moved.value == pytest.approx(0.5)
