"""Imputation: rows with gaps made whole, in training and in prediction alike.

Shapes: given rows (n, p), a gap is NaN; completed rows (n, p + q), of which the last q columns say where a gap was.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array, counted, real_matrix, vector, whole_number
from fitnet.errors import ArgumentValueError

# What may be done about missing values: refuse them, leave their rows out, or fill in the median of the training rows.
MISSING_RULES = ("refuse", "drop", "impute")
TOLD_SHARE = 50  # where at least one in so many is missing, a column says so


@dataclass(frozen=True, eq=False)
class Imputation:
    """What is filled in for missing values, and which columns get another that says where they were missing.

    Attributes
    ----------
    medians
        (p,), float64: of the values that were there in training.
    told
        (q,), ascending: the columns, from 0, whose gaps are told by a column of 0 and 1 behind all others.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For medians that are not finite, or columns that there are not.
    """

    medians: Array
    told: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse what is not that; the medians are copied."""
        medians = vector("medians", self.medians, np.dtype(np.float64), np.size(self.medians)).copy()
        medians.flags.writeable = False
        told = tuple(whole_number(f"told[{i}]", column, 0) for i, column in enumerate(self.told))
        if list(told) != sorted(set(told)) or any(column >= len(medians) for column in told):
            raise ArgumentValueError(
                f"`told` is {told}; it must hold columns below {len(medians)} in ascending order.", "told"
            )
        object.__setattr__(self, "medians", medians)
        object.__setattr__(self, "told", told)

    @classmethod
    def of(cls, argument: str, X: Array) -> "Imputation":
        """That of the training rows X (n, p), finite but for gaps.

        Raises
        ------
        ArgumentValueError
            If a column has gaps only.
        """
        gaps = np.isnan(X)
        empty = gaps.all(axis=0)
        if empty.any():
            raise ArgumentValueError(
                f"`{argument}` has no value in any training row of column {int(empty.argmax()) + 1}; every column must "
                "have one for its gaps to be filled in.",
                argument,
            )
        medians = np.nanmedian(X, axis=0).astype(np.float64)
        return cls(medians, tuple(np.flatnonzero(gaps.sum(axis=0) * TOLD_SHARE >= len(X)).tolist()))

    @property
    def given(self) -> int:
        """p: how many columns rows have as they are given."""
        return len(self.medians)

    @property
    def columns(self) -> int:
        """p + q: how many they have when they are complete."""
        return self.given + len(self.told)

    def names(self, given: tuple[str, ...]) -> tuple[str, ...]:
        """The names of all columns, from those of the given ones."""
        return (*given, *(f"{given[column]} is missing" for column in self.told))

    def completed(self, argument: str, rows: Any) -> Array:
        """Rows (n, p) without gaps, (n, p + q), in their float32 or float64, else float64; complete ones as they are.

        Gaps are NaN, or masked entries of a masked array.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If they are no matrix of real numbers with p or p + q columns.
        """
        X = real_matrix(argument, self.unmasked(rows))
        if X.shape[1] == self.columns != self.given:
            return X
        if X.shape[1] != self.given:
            raise ArgumentValueError(
                f"`{argument}` has {counted(X.shape[1], 'column')}; it must have {self.given}.", argument
            )
        if X.dtype not in (np.float32, np.float64):
            X = X.astype(np.float64)
        gaps = np.isnan(X)
        if not self.told and not gaps.any():
            return X
        filled = np.where(gaps, self.medians.astype(X.dtype), X)
        return np.hstack([filled, gaps[:, list(self.told)].astype(X.dtype)])

    def derivatives_of_given(self, derivatives: Array, rows: Any) -> Array:
        """A Jacobian (n, m, p + q) or Hessian (n, m, p + q, p + q) with respect to the given columns only.

        What is missing in `rows` (n, p), or (n, p + q), has no effect: with respect to it the derivatives are 0.
        """
        p = self.given
        there = ~np.isnan(np.asarray(self.unmasked(rows), dtype=np.float64)[:, np.newaxis, :p])
        if derivatives.ndim == 3:
            return np.where(there, derivatives[:, :, :p], 0)
        both = there[:, :, :, np.newaxis] & there[:, :, np.newaxis, :]
        return np.where(both, derivatives[:, :, :p, :p], 0)

    @staticmethod
    def unmasked(rows: Any) -> Any:
        """A masked array with NaN where it is masked; anything else as it is."""
        return np.ma.filled(rows.astype(np.float64), np.nan) if isinstance(rows, np.ma.MaskedArray) else rows
