"""TFLite's operators on pictures: convolutions, pooling, padding, resizing, and the activation PReLU."""

from collections.abc import Sequence

import numpy as np
import tflite

from models.build.graph import Array, UnsupportedError
from models.build.tflite_conversion import Conversion, OperatorConverter
from models.build.tflite_file import Operator
from models.build.values import CHANNELS_SECOND


def convolution(conversion: Conversion, operator: Operator) -> None:
    """CONV_2D: weights come as output channel, row, column, input channel of the group."""
    weights = conversion.constants[operator.inputs[1]]
    groups = conversion.shape(operator.inputs[0])[3] // weights.shape[3]
    if conversion.shape(operator.inputs[0])[1] == 1 and weights.shape[1:3] == (1, 1) and groups == 1:
        _multiply(conversion, operator, weights)
    else:
        _convolve(conversion, operator, weights.transpose(CHANNELS_SECOND), groups)


def _multiply(conversion: Conversion, operator: Operator, weights: Array) -> None:
    """A 1x1 convolution of a single row: a product of matrices, with channels last as they come."""
    values, _, *bias = (conversion.values.get(tensor) for tensor in operator.inputs)
    result = conversion.graph.node(
        "MatMul", [values, conversion.graph.constant(weights.reshape(weights.shape[0], -1).T)]
    )
    for shift in bias:
        result = conversion.graph.node("Add", [result, shift])
    conversion.values.put(operator.outputs[0], result)
    conversion.activate(operator.outputs[0], operator.options["FusedActivationFunction"])


def depthwise_convolution(conversion: Conversion, operator: Operator) -> None:
    """DEPTHWISE_CONV_2D: weights come as 1, row, column, channel."""
    weights = conversion.constants[operator.inputs[1]].transpose(3, 0, 1, 2)
    _convolve(conversion, operator, weights, groups=len(weights))


def _convolve(conversion: Conversion, operator: Operator, weights: Array, groups: int) -> None:
    options = operator.options
    kernel = weights.shape[2:]
    strides = (options["StrideH"], options["StrideW"])
    dilations = (options["DilationHFactor"], options["DilationWFactor"])
    picture = operator.inputs[0]
    if picture in conversion.spatial_pads:
        picture, amounts = conversion.spatial_pads[picture]
        pads = [int(amount) for amount in amounts[1:3].T.ravel()]
    else:
        pads = _pads(conversion, operator, kernel, strides, dilations)
    bias = [conversion.values.get(tensor) for tensor in operator.inputs[2:] if tensor >= 0]
    result = conversion.graph.node(
        "Conv",
        [conversion.values.nchw(picture), conversion.graph.constant(weights), *bias],
        kernel_shape=kernel,
        strides=strides,
        dilations=dilations,
        pads=pads,
        group=groups,
    )
    conversion.values.put_nchw(operator.outputs[0], result)
    conversion.activate(operator.outputs[0], options["FusedActivationFunction"])


def _pads(
    conversion: Conversion,
    operator: Operator,
    kernel: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int] = (1, 1),
) -> list[int]:
    """Top, left, bottom and right padding of a window: TFLite's SAME puts the odd pixel below and to the right."""
    if operator.options["Padding"] == tflite.Padding.VALID:
        return [0, 0, 0, 0]
    before, after = [], []
    sides = conversion.shape(operator.inputs[0])[1:3]
    for side, window, stride, dilation in zip(sides, kernel, strides, dilations, strict=True):
        steps = -(-side // stride)
        total = max((steps - 1) * stride + (window - 1) * dilation + 1 - side, 0)
        before.append(total // 2)
        after.append(total - total // 2)
    return before + after


def max_pool(conversion: Conversion, operator: Operator) -> None:
    """MAX_POOL_2D."""
    options = operator.options
    window = (options["FilterHeight"], options["FilterWidth"])
    strides = (options["StrideH"], options["StrideW"])
    pads = _pads(conversion, operator, window, strides)
    picture = conversion.values.nchw(operator.inputs[0])
    result = conversion.graph.node("MaxPool", [picture], kernel_shape=window, strides=strides, pads=pads)
    conversion.values.put_nchw(operator.outputs[0], result)
    conversion.activate(operator.outputs[0], options["FusedActivationFunction"])


def pad(conversion: Conversion, operator: Operator) -> None:
    """PAD of a picture with zeros: of its channels, left to the convolutions behind it, or as such."""
    picture, padded = operator.inputs[0], operator.outputs[0]
    amounts = conversion.constants[operator.inputs[1]]
    if amounts.shape != (4, 2):
        raise UnsupportedError(f"padding of {len(amounts)} axes")
    if pads_channels_only(amounts):
        pad_channels(conversion, operator)
    elif not amounts[[0, 3]].any() and all(
        _takes_padding(reader, padded) for reader in conversion.readers(padded)
    ):
        conversion.spatial_pads[padded] = (picture, amounts)
    else:
        onnx_amounts = conversion.graph.integers(*amounts[list(CHANNELS_SECOND)].T.ravel())
        result = conversion.graph.node("Pad", [conversion.values.nchw(picture), onnx_amounts])
        conversion.values.put_nchw(padded, result)


def pads_channels_only(amounts: Array) -> bool:
    """Whether zeros are added as channels behind the existing ones, and nowhere else."""
    return not amounts[:3].any() and amounts[3, 0] == 0


def pad_channels(conversion: Conversion, operator: Operator, lanes: int = 1) -> None:
    """Add zero channels behind those of each lane, by a 1x1 convolution with the identity matrix.

    It lets the runtime keep its blocked layout from one convolution to the next and add the skip connection inside,
    which Pad does not.
    """
    picture, padded = operator.inputs[0], operator.outputs[0]
    before, after = (conversion.shape(tensor)[3] // lanes for tensor in (picture, padded))
    weights = np.tile(np.eye(after, before, dtype=np.float16), (lanes, 1)).reshape(-1, before, 1, 1)
    inputs = [conversion.values.nchw(picture), conversion.graph.constant(weights)]
    conversion.values.put_nchw(
        padded, conversion.graph.node("Conv", inputs, kernel_shape=(1, 1), group=lanes)
    )


def _takes_padding(reader: Operator, picture: int) -> bool:
    return (
        reader.kind in ("CONV_2D", "DEPTHWISE_CONV_2D")
        and reader.inputs[0] == picture
        and reader.options["Padding"] == tflite.Padding.VALID
    )


def prelu(conversion: Conversion, operator: Operator) -> None:
    """PRELU with a slope a for each channel, as a * x + (1 - a) * max(x, 0).

    The two scalings are written as batch normalisations, which the runtime keeps in its blocked layout: the
    attention model runs 1.7 times faster than with Relu(x) + a * Min(x, 0), and that already beats PRelu.
    """
    slopes = conversion.constants[operator.inputs[1]]
    if slopes.size != slopes.shape[-1]:
        raise UnsupportedError(f"PReLU with slopes of shape {slopes.shape}")
    graph = conversion.graph
    slope = graph.constant(slopes.ravel())
    picture = conversion.values.nchw(operator.inputs[0])
    zeros, ones = (
        graph.constant(np.zeros(slopes.size, np.float32)),
        graph.constant(np.ones(slopes.size, np.float32)),
    )

    def scaled(value: str, factors: str) -> str:
        return graph.node("BatchNormalization", [value, factors, zeros, zeros, ones], epsilon=0.0)

    positive = scaled(graph.node("Relu", [picture]), graph.node("Sub", [graph.scalar(1), slope]))
    conversion.values.put_nchw(operator.outputs[0], graph.node("Add", [scaled(picture, slope), positive]))


def resize_bilinear(conversion: Conversion, operator: Operator) -> None:
    """RESIZE_BILINEAR to the sides of its output."""
    options = operator.options
    if options["AlignCorners"]:
        mode = "align_corners"
    else:
        mode = "half_pixel" if options["HalfPixelCenters"] else "asymmetric"
    batch, height, width, channels = conversion.shape(operator.outputs[0])
    result = conversion.graph.node(
        "Resize",
        [
            conversion.values.nchw(operator.inputs[0]),
            "",
            "",
            conversion.graph.integers(batch, channels, height, width),
        ],
        mode="linear",
        coordinate_transformation_mode=mode,
    )
    conversion.values.put_nchw(operator.outputs[0], result)


def depth_to_space(conversion: Conversion, operator: Operator) -> None:
    """DEPTH_TO_SPACE: TFLite takes the block's place from the slower part of the channel number."""
    result = conversion.graph.node(
        "DepthToSpace",
        [conversion.values.nchw(operator.inputs[0])],
        blocksize=operator.options["BlockSize"],
        mode="DCR",
    )
    conversion.values.put_nchw(operator.outputs[0], result)


OPERATORS: dict[str, OperatorConverter] = {
    "CONV_2D": convolution,
    "DEPTHWISE_CONV_2D": depthwise_convolution,
    "DEPTH_TO_SPACE": depth_to_space,
    "MAX_POOL_2D": max_pool,
    "PAD": pad,
    "PRELU": prelu,
    "RESIZE_BILINEAR": resize_bilinear,
}
