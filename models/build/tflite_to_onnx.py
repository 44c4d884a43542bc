"""Converts a TFLite model to ONNX."""

from collections.abc import Collection

import onnx

from models.build import attention_ops, parallel_branches, tflite_arithmetic, tflite_convolutions
from models.build.graph import Port, UnsupportedError
from models.build.tflite_conversion import Conversion
from models.build.tflite_file import TfliteFile
from models.build.values import CHANNELS_SECOND

OPERATORS = (
    tflite_arithmetic.OPERATORS
    | tflite_convolutions.OPERATORS
    | attention_ops.OPERATORS
    | parallel_branches.OPERATORS
)
"""How each operator is converted, by TensorFlow Lite's name or the custom operator's."""


def convert_tflite(
    file: TfliteFile,
    name: str,
    dropped_outputs: Collection[str] = (),
    channels_second: Collection[str] = (),
) -> onnx.ModelProto:
    """Convert a model; inputs and outputs keep their names, shapes and order of axes.

    Args:
        file: The model; `parallel_branches` may have rewritten it.
        name: What to call the graph.
        dropped_outputs: Names of outputs that are not needed, so that what only they need is left out.
        channels_second: Names of inputs and outputs whose channels come second: they go from one part of a model to another.

    Raises:
        UnsupportedError: The model uses something that the shipped models do not.
    """
    conversion = Conversion(file)
    for tensor in file.inputs:
        conversion.graph.add_input(_port(file, tensor, channels_second))
        put = conversion.values.put_nchw if file.names[tensor] in channels_second else conversion.values.put
        put(tensor, file.names[tensor])
    for operator in file.operators:
        if operator.kind not in OPERATORS:
            raise UnsupportedError(f"{name}: operator {operator.kind}")
        OPERATORS[operator.kind](conversion, operator)
    for tensor in file.outputs:
        output = _port(file, tensor, channels_second)
        if output.name not in dropped_outputs:
            get = conversion.values.nchw if output.name in channels_second else conversion.values.get
            conversion.graph.add_output(output, get(tensor))
    return conversion.graph.model(name)


def _port(file: TfliteFile, tensor: int, channels_second: Collection[str]) -> Port:
    shape: list[int | str] = list(file.shapes[tensor])
    if file.names[tensor] in channels_second:
        shape = [shape[axis] for axis in CHANNELS_SECOND]
    return Port(file.names[tensor], onnx.TensorProto.FLOAT, shape)
