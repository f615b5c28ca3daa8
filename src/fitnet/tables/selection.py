"""Inputs and targets from a table: by name, and without missing values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array, counted, matrix
from fitnet.errors import ArgumentValueError, MissingValuesError, TableError
from fitnet.rows import Rows, RowSource, table_digest
from fitnet.tables.columns import numeric_columns
from fitnet.tables.table import Table, checked_names, require_columns

LISTED_COUNTS = 5  # columns that a sentence counts missing values for


@dataclass(frozen=True, eq=False)
class Selection:
    """What a network is fitted to.

    Attributes
    ----------
    X
        Inputs, float64 of shape (n, p), finite.
    Y
        Targets, float64 of shape (n, m), finite.
    feature_names, target_names
        The columns of X and Y.
    n_dropped
        The rows left out because a value was missing.
    """

    X: Rows
    Y: Rows
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    n_dropped: int


def select(
    table: Table, targets: Sequence[str], features: Sequence[str] | None = None, drop_missing: bool = False
) -> Selection:
    """Inputs and targets from a table.

    Parameters
    ----------
    targets
        The columns to predict.
    features
        The columns to predict them from, in the order of X; all that are no targets, in the file's order, if None.
    drop_missing
        Whether rows with a missing value in one of these columns are left out; otherwise they are refused.

    Raises
    ------
    TableError
        If a column is not there or not numeric (`numeric_columns`), a value is missing, or no row is left.
    ArgumentValueError, ArgumentTypeError
        If `targets` or `features` names no column, one twice, or the other's.
    """
    targets, features = chosen_columns(table.path, table.names, targets, features)
    values, kept = complete_rows(table, (*features, *targets), drop_missing)
    X, Y = (np.ascontiguousarray(part) for part in np.split(values, [len(features)], axis=1))
    return Selection(X, Y, features, targets, int(np.count_nonzero(~kept)))


def chosen_columns(
    path: str, there: Sequence[str], targets: Sequence[str], features: Sequence[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of targets and features, as `select` takes them, of a file that has the columns `there`."""
    targets = checked_names("targets", targets)
    require_columns(path, targets, there)
    if features is None:
        features = tuple(name for name in there if name not in targets)
        if not features:
            raise ArgumentValueError(
                f"`targets` holds every column of {path}; at least one must be left as a feature.", "targets"
            )
    features = checked_names("features", features)
    for name in features:
        if name in targets:
            raise ArgumentValueError(
                f"`features` holds {name!r}, which is a target; a column can be one of the two.", "features"
            )
    return targets, features


def complete_rows(table: Table, names: Sequence[str], drop_missing: bool = False) -> tuple[Array, Array]:
    """The named columns of the rows in which none of them is missing.

    Returns
    -------
    values
        float64 of shape (rows kept, len(names)), finite.
    kept
        Which of the table's rows these are, bool of shape (n,).

    Raises
    ------
    TableError
        If a value is missing and `drop_missing` is False (a `MissingValuesError`), or no row is left, or as in
        `numeric_columns`.
    """
    values = numeric_columns(table, names)
    missing = np.isnan(values)
    kept: Array = np.logical_not(missing.any(axis=1))
    if kept.all():
        return values, kept
    if not drop_missing:
        raise MissingValuesError(f"{table.path} has missing values in {missing_counts(names, missing.sum(axis=0))}")
    if not kept.any():
        raise TableError(
            f"{table.path} has a missing value in every row, in {missing_counts(names, missing.sum(axis=0))}; "
            "no row is left."
        )
    return values[kept], kept


def missing_counts(names: Sequence[str], counts: Array) -> str:
    """How many values are missing, for the first few columns where any are."""
    found = [f"{name} ({count})" for name, count in zip(names, counts, strict=True) if count]
    shown = ", ".join(found[:LISTED_COUNTS])
    more = len(found) - LISTED_COUNTS
    return f"{shown} and {more} more" if more > 0 else shown


def data_hash(X: Rows, Y: Rows) -> str:
    """SHA-256, as hexadecimal digits, of inputs (n, p) and targets (n, m), for a model's provenance.

    It depends on the numbers as float64 and on the order of rows and columns, not on names or on the file's format.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are no finite matrices with the same number of rows.
    """
    X, Y = (
        rows if isinstance(rows, RowSource) else matrix(name, rows, np.dtype(np.float64))
        for name, rows in (("X", X), ("Y", Y))
    )
    if X.shape[0] != Y.shape[0]:
        raise ArgumentValueError(
            f"`Y` has {counted(Y.shape[0], 'row')}; it must have as many as `X`, {X.shape[0]}.", "Y", "X"
        )
    return table_digest(X, Y)


def trained_on(provenance: Mapping[str, Any], X: Rows, Y: Rows) -> bool:
    """Whether `fitnet fit` made the model of that `provenance` from a table of these rows, by their numbers."""
    return bool(provenance.get("table_sha256") == data_hash(X, Y))
