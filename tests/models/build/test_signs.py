"""Networks in which channels travel negated give what they give without."""

from dataclasses import dataclass, field

import numpy as np
import onnxruntime
import pytest
import tflite
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.build.graph import Array
from models.build.signs import bend, reading
from models.build.tflite_file import Operator, TfliteFile
from models.build.tflite_to_onnx import convert_tflite

NONE = {"FusedActivationFunction": tflite.ActivationFunctionType.NONE}
SAME = NONE | {
    "Padding": tflite.Padding.SAME,
    "StrideH": 1,
    "StrideW": 1,
    "DilationHFactor": 1,
    "DilationWFactor": 1,
}
SIDE = 6


@dataclass
class Network:
    """Writes a file operator by operator, and computes beside it what it must give."""

    file: TfliteFile = field(default_factory=TfliteFile)
    values: dict[int, Array] = field(default_factory=dict)
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(3))

    def tensor(self, shape: list[int]) -> int:
        self.file.names.append(f"tensor_{len(self.file.names)}")
        self.file.shapes.append(shape)
        return len(self.file.names) - 1

    def constant(self, values: Array) -> int:
        tensor = self.tensor(list(values.shape))
        self.file.constants[tensor] = values.astype(np.float16)
        return tensor

    def picture(self, channels: int) -> int:
        tensor = self.tensor([1, SIDE, SIDE, channels])
        self.file.inputs.append(tensor)
        self.values[tensor] = self.random.normal(size=(1, SIDE, SIDE, channels)).astype(np.float32)
        return tensor

    def _operator(self, kind: str, inputs: list[int], value: Array, options: dict[str, int]) -> int:
        output = self.tensor(list(value.shape))
        self.file.operators.append(Operator(kind, inputs, [output], options))
        self.values[output] = value
        return output

    def mixed(self, source: int, channels: int) -> int:
        """A 1x1 convolution."""
        weights = self.random.normal(size=(channels, 1, 1, self.file.shapes[source][3])).astype(np.float16)
        shift = self.random.normal(size=channels).astype(np.float16)
        value = self.values[source] @ weights[:, 0, 0].astype(np.float32).T + shift.astype(np.float32)
        return self._operator("CONV_2D", [source, self.constant(weights), self.constant(shift)], value, SAME)

    def blurred(self, source: int) -> int:
        """A depthwise 3x3 convolution."""
        channels = self.file.shapes[source][3]
        weights = self.random.normal(size=(1, 3, 3, channels)).astype(np.float16)
        padded = np.pad(self.values[source], ((0, 0), (1, 1), (1, 1), (0, 0)))
        value = sum(
            padded[:, row : row + SIDE, column : column + SIDE] * weights[:, row, column].astype(np.float32)
            for row in range(3)
            for column in range(3)
        )
        assert isinstance(value, np.ndarray)
        shift = self.constant(np.zeros(channels))
        return self._operator("DEPTHWISE_CONV_2D", [source, self.constant(weights), shift], value, SAME)

    def bent(self, source: int) -> int:
        """A PReLU; every other channel is steeper below zero than above."""
        channels = self.file.shapes[source][3]
        slopes = np.where(np.arange(channels) % 2, 1.75, -0.5).astype(np.float16)
        value = self.values[source]
        value = np.where(value > 0, value, value * slopes.astype(np.float32))
        return self._operator("PRELU", [source, self.constant(slopes.reshape(1, 1, -1))], value, {})

    def added(self, first: int, second: int) -> int:
        return self._operator("ADD", [first, second], self.values[first] + self.values[second], NONE)

    def pooled(self, source: int) -> int:
        half = self.values[source].reshape(1, SIDE // 2, 2, SIDE // 2, 2, -1).max((2, 4))
        options = SAME | {"StrideH": 2, "StrideW": 2, "FilterHeight": 2, "FilterWidth": 2}
        return self._operator("MAX_POOL_2D", [source], half, options)

    def gives(self, *outputs: int) -> dict[str, int]:
        """Convert and run, compare with what was computed beside it, and count the converted operators."""
        self.file.outputs = list(outputs)
        model = convert_tflite(self.file, "network")
        session = onnxruntime.InferenceSession(model.SerializeToString())
        feeds = {self.file.names[tensor]: self.values[tensor] for tensor in self.file.inputs}
        for found, tensor in zip(session.run(None, feeds), outputs, strict=True):
            expected = self.values[tensor]
            assert np.abs(np.asarray(found) - expected).max() < 1e-5 * np.abs(expected).max()
        kinds = [node.op_type for node in model.graph.node]
        return {kind: kinds.count(kind) for kind in kinds}


def test_a_prelu_bends_up_and_down() -> None:
    network = Network()
    network.gives(network.bent(network.mixed(network.picture(4), 8)))


def test_skip_connections_keep_negated_channels_and_convolutions_read_them() -> None:
    """As in the mesh: one scaling to make each PReLU, one to bend it, and one to give the last its own signs."""
    network = Network()
    trunk = network.bent(network.mixed(network.picture(3), 8))
    for _ in range(3):
        trunk = network.bent(network.added(trunk, network.mixed(network.blurred(trunk), 8)))
    kinds = network.gives(trunk)
    assert kinds["BatchNormalization"] == 2 * 4 + 1


def test_a_pooling_sees_every_channel_with_its_own_sign() -> None:
    network = Network()
    network.gives(network.pooled(network.bent(network.mixed(network.picture(3), 8))))


def test_two_values_with_negated_channels_add_up_to_their_sum() -> None:
    network = Network()
    picture = network.picture(3)
    network.gives(
        network.added(
            network.bent(network.mixed(picture, 8)), network.bent(network.blurred(network.mixed(picture, 8)))
        )
    )


def test_a_convolution_that_several_read_keeps_its_own_signs() -> None:
    network = Network()
    trunk = network.bent(network.mixed(network.picture(3), 8))
    both = network.mixed(trunk, 8)
    network.gives(network.added(trunk, both), network.blurred(both), both)


def test_the_first_convolution_reads_the_picture_without_a_transposition() -> None:
    network = Network()
    kinds = network.gives(network.blurred(network.mixed(network.picture(3), 8)))
    assert kinds["Transpose"] == 1, "of the result alone"


numbers = st.floats(-4.0, 4.0, width=32)


@given(
    arrays(np.float32, 6, elements=numbers),
    arrays(np.float32, 6, elements=st.sampled_from([1.0, -1.0])),
    arrays(np.float32, 6, elements=numbers),
)
def test_the_line_and_the_maximum_are_the_prelu(slopes: Array, signs: Array, values: Array) -> None:
    out, below, rise = bend(slopes, signs)
    assert (rise >= 0).all()
    found = below * (signs * values) + np.maximum(rise * (signs * values), 0)
    expected = np.where(values > 0, values, slopes * values)
    assert found * out == pytest.approx(expected, abs=1e-4)


def test_a_group_reads_the_signs_of_its_own_channels() -> None:
    weights = np.ones((4, 2, 1, 1), np.float16)
    signs = np.array([1.0, 1.0, -1.0, 1.0], np.float32)
    assert reading(weights, signs, 2)[:, :, 0, 0].tolist() == [[1, 1], [1, 1], [-1, 1], [-1, 1]]
