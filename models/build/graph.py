"""An ONNX graph in the making: nodes and constants are added one by one, what nothing uses is left out at the end."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnx

Array = npt.NDArray[Any]
"""Elements of any type a weight file may hold."""

OPSET = 17
"""First operator set with everything the models need (GridSample is of 16)."""

IR_VERSION = 8
"""The file format that goes with operator set 17."""


class UnsupportedError(Exception):
    """The published model holds something these converters were not written for."""


class Port(NamedTuple):
    """A named input or output of the whole graph."""

    name: str

    element_type: int
    """An `onnx.TensorProto` data type."""

    shape: list[int | str]
    """Sides in order; a name stands for a side that is only known when the model runs."""


class Graph:
    """Collects the nodes and constants of one model."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: list[onnx.TensorProto] = []
        self._constants: dict[tuple[bytes, tuple[int, ...], str], str] = {}
        self._inputs: list[Port] = []
        self._outputs: list[Port] = []
        self._count = 0

    def _fresh(self, stem: str) -> str:
        self._count += 1
        return f"{stem.lower()}_{self._count}"

    def node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        """Add a node with one output and return the output's name."""
        return self.node_with_outputs(1, operator, inputs, **attributes)[0]

    def node_with_outputs(self, count: int, operator: str, inputs: list[str], **attributes: Any) -> list[str]:
        """Add a node with `count` outputs and return their names."""
        outputs = [self._fresh(operator) for _ in range(count)]
        self._nodes.append(onnx.helper.make_node(operator, inputs, outputs, **attributes))
        return outputs

    def constant(self, values: Array) -> str:
        """Add a constant, equal ones only once, and return its name.

        Half-precision values are stored as such and cast to single precision, in which all models compute; the
        runtime does that once, when it loads the file.
        """
        values = np.asarray(values, order="C")  # Unlike ascontiguousarray, this leaves a scalar a scalar.
        key = (values.tobytes(), values.shape, values.dtype.str)
        if key not in self._constants:
            self._constants[key] = self._store(values)
        return self._constants[key]

    def _store(self, values: Array) -> str:
        name = self._fresh("constant")
        self._initializers.append(onnx.numpy_helper.from_array(values, name))
        if values.dtype == np.float16:
            return self.node("Cast", [name], to=onnx.TensorProto.FLOAT)
        return name

    def integers(self, *values: int) -> str:
        """Add a constant vector of 64-bit integers: a shape, axes or indices."""
        return self.constant(np.array(values, np.int64))

    def scalar(self, value: float) -> str:
        """Add a constant scalar of single precision."""
        return self.constant(np.array(value, np.float32))

    def add_input(self, port: Port) -> None:
        """Declare an input of the whole graph."""
        self._inputs.append(port)

    def add_output(self, port: Port, value: str) -> None:
        """Make `value` an output of the whole graph."""
        self._nodes.append(onnx.helper.make_node("Identity", [value], [port.name]))
        self._outputs.append(port)

    def model(self, name: str) -> onnx.ModelProto:
        """The finished model, checked, without the nodes and constants that no output needs."""
        needed = {port.name for port in self._outputs}
        nodes = []
        for node in reversed(self._nodes):
            if needed.intersection(node.output):
                nodes.append(node)
                needed.update(node.input)
        graph = onnx.helper.make_graph(
            nodes[::-1],
            name,
            _declared(self._inputs),
            _declared(self._outputs),
            [constant for constant in self._initializers if constant.name in needed],
        )
        model = onnx.helper.make_model(
            graph,
            opset_imports=[onnx.helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="deskside models.build",
        )
        onnx.checker.check_model(model, full_check=True)
        return model


def _declared(ports: Iterable[Port]) -> list[onnx.ValueInfoProto]:
    return [onnx.helper.make_tensor_value_info(*port) for port in ports]


Step = Callable[[Graph, str], str]
"""Adds the nodes of a function of one value, such as an activation, and returns the name of its result."""


def unchanged(_graph: Graph, value: str) -> str:
    """No activation."""
    return value


def relu(graph: Graph, value: str) -> str:
    """max(x, 0)."""
    return graph.node("Relu", [value])


def relu6(graph: Graph, value: str) -> str:
    """min(max(x, 0), 6)."""
    return graph.node("Clip", [value, graph.scalar(0), graph.scalar(6)])


def square(graph: Graph, value: str) -> str:
    """Multiplies a value by itself."""
    return graph.node("Mul", [value, value])


def reciprocal(graph: Graph, value: str) -> str:
    """One over a value."""
    return graph.node("Reciprocal", [value])
