"""Converts a TensorFlow.js graph model of one picture to ONNX, for pictures of any size."""

import onnx

from models.build import tfjs_arithmetic, tfjs_convolutions
from models.build.graph import Port, UnsupportedError
from models.build.tfjs_conversion import Conversion
from models.build.tfjs_file import Node, TfjsFile

OPERATORS = tfjs_arithmetic.OPERATORS | tfjs_convolutions.OPERATORS
"""How each operator is converted, by TensorFlow's name."""


def convert_tfjs(file: TfjsFile, name: str, output_shapes: dict[str, list[int]]) -> onnx.ModelProto:
    """Convert a model that takes pictures as [1, H, W, channels].

    Args:
        file: The model; `movenet_graph` may have rewritten it.
        name: What to call the graph.
        output_shapes: Shape of each output.

    Raises:
        UnsupportedError: The model uses something that the shipped model does not.
    """
    conversion = Conversion(file)
    for node in file.in_order():
        if node.kind == "Placeholder":
            _picture(conversion, node)
        elif node.kind in OPERATORS:
            OPERATORS[node.kind](conversion, node)
        else:
            raise UnsupportedError(f"{name}: operator {node.kind}")
    for output, value in file.outputs.items():
        port = Port(output, onnx.TensorProto.FLOAT, list(output_shapes[output]))
        conversion.graph.add_output(port, conversion.values.get(value))
    return conversion.graph.model(name)


def _picture(conversion: Conversion, node: Node) -> None:
    element_type = tfjs_arithmetic.ELEMENT_TYPES[node.attributes["dtype"]]
    channels = node.attributes["shape"][3]
    conversion.graph.add_input(Port(node.name, element_type, [1, "H", "W", channels]))
    conversion.values.put(node.output(), node.name)
    conversion.values.nchw(node.output())  # So that the pixels are normalised in the order convolutions want.
