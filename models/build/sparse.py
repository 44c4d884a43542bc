"""Unpacks the sparse weights of a TFLite file."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.build.graph import Array


@dataclass(frozen=True)
class DenseLevel:
    """A level of the traversal at which every index has values."""

    size: int

    def children(self, position: int) -> Iterator[tuple[int, int]]:
        """Index and position of each entry under entry `position` of the level above."""
        return ((index, position * self.size + index) for index in range(self.size))


@dataclass(frozen=True)
class CompressedLevel:
    """A level of the traversal that lists the indices that have values (compressed sparse rows)."""

    segments: list[int]
    indices: list[int]

    def children(self, position: int) -> Iterator[tuple[int, int]]:
        """Index and position of each entry under entry `position` of the level above."""
        return ((self.indices[at], at) for at in range(self.segments[position], self.segments[position + 1]))


@dataclass(frozen=True)
class Sparsity:
    """How the values of a sparse tensor lie in memory: TFLite's SparsityParameters.

    A tensor of n axes is traversed level by level in `order`. Levels below n are its axes, counted in blocks where
    the axis is blocked; level n + k walks through the inside of a block along axis `block_axes[k]`.
    """

    shape: list[int]
    order: list[int]
    block_axes: list[int]
    levels: list[DenseLevel | CompressedLevel]

    def strides(self) -> list[tuple[int, int]]:
        """For each level the axis it moves along and by how many elements one index moves."""
        axes = len(self.shape)
        block_size = dict.fromkeys(range(axes), 1)
        for axis, level in zip(self.order, self.levels, strict=True):
            if axis >= axes and isinstance(level, DenseLevel):
                block_size[self.block_axes[axis - axes]] = level.size
        return [
            (axis, block_size[axis]) if axis < axes else (self.block_axes[axis - axes], 1)
            for axis in self.order
        ]


def densify(values: Array, sparsity: Sparsity) -> Array:
    """The dense tensor of `sparsity.shape`, zero where nothing is stored; `values` is the stored 1-D array."""
    dense = np.zeros(sparsity.shape, values.dtype)
    strides = sparsity.strides()
    place = [0] * len(sparsity.shape)

    def fill(depth: int, position: int) -> None:
        if depth == len(strides):
            dense[tuple(place)] = values[position]
            return
        axis, stride = strides[depth]
        for index, below in sparsity.levels[depth].children(position):
            place[axis] += index * stride
            fill(depth + 1, below)
            place[axis] -= index * stride

    fill(0, 0)
    return dense
