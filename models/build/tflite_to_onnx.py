"""Converts a TFLite model to ONNX."""

from collections.abc import Collection

import onnx

from models.build import attention_ops, parallel_branches, tflite_arithmetic, tflite_convolutions
from models.build.graph import Port, UnsupportedError
from models.build.tflite_conversion import Conversion
from models.build.tflite_file import TfliteFile

OPERATORS = (
    tflite_arithmetic.OPERATORS
    | tflite_convolutions.OPERATORS
    | attention_ops.OPERATORS
    | parallel_branches.OPERATORS
)
"""How each operator is converted, by TensorFlow Lite's name or the custom operator's."""


def convert_tflite(file: TfliteFile, name: str, dropped_outputs: Collection[str] = ()) -> onnx.ModelProto:
    """Convert a model; inputs and outputs keep their names, shapes and order of axes.

    Args:
        file: The model; `parallel_branches` may have rewritten it.
        name: What to call the graph.
        dropped_outputs: Names of outputs that are not needed, so that what only they need is left out.

    Raises:
        UnsupportedError: The model uses something that the shipped models do not.
    """
    conversion = Conversion(file)
    for tensor in file.inputs:
        conversion.graph.add_input(
            Port(file.names[tensor], onnx.TensorProto.FLOAT, list(file.shapes[tensor]))
        )
        conversion.values.put(tensor, file.names[tensor])
    for operator in file.operators:
        if operator.kind not in OPERATORS:
            raise UnsupportedError(f"{name}: operator {operator.kind}")
        OPERATORS[operator.kind](conversion, operator)
    for tensor in file.outputs:
        output = Port(file.names[tensor], onnx.TensorProto.FLOAT, list(file.shapes[tensor]))
        if output.name not in dropped_outputs:
            conversion.graph.add_output(output, conversion.values.get(tensor))
    return conversion.graph.model(name)
