"""Ranges: which rows lie outside those that the inputs had in training, where a network extrapolates.

Shapes: X (n, p), ranges (2, p), lowest and highest, in the user's units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, matrix
from fitnet.model.ensemble import AnyModel
from fitnet.model.given_rows import by_name
from fitnet.rows import Categories, RowSource, row_chunks


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
    """

    names: Sequence[str]
    rows: int | None
    entries: Array

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
    def unknown(cls, names: Sequence[str]) -> "Outside":
        """What is known without ranges."""
        return cls(names, None, np.zeros(len(names), int))

    def joined(self, other: "Outside") -> "Outside":
        """Those of this chunk's rows and the other's."""
        rows = None if self.rows is None or other.rows is None else self.rows + other.rows
        return Outside(self.names, rows, self.entries + other.entries)

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
