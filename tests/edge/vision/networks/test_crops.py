import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.vision.networks.crops import Letterbox, Square, square_along, square_around

sizes = st.tuples(st.integers(2, 4000), st.integers(2, 3000))
coordinates = st.floats(-3000.0, 3000.0)
points = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=8).map(
    lambda found: np.array(found, np.float32)
)
squares = st.builds(
    Square, coordinates, coordinates, side=st.floats(8.0, 4000.0), angle=st.floats(-np.pi, np.pi)
)


def placed(box: Letterbox, where: np.ndarray) -> np.ndarray:
    """Input pixels of picture pixels: shrunk like the picture, beside the margins."""
    shrunk = where / [box.picture_width, box.picture_height] * [box.width, box.height]
    return np.add(shrunk, [box.left, box.top])


@given(sizes, st.sampled_from([128, 192]), points)
def test_a_point_comes_back_from_a_centred_letterbox(
    size: tuple[int, int], side: int, where: np.ndarray
) -> None:
    box = Letterbox.centred(size, side)
    assert np.allclose(box.to_picture(placed(box, where)), where, atol=0.02 * max(size) / side + 0.01)


@given(sizes, st.sampled_from([(256, 160), (384, 224), (224, 384)]), points)
def test_a_point_comes_back_from_a_cornered_letterbox(
    size: tuple[int, int], side: tuple[int, int], where: np.ndarray
) -> None:
    box = Letterbox.cornered(size, side)
    assert np.allclose(box.to_picture(placed(box, where)), where, atol=0.02 * max(size) / min(side) + 0.01)


@given(sizes, st.sampled_from([128, 192, 256]))
def test_a_letterbox_holds_the_whole_picture_and_fills_one_side(size: tuple[int, int], side: int) -> None:
    box = Letterbox.centred(size, side)
    assert max(box.width, box.height) == side
    assert 0 <= box.left <= box.input_width - box.width
    assert 0 <= box.top <= box.input_height - box.height


@given(squares)
def test_the_edges_of_a_turned_square_lie_half_a_side_from_its_centre(square: Square) -> None:
    right, bottom = square.to_picture(np.array([[1.0, 0.5], [0.5, 1.0]], np.float32))
    half, angle = square.side / 2, square.angle
    assert np.allclose(right - [square.x, square.y], [half * np.cos(angle), half * np.sin(angle)], atol=0.05)
    assert np.allclose(
        bottom - [square.x, square.y], [-half * np.sin(angle), half * np.cos(angle)], atol=0.05
    )


@given(squares, st.sampled_from([128, 192, 256]))
def test_the_affine_and_the_points_of_a_square_agree(square: Square, pixels: int) -> None:
    """Pixel i of the crop, at i + .5, is sampled where `to_picture` says that point is."""
    corner = np.array([[0.0, 0.0], [pixels - 1.0, pixels - 1.0], [3.0, pixels / 2]])
    sampled = corner @ square.affine(pixels)[:, :2].T + square.affine(pixels)[:, 2] + 0.5
    assert np.allclose(sampled, square.to_picture(((corner + 0.5) / pixels).astype(np.float32)), atol=0.05)


def test_depth_is_a_share_of_the_square_too() -> None:
    square = Square(100.0, 50.0, 40.0, 0.3)
    lifted = square.to_picture(np.array([[0.5, 0.5, 0.25]], np.float32))
    assert np.allclose(lifted, [[100.0, 50.0, 10.0]])


def test_a_square_around_landmarks_takes_their_longer_side() -> None:
    landmarks = np.array([[10.0, 20.0], [50.0, 40.0]])
    assert square_around(landmarks, 0.1, 1.5) == Square(30.0, 30.0, 60.0, 0.1)


@given(st.floats(-3.0, 3.0), st.floats(5.0, 500.0))
def test_a_square_along_a_leaning_body_turns_with_it(lean: float, radius: float) -> None:
    """Zero is upright; the way up of the square points from the hips to the head."""
    hips = np.array([200.0, 300.0])
    head = hips + radius * np.array([np.sin(lean), -np.cos(lean)])
    square = square_along(hips, head, 1.25)
    assert np.isclose(square.side, 2.5 * radius, rtol=1e-5)
    up = square.to_picture(np.array([[0.5, 0.0]], np.float32))[0] - hips
    assert np.allclose(up / np.linalg.norm(up), (head - hips) / radius, atol=1e-3)
