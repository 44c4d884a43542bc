from collections.abc import Callable
from types import ModuleType

import cv2
import numpy as np
import pytest

from edge.arrays import Pixels
from edge.vision.face_detector import SHORT_RANGE, FaceDetector
from edge.vision.face_mesh import FaceMesh, square_of_detection, square_of_mesh
from edge.vision.networks.crops import Square
from edge.vision.networks.model_store import ModelStore
from edge.vision.networks.network import Network

PORTRAITS = ("f2.jpg", "f6.jpg", "f12.jpg", "f25.jpg", "f36.jpg")


@pytest.fixture(scope="module")
def mesh(models: ModelStore) -> FaceMesh:
    return FaceMesh.of(models)


@pytest.fixture(scope="module")
def detector(network: Callable[[str], Network]) -> FaceDetector:
    return FaceDetector(SHORT_RANGE, network(SHORT_RANGE.model))


@pytest.mark.filterwarnings(
    "ignore:.*:pytest.PytestUnraisableExceptionWarning"
)  # The prototype leaves a file open.
@pytest.mark.parametrize("name", PORTRAITS)
def test_the_mesh_agrees_with_the_prototype_on_the_same_crop(
    name: str, mesh: FaceMesh, detector: FaceDetector, still: Callable[[str], Pixels], prototype: ModuleType
) -> None:
    """What is left, a tenth of a pixel of the crop's 192, is our crop's rounding to whole grey values."""
    picture = still(name)
    square = square_of_detection(detector.find(picture)[0])
    reference = prototype.FaceMesh("face_landmarks_attention.onnx", "attn")
    expected, presence = reference(picture, (square.x, square.y, square.side, square.angle))
    found = mesh.fit(picture, square)
    crop_px = square.side / 192
    assert np.abs(found.points - expected).mean() < 0.1 * crop_px
    assert np.abs(found.points - expected).max() < 1.0 * crop_px
    assert found.presence == pytest.approx(presence, abs=0.01)
    expected_square = prototype.lm_roi(expected)
    following = square_of_mesh(found.points)
    assert (following.x, following.y, following.side) == pytest.approx(expected_square[:3], abs=0.5 * crop_px)
    assert following.angle == pytest.approx(expected_square[3], abs=0.01)


@pytest.mark.parametrize("name", PORTRAITS)
def test_the_mesh_stays_where_it_is_when_laid_again_on_itself(
    name: str, mesh: FaceMesh, detector: FaceDetector, still: Callable[[str], Pixels]
) -> None:
    picture = still(name)
    found = mesh.fit(picture, square_of_detection(detector.find(picture)[0]))
    for _ in range(5):
        before, found = found, mesh.fit(picture, square_of_mesh(found.points))
    width = np.ptp(found.points[:, 0])
    assert np.abs(found.points - before.points)[:, :2].mean() < 0.01 * width


def test_the_eyes_are_in_the_face_and_the_irises_in_the_eyes(
    mesh: FaceMesh, detector: FaceDetector, still: Callable[[str], Pixels]
) -> None:
    picture = still("f24.jpg")
    points = mesh.fit(picture, square_of_detection(detector.find(picture)[0])).points
    right_iris, left_iris = points[468, 0], points[473, 0]
    assert points[33, 0] < right_iris < points[133, 0] < points[362, 0] < left_iris < points[263, 0]


@pytest.mark.parametrize("turn", [-0.5, 0.3])
def test_a_tilted_head_gets_an_upright_crop(
    turn: float, mesh: FaceMesh, detector: FaceDetector, still: Callable[[str], Pixels]
) -> None:
    """A crop turned the wrong way still shows a face; the mesh laid again then turns the crop back."""
    picture = still("f6.jpg")
    upright = square_of_detection(detector.find(picture)[0])
    turned = Square(upright.x, upright.y, upright.side, upright.angle + turn)
    first = square_of_mesh(mesh.fit(picture, turned).points)
    assert square_of_mesh(mesh.fit(picture, first).points).angle == pytest.approx(upright.angle, abs=0.05)


def test_eyes_that_stay_in_the_head_need_not_be_looked_at_again(
    mesh: FaceMesh, detector: FaceDetector, still: Callable[[str], Pixels]
) -> None:
    """The head has moved by 40 pixels and a few degrees since, the eyes in it have not."""
    picture = still("f6.jpg")
    square = square_of_mesh(mesh.fit(picture, square_of_detection(detector.find(picture)[0])).points)
    before = mesh.fit(picture, square)
    turn = cv2.getRotationMatrix2D((square.x, square.y), 4.0, 1.0)
    turn = turn + np.array([[0.0, 0.0, 30.0], [0.0, 0.0, -26.0]])
    moved = np.asarray(cv2.warpAffine(picture, turn, picture.shape[1::-1]), np.uint8)
    there = square_of_mesh(
        before.points[:, :2] @ turn[:, :2].T.astype(np.float32) + turn[:, 2].astype(np.float32)
    )
    looked_at, taken_over = mesh.fit(moved, there), mesh.fit(moved, there, eyes_as=before)
    off_px = np.abs(looked_at.points - taken_over.points)[:, :2]
    assert off_px[468:].max() < 0.01 * square.side
    assert off_px.mean() < 0.001 * square.side
    assert np.array_equal(looked_at.points[0], taken_over.points[0])


def test_where_there_is_no_face_there_is_no_presence(mesh: FaceMesh) -> None:
    wall = np.full((480, 640, 3), 150, np.uint8)
    assert mesh.fit(wall, Square(320.0, 240.0, 200.0)).presence < 0.5
