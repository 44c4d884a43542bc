from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from edge.arrays import Pixels
from edge.camera.video import VideoFile
from edge.vision.body_detector import MODEL as BODY_MODEL
from edge.vision.body_detector import BodyDetector
from edge.vision.networks.network import Network
from edge.vision.pose import MODEL, Pose, refine, square_of_body, upright
from edge.vision.sightings import BodySighting
from tests.worlds.drawn_people import body


@pytest.fixture(scope="module")
def standing(clips: Path, network: Callable[[str], Network]) -> tuple[Pixels, BodySighting]:
    """A man who stands with his back to the camera."""
    source = VideoFile(clips / "approach_onebyone.mp4", "customers")
    picture = next(frame.rgb for frame in source if frame.t_s >= 30.0)
    return picture, BodyDetector(network(BODY_MODEL)).find(picture)[0]


def test_the_pose_agrees_with_the_prototype_on_the_same_crop(
    standing: tuple[Pixels, BodySighting], network: Callable[[str], Network], prototype: ModuleType
) -> None:
    picture, found = standing
    square = square_of_body(found)
    assert square is not None
    pose, following = Pose(network(MODEL)).fit(picture, square)
    reference = prototype.Pose("pose_landmark_full.onnx")
    points, world, presence = reference(picture, (square.x, square.y, square.side, square.angle))
    crop_px = square.side / 256
    assert np.abs(pose.points[:, :3] - points[:33, :3]).mean() < 0.3 * crop_px
    assert np.abs(pose.points[:, 3] - points[:33, 3]).max() < 0.05
    assert np.abs(pose.world - world[:33]).max() < 0.01
    assert pose.presence == pytest.approx(presence, abs=0.01)
    expected = prototype.pose_roi(points[33, :2], points[34, :2])
    assert (following.x, following.y, following.side) == pytest.approx(expected[:3], abs=2.0 * crop_px)


def test_the_pose_of_a_body_is_where_the_body_is(
    standing: tuple[Pixels, BodySighting], network: Callable[[str], Network]
) -> None:
    picture, found = standing
    square = square_of_body(found)
    assert square is not None
    pose, following = Pose(network(MODEL)).fit(picture, square)
    height = found.box_px[3] - found.box_px[1]
    for joint, keypoint in ((11, 5), (12, 6), (23, 11), (24, 12)):
        away = np.hypot(*(pose.points[joint, :2] - found.keypoints[keypoint, :2]))
        assert away < 0.08 * height
    again, _ = Pose(network(MODEL)).fit(picture, following)
    assert np.abs(again.points - pose.points)[:, :2].mean() < 0.02 * height


def test_hidden_hips_are_taken_to_be_below_the_shoulders() -> None:
    seated = body(width=80.0, height=240.0)
    seated.keypoints[11:13, 2] = 0.05
    square = square_of_body(seated)
    assert square is not None
    shoulders = seated.keypoints[5:7, :2].mean(0)
    assert square.x == pytest.approx(shoulders[0])
    assert shoulders[1] < square.y < shoulders[1] + 2.0 * 80.0


def test_without_shoulders_there_is_nowhere_to_look() -> None:
    hidden = body()
    hidden.keypoints[5, 2] = 0.05
    assert square_of_body(hidden) is None


def test_heat_moves_a_landmark_to_its_centre() -> None:
    heat = np.full((64, 64, 1), -20.0, np.float32)
    heat[30, 33, 0] = heat[30, 34, 0] = 10.0
    refined = refine(np.array([[32.5 / 64, 31.5 / 64, 0.1]], np.float32), heat)
    assert refined[0].tolist() == pytest.approx([33.5 / 64, 30.0 / 64, 0.1], abs=1e-4)


def test_faint_heat_and_landmarks_off_the_map_move_nothing() -> None:
    shares = np.array([[0.5, 0.5, 0.0], [1.2, 0.5, 0.0], [0.999, 0.0, 0.0]], np.float32)
    assert (refine(shares, np.full((64, 64, 3), -1.0, np.float32)) == shares).all()


def test_world_axes_are_the_pictures_whatever_the_crop() -> None:
    head = np.array([[0.0, -1.0, 0.3]], np.float32)
    assert upright(head, np.pi / 2)[0].tolist() == pytest.approx([1.0, 0.0, 0.3], abs=1e-6)
