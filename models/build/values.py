"""Keeps track of the order of axes: the published models have channels last, ONNX convolutions want them second."""

from collections.abc import Hashable
from typing import Any, Generic, TypeVar

import numpy as np

from models.build.graph import Array, Graph, Step

Key = TypeVar("Key", bound=Hashable)
"""What finds one of the known values."""

CHANNELS_LAST = (0, 2, 3, 1)
"""Axes of an NCHW tensor in NHWC order."""

CHANNELS_SECOND = (0, 3, 1, 2)
"""Axes of an NHWC tensor in NCHW order."""


class Values(Generic[Key]):
    """The values computed so far, by their key in the published model, in one or both orders of axes.

    A value is transposed when it is first asked for in an order in which it does not exist yet, so that a run of
    convolutions has no transposition inside.
    """

    def __init__(self, graph: Graph, constants: dict[Key, Array]) -> None:
        self.graph = graph
        self.constants = constants
        self._published: dict[Key, str] = {}
        self._nchw: dict[Key, str] = {}

    def put(self, key: Key, name: str) -> None:
        """Note a value whose axes are in the published order."""
        self._published[key] = name

    def put_nchw(self, key: Key, name: str) -> None:
        """Note a picture-like value whose axes are in NCHW order."""
        self._nchw[key] = name

    def get(self, key: Key) -> str:
        """The value with its axes in the published order."""
        if key not in self._published:
            if key in self.constants:
                return self.graph.constant(self.constants[key])
            self._published[key] = self.graph.node("Transpose", [self._nchw[key]], perm=CHANNELS_LAST)
        return self._published[key]

    def nchw(self, key: Key) -> str:
        """The picture-like value with its axes in NCHW order."""
        if key not in self._nchw:
            self._nchw[key] = self.graph.node("Transpose", [self.get(key)], perm=CHANNELS_SECOND)
        return self._nchw[key]

    def elementwise(self, operator: str, inputs: list[Key], output: Key, **attributes: Any) -> None:
        """Add a node that works element by element, in NCHW order where all its computed inputs exist in that."""
        computed = [key for key in inputs if key not in self.constants]
        if computed and all(key in self._nchw for key in computed):
            names = [self._nchw[key] if key in self._nchw else self._constant_nchw(key) for key in inputs]
            self.put_nchw(output, self.graph.node(operator, names, **attributes))
        else:
            names = [self.get(key) for key in inputs]
            self.put(output, self.graph.node(operator, names, **attributes))

    def then(self, key: Key, step: Step) -> None:
        """Put one more element-wise step behind a value, in the order of axes it has."""
        known = self._nchw if key in self._nchw else self._published
        known[key] = step(self.graph, known[key])

    def _constant_nchw(self, key: Key) -> str:
        values = self.constants[key]
        if values.ndim:
            values = values.reshape((1,) * (4 - values.ndim) + values.shape).transpose(CHANNELS_SECOND)
        return self.graph.constant(np.asarray(values))
