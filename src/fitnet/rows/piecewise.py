"""Rows of piecewise-linear features, of which each keeps only where its entries lie.

Shapes: features (n, k) of p columns, with K pieces in the q columns that have any: k = p + K; codes (n, p + 2 q).
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from fitnet.arguments import Array


@dataclass(frozen=True, eq=False)
class PiecewiseRows:
    """The features that `PiecewiseLinear` gives, in a matrix of far fewer numbers; `np.asarray` makes the features.

    Attributes
    ----------
    codes
        A row: the p columns' standardised values; for the q columns that have pieces, the shares of those that hold its
        entries; and, as whole numbers, which these are among all K. Nobody changes them.
    pieces
        (p,): how many each column has.
    """

    codes: Array
    pieces: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: slice | Array) -> "PiecewiseRows":
        """Some of the rows."""
        return replace(self, codes=self.codes[rows])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """The features (n, k)."""
        return self.dense() if dtype is None else self.dense().astype(dtype, copy=False)

    @property
    def shape(self) -> tuple[int, int]:
        """(n, k), of the features."""
        return len(self.codes), len(self.pieces) + sum(self.pieces)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the features."""
        return self.codes.dtype

    def astype(self, dtype: Any) -> "PiecewiseRows":
        """The same rows in `dtype`; as they are where they have it."""
        return replace(self, codes=self.codes.astype(dtype, copy=False))

    def dense(self) -> Array:
        """The features (n, k), to the bit."""
        p, q = len(self.pieces), np.count_nonzero(self.pieces)
        features = np.empty(self.shape, self.dtype)
        features[:, self.values_at] = self.codes[:, :p]
        number, column = 0, p
        for first, count in zip(self.values_at + 1, self.pieces, strict=True):
            if count == 0:
                continue
            pieces, share, own = np.arange(number, number + count), self.codes[:, [column]], self.codes[:, [column + q]]
            features[:, first : first + count] = np.where(pieces == own, share, pieces < own)
            number, column = number + count, column + 1
        return features

    def without(self, silent: Array) -> "PiecewiseRows":
        """The same with 0 in the values of the columns for which `silent` (k,) holds; it must hold for no piece.

        Raises
        ------
        ValueError
            If it holds for a piece.
        """
        if np.delete(silent, self.values_at).any():
            raise ValueError("`silent` holds for a piece, of which no row keeps the feature.")
        codes = self.codes.copy()
        codes[:, : len(self.pieces)][:, silent[self.values_at]] = 0
        return replace(self, codes=codes)

    @cached_property
    def values_at(self) -> Array:
        """(p,): which of the features are columns' values, each before its pieces."""
        return np.cumsum([0, *(1 + count for count in self.pieces)])[:-1]


def features_of(rows: Any) -> Any:
    """The features of piecewise rows; other rows as they are."""
    return rows.dense() if isinstance(rows, PiecewiseRows) else rows
