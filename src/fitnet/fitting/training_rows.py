"""Rows to train on, and what is known of them: statistics and a digest, from one pass over what lies in a file.

Shapes: X (n, p), Y (n, m), weights (n,) or None, all in the user's units but for transformed targets.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

import numpy as np

from fitnet.algorithm.target_transform import LogTransform
from fitnet.arguments import Array
from fitnet.rows import (
    Categories,
    ColumnStatistics,
    Imputation,
    Inputs,
    PickedRows,
    PiecewiseRows,
    Rows,
    RowSource,
    data_digest,
    feature_statistics,
    features_of,
    hashed,
    is_spread,
    relative_weights,
    rows_a_chunk,
)


@dataclass(frozen=True, eq=False)
class Gathered:
    """What a pass over training rows told: the statistics of inputs and targets, and the digest of both."""

    inputs: ColumnStatistics
    targets: ColumnStatistics
    sha256: str

    def joined(self, rows: "TrainingRows") -> "Gathered":
        """The statistics of the rows so far and of others; of their digest no more is known."""
        return Gathered(self.inputs.joined(rows.inputs()), self.targets.joined(rows.targets()), "")


@dataclass(frozen=True, eq=False)
class TrainingRows:
    """Rows that were checked where they came in: finite, equally many, no weight negative, not all 0.

    Attributes
    ----------
    imputation
        What made these rows whole; they have its columns. None where nothing was missing or might be.
    categories
        The columns of words that some of these columns stand for; None where there are none.
    gathered
        What is known already of rows that stay in a file, or of these and those before them; otherwise one pass is
        made when it is asked for.
    target_transform
        What was done to Y already; None where it is as it was given.
    given
        The rows with their targets as they were given, where those were transformed.
    numbers
        (n,): the users' numbers of the rows, for sentences about them; None where all were kept.
    """

    X: Inputs
    Y: Rows
    weights: Array | None = None
    gathered: Gathered | None = None
    imputation: Imputation | None = None
    target_transform: LogTransform | None = None
    given: "TrainingRows | None" = None
    numbers: Array | None = None
    categories: Categories | None = None

    @classmethod
    def imputed(
        cls,
        X: Array,
        Y: Array,
        weights: Array | None = None,
        known: Imputation | None = None,
        numbers: Array | None = None,
        categories: Categories | None = None,
    ) -> "TrainingRows":
        """Rows X (n, p), finite but for gaps, made whole by the `known` imputation, or by one that is found in them.

        Raises
        ------
        ArgumentValueError
            If a column has gaps only.
        """
        imputation = Imputation.of("X", X) if known is None else known
        completed = imputation.completed("X", X)
        return cls(completed, Y, weights, imputation=imputation, numbers=numbers, categories=categories)

    def __sizeof__(self) -> int:
        """Bytes, with those of what lies in memory: by it joblib's "dask" backend sends a table once, not a job."""
        return object.__sizeof__(self) + sum(getattr(each, "nbytes", 0) for each in (self.X, self.Y, self.weights))

    @property
    def n(self) -> int:
        """How many rows they are."""
        return int(self.X.shape[0])

    @property
    def in_memory(self) -> bool:
        """Whether neither inputs nor targets stay in a file."""
        return isinstance(self.X, np.ndarray | PiecewiseRows) and isinstance(self.Y, np.ndarray)

    @cached_property
    def relative(self) -> tuple[Array | None, float]:
        """The weights (n,) relative to each other, or None, and their unit."""
        return (None, 1.0) if self.weights is None else relative_weights(self.weights)

    def inputs(self) -> ColumnStatistics:
        """Of the columns of X, weighted."""
        return self._statistics[0]

    def targets(self) -> ColumnStatistics:
        """Of the columns of Y, weighted."""
        return self._statistics[1]

    @cached_property
    def sha256(self) -> str:
        """The digest of the data as they were given, for a model's provenance."""
        if self.given is not None:
            return self.given.sha256
        if not self.in_memory:
            return self._passed.sha256
        return data_digest(features_of(self.X), self.Y, *([] if self.weights is None else [self.weights]))

    def whole(self) -> "TrainingRows":
        """The same rows, in memory where they lay in a file."""
        if self.in_memory:
            return self
        X, Y = (np.asarray(first_rows(each, self.n), np.float64) for each in (self.X, self.Y))
        return replace(self, X=X, Y=Y)

    def part(self, rows: Array) -> "TrainingRows":
        """Those rows of these, ascending where they are spread over ranks; others lie in memory."""
        if isinstance(self.X, RowSource) and isinstance(self.Y, RowSource) and is_spread(self.X):
            given = None if self.given is None else self.given.part(rows)
            return replace(self, X=PickedRows(self.X, rows), Y=PickedRows(self.Y, rows), gathered=None, given=given)
        assert isinstance(self.X, np.ndarray | PiecewiseRows) and isinstance(self.Y, np.ndarray)
        weights = None if self.weights is None else self.weights[rows]
        given = None if self.given is None else self.given.part(rows)
        numbers = None if self.numbers is None else self.numbers[rows]
        X, Y = self.X[rows], self.Y[rows]
        return replace(self, X=X, Y=Y, weights=weights, gathered=None, given=given, numbers=numbers)

    @cached_property
    def _statistics(self) -> tuple[ColumnStatistics, ColumnStatistics]:
        if self.gathered is not None or not self.in_memory:
            return self._passed.inputs, self._passed.targets
        relative = None if self.weights is None else self.weights / self.weights.max()
        targets = chunked_statistics(np.asarray(self.Y), relative)
        if isinstance(self.X, PiecewiseRows):
            return feature_statistics(self.X, relative), targets
        return chunked_statistics(np.asarray(self.X), relative), targets

    @cached_property
    def _passed(self) -> Gathered:
        return gathered(features_of(self.X), self.Y) if self.gathered is None else self.gathered


def gathered(X: Rows, Y: Rows) -> Gathered:
    """What one pass over X and then over Y tells, of which at least one stays in a file."""
    digest = sha256()
    inputs, targets = (
        ColumnStatistics.of_parts(ColumnStatistics.of_array(chunk) for chunk in hashed(rows, digest)) for rows in (X, Y)
    )
    return Gathered(inputs, targets, digest.hexdigest())


def chunked_statistics(rows: Array, weights: Array | None) -> ColumnStatistics:
    """Those of rows in memory, in the chunks in which a source would be read, so that both come to the same bits."""
    step = rows_a_chunk(rows.shape[1])
    chunks = [slice(start, start + step) for start in range(0, len(rows), step)]
    return ColumnStatistics.of_parts(
        ColumnStatistics.of_array(rows[chunk], None if weights is None else weights[chunk])
        for chunk in chunks
        if weights is None or weights[chunk].any()
    )


def first_rows(rows: Inputs, count: int) -> Array:
    """At most so many rows from the first on; of piecewise rows the features."""
    if isinstance(rows, RowSource):
        return rows.read(0, min(count, rows.shape[0]))
    return np.asarray(rows[:count]) if isinstance(rows, PiecewiseRows) else rows[:count]
