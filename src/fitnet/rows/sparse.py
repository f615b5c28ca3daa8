"""Sparse matrices: their rows made dense, some at a time.

A sparse matrix is known by what it offers, as those of scipy.sparse do. Shapes: (n, k).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array, finite_cast
from fitnet.errors import ArgumentTypeError
from fitnet.rows.memory import check_fits
from fitnet.rows.opening import offers
from fitnet.rows.sources import RowSource, row_chunks


@dataclass(frozen=True, eq=False)
class SparseRows:
    """The rows of a sparse matrix (n, k), `compressed` by rows, as dense chunks of `dtype`."""

    name: str
    compressed: Any
    dtype: np.dtype[Any]

    @property
    def shape(self) -> tuple[int, int]:
        n, k = self.compressed.shape
        return n, k

    def read(self, start: int, stop: int) -> Array:
        return finite_cast(self.name, self.compressed[start:stop].toarray(), self.dtype, start)


def is_sparse(value: Any) -> bool:
    """Whether it is a matrix that keeps only what is not 0."""
    return offers(value, "tocsr", "toarray")


def sparse_rows(name: str, matrix: Any) -> RowSource:
    """The rows of a sparse matrix as a source of float32 where it is, else of float64."""
    if matrix.dtype.kind not in "fiub":
        raise ArgumentTypeError(f"`{name}` holds {matrix.dtype}; it must hold real numbers.", name)
    return SparseRows(name, matrix.tocsr(), np.dtype(np.float32 if matrix.dtype == np.float32 else np.float64))


def dense(name: str, matrix: Any) -> Array:
    """A sparse matrix as an array (n, k), finite.

    Raises
    ------
    ArgumentValueError
        If that would not fit into memory.
    """
    source = sparse_rows(name, matrix)
    n, k = source.shape
    check_fits(
        name,
        source.dtype.itemsize * n * k,
        f"is sparse, of shape ({n}, {k}), and once dense",
        "it must have fewer rows, or fewer columns, as OneHotEncoder(max_categories=...) gives",
    )
    values = np.empty((n, k), source.dtype)
    for first, chunk in row_chunks(source) if values.size else ():
        values[first : first + len(chunk)] = chunk
    return values
