"""TFLite's operators that work element by element, along an axis, or on the shape only."""

import numpy as np
import tflite

from models.build.graph import UnsupportedError, reciprocal, square
from models.build.tflite_conversion import Conversion, OperatorConverter
from models.build.tflite_file import Operator
from models.build.values import CHANNELS_SECOND

TO_THE_END = np.iinfo(np.int32).max
"""A slice's end that stands for the end of the axis."""


def _elementwise(onnx_operator: str) -> OperatorConverter:
    def convert(conversion: Conversion, operator: Operator) -> None:
        conversion.values.elementwise(onnx_operator, operator.inputs, operator.outputs[0])
        if "FusedActivationFunction" in operator.options:
            conversion.activate(operator.outputs[0], operator.options["FusedActivationFunction"])

    return convert


def addition(conversion: Conversion, operator: Operator) -> None:
    """ADD; a skip connection keeps the signs it has."""
    plain = operator.options["FusedActivationFunction"] == tflite.ActivationFunctionType.NONE
    first, second = operator.inputs
    if not (plain and conversion.signed.add(first, second, operator.outputs[0])):
        _elementwise("Add")(conversion, operator)


def squared_difference(conversion: Conversion, operator: Operator) -> None:
    """SQUARED_DIFFERENCE."""
    conversion.values.elementwise("Sub", operator.inputs, operator.outputs[0])
    conversion.values.then(operator.outputs[0], square)


def reciprocal_square_root(conversion: Conversion, operator: Operator) -> None:
    """RSQRT."""
    conversion.values.elementwise("Sqrt", operator.inputs, operator.outputs[0])
    conversion.values.then(operator.outputs[0], reciprocal)


def concatenation(conversion: Conversion, operator: Operator) -> None:
    """CONCATENATION."""
    axis = operator.options["Axis"]
    if len(conversion.shape(operator.outputs[0])) == len(CHANNELS_SECOND):
        inputs = [conversion.values.nchw(tensor) for tensor in operator.inputs]
        result = conversion.graph.node("Concat", inputs, axis=CHANNELS_SECOND.index(axis % 4))
        conversion.values.put_nchw(operator.outputs[0], result)
    else:
        inputs = [conversion.values.get(tensor) for tensor in operator.inputs]
        conversion.values.put(operator.outputs[0], conversion.graph.node("Concat", inputs, axis=axis))


def reshape(conversion: Conversion, operator: Operator) -> None:
    """RESHAPE to the shape of its output."""
    _put_reshaped(conversion, operator, conversion.values.get(operator.inputs[0]))


def transpose(conversion: Conversion, operator: Operator) -> None:
    """TRANSPOSE."""
    order = conversion.constants[operator.inputs[1]].tolist()
    result = conversion.graph.node("Transpose", [conversion.values.get(operator.inputs[0])], perm=order)
    conversion.values.put(operator.outputs[0], result)


def mean(conversion: Conversion, operator: Operator) -> None:
    """MEAN over some axes."""
    axes = conversion.constants[operator.inputs[1]].ravel().tolist()
    values = conversion.values.get(operator.inputs[0])
    result = conversion.graph.node(
        "ReduceMean", [values], axes=axes, keepdims=int(operator.options["KeepDims"])
    )
    conversion.values.put(operator.outputs[0], result)


def total(conversion: Conversion, operator: Operator) -> None:
    """SUM over some axes."""
    axes = conversion.graph.integers(*conversion.constants[operator.inputs[1]].ravel())
    values = conversion.values.get(operator.inputs[0])
    result = conversion.graph.node("ReduceSum", [values, axes], keepdims=int(operator.options["KeepDims"]))
    conversion.values.put(operator.outputs[0], result)


def strided_slice(conversion: Conversion, operator: Operator) -> None:
    """STRIDED_SLICE with constant bounds; a bit of a mask frees the bound of its axis or drops the axis."""
    options = operator.options
    if options["EllipsisMask"] or options["NewAxisMask"]:
        raise UnsupportedError("STRIDED_SLICE with an ellipsis or a new axis")
    begins, ends, strides = (conversion.constants[tensor].tolist() for tensor in operator.inputs[1:4])
    for axis in range(len(begins)):
        if options["BeginMask"] >> axis & 1:
            begins[axis] = 0
        if options["EndMask"] >> axis & 1:
            ends[axis] = TO_THE_END
        if options["ShrinkAxisMask"] >> axis & 1:
            ends[axis] = begins[axis] + 1 or TO_THE_END  # After the last one, -1, comes the end, not 0.
    bounds = [conversion.graph.integers(*numbers) for numbers in (begins, ends, range(len(begins)), strides)]
    result = conversion.graph.node("Slice", [conversion.values.get(operator.inputs[0]), *bounds])
    _put_reshaped(conversion, operator, result)


def _put_reshaped(conversion: Conversion, operator: Operator, value: str) -> None:
    shape = conversion.graph.integers(*conversion.shape(operator.outputs[0]))
    conversion.values.put(operator.outputs[0], conversion.graph.node("Reshape", [value, shape]))


OPERATORS: dict[str, OperatorConverter] = {
    "ADD": addition,
    "CONCATENATION": concatenation,
    "DIV": _elementwise("Div"),
    "LOGISTIC": _elementwise("Sigmoid"),
    "MEAN": mean,
    "MUL": _elementwise("Mul"),
    "NEG": _elementwise("Neg"),
    "RELU": _elementwise("Relu"),
    "RESHAPE": reshape,
    "RSQRT": reciprocal_square_root,
    "SQRT": _elementwise("Sqrt"),
    "SQUARED_DIFFERENCE": squared_difference,
    "STRIDED_SLICE": strided_slice,
    "SUB": _elementwise("Sub"),
    "SUM": total,
    "TRANSPOSE": transpose,
}
"""How each operator is converted, by TensorFlow Lite's name."""
