"""Inputs and targets from a table: by name, and without missing values that nothing is to be filled in for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fitnet.algorithm.classes import Label
from fitnet.arguments import Array, counted, matrix, one_of
from fitnet.errors import ArgumentValueError
from fitnet.rows import MISSING_RULES, Categories, Rows, RowSource, table_digest
from fitnet.tables.missing_values import complete_rows
from fitnet.tables.sentinels import warn_of_sentinels
from fitnet.tables.shares import Part, check_only_numbers, found_marks
from fitnet.tables.table import Table, checked_names, require_columns
from fitnet.tables.words import check_target, found_categories


@dataclass(frozen=True, eq=False)
class Selection:
    """What a network is fitted to.

    Attributes
    ----------
    X
        Inputs, float64 of shape (n, k), finite but for gaps that are to be imputed, which are NaN.
    Y
        Targets, float64 of shape (n, m), finite.
    feature_names, target_names
        The columns of X, as the table has them, and of Y.
    n_dropped
        The rows left out because a value was missing.
    units
        Of the columns for which the file has one, by name.
    categories
        The features that hold words, and the columns of X that stand for them; None where all hold numbers.
    classes
        The labels that the targets, (n, 1), give the places of; None where targets are numbers.
    part
        What is to be said of them to those who have the other rows; None where these are all rows.
    """

    X: Rows
    Y: Rows
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    n_dropped: int
    units: Mapping[str, str] = field(default_factory=dict)
    categories: Categories | None = None
    classes: tuple[Label, ...] | None = None
    part: Part | None = None

    @property
    def codes(self) -> Array:
        """(n,), whole numbers: the place of every row's label among the classes."""
        assert isinstance(self.Y, np.ndarray) and self.classes is not None
        return self.Y[:, 0].astype(np.intp)


def select(
    table: Table,
    targets: Sequence[str],
    features: Sequence[str] | None = None,
    missing: str = "refuse",
    *,
    trains: bool = True,
    categories: Categories | None = None,
) -> Selection:
    """Inputs and targets from a table.

    A `fitnet.errors.TableWarning` names columns in which a number such as -9999 seems to stand for a missing value, or
    in which every row has another word.

    Parameters
    ----------
    targets
        The columns to predict.
    features
        The columns to predict them from, in the order of X; all that are no targets, in the file's order, if None.
    missing
        "refuse" refuses a table with a missing value in one of these columns, "drop" leaves those rows out, "impute"
        leaves out only those without a target and keeps gaps of features for the model to fill in.
    trains
        Whether a model is to be fitted to them: features may then hold words, of at most 100 levels, and the sentence
        about missing values may advise "impute".
    categories
        Of the features of a model that is there.

    Raises
    ------
    TableError
        If a column is not there or not numeric (`numeric_columns`), a value is missing, or no row is left.
    ArgumentValueError, ArgumentTypeError
        If `targets` or `features` names no column, one twice, or the other's, or `missing` is no such rule.
    """
    targets, features = chosen_columns(table.path, table.names, targets, features)
    names = (*features, *targets)
    rule = one_of("missing", missing, MISSING_RULES)
    require_columns(table.path, names, table.names)
    for name in targets:
        check_target(table, name)
    if table.part_of:
        check_only_numbers(table, features)
    elif trains:
        categories = found_categories(table, features, missing=rule == "impute")
    values, kept = complete_rows(table, names, rule, features, imputes=trains, categories=categories)
    k = len(features) if categories is None else categories.columns
    X, Y = (np.ascontiguousarray(part) for part in np.split(values, [k], axis=1))
    if categories is None:
        warn_of_sentinels(table.path, names, values)
        numbers = names
    else:
        numbers = (*categories.number_names, *targets)
        warn_of_sentinels(table.path, numbers, np.hstack([X[:, categories.number_places], Y]))
    units = {name: unit for name, unit in table.units.items() if name in numbers}
    n_dropped, part = int(np.count_nonzero(~kept)), None
    if table.part_of:
        part = Part(table.path, table.part_of, n_dropped, units, found_marks(table, names))
    return Selection(X, Y, features, targets, n_dropped, units, categories, part=part)


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
    X, Y = (rows if isinstance(rows, RowSource) else np.asarray(rows, np.float64) for rows in (X, Y))
    return bool(provenance.get("table_sha256") == table_digest(X, Y))
