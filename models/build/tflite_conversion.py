"""The state of one conversion from TFLite: the file read, the graph written, and the values between them."""

from collections.abc import Callable

import tflite

from models.build.graph import Array, Graph, Step, UnsupportedError, relu, relu6, unchanged
from models.build.signs import SignedValues
from models.build.tflite_file import Operator, TfliteFile
from models.build.values import Values

ACTIVATIONS: dict[int, Step] = {
    tflite.ActivationFunctionType.NONE: unchanged,
    tflite.ActivationFunctionType.RELU: relu,
    tflite.ActivationFunctionType.RELU6: relu6,
}
"""What follows an operator with a fused activation, by TensorFlow Lite's number."""


class Conversion:
    """One file on its way to ONNX; the operators' functions read from it and write to it."""

    def __init__(self, file: TfliteFile) -> None:
        self.file = file
        self.graph = Graph()
        self.constants = file.constants
        self.values: Values[int] = Values(self.graph, self.constants)
        self.signed = SignedValues(self.values)
        """Those of the values that exist with some channels negated."""
        self.spatial_pads: dict[int, tuple[int, Array]] = {}
        """Padded tensors that only convolutions read which pad themselves: what is padded, and by how much."""

    def shape(self, tensor: int) -> list[int]:
        """Sides of a tensor in the published order of axes."""
        return self.file.shapes[tensor]

    def readers(self, tensor: int) -> list[Operator]:
        """The operators that read a tensor."""
        return [operator for operator in self.file.operators if tensor in operator.inputs]

    def activate(self, tensor: int, function: int) -> None:
        """Put the activation `function`, a TFLite ActivationFunctionType, behind a tensor.

        Raises:
            UnsupportedError: The function is not one of ACTIVATIONS.
        """
        if function not in ACTIVATIONS:
            raise UnsupportedError(f"activation function {function}")
        self.values.then(tensor, ACTIVATIONS[function])


OperatorConverter = Callable[[Conversion, Operator], None]
"""Writes the ONNX nodes of one TFLite operator."""
