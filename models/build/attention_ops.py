"""MediaPipe's three custom operators of the attention face mesh: find a region, sample it, map points back.

A region is a 4x4 matrix that takes a point (x, y, 0, 1) of the region's own picture to the picture it lies in. The
formulas were found by comparison with the operators of MediaPipe 0.10.21.
"""

import numpy as np

from models.build.graph import UnsupportedError
from models.build.tflite_conversion import Conversion, OperatorConverter
from models.build.tflite_file import Operator


def region_around_landmarks(conversion: Conversion, operator: Operator) -> None:
    """Landmarks2TransformMatrix: the rotated box around some landmarks, larger by a factor.

    With u the unit vector from the left to the right reference landmark and B = (u, u turned by 90 degrees), the
    box's lower and upper corners are found in the axes of B; the matrix is B diag(scale * size / side) and puts the
    region's middle on the box's.
    """
    options, graph = operator.options, conversion.graph
    if options["target_rotation_radians"] != 0:
        raise UnsupportedError("a region that is not upright between its reference landmarks")
    landmarks = conversion.shape(operator.inputs[0])[1]
    points = graph.node(
        "Slice",
        [conversion.values.get(operator.inputs[0]), graph.integers(0), graph.integers(2), graph.integers(2)],
    )

    right_minus_left = np.zeros((1, landmarks), np.float32)
    right_minus_left[0, options["right_rotation_idx"]] = 1
    right_minus_left[0, options["left_rotation_idx"]] -= 1
    direction = graph.node("MatMul", [graph.constant(right_minus_left), points])
    unit = graph.node("Div", [direction, graph.node("ReduceL2", [direction], axes=[2])])
    to_basis = np.array([[1, 0, 0, 1], [0, -1, 1, 0]], np.float32)
    flat_basis = graph.node("MatMul", [unit, graph.constant(to_basis)])
    basis = graph.node("Reshape", [flat_basis, graph.integers(1, 2, 2)])

    subset = graph.node("Gather", [points, graph.integers(*options["subset_idxs"])], axis=1)
    turned = graph.node("MatMul", [subset, basis])
    upper = graph.node("ReduceMax", [turned], axes=[1])
    lower = graph.node("ReduceMin", [turned], axes=[1])
    middle = graph.node("Mul", [graph.node("Add", [upper, lower]), graph.scalar(0.5)])
    scale = np.array([options["scale_x"], options["scale_y"]], np.float32)
    sides = np.array([options["output_width"], options["output_height"]], np.float32)
    size = graph.node("Sub", [upper, lower])

    axes = graph.node("Mul", [basis, graph.node("Mul", [size, graph.constant(scale / sides)])])
    corner = graph.node("Sub", [middle, graph.node("Mul", [size, graph.constant(scale / 2)])])
    corner = graph.node("MatMul", [basis, graph.node("Reshape", [corner, graph.integers(1, 2, 1)])])
    depth = graph.constant(np.zeros((1, 2, 1), np.float32))
    upper_rows = graph.node("Concat", [axes, depth, corner], axis=2)
    lower_rows = graph.constant(np.array([[[0, 0, 1, 0], [0, 0, 0, 1]]], np.float32))
    conversion.values.put(operator.outputs[0], graph.node("Concat", [upper_rows, lower_rows], axis=1))


def sample_regions(conversion: Conversion, operator: Operator) -> None:
    """TransformTensorBilinear: a region's picture, bilinear, zero where the centre of a pixel lies outside.

    Pixel centres stand at half numbers on both sides. Several regions of one picture come as lanes of channels (see
    parallel_branches); they are sampled as one picture in which they stand one below the other.
    """
    options, graph = operator.options, conversion.graph
    picture, *regions = operator.inputs
    height, width = options["output_height"], options["output_width"]
    _, source_height, source_width, channels = conversion.shape(picture)
    rows, columns = np.mgrid[0:height, 0:width].reshape(2, -1) + 0.5
    centres = np.stack([columns, rows, 0 * rows, 0 * rows + 1], axis=1, dtype=np.float32)
    to_grid = np.array([[2 / source_width, 0], [0, 2 / source_height], [0, 0], [-1, -1]], np.float32)

    matrices = graph.node("Concat", [conversion.values.get(region) for region in regions], axis=0)
    transposed = graph.node("Transpose", [matrices], perm=(0, 2, 1))
    to_grid_from_region = graph.node("MatMul", [transposed, graph.constant(to_grid)])
    flat_grid = graph.node("MatMul", [graph.constant(centres), to_grid_from_region])
    grid = graph.node("Reshape", [flat_grid, graph.integers(1, len(regions) * height, width, 2)])
    sampled = graph.node(
        "GridSample",
        [conversion.values.nchw(picture), grid],
        mode="bilinear",
        padding_mode="zeros",
        align_corners=0,
    )

    outermost_centres = np.array([1 - 1 / source_width, 1 - 1 / source_height], np.float32)
    inside = graph.node("LessOrEqual", [graph.node("Abs", [grid]), graph.constant(outermost_centres)])
    inside_both_ways = graph.node("ReduceMin", [graph.node("Cast", [inside], to=1)], axes=[3], keepdims=0)
    stacked = graph.node("Mul", [sampled, inside_both_ways])

    by_region = graph.node("Reshape", [stacked, graph.integers(channels, len(regions), -1)])
    lanes = graph.node("Transpose", [by_region], perm=(1, 0, 2))
    result = graph.node("Reshape", [lanes, graph.integers(1, len(regions) * channels, height, width)])
    conversion.values.put_nchw(operator.outputs[0], result)


def points_out_of_region(conversion: Conversion, operator: Operator) -> None:
    """TransformLandmarks: x, y of points in the region's picture, mapped to the picture the region lies in."""
    graph = conversion.graph
    if conversion.shape(operator.inputs[0])[-1] != 2:
        raise UnsupportedError("TransformLandmarks of points that have more than x and y")
    transposed = graph.node("Transpose", [conversion.values.get(operator.inputs[1])], perm=(0, 2, 1))

    def block(first_row: int, last_row: int) -> str:
        starts, ends = graph.integers(first_row, 0), graph.integers(last_row, 2)
        return graph.node("Slice", [transposed, starts, ends, graph.integers(1, 2)])

    turned = graph.node("MatMul", [conversion.values.get(operator.inputs[0]), block(0, 2)])
    conversion.values.put(operator.outputs[0], graph.node("Add", [turned, block(3, 4)]))


OPERATORS: dict[str, OperatorConverter] = {
    "Landmarks2TransformMatrix": region_around_landmarks,
    "TransformTensorBilinear": sample_regions,
    "TransformLandmarks": points_out_of_region,
}
"""How each of MediaPipe's custom operators is converted, by its name."""
