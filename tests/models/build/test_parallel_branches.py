"""Branches that run side by side give what they gave one after another."""

import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
import onnxruntime
import tflite

from models.build.graph import Array
from models.build.parallel_branches import merge
from models.build.tflite_file import Operator, TfliteFile
from models.build.tflite_to_onnx import convert_tflite

WINDOW = {
    "Padding": tflite.Padding.SAME,
    "StrideH": 1,
    "StrideW": 1,
    "DilationHFactor": 1,
    "DilationWFactor": 1,
    "FusedActivationFunction": tflite.ActivationFunctionType.NONE,
}

SIDE = 8
CHANNELS = 4


@dataclass
class Branches:
    """Writes a file in which branches start from regions of one picture and are worked on in turn."""

    file: TfliteFile = field(default_factory=TfliteFile)
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))

    def tensor(self, shape: list[int]) -> int:
        self.file.names.append(f"tensor_{len(self.file.names)}")
        self.file.shapes.append(shape)
        return len(self.file.names) - 1

    def weights(self, *shape: int) -> int:
        tensor = self.tensor(list(shape))
        self.file.constants[tensor] = self.random.normal(size=shape).astype(np.float16)
        return tensor

    def amounts(self, channels: int) -> int:
        tensor = self.tensor([4, 2])
        self.file.constants[tensor] = np.array([[0, 0], [0, 0], [0, 0], [0, channels]], np.int32)
        return tensor

    def operator(
        self, kind: str, inputs: list[int], shape: list[int], options: dict[str, Any] | None = None
    ) -> int:
        output = self.tensor(shape)
        self.file.operators.append(Operator(kind, inputs, [output], options or {}))
        return output

    def channels(self, tensor: int) -> int:
        return self.file.shapes[tensor][3]

    def depthwise(self, tensor: int) -> int:
        inputs = [tensor, self.weights(1, 3, 3, self.channels(tensor)), self.weights(self.channels(tensor))]
        return self.operator("DEPTHWISE_CONV_2D", inputs, self.file.shapes[tensor], WINDOW)

    def pointwise(self, tensor: int, channels: int) -> int:
        inputs = [tensor, self.weights(channels, 1, 1, self.channels(tensor)), self.weights(channels)]
        return self.operator("CONV_2D", inputs, [1, SIDE, SIDE, channels], WINDOW)

    def prelu(self, tensor: int) -> int:
        return self.operator(
            "PRELU", [tensor, self.weights(1, 1, self.channels(tensor))], self.file.shapes[tensor]
        )

    def add(self, one: int, other: int) -> int:
        function = {"FusedActivationFunction": tflite.ActivationFunctionType.NONE}
        return self.operator("ADD", [one, other], self.file.shapes[one], function)

    def widen(self, tensor: int, channels: int) -> int:
        inputs = [tensor, self.amounts(channels - self.channels(tensor))]
        return self.operator("PAD", inputs, [1, SIDE, SIDE, channels])


def three_branches_of_which_the_last_two_fork() -> TfliteFile:
    """The attention mesh in small: lips, and two eyes that part from their irises."""
    branches = Branches()
    picture = branches.tensor([1, 16, 16, CHANNELS])
    regions = [branches.tensor([1, 4, 4]) for _ in range(3)]
    shape = [1, SIDE, SIDE, CHANNELS]
    sampling = {"output_height": SIDE, "output_width": SIDE}
    lanes = [
        branches.operator("TransformTensorBilinear", [picture, region], shape, sampling) for region in regions
    ]
    deep = [branches.depthwise(lane) for lane in lanes]
    deep = [branches.pointwise(lane, 2 * CHANNELS) for lane in deep]
    wide = [branches.widen(lane, 2 * CHANNELS) for lane in lanes]
    lanes = [branches.add(*pair) for pair in zip(wide, deep, strict=True)]
    lanes = [branches.prelu(lane) for lane in lanes]
    lanes = [lanes[number] for number in (0, 1, 1, 2, 2)]
    deep = [branches.depthwise(lane) for lane in lanes]
    lanes = [branches.add(*pair) for pair in zip(lanes, deep, strict=True)]
    heads = [branches.pointwise(lane, 3 + number) for number, lane in enumerate(lanes)]
    branches.file.inputs = [picture, *regions]
    branches.file.outputs = heads
    return branches.file


def results(file: TfliteFile) -> tuple[list[Array], onnx.ModelProto]:
    model = convert_tflite(file, "branches")
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    random = np.random.default_rng(8)
    picture, *regions = (put.name for put in session.get_inputs())
    feeds = {picture: random.random((1, 16, 16, CHANNELS), np.float32)}
    for number, region in enumerate(regions):
        matrix = np.eye(4, dtype=np.float32)
        matrix[:2, 3] = number, 2.5 * number
        feeds[region] = matrix[np.newaxis]
    return [np.asarray(output) for output in session.run(None, feeds)], model


def count(model: onnx.ModelProto, kind: str) -> int:
    return sum(node.op_type == kind for node in model.graph.node)


def test_merged_branches_give_the_same_results_with_fewer_operators() -> None:
    file = three_branches_of_which_the_last_two_fork()
    expected, apart = results(copy.deepcopy(file))
    found, merged = results(merge(file))
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)
    assert (count(apart, "GridSample"), count(merged, "GridSample")) == (3, 1)
    # Depthwise, pointwise and widening, depthwise again: one each; the five heads differ and stay apart.
    assert (count(apart, "Conv"), count(merged, "Conv")) == (19, 9)


def test_a_model_without_parallel_branches_stays_as_it_is() -> None:
    branches = Branches()
    picture = branches.tensor([1, SIDE, SIDE, CHANNELS])
    branches.file.inputs = [picture]
    branches.file.outputs = [branches.prelu(branches.depthwise(picture))]
    before = copy.deepcopy(branches.file)
    after = merge(branches.file)
    assert after.operators == before.operators
    assert after.names == before.names
