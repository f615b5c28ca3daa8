"""Ranges: which rows lie outside those that the inputs had in training, where a network extrapolates.

For ensembles that know their domain, which rows lie outside that.

Shapes: X (n, p), ranges (2, p), lowest and highest, in the user's units.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, matrix
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.given_rows import by_name
from fitnet.rows import Categories, RowSource, row_chunks
from fitnet.uncertainty.domain import Domain


@dataclass(frozen=True, eq=False)
class Outside:
    """How many rows lie outside the ranges seen in training, and in which columns.

    Attributes
    ----------
    names
        The inputs', but of columns of words the columns' own.
    rows
        How many rows have an entry outside; None where the ranges are not known.
    entries
        (names,): how many of every column's entries are outside.
    beyond
        What the rows are outside of.
    """

    names: Sequence[str]
    rows: int | None
    entries: Array
    beyond: str = "the ranges seen in training"

    @classmethod
    def of(
        cls, X: Array, ranges: Array | None, names: Sequence[str], categories: Categories | None = None
    ) -> "Outside":
        """Those of one chunk X (n, p) of rows, for ranges (2, p) where they are known.

        The inputs that stand for a column of words count as that column, and a word of no known level as outside.
        """
        if ranges is None:
            return cls.unknown(names)
        beyond = (ranges[0] > X) | (ranges[1] < X)
        if categories is not None:
            given = np.stack([beyond[:, place].any(axis=1) for place in categories.places], axis=1)
            beyond = np.hstack([given | categories.strange(X), beyond[:, categories.columns :]])
            names = (*categories.names, *names[categories.columns :])
        return cls(names, int(beyond.any(axis=1).sum()), beyond.sum(axis=0))

    @classmethod
    def of_domain(
        cls, X: Array, domain: Domain, names: Sequence[str], categories: Categories | None = None
    ) -> "Outside":
        """Those of one chunk X (n, p) of rows that are clearly outside a domain, each counted in its worst column."""
        rows = domain.outside(X)
        entries = np.zeros(len(names), int)
        if rows.any():
            entries += np.bincount(domain.worst_column(X[rows]), minlength=len(names))
        if categories is not None:
            given = [entries[place].sum() for place in categories.places]
            entries = np.concatenate([given, entries[categories.columns :]])
            names = (*categories.names, *names[categories.columns :])
        return cls(names, int(rows.sum()), entries, "the training rows")

    @classmethod
    def unknown(cls, names: Sequence[str]) -> "Outside":
        """What is known without ranges."""
        return cls(names, None, np.zeros(len(names), int))

    def joined(self, other: "Outside") -> "Outside":
        """Those of this chunk's rows and the other's."""
        rows = None if self.rows is None or other.rows is None else self.rows + other.rows
        return Outside(self.names, rows, self.entries + other.entries, self.beyond)

    def as_dict(self) -> dict[str, Any]:
        """The rows outside, the column that most of them leave, and how many leave that one."""
        most = int(self.entries.argmax())
        return {
            "rows": self.rows,
            "column": self.names[most] if self.rows else None,
            "column_rows": int(self.entries[most]) if self.rows else None,
        }


def outside_ranges(model: AnyModel, X: Any) -> Outside:
    """Which of the rows of X (n, p) lie outside the model's ranges: an array, a frame, or rows read in chunks."""
    ranges, names = model.input_ranges, model.input_names
    if not isinstance(X, RowSource):
        X = matrix("X", by_name("X", model.completed(X), names), FLOAT64, len(names))
    if ranges is None:
        return Outside.unknown(names)
    return reduce(Outside.joined, (Outside.of(chunk, ranges, names, model.categories) for _, chunk in row_chunks(X)))


def outside_of(model: AnyModel, X: Any) -> Outside:
    """Which of the rows of X (n, p) lie outside what the model knows: its domain, where it has one, or its ranges."""
    domain = domain_of(model)
    if domain is None:
        return outside_ranges(model, X)
    chunks = (Outside.of_domain(chunk, domain, model.input_names, model.categories) for chunk in inputs_of(model, X))
    return reduce(Outside.joined, chunks)


def rows_outside(model: AnyModel, X: Any) -> Array:
    """(n,) bool: the rows that `outside_of` counts; none where nothing is known."""
    domain, ranges = domain_of(model), model.input_ranges
    if domain is not None:
        return np.concatenate([domain.outside(chunk) for chunk in inputs_of(model, X)])
    if ranges is None:
        return np.zeros(len(X) if not isinstance(X, RowSource) else X.shape[0], bool)
    return np.concatenate([strange(chunk, ranges, model.categories) for chunk in inputs_of(model, X)])


def domain_of(model: AnyModel) -> Domain | None:
    """An ensemble's, where it has one."""
    return model.domain if isinstance(model, Ensemble) else None


def inputs_of(model: AnyModel, X: Any) -> Iterator[Array]:
    """The rows of X as the networks' inputs, an array or a frame at once, others in chunks."""
    names = model.input_names
    if not isinstance(X, RowSource):
        X = matrix("X", by_name("X", model.completed(X), names), FLOAT64, len(names))
    return (chunk for _, chunk in row_chunks(X))


def strange(X: Array, ranges: Array, categories: Categories | None) -> Array:
    """(n,) bool: which rows are beyond the ranges, or have a word of no known level."""
    beyond = ((ranges[0] > X) | (ranges[1] < X)).any(axis=1)
    return np.asarray(beyond if categories is None else beyond | categories.strange(X).any(axis=1))
