"""TensorFlow.js operators on pictures: convolutions, pooling and resizing."""

from models.build.graph import Array, Step, UnsupportedError, relu, relu6
from models.build.tfjs_conversion import Conversion, NodeConverter
from models.build.tfjs_file import Node

PADDING = {"SAME": "SAME_UPPER", "VALID": "VALID"}
"""ONNX's name for each of TensorFlow's kinds of padding."""

ACTIVATIONS: dict[str, Step] = {"Relu": relu, "Relu6": relu6}
"""What follows a fused convolution, by TensorFlow's name."""


def convolution(conversion: Conversion, node: Node) -> None:
    """_FusedConv2D: weights come as row, column, input channel, output channel."""
    _convolve(conversion, node, conversion.constant(node.inputs[1]).transpose(3, 2, 0, 1), groups=1)


def depthwise_convolution(conversion: Conversion, node: Node) -> None:
    """DepthwiseConv2dNative, fused or not: weights come as row, column, channel, 1."""
    weights = conversion.constant(node.inputs[1])
    _convolve(conversion, node, weights.transpose(2, 3, 0, 1), groups=weights.shape[2])


def _convolve(conversion: Conversion, node: Node, weights: Array, groups: int) -> None:
    added = node.attributes.get("fused_ops", [])
    if added not in ([], ["BiasAdd"], ["BiasAdd", "Relu"], ["BiasAdd", "Relu6"]):
        raise UnsupportedError(f"convolution with {added}")
    bias = [conversion.values.get(value) for value in node.inputs[2:]]
    result = conversion.graph.node(
        "Conv",
        [conversion.values.nchw(node.inputs[0]), conversion.graph.constant(weights), *bias],
        kernel_shape=weights.shape[2:],
        strides=node.attributes["strides"][1:3],
        dilations=node.attributes["dilations"][1:3],
        auto_pad=PADDING[node.attributes["padding"]],
        group=groups,
    )
    conversion.values.put_nchw(node.output(), result)
    for activation in added[1:]:
        conversion.values.then(node.output(), ACTIVATIONS[activation])


def max_pool(conversion: Conversion, node: Node) -> None:
    """MaxPool."""
    result = conversion.graph.node(
        "MaxPool",
        [conversion.values.nchw(node.inputs[0])],
        kernel_shape=node.attributes["ksize"][1:3],
        strides=node.attributes["strides"][1:3],
        auto_pad=PADDING[node.attributes["padding"]],
    )
    conversion.values.put_nchw(node.output(), result)


def resize_bilinear(conversion: Conversion, node: Node) -> None:
    """ResizeBilinear to a height and width that are known when the model runs."""
    if node.attributes["align_corners"]:
        mode = "align_corners"
    else:
        mode = "half_pixel" if node.attributes["half_pixel_centers"] else "asymmetric"
    graph = conversion.graph
    picture = conversion.values.nchw(node.inputs[0])
    batch_and_channels = graph.node("Shape", [picture], end=2)
    shape = graph.node("Concat", [batch_and_channels, conversion.as_int64(node.inputs[1])], axis=0)
    result = graph.node(
        "Resize", [picture, "", "", shape], mode="linear", coordinate_transformation_mode=mode
    )
    conversion.values.put_nchw(node.output(), result)


OPERATORS: dict[str, NodeConverter] = {
    "DepthwiseConv2dNative": depthwise_convolution,
    "FusedDepthwiseConv2dNative": depthwise_convolution,
    "MaxPool": max_pool,
    "ResizeBilinear": resize_bilinear,
    "_FusedConv2D": convolution,
}
"""How each operator is converted, by TensorFlow's name."""
