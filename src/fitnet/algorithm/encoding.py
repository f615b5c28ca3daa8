"""Encodings: a column as several numbers, each of which grows over a piece of the column's range and is flat elsewhere.

Shapes: X (n, p), features (n, k). The features of a column are its standardised value and, for pieces between edges
e_0 < e_1 < ... < e_T, the shares (x - e_(t-1)) / (e_t - e_(t-1)) of each that lie below x: 0 before the piece, 1 behind
it, but on without end in the first and the last (Gorishniy, Rubachev and Babenko 2022, "On Embeddings for Numerical
Features in Tabular Deep Learning", section 3.2.1). A linear layer on them is any function with corners at the edges, so
that a network need not bend itself where a target steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64, Scaling
from fitnet.arguments import Array, float_dtype, real_matrix
from fitnet.errors import ArgumentValueError
from fitnet.rows import row_blocks

LEAST_EDGES = 3  # fewer make a single piece, which is the column itself


@dataclass(frozen=True, eq=False)
class PiecewiseLinear:
    """The encoding of p columns, each cut into pieces at edges of its own.

    Parameters
    ----------
    edges
        One (T + 1,) a column, in the column's unit, finite and rising; a column with fewer than three has no pieces.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are anything else.
    """

    edges: Sequence[Array]

    def __post_init__(self) -> None:
        kept = tuple(np.array(of_column, FLOAT64) for of_column in self.edges)
        for j, of_column in enumerate(kept):
            if of_column.ndim != 1 or not np.isfinite(of_column).all() or not np.all(np.diff(of_column) > 0):
                raise ArgumentValueError(
                    f"`edges[{j}]` is {of_column}; it must hold finite numbers that rise.", "edges"
                )
            of_column.flags.writeable = False
        object.__setattr__(self, "edges", kept)

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy is made anew, so that it is read-only as well."""
        return PiecewiseLinear, (self.edges,)

    @property
    def n_inputs(self) -> int:
        """p."""
        return len(self.edges)

    @property
    def n_features(self) -> int:
        """k."""
        return len(self._column)

    def apply(self, X: Any, scaling: Scaling, dtype: Any = "float64") -> Array:
        """The features (n, k) of the rows of X (n, p), in float64 and then rounded to `dtype`.

        `scaling` standardises the columns.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If X is not a finite matrix (n, p), or holds what `dtype` cannot hold once it is standardised.
        """
        dtype = float_dtype("dtype", dtype)
        array = real_matrix("X", X, self.n_inputs)
        features = np.empty((len(array), self.n_features), dtype)
        for rows in row_blocks(*features.shape):
            features[rows, self._first] = scaling.apply_block("X", array[rows], dtype, rows.start)
            with np.errstate(over="ignore"):
                features[rows, self._pieces] = self._shares(array[rows])
        return features

    def derivatives(self, by_features: Array, X: Array, scaling: Scaling) -> Array:
        """dy/dx (n, m, p) or d2y/dx2 (n, m, p, p) at X (n, p), given dy/df (n, m, k) or d2y/df2 (n, m, k, k).

        At an edge the slope is that of the piece below; second derivatives are those between the corners.
        """
        slopes = self._slopes(np.asarray(X, FLOAT64), scaling)
        found = np.asarray(by_features, FLOAT64)
        for axis in range(2, found.ndim):
            shape = [len(slopes)] + [1] * (found.ndim - 1)
            shape[axis] = self.n_features
            found = np.add.reduceat(found * slopes.reshape(shape), self._first, axis=axis)
        return found

    @property
    def has_corners(self) -> bool:
        """Whether any column has pieces."""
        return self.n_features > self.n_inputs

    @cached_property
    def _sizes(self) -> Array:
        """(p,): the features of each column."""
        pieces = [len(edges) - 1 if len(edges) >= LEAST_EDGES else 0 for edges in self.edges]
        return 1 + np.array(pieces, int)

    @cached_property
    def _first(self) -> Array:
        """(p,): where the features of each column begin, with the standardised value."""
        return np.concatenate([[0], np.cumsum(self._sizes)[:-1]]).astype(int)

    @cached_property
    def _column(self) -> Array:
        """(k,): the column of each feature."""
        return np.repeat(np.arange(self.n_inputs), self._sizes)

    @cached_property
    def _pieces(self) -> Array:
        """(k - p,): the features that are pieces."""
        return np.delete(np.arange(len(self._column)), self._first)

    @cached_property
    def _bounds(self) -> tuple[Array, ...]:
        """(k - p,) each: where every piece begins, how wide it is, and between what numbers its share stays."""
        edges = [each for each in self.edges if len(each) >= LEAST_EDGES]
        parts = [(each[:-1], np.diff(each), np.zeros(len(each) - 1), np.ones(len(each) - 1)) for each in edges]
        for _, _, lowest, highest in parts:
            lowest[0], highest[-1] = -np.inf, np.inf
        none = np.zeros(0)
        begin, width, least, most = zip(*parts, strict=True) if parts else ((), (), (), ())
        return tuple(np.concatenate([none, *each]) for each in (begin, width, least, most))

    def _shares(self, block: Array) -> Array:
        """The pieces' features (rows, k - p)."""
        begin, width, least, most = self._bounds
        shares = np.subtract(block[:, self._column[self._pieces]], begin, dtype=FLOAT64)
        shares /= width
        return np.clip(shares, least, most, out=shares)

    def _slopes(self, X: Array, scaling: Scaling) -> Array:
        """df/dx (n, k), of each feature by its own column."""
        slopes = np.empty((len(X), self.n_features))
        slopes[:, self._first] = 1 / scaling.scale
        begin, width, least, most = self._bounds
        x = X[:, self._column[self._pieces]]
        inside = ((x > begin) | np.isinf(least)) & ((x <= begin + width) | np.isinf(most))
        slopes[:, self._pieces] = np.where(inside, 1 / width, 0)
        return slopes
