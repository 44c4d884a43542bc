"""Reads a TensorFlow.js graph model, a .json and its .bin, into plain Python: nodes, constants, inputs and outputs."""

import base64
import json
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.build.graph import Array, UnsupportedError

STORED_TYPES: dict[str, type[np.generic]] = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}
"""NumPy's type for each name in the weights' manifest."""


@dataclass
class Node:
    """One node of the graph."""

    name: str

    kind: str
    """TensorFlow's name of the operator."""

    inputs: list[str]
    """The values it reads, as `node:output`."""

    attributes: dict[str, Any] = field(default_factory=dict)

    def output(self, number: int = 0) -> str:
        """The node's output `number` as others name it in their inputs."""
        return f"{self.name}:{number}"


@dataclass
class TfjsFile:
    """What a TensorFlow.js model holds."""

    nodes: dict[str, Node]

    constants: dict[str, Array]
    """Values of the weights, by the output that stands for them."""

    outputs: dict[str, str]
    """For each output of the model, the value that it is."""

    def in_order(self) -> list[Node]:
        """The nodes that the outputs need, each after those it reads."""
        order: dict[str, Node] = {}

        def visit(value: str) -> None:
            name = value.split(":", maxsplit=1)[0]
            if name in order or value in self.constants:
                return
            for needed in self.nodes[name].inputs:
                visit(needed)
            order[name] = self.nodes[name]

        for value in self.outputs.values():
            visit(value)
        return list(order.values())


def read_tfjs(description: bytes, weights: bytes) -> TfjsFile:
    """Read a model whose weights lie in a single .bin file.

    Args:
        description: The .json file.
        weights: The .bin file.

    Raises:
        UnsupportedError: The weights are stored in a way that the shipped model does not use.
    """
    model = json.loads(description)
    nodes = [_node(entry) for entry in model["modelTopology"]["node"]]
    return TfjsFile(
        nodes={node.name: node for node in nodes},
        constants=_constants(model["weightsManifest"], weights),
        outputs={name: _value(output["name"]) for name, output in model["signature"]["outputs"].items()},
    )


def _value(name: str) -> str:
    return name if ":" in name else f"{name}:0"


def _node(entry: dict[str, Any]) -> Node:
    # A leading ^ marks an order of execution without a value, which a graph without side effects can do without.
    inputs = [_value(name) for name in entry.get("input", []) if not name.startswith("^")]
    attributes = {name: _attribute(value) for name, value in entry.get("attr", {}).items()}
    return Node(entry["name"], entry["op"], inputs, attributes)


def _attribute(encoded: dict[str, Any]) -> Any:
    """Decode one attribute: a dict with its kind as the only key; whole numbers are strings, strings are base64."""
    kind, value = next(iter(encoded.items()))
    if kind == "list":
        return [_attribute({entry_kind: entry}) for entry_kind, entries in value.items() for entry in entries]
    if kind == "i":
        return int(value)
    if kind == "s":
        return base64.b64decode(value).decode()
    if kind == "shape":
        return [int(side["size"]) for side in value.get("dim", [])]
    return value


def _constants(manifest: list[dict[str, Any]], content: bytes) -> dict[str, Array]:
    constants = {}
    at = 0
    for group in manifest:
        for weight in group["weights"]:
            element_type = np.dtype(_stored_type(weight))
            values = np.frombuffer(content, element_type, count=math.prod(weight["shape"]), offset=at)
            constants[_value(weight["name"])] = values.reshape(weight["shape"])
            at += values.nbytes
    return constants


def _stored_type(weight: dict[str, Any]) -> type[np.generic]:
    stored = weight.get("quantization", {}).get("dtype")
    if stored is None:
        return STORED_TYPES[weight["dtype"]]
    if stored != "float16":
        raise UnsupportedError(f"weight {weight['name']}: stored as {stored}")
    return np.float16
