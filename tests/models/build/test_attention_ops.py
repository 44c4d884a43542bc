"""MediaPipe's custom operators, rebuilt: the region around landmarks, its picture, and the way back."""

from math import cos, pi, sin
from typing import Any

import numpy as np
import onnxruntime
from hypothesis import given, settings
from hypothesis import strategies as st

from models.build.graph import Array
from models.build.tflite_file import Operator, TfliteFile
from models.build.tflite_to_onnx import convert_tflite

SCALE = 1.5
SIDE = 16


def run(kind: str, inputs: list[Array], output_shape: list[int], options: dict[str, Any]) -> Array:
    """What one operator makes of its inputs."""
    numbers = list(range(len(inputs)))
    file = TfliteFile(
        names=[*(f"input_{number}" for number in numbers), "output"],
        shapes=[*(list(values.shape) for values in inputs), output_shape],
        operators=[Operator(kind, numbers, [len(inputs)], options)],
        inputs=numbers,
        outputs=[len(inputs)],
    )
    content = convert_tflite(file, "one operator").SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    feeds = {f"input_{number}": values.astype(np.float32) for number, values in enumerate(inputs)}
    return np.asarray(session.run(None, feeds)[0])


def region_around(landmarks: Array) -> Array:
    """The region of corners 0 to 3, upright between landmarks 4 and 5."""
    options = {
        "left_rotation_idx": 4,
        "right_rotation_idx": 5,
        "target_rotation_radians": 0,
        "subset_idxs": [0, 1, 2, 3],
        "scale_x": SCALE,
        "scale_y": SCALE,
        "output_width": SIDE,
        "output_height": SIDE,
    }
    return run("Landmarks2TransformMatrix", [landmarks], [1, 4, 4], options).reshape(4, 4)


def shifted_by(x: float, y: float) -> Array:
    """A region of the same scale as its source whose corner is at x, y."""
    matrix = np.eye(4)
    matrix[:2, 3] = x, y
    return matrix[np.newaxis]


@settings(max_examples=30)
@given(
    st.floats(-pi, pi),
    st.floats(20, 170),
    st.floats(20, 170),
    st.floats(4, 60),
    st.floats(4, 60),
    st.floats(-9, 9),
)
def test_a_region_is_the_turned_box_around_its_landmarks_and_half_as_large_again(
    angle: float, x: float, y: float, width: float, height: float, depth: float
) -> None:
    axes = np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    upright = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, 0], [1, 0]]) * [width / 2, height / 2]
    points = upright @ axes + [x, y]
    landmarks = np.column_stack([points, np.full(6, depth)])[np.newaxis]
    region = region_around(landmarks)
    in_region = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE], [SIDE / 2, SIDE / 2]])
    found = np.column_stack([in_region, np.zeros(5), np.ones(5)]) @ region.T
    corners = np.vstack([upright[:4] * SCALE @ axes + [x, y], [[x, y]]])
    np.testing.assert_allclose(found[:, :2], corners, atol=2e-3)
    np.testing.assert_allclose(found[:, 3], 1)


def test_the_picture_of_a_region_is_cut_out_of_its_source() -> None:
    source = np.random.default_rng(3).random((1, 8, 8, 2))
    options = {"output_height": 4, "output_width": 4}
    cut = run("TransformTensorBilinear", [source, shifted_by(3, 2)], [1, 4, 4, 2], options)
    np.testing.assert_allclose(cut, source[:, 2:6, 3:7], atol=1e-6)


def test_between_pixels_a_region_takes_their_mean() -> None:
    source = np.random.default_rng(4).random((1, 8, 8, 1))
    options = {"output_height": 2, "output_width": 2}
    cut = run("TransformTensorBilinear", [source, shifted_by(3.5, 2)], [1, 2, 2, 1], options)
    np.testing.assert_allclose(cut, (source[:, 2:4, 3:5] + source[:, 2:4, 4:6]) / 2, atol=1e-6)


def test_outside_its_source_a_region_is_zero() -> None:
    options = {"output_height": 4, "output_width": 4}
    cut = run(
        "TransformTensorBilinear", [np.ones((1, 8, 8, 1)), shifted_by(-2.25, 6.25)], [1, 4, 4, 1], options
    )
    expected = np.zeros((4, 4))
    expected[0, 3] = (
        1  # The only pixel whose centre is no further out than the centres of the outermost ones.
    )
    np.testing.assert_allclose(cut[0, :, :, 0], expected, atol=1e-6)


def test_points_of_a_region_are_mapped_to_its_source() -> None:
    region = region_around(
        np.array([[[10, 10, 0], [50, 10, 0], [50, 30, 0], [10, 30, 0], [10, 20, 0], [50, 20, 0]]])
    )
    points = np.array([[[0, 0], [SIDE, SIDE], [SIDE / 2, SIDE / 2]]])
    mapped = run("TransformLandmarks", [points, region[np.newaxis]], [1, 3, 2], {})
    np.testing.assert_allclose(mapped[0], [[0, 5], [60, 35], [30, 20]], atol=1e-5)
