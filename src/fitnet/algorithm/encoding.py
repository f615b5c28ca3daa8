"""Encodings: a column as several numbers, each of which grows over a piece of the column's range and is flat elsewhere.

Shapes: X (n, p), features (n, k). The features of a column are its standardised value and, for pieces between edges
e_0 < e_1 < ... < e_T, the shares (x - e_(t-1)) / (e_t - e_(t-1)) of each that lie below x: 0 before the piece, 1 behind
it, but on without end in the first and the last (Gorishniy, Rubachev and Babenko 2022, "On Embeddings for Numerical
Features in Tabular Deep Learning", section 3.2.1). A linear layer on them is any function with corners at the edges, so
that a network need not bend itself where a target steps.

Behind the p columns may follow q projections, each a sum of standardised columns with fixed coefficients, encoded
like a column: a linear layer then has corners along slanting lines, too, as projection pursuit has (Friedman and
Stuetzle 1981, "Projection pursuit regression", JASA 76).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from fitnet.algorithm.projections import by_columns, checked_projections, farthest_column, projected
from fitnet.algorithm.scaling import FLOAT64, Scaling
from fitnet.arguments import Array, float_dtype, numeric_array, real_matrix
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import PiecewiseRows, row_blocks

LEAST_EDGES = 3  # fewer make a single piece, which is the column itself


@dataclass(frozen=True, eq=False)
class PiecewiseLinear:
    """The encoding of p columns, each cut into pieces at edges of its own.

    Parameters
    ----------
    edges
        One (T + 1,) a column, in the column's unit, finite and rising, in steps of which float64 holds the size and its
        reciprocal; a column with fewer than three has no pieces. Behind those of the p columns follow the projections'.
    projections
        (q, p), finite: of every projection its coefficients, which multiply standardised columns; None for none.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are anything else.
    """

    edges: Sequence[Array]
    projections: Array | None = None

    def __post_init__(self) -> None:
        if isinstance(self.edges, str) or not isinstance(self.edges, Sequence):
            raise ArgumentTypeError(
                f"`edges` is {type(self.edges).__name__}; it must be a sequence of edges, such as a list.", "edges"
            )
        kept = tuple(checked_edges(f"edges[{j}]", of_column) for j, of_column in enumerate(self.edges))
        object.__setattr__(self, "edges", kept)
        object.__setattr__(self, "projections", checked_projections(self.projections, len(kept)))

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy is made anew, so that it is read-only as well."""
        return PiecewiseLinear, (self.edges, self.projections)

    @property
    def n_projections(self) -> int:
        """q."""
        return 0 if self.projections is None else len(self.projections)

    @property
    def n_inputs(self) -> int:
        """p."""
        return len(self.edges) - self.n_projections

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
            If X is not a finite matrix (n, p), or holds what `dtype` cannot hold once it is encoded.
        """
        dtype = float_dtype("dtype", dtype)
        array = real_matrix("X", X, self.n_inputs)
        features = np.empty((len(array), self.n_features), dtype)
        for rows in row_blocks(*features.shape):
            features[rows] = self.apply_block("X", array[rows], scaling, dtype, rows.start)
        return features

    def rows(self, X: Any, scaling: Scaling, dtype: Any = "float64") -> PiecewiseRows:
        """The rows of X (n, p), which have the features of `apply`, without making these.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            As `apply` does.
        """
        dtype = float_dtype("dtype", dtype)
        array = real_matrix("X", X, self.n_inputs)
        pieces = self._sizes - 1
        codes = np.empty((len(array), len(pieces) + 2 * np.count_nonzero(pieces)), dtype)
        for rows in row_blocks(*codes.shape):
            scaling.apply_block("X", array[rows], dtype, rows.start)
            codes[rows] = self._codes(*self._columns(array[rows], scaling, dtype), dtype)
            if not np.isfinite(codes[rows]).all():
                self.apply_block("X", array[rows], scaling, dtype, rows.start)  # says which entry it is
        codes.flags.writeable = False
        return PiecewiseRows(codes, tuple(pieces.tolist()))

    def apply_block(self, name: str, block: Array, scaling: Scaling, dtype: np.dtype[Any], first_row: int) -> Array:
        """As `apply`, for the real matrix `block` that begins at `first_row` of what `name` names."""
        scaling.apply_block(name, block, dtype, first_row)
        features = self.applied(block, scaling, dtype)
        if not np.isfinite(features).all():
            row, feature = (int(i) for i in np.argwhere(~np.isfinite(features))[0])
            column, projection = int(self._column[feature]), int(self._column[feature]) - self.n_inputs
            if self.projections is not None and projection >= 0:
                column = farthest_column(self.projections[projection], scaling.applied(block[row], FLOAT64))
            raise ArgumentValueError(
                f"`{name}` holds {block[row, column]} at {[first_row + row, column]}; {dtype.name} cannot hold it once "
                "it is encoded, so far from the edges.",
                name,
            )
        return features

    def applied(self, block: Array, scaling: Scaling, dtype: np.dtype[Any]) -> Array:
        """As `apply`, for a real matrix; not finite where `dtype` cannot hold an entry."""
        features = np.empty((len(block), self.n_features), dtype)
        columns, values = self._columns(block, scaling, dtype)
        features[:, self._first] = values
        with np.errstate(over="ignore", invalid="ignore"):
            features[:, self._pieces] = self._shares(columns)
        return features

    def _columns(self, block: Array, scaling: Scaling, dtype: np.dtype[Any]) -> tuple[Array, Array]:
        """What is cut into pieces, columns and projections (rows, p + q), and their values among the features."""
        if self.projections is None:
            return block, scaling.applied(block, dtype)
        z = scaling.applied(block, FLOAT64)
        sums = projected(self.projections, z)
        with np.errstate(over="ignore"):
            return np.concatenate([block, sums], 1), np.concatenate([z, sums], 1).astype(dtype)

    def derivatives(self, by_features: Array, X: Array, scaling: Scaling) -> Array:
        """dy/dx (n, m, p) or d2y/dx2 (n, m, p, p) at X (n, p), given dy/df (n, m, k) or d2y/df2 (n, m, k, k).

        At an edge the slope is that of the piece below; second derivatives are those between the corners.
        """
        found = np.asarray(by_features, FLOAT64)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            slopes = self._slopes(np.asarray(X, FLOAT64), scaling)
            for axis in range(2, found.ndim):
                shape = [len(slopes)] + [1] * (found.ndim - 1)
                shape[axis] = self.n_features
                found = np.add.reduceat(found * slopes.reshape(shape), self._first, axis=axis)
                if self.projections is not None:
                    found = by_columns(found, self.projections, scaling.scale, axis)
            if found.ndim == 4:  # the two halves differ by rounding
                found = found / 2 + found.swapaxes(2, 3) / 2
        return found

    @property
    def has_corners(self) -> bool:
        """Whether any column has pieces."""
        return self.n_features > len(self.edges)

    @cached_property
    def _sizes(self) -> Array:
        """(p + q,): the features of each column and projection."""
        pieces = [len(edges) - 1 if len(edges) >= LEAST_EDGES else 0 for edges in self.edges]
        return 1 + np.array(pieces, int)

    @cached_property
    def _first(self) -> Array:
        """(p + q,): where the features of each column begin, with the standardised value."""
        return np.concatenate([[0], np.cumsum(self._sizes)[:-1]]).astype(int)

    @cached_property
    def _column(self) -> Array:
        """(k,): the column of each feature."""
        return np.repeat(np.arange(len(self.edges)), self._sizes)

    @cached_property
    def _pieces(self) -> Array:
        """(k - p - q,): the features that are pieces."""
        return np.delete(np.arange(len(self._column)), self._first)

    @cached_property
    def _bounds(self) -> tuple[Array, ...]:
        """(k - p - q,) each: where every piece begins and ends, its width, and between what numbers its share stays."""
        edges = [each for each in self.edges if len(each) >= LEAST_EDGES]
        parts = [(e[:-1], e[1:], np.diff(e), np.zeros(len(e) - 1), np.ones(len(e) - 1)) for e in edges]
        for *_, lowest, highest in parts:
            lowest[0], highest[-1] = -np.inf, np.inf
        none = np.zeros(0)
        return tuple(np.concatenate([none, *each]) for each in (zip(*parts, strict=True) if parts else [()] * 5))

    def _shares(self, columns: Array) -> Array:
        """The pieces' features (rows, k - p - q), of columns and projections."""
        begin, _, width, least, most = self._bounds
        shares = np.subtract(columns[:, self._column[self._pieces]], begin, dtype=FLOAT64)
        shares /= width
        return np.clip(shares, least, most, out=shares)

    def _codes(self, columns: Array, values: Array, dtype: np.dtype[Any]) -> Array:
        """As `PiecewiseRows` has them, of what `_columns` gives; not finite where `dtype` cannot hold them."""
        cut = np.flatnonzero(self._sizes > 1).tolist()
        first = np.cumsum([0, *self._sizes[cut] - 1])
        x = columns[:, cut]
        own = np.empty(x.shape, int)
        for q, j in enumerate(cut):  # an entry on an edge lies in the piece above
            own[:, q] = first[q] + np.searchsorted(self.edges[j][1:-1], x[:, q].astype(FLOAT64), side="right")
        begin, _, width, least, most = (each[own] for each in self._bounds)
        with np.errstate(over="ignore", invalid="ignore"):
            shares = np.subtract(x, begin, dtype=FLOAT64)
            shares /= width
            parts = values, np.clip(shares, least, most).astype(dtype), own.astype(dtype)
        return np.concatenate(parts, axis=1)

    def _slopes(self, X: Array, scaling: Scaling) -> Array:
        """df/dx (n, k), of each feature by its own column or projection."""
        slopes = np.empty((len(X), self.n_features))
        slopes[:, self._first] = np.concatenate([1 / scaling.scale, np.ones(self.n_projections)])
        begin, end, width, least, most = self._bounds
        columns, _ = self._columns(X, scaling, np.dtype(FLOAT64))
        x = columns[:, self._column[self._pieces]]
        inside = ((x > begin) | np.isinf(least)) & ((x <= end) | np.isinf(most))
        slopes[:, self._pieces] = np.where(inside, 1 / width, 0)
        return slopes


def checked_edges(name: str, edges: Any) -> Array:
    """The edges of one column, (T + 1,), read-only."""
    kept = numeric_array(name, edges).astype(FLOAT64)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        widths = np.diff(kept)
        apart = np.isfinite(widths) & (widths > 0) & np.isfinite(1 / widths)
    if kept.ndim != 1 or not np.isfinite(kept).all() or not apart.all():
        raise ArgumentValueError(
            f"`{name}` is {kept}; it must hold finite numbers that rise, in steps that float64 can divide by.", name
        )
    kept.flags.writeable = False
    return kept
