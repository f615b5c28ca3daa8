"""Predictions for the rows of a table, as columns that can be written beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.evaluation.ranges import Outside, outside_ranges
from fitnet.model.model import Model
from fitnet.model.stored_rows import predict_rows
from fitnet.rows import Rows
from fitnet.tables.reading import read_table
from fitnet.tables.selection import complete_rows
from fitnet.tables.stored_columns import StoredColumns, large_parquet


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model answers to a table.

    Attributes
    ----------
    columns
        (rows,) each: a column a target and, where it was asked for, its standard deviation as <target>_std behind it.
    rows
        How many of the table's rows were answered.
    n_dropped
        The rows left out because a value was missing.
    outside
        Which of the rows lie outside the ranges seen in training.
    """

    columns: dict[str, Array]
    rows: int
    n_dropped: int
    outside: Outside


def predict_table(
    model: Model, path: str | PathLike[str], std: bool = False, drop_missing: bool = False
) -> Predictions:
    """The answers to the rows of a CSV or Parquet file, whose columns are found by name; others may be there.

    A large Parquet file (`large_parquet`) is read in parts, unless rows are to be dropped.

    Raises
    ------
    TableError, OSError
        As `read_table` and `complete_rows`.
    ArgumentValueError
        If `std` asks for what the model has not, or for a column with a target's own name.
    """
    X: Rows
    n_dropped = 0
    if not drop_missing and large_parquet(path) is not None:
        X = StoredColumns(path, model.input_names)
        answers = predict_rows(model, X, return_std=std)
    else:
        X, kept = complete_rows(read_table(path), model.input_names, drop_missing)
        answers, n_dropped = model.predict(X, return_std=std, return_cov=False), int(np.count_nonzero(~kept))
    columns = prediction_columns(model.output_names, *(answers if std else (answers,)))
    return Predictions(columns, X.shape[0], n_dropped, outside_ranges(model, X))


def prediction_columns(names: Sequence[str], predictions: Array, std: Array | None = None) -> dict[str, Array]:
    """The columns of `Predictions` from matrices (n, m)."""
    columns = {}
    for j, name in enumerate(names):
        columns[name] = predictions[:, j].copy()
        if std is not None:
            column = f"{name}_std"
            if column in names:
                raise ArgumentValueError(f"`std` needs the column {column!r}, which is a target's own name.", "std")
            columns[column] = std[:, j].copy()
    return columns
