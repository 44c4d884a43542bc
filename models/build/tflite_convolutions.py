"""TFLite's operators on pictures: convolutions, pooling, padding, resizing, and the activation PReLU."""

from typing import NamedTuple

import numpy as np
import tflite

from models.build.graph import Array, UnsupportedError
from models.build.signs import Signed, bend, reading, scaled
from models.build.tflite_conversion import Conversion, OperatorConverter
from models.build.tflite_file import Operator
from models.build.values import CHANNELS_SECOND


class Window(NamedTuple):
    """What a convolution or a pooling sees at once, and how it moves; rows first."""

    sides: tuple[int, ...]
    strides: tuple[int, int]
    dilations: tuple[int, int] = (1, 1)


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
    window = Window(
        weights.shape[2:],
        (options["StrideH"], options["StrideW"]),
        (options["DilationHFactor"], options["DilationWFactor"]),
    )
    picture = operator.inputs[0]
    if picture in conversion.spatial_pads:
        picture, amounts = conversion.spatial_pads[picture]
        pads = [int(amount) for amount in amounts[1:3].T.ravel()]
    else:
        pads = _pads(conversion, operator, window)
    bias = [conversion.constants[tensor] for tensor in operator.inputs[2:] if tensor >= 0]
    graph = conversion.graph
    if picture in conversion.file.inputs and groups == 1 and window.dilations == (1, 1):
        sides = conversion.shape(picture)
        row = graph.integers(1, 1, sides[1], sides[2] * sides[3])
        value = Signed(graph.node("Reshape", [conversion.values.get(picture), row]), np.ones(1, np.float32))
        weights, window, pads = _along_the_row(weights, window, pads)
    else:
        value = conversion.signed.get(picture, weights.shape[1] * groups)
    weights = reading(weights, value.signs, groups)

    def convolve(signs: Array) -> str:
        signed_weights = (weights * signs[:, None, None, None]).astype(weights.dtype)
        signed_bias = [graph.constant((shift * signs).astype(shift.dtype)) for shift in bias]
        return graph.node(
            "Conv",
            [value.name, graph.constant(signed_weights), *signed_bias],
            kernel_shape=window.sides,
            strides=window.strides,
            dilations=window.dilations,
            pads=pads,
            group=groups,
        )

    output = operator.outputs[0]
    conversion.values.put_nchw(output, convolve(np.ones(len(weights), np.float32)))
    conversion.activate(output, options["FusedActivationFunction"])
    if options["FusedActivationFunction"] == tflite.ActivationFunctionType.NONE:
        conversion.signed.put_convolution(output, convolve)


def _along_the_row(weights: Array, window: Window, pads: list[int]) -> tuple[Array, Window, list[int]]:
    """A convolution of a picture with channels last, as one of a single channel whose rows are three times as long.

    The published pictures have red, green and blue side by side: read so, the first convolution needs no transposition, which
    takes 4 % of the mesh's time.
    """
    outputs, channels, height, width = weights.shape
    row = weights.transpose(0, 2, 3, 1).reshape(outputs, 1, height, width * channels)
    strides = (window.strides[0], window.strides[1] * channels)
    top, left, bottom, right = pads
    longer = Window((height, width * channels), strides, window.dilations)
    return row, longer, [top, left * channels, bottom, right * channels]


def _pads(conversion: Conversion, operator: Operator, window: Window) -> list[int]:
    """Top, left, bottom and right padding of a window: TFLite's SAME puts the odd pixel below and to the right."""
    if operator.options["Padding"] == tflite.Padding.VALID:
        return [0, 0, 0, 0]
    before, after = [], []
    sides = conversion.shape(operator.inputs[0])[1:3]
    for side, extent, stride, dilation in zip(
        sides, window.sides, window.strides, window.dilations, strict=True
    ):
        steps = -(-side // stride)
        total = max((steps - 1) * stride + (extent - 1) * dilation + 1 - side, 0)
        before.append(total // 2)
        after.append(total - total // 2)
    return before + after


def max_pool(conversion: Conversion, operator: Operator) -> None:
    """MAX_POOL_2D."""
    options = operator.options
    window = Window(
        (options["FilterHeight"], options["FilterWidth"]), (options["StrideH"], options["StrideW"])
    )
    pads = _pads(conversion, operator, window)
    picture = conversion.values.nchw(operator.inputs[0])
    result = conversion.graph.node(
        "MaxPool", [picture], kernel_shape=window.sides, strides=window.strides, pads=pads
    )
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
    """PRELU with a slope for each channel, as a line plus a maximum (see `signs`).

    The attention model runs 1.9 times faster than with Relu(x) + a * Min(x, 0), and that already beats PRelu.
    """
    slopes = conversion.constants[operator.inputs[1]]
    if slopes.size != slopes.shape[-1]:
        raise UnsupportedError(f"PReLU with slopes of shape {slopes.shape}")
    graph = conversion.graph
    picture = conversion.signed.get(operator.inputs[0], slopes.size)
    signs, below, rise = bend(slopes.ravel().astype(np.float32), picture.signs)
    positive = graph.node("Relu", [scaled(graph, picture.name, rise)])
    result = graph.node("Add", [scaled(graph, picture.name, below), positive])
    conversion.signed.put(operator.outputs[0], Signed(result, signs))


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
"""How each operator is converted, by TensorFlow Lite's name."""
