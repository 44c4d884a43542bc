"""TensorFlow.js operators that work element by element, along an axis, or on the shape only."""

import numpy as np
import onnx

from models.build.graph import UnsupportedError, square
from models.build.tfjs_conversion import Conversion, NodeConverter
from models.build.tfjs_file import Node

ELEMENT_TYPES = {
    "DT_BOOL": onnx.TensorProto.BOOL,
    "DT_FLOAT": onnx.TensorProto.FLOAT,
    "DT_INT32": onnx.TensorProto.INT32,
}
"""ONNX's element type for each of TensorFlow's that occurs."""

TO_THE_END = np.iinfo(np.int32).max
"""A slice's end that stands for the end of the axis."""


def _elementwise(onnx_operator: str) -> NodeConverter:
    def convert(conversion: Conversion, node: Node) -> None:
        conversion.values.elementwise(onnx_operator, node.inputs, node.output())

    return convert


def squared_difference(conversion: Conversion, node: Node) -> None:
    """SquaredDifference."""
    conversion.values.elementwise("Sub", node.inputs, node.output())
    conversion.values.then(node.output(), square)


def cast(conversion: Conversion, node: Node) -> None:
    """Cast."""
    element_type = ELEMENT_TYPES[node.attributes["DstT"]]
    conversion.values.elementwise("Cast", node.inputs, node.output(), to=element_type)


def select(conversion: Conversion, node: Node) -> None:
    """Select."""
    conversion.values.put(node.output(), conversion.graph.node("Where", conversion.inputs(node)))


def shape(conversion: Conversion, node: Node) -> None:
    """Shape, of 32-bit integers."""
    sides = conversion.graph.node("Shape", conversion.inputs(node))
    conversion.values.put(node.output(), conversion.graph.node("Cast", [sides], to=onnx.TensorProto.INT32))


def reshape(conversion: Conversion, node: Node) -> None:
    """Reshape."""
    values, sides = node.inputs
    inputs = [conversion.values.get(values), conversion.as_int64(sides)]
    conversion.values.put(node.output(), conversion.graph.node("Reshape", inputs))


def squeeze(conversion: Conversion, node: Node) -> None:
    """Squeeze of given axes."""
    axes = conversion.graph.integers(*node.attributes["squeeze_dims"])
    conversion.values.put(node.output(), conversion.graph.node("Squeeze", [*conversion.inputs(node), axes]))


def expand_dims(conversion: Conversion, node: Node) -> None:
    """ExpandDims."""
    values, axis = node.inputs
    inputs = [conversion.values.get(values), conversion.graph.integers(*conversion.whole_numbers(axis))]
    conversion.values.put(node.output(), conversion.graph.node("Unsqueeze", inputs))


def pack(conversion: Conversion, node: Node) -> None:
    """Pack along a new axis."""
    axis = node.attributes["axis"]
    along = conversion.graph.integers(axis)
    parts = [conversion.graph.node("Unsqueeze", [value, along]) for value in conversion.inputs(node)]
    conversion.values.put(node.output(), conversion.graph.node("Concat", parts, axis=axis))


def unpack(conversion: Conversion, node: Node) -> None:
    """Unpack along an axis, which goes."""
    for number in range(node.attributes["num"]):
        index = conversion.graph.constant(np.array(number, np.int64))
        part = conversion.graph.node(
            "Gather", [*conversion.inputs(node), index], axis=node.attributes["axis"]
        )
        conversion.values.put(node.output(number), part)


def split(conversion: Conversion, node: Node) -> None:
    """Split into equal parts along an axis, which stays."""
    axis, values = node.inputs
    parts = conversion.graph.node_with_outputs(
        node.attributes["num_split"],
        "Split",
        [conversion.values.get(values)],
        axis=int(conversion.constant(axis)),
    )
    for number, part in enumerate(parts):
        conversion.values.put(node.output(number), part)


def concatenate(conversion: Conversion, node: Node) -> None:
    """ConcatV2."""
    *values, axis = node.inputs
    parts = [conversion.values.get(value) for value in values]
    result = conversion.graph.node("Concat", parts, axis=int(conversion.constant(axis)))
    conversion.values.put(node.output(), result)


def number_range(conversion: Conversion, node: Node) -> None:
    """Range."""
    conversion.values.put(node.output(), conversion.graph.node("Range", conversion.inputs(node)))


def tile(conversion: Conversion, node: Node) -> None:
    """Tile."""
    values, repeats = node.inputs
    inputs = [conversion.values.get(values), conversion.as_int64(repeats)]
    conversion.values.put(node.output(), conversion.graph.node("Tile", inputs))


def gather_nd(conversion: Conversion, node: Node) -> None:
    """GatherNd."""
    values, indices = node.inputs
    inputs = [conversion.values.get(values), conversion.as_int64(indices)]
    conversion.values.put(node.output(), conversion.graph.node("GatherND", inputs))


def strided_slice(conversion: Conversion, node: Node) -> None:
    """StridedSlice with constant bounds; a bit of a mask frees a bound, drops an axis or makes a new one of side 1."""
    masks = node.attributes
    if masks["ellipsis_mask"]:
        raise UnsupportedError("StridedSlice with an ellipsis")
    bounds: list[tuple[int, int, int, int]] = []
    dropped: list[int] = []
    new: list[int] = []
    axis = 0
    values, *limits = node.inputs
    for entry, (begin, end, stride) in enumerate(zip(*map(conversion.whole_numbers, limits), strict=True)):
        if masks["new_axis_mask"] >> entry & 1:
            new.append(entry - len(dropped))
            continue
        first = 0 if masks["begin_mask"] >> entry & 1 else begin
        last = TO_THE_END if masks["end_mask"] >> entry & 1 else end
        if masks["shrink_axis_mask"] >> entry & 1:
            last = first + 1 or TO_THE_END  # After the last one, -1, comes the end, not 0.
            dropped.append(axis)
        bounds.append((first, last, axis, stride))
        axis += 1
    graph = conversion.graph
    result = graph.node(
        "Slice",
        [conversion.values.get(values), *(graph.integers(*column) for column in zip(*bounds, strict=True))],
    )
    if dropped:
        result = graph.node("Squeeze", [result, graph.integers(*dropped)])
    if new:
        result = graph.node("Unsqueeze", [result, graph.integers(*new)])
    conversion.values.put(node.output(), result)


def maximum_along(conversion: Conversion, node: Node) -> None:
    """Max along some axes, which go."""
    values, axes = node.inputs
    result = conversion.graph.node(
        "ReduceMax", [conversion.values.get(values)], axes=conversion.whole_numbers(axes), keepdims=0
    )
    conversion.values.put(node.output(), result)


def sum_along(conversion: Conversion, node: Node) -> None:
    """Sum along some axes, which go."""
    values, axes = node.inputs
    inputs = [conversion.values.get(values), conversion.graph.integers(*conversion.whole_numbers(axes))]
    conversion.values.put(node.output(), conversion.graph.node("ReduceSum", inputs, keepdims=0))


def arg_max(conversion: Conversion, node: Node) -> None:
    """ArgMax along an axis, which goes."""
    values, axis = node.inputs
    index = conversion.graph.node(
        "ArgMax", [conversion.values.get(values)], axis=int(conversion.constant(axis)), keepdims=0
    )
    conversion.values.put(node.output(), conversion.graph.node("Cast", [index], to=onnx.TensorProto.INT32))


def largest(conversion: Conversion, node: Node) -> None:
    """TopKV2: the k largest of the last axis and their places."""
    values, count = node.inputs
    inputs = [conversion.values.get(values), conversion.graph.integers(*conversion.whole_numbers(count))]
    found, places = conversion.graph.node_with_outputs(2, "TopK", inputs, axis=-1)
    conversion.values.put(node.output(0), found)
    conversion.values.put(node.output(1), conversion.graph.node("Cast", [places], to=onnx.TensorProto.INT32))


OPERATORS: dict[str, NodeConverter] = {
    "Abs": _elementwise("Abs"),
    "AddN": _elementwise("Sum"),
    "AddV2": _elementwise("Add"),
    "ArgMax": arg_max,
    "Cast": cast,
    "ConcatV2": concatenate,
    "Equal": _elementwise("Equal"),
    "Exp": _elementwise("Exp"),
    "ExpandDims": expand_dims,
    "FloorDiv": _elementwise("Div"),  # Exact here: both sides are whole numbers and not negative.
    "GatherNd": gather_nd,
    "Greater": _elementwise("Greater"),
    "GreaterEqual": _elementwise("GreaterOrEqual"),
    "Identity": _elementwise("Identity"),
    "Less": _elementwise("Less"),
    "LogicalAnd": _elementwise("And"),
    "Max": maximum_along,
    "Maximum": _elementwise("Max"),
    "Minimum": _elementwise("Min"),
    "Mul": _elementwise("Mul"),
    "Pack": pack,
    "Range": number_range,
    "RealDiv": _elementwise("Div"),
    "Reciprocal": _elementwise("Reciprocal"),
    "Reshape": reshape,
    "Select": select,
    "Shape": shape,
    "Sigmoid": _elementwise("Sigmoid"),
    "Split": split,
    "SquaredDifference": squared_difference,
    "Squeeze": squeeze,
    "StridedSlice": strided_slice,
    "Sub": _elementwise("Sub"),
    "Sum": sum_along,
    "Tile": tile,
    "TopKV2": largest,
    "Unpack": unpack,
}
"""How each operator is converted, by TensorFlow's name."""
