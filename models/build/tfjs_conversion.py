"""The state of one conversion from TensorFlow.js: the file read, the graph written, and the values between them."""

from collections.abc import Callable

import numpy as np

from models.build.graph import Array, Graph
from models.build.tfjs_file import Node, TfjsFile
from models.build.values import Values


class Conversion:
    """One model on its way to ONNX; the operators' functions read from it and write to it."""

    def __init__(self, file: TfjsFile) -> None:
        self.file = file
        self.graph = Graph()
        self.values: Values[str] = Values(self.graph, file.constants)

    def inputs(self, node: Node) -> list[str]:
        """The ONNX names of a node's inputs, their axes in the published order."""
        return [self.values.get(value) for value in node.inputs]

    def constant(self, value: str) -> Array:
        """A value that must be known now, such as an axis."""
        node = self.file.nodes[value.split(":", maxsplit=1)[0]]
        return self.constant(node.inputs[0]) if node.kind == "Identity" else self.file.constants[value]

    def whole_numbers(self, value: str) -> list[int]:
        """A constant scalar or vector of whole numbers."""
        return [int(number) for number in np.atleast_1d(self.constant(value))]

    def as_int64(self, value: str) -> str:
        """A computed shape or index as ONNX wants it."""
        return self.graph.node("Cast", [self.values.get(value)], to=7)


NodeConverter = Callable[[Conversion, Node], None]
"""Writes the ONNX nodes of one TensorFlow.js node."""
