"""Lets tensors exist with some channels negated, because a PReLU of two operators can only bend upwards.

A PReLU is two straight lines that meet at zero. The cheapest way to compute it, in the blocked layout of the runtime's
convolutions, is one line plus max(k * x, 0) with k >= 0, where the maximum and the sum cost nothing: they run inside the two
scalings. That bends upwards. Where the slope below zero is more than 1 the line bends downwards, so that channel is
computed negated, and what reads it negates its weights: exactly, and once, while the model is built.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from models.build.graph import Array, Graph
from models.build.values import Values

Convolve = Callable[[Array], str]
"""Adds a convolution whose result has these signs, [channels] of +-1, and returns its name."""


@dataclass(frozen=True)
class Signed:
    """A picture-like value in NCHW order, some of its channels negated."""

    name: str
    signs: Array
    """[channels], +1 or -1."""


@dataclass
class SignedValues:
    """The values that exist with channels negated, beside `values`, which holds them all as they were published."""

    values: Values[int]
    _signed: dict[int, Signed] = field(default_factory=dict)
    _convolutions: dict[int, Convolve] = field(default_factory=dict)

    def put(self, tensor: int, value: Signed) -> None:
        """Note a value with negated channels; who asks `values` for it gets it with its own signs."""
        self._signed[tensor] = value
        name = value.name
        if (value.signs < 0).any():
            # Left out of the model again if nobody asks.
            name = scaled(self.values.graph, value.name, value.signs)
        self.values.put_nchw(tensor, name)

    def get(self, tensor: int, channels: int) -> Signed:
        """A value, with negated channels if it exists so."""
        if tensor in self._signed:
            return self._signed[tensor]
        return Signed(self.values.nchw(tensor), np.ones(channels, np.float32))

    def put_convolution(self, tensor: int, convolve: Convolve) -> None:
        """Note how to make the result of a convolution again with other signs."""
        self._convolutions[tensor] = convolve

    def add(self, first: int, second: int, total: int) -> bool:
        """Add a convolution to a value with negated channels, as a value with the same; False if they are something else."""
        for skip, other in ((first, second), (second, first)):
            if skip in self._signed and other in self._convolutions:
                value = self._signed[skip]
                summands = [value.name, self._convolutions[other](value.signs)]
                self.put(total, Signed(self.values.graph.node("Add", summands), value.signs))
                return True
        return False


def scaled(graph: Graph, value: str, factors: Array) -> str:
    """A picture-like value times one factor for each channel.

    Written as a batch normalisation, which the runtime turns into a convolution and so keeps in its blocked layout.
    """
    factor = graph.constant(factors.astype(np.float32))
    zeros = graph.constant(np.zeros(factors.size, np.float32))
    ones = graph.constant(np.ones(factors.size, np.float32))
    return graph.node("BatchNormalization", [value, factor, zeros, zeros, ones], epsilon=0.0)


def reading(weights: Array, signs: Array, groups: int) -> Array:
    """A convolution's weights, output channel first, for an input with these signs."""
    of_group = signs.reshape(groups, weights.shape[1])
    of_output = np.repeat(of_group, len(weights) // groups, axis=0)
    signed: Array = (weights * of_output[:, :, None, None]).astype(weights.dtype)
    return signed


def bend(slopes: Array, signs: Array) -> tuple[Array, Array, Array]:
    """A PReLU as below * x + max(rise * x, 0), its input and output with negated channels.

    Args:
        slopes: [channels], below zero.
        signs: [channels], of the input.

    Returns:
        Signs of the output, and `below` and `rise`, which is never negative.
    """
    out = np.where(slopes <= 1, 1.0, -1.0)
    below = np.where(signs > 0, out * slopes, -out)
    above = np.where(signs > 0, out, -out * slopes)
    return out.astype(np.float32), below.astype(np.float32), (above - below).astype(np.float32)
