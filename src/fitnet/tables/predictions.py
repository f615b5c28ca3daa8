"""Predictions for the rows of a table, as columns that can be written beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike

import numpy as np

from fitnet.arguments import Array, one_of
from fitnet.errors import ArgumentValueError
from fitnet.evaluation.ranges import Outside, outside_ranges
from fitnet.model.model import Model
from fitnet.model.stored_rows import predict_rows
from fitnet.rows import MISSING_RULES, Rows
from fitnet.tables.missing_values import complete_rows
from fitnet.tables.reading import read_table
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
    model: Model,
    path: str | PathLike[str],
    std: bool = False,
    missing: str | None = None,
    units_row: bool = False,
    missing_values: Sequence[float] = (),
) -> Predictions:
    """The answers to the rows of a table in a file, whose columns are found by name; others may be there.

    A large Parquet file (`large_parquet`) is read in parts, if missing values are refused. What is done about them is
    `missing_rule`'s to say.

    Raises
    ------
    TableError, OSError
        As `read_table` and `complete_rows`.
    ArgumentValueError
        If `std` asks for what the model has not, or for a column with a target's own name, or `missing` for a rule that
        there is not.
    """
    X: Rows
    n_dropped = 0
    rule, names = missing_rule(model, missing), model.given_names
    if rule == "refuse" and not missing_values and large_parquet(path) is not None:
        X = StoredColumns(path, names)
        answers = predict_rows(model, X, return_std=std)
    else:
        X, kept = complete_rows(read_table(path, units_row, missing_values), names, rule, filled=names)
        answers, n_dropped = model.predict(X, return_std=std, return_cov=False), int(np.count_nonzero(~kept))
    columns = prediction_columns(model.output_names, *(answers if std else (answers,)))
    return Predictions(columns, X.shape[0], n_dropped, outside_ranges(model, X))


def missing_rule(model: Model, missing: str | None) -> str:
    """What is done about missing values in rows to predict: what is asked for, else "impute" if the model does, or not.

    Raises
    ------
    ArgumentValueError
        If it is no rule, or "impute" where the model was trained otherwise.
    """
    if missing is None:
        return "refuse" if model.imputation is None else "impute"
    rule = one_of("missing", missing, MISSING_RULES)
    if rule == "impute" and model.imputation is None:
        raise ArgumentValueError(
            "`missing` is 'impute', which the model was not fitted with; it must be 'refuse' or 'drop'.", "missing"
        )
    return rule


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
