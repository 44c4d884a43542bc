"""Sparse weights of TFLite files come out as the dense ones they stand for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.build.graph import Array
from models.build.sparse import CompressedLevel, DenseLevel, Sparsity, densify


@st.composite
def sparse_matrices(draw: st.DrawFn) -> Array:
    """Small matrices with many zeros; sides are multiples of 4 so that blocks fit."""
    rows, columns = (4 * draw(st.integers(1, 3)) for _ in range(2))
    numbers = draw(
        st.lists(st.sampled_from([0, 0, 0, 1, 2, -3]), min_size=rows * columns, max_size=rows * columns)
    )
    return np.array(numbers, np.float32).reshape(rows, columns)


def compressed(present: Array) -> CompressedLevel:
    """The level that lists, row by row, where `present` is true."""
    segments = np.concatenate([[0], np.cumsum(present.sum(axis=1))])
    return CompressedLevel(segments.tolist(), np.nonzero(present)[1].tolist())


@given(sparse_matrices())
def test_rows_with_listed_columns(matrix: Array) -> None:
    present = np.not_equal(matrix, 0)
    sparsity = Sparsity(list(matrix.shape), [0, 1], [], [DenseLevel(len(matrix)), compressed(present)])
    np.testing.assert_array_equal(densify(matrix[present], sparsity), matrix)


@given(sparse_matrices())
def test_columns_with_listed_rows(matrix: Array) -> None:
    present = np.not_equal(matrix.T, 0)
    sparsity = Sparsity(list(matrix.shape), [1, 0], [], [DenseLevel(matrix.shape[1]), compressed(present)])
    np.testing.assert_array_equal(densify(matrix.T[present], sparsity), matrix)


@given(sparse_matrices())
def test_listed_blocks_of_four_columns(matrix: Array) -> None:
    rows, columns = matrix.shape
    blocks = matrix.reshape(rows, columns // 4, 4)
    present = np.any(blocks, axis=2)
    sparsity = Sparsity(
        [rows, columns], [0, 1, 2], [1], [DenseLevel(rows), compressed(present), DenseLevel(4)]
    )
    np.testing.assert_array_equal(densify(blocks[present].ravel(), sparsity), matrix)
