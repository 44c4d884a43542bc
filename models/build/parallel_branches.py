"""Runs the branches of the attention mesh side by side: lips and eyes have the same layers with other weights.

The branches start from regions sampled out of one picture, three at first, and five once each eye parts from its
iris. Their tensors are small, so that starting an operator costs more than the operator. Here the operators of the
same layer become one: the channels of the branches stand behind one another as lanes of one tensor, and convolutions
are grouped by lane. The results are the same, and the whole mesh takes a seventh less time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from models.build.tflite_conversion import Conversion, OperatorConverter
from models.build.tflite_convolutions import pad_channels, pads_channels_only
from models.build.tflite_file import Operator, TfliteFile

SAMPLING = "TransformTensorBilinear"
"""The operator with which branches start."""

CONSTANT_AXIS = {"ADD": -1, "CONV_2D": 0, "DEPTHWISE_CONV_2D": -1, "MAX_POOL_2D": -1, "PAD": -1, "PRELU": -1}
"""The operators that can be merged, and the axis along which their weights follow the lanes."""

PICK_LANES = "PICK_LANES"
"""Name of the operator that takes some channels of a merged branch."""
PAD_LANES = "PAD_LANES"
"""Name of the operator that widens a branch to the channels of the merged one."""


@dataclass(frozen=True)
class Lane:
    """Where a published tensor lies inside a merged one."""

    merged: int
    number: int


def merge(file: TfliteFile) -> TfliteFile:
    """The same model with operators of parallel branches merged; unchanged if it has no such branches."""
    merging = _Merging(file)
    merging.run()
    return merging.file


@dataclass
class _Merging:
    file: TfliteFile
    lanes: dict[int, Lane] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    picked: dict[tuple[int, tuple[int, ...]], int] = field(default_factory=dict)

    def run(self) -> None:
        waiting = self.file.operators
        self.file.operators = []
        while waiting:
            first = waiting[0]
            layer = [operator for operator in waiting if self._same_layer(operator, first)]
            if self._fills_all_lanes(layer):
                self._merge_layer(layer)
            else:
                layer = [first]
                self._keep(first)
            waiting = [operator for operator in waiting if operator not in layer]

    def _same_layer(self, operator: Operator, other: Operator) -> bool:
        return operator is other or (
            operator.kind == other.kind
            and operator.options == other.options
            and self._sources(operator) == self._sources(other)
            and self._shapes(operator) == self._shapes(other)
        )

    def _sources(self, operator: Operator) -> list[int]:
        """What an operator reads besides constants, the merged tensor in the place of its lanes."""
        if operator.kind == SAMPLING:
            return operator.inputs[:1]
        return [
            self.lanes[tensor].merged if tensor in self.lanes else tensor
            for tensor in self._computed(operator)
        ]

    def _computed(self, operator: Operator) -> list[int]:
        return [tensor for tensor in operator.inputs if tensor not in self.file.constants]

    def _shapes(self, operator: Operator) -> list[list[int]]:
        return [self.file.shapes[tensor] for tensor in operator.inputs + operator.outputs]

    def _fills_all_lanes(self, layer: list[Operator]) -> bool:
        first = layer[0]
        if first.kind == SAMPLING:
            return len(layer) > 1
        if first.kind not in CONSTANT_AXIS or not all(
            tensor in self.lanes for tensor in self._computed(first)
        ):
            return False
        if first.kind == "PAD" and not pads_channels_only(self.file.constants[first.inputs[1]]):
            return False
        lanes = {self.lanes[operator.inputs[0]] for operator in layer}
        return len(lanes) == self.counts[self.lanes[first.inputs[0]].merged]

    def _merge_layer(self, layer: list[Operator]) -> None:
        first = layer[0]
        if first.kind == SAMPLING:
            inputs = [first.inputs[0], *(operator.inputs[1] for operator in layer)]
            self._add(first.kind, inputs, first.options, layer)
            return
        layer.sort(key=lambda operator: [self.lanes[tensor].number for tensor in self._computed(operator)])
        columns = zip(*(operator.inputs for operator in layer), strict=True)
        if first.kind == "PAD":
            self._add(PAD_LANES, [self._together(next(columns))], {"lanes": len(layer)}, layer)
        else:
            axis = CONSTANT_AXIS[first.kind]
            inputs = [
                self._constant(column, axis) if column[0] in self.file.constants else self._together(column)
                for column in columns
            ]
            self._add(first.kind, inputs, first.options, layer)

    def _add(self, kind: str, inputs: list[int], options: dict[str, int], layer: list[Operator]) -> None:
        outputs = [operator.outputs[0] for operator in layer]
        merged = self._new_tensor(outputs[0], len(outputs))
        self.lanes.update({tensor: Lane(merged, number) for number, tensor in enumerate(outputs)})
        self.file.operators.append(Operator(kind, inputs, [merged], options))

    def _new_tensor(self, like: int, lanes: int) -> int:
        *sides, channels = self.file.shapes[like]
        self.file.names.append(f"{self.file.names[like]} and {lanes - 1} more")
        self.file.shapes.append([*sides, channels * lanes])
        merged = len(self.file.shapes) - 1
        self.counts[merged] = lanes
        return merged

    def _constant(self, tensors: Iterable[int], axis: int) -> int:
        values = np.concatenate([self.file.constants[tensor] for tensor in tensors], axis=axis)
        self.file.names.append("merged weights")
        self.file.shapes.append(list(values.shape))
        tensor = len(self.file.shapes) - 1
        self.file.constants[tensor] = values
        return tensor

    def _together(self, tensors: tuple[int, ...]) -> int:
        """The tensor whose lanes are `tensors`: an existing one, or lanes picked from one."""
        merged = self.lanes[tensors[0]].merged
        numbers = tuple(self.lanes[tensor].number for tensor in tensors)
        if numbers == tuple(range(self.counts[merged])):
            return merged
        if (merged, numbers) not in self.picked:
            self.picked[merged, numbers] = self._new_tensor(tensors[0], len(tensors))
            self._pick(merged, numbers, self.picked[merged, numbers])
        return self.picked[merged, numbers]

    def _pick(self, merged: int, numbers: tuple[int, ...], output: int) -> None:
        options = {"lanes": self.counts[merged], "numbers": numbers}
        self.file.operators.append(Operator(PICK_LANES, [merged], [output], options))

    def _keep(self, operator: Operator) -> None:
        """Leave an operator as it is, with what it reads taken out of the lanes."""
        for tensor in operator.inputs:
            if tensor in self.lanes and (tensor, ()) not in self.picked:
                self.picked[tensor, ()] = tensor
                lane = self.lanes[tensor]
                self._pick(lane.merged, (lane.number,), tensor)
        self.file.operators.append(operator)


def pick_lanes(conversion: Conversion, operator: Operator) -> None:
    """Take some lanes out of a merged tensor, in a given order."""
    graph = conversion.graph
    channels = conversion.shape(operator.inputs[0])[3] // operator.options["lanes"]
    picture = conversion.values.nchw(operator.inputs[0])
    parts = [
        graph.node(
            "Slice",
            [
                picture,
                graph.integers(number * channels),
                graph.integers((number + 1) * channels),
                graph.integers(1),
            ],
        )
        for number in operator.options["numbers"]
    ]
    result = graph.node("Concat", parts, axis=1) if len(parts) > 1 else parts[0]
    conversion.values.put_nchw(operator.outputs[0], result)


def pad_lanes(conversion: Conversion, operator: Operator) -> None:
    """Add zero channels to each lane."""
    pad_channels(conversion, operator, operator.options["lanes"])


OPERATORS: dict[str, OperatorConverter] = {PAD_LANES: pad_lanes, PICK_LANES: pick_lanes}
"""How each of the two is converted."""
