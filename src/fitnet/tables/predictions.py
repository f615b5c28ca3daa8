"""Predictions for the rows of a table, as columns that can be written beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

import numpy as np

from fitnet.algorithm.classes import Label
from fitnet.arguments import Array, counted, one_of
from fitnet.errors import ArgumentValueError
from fitnet.evaluation.ranges import Outside, outside_of, rows_outside
from fitnet.model.ensemble import AnyModel
from fitnet.model.new_classes import scores_of, sets_among
from fitnet.rows import MISSING_RULES, Rows
from fitnet.tables.answer_columns import (
    answers_to,
    check_derivatives,
    derivative_columns,
    prediction_columns,
    slopes_at,
)
from fitnet.tables.class_columns import SEPARATOR, SETS, as_written, class_columns, set_column
from fitnet.tables.missing_values import complete_rows
from fitnet.tables.opening import read_table
from fitnet.tables.stored_columns import large_parquet, stored_rows, warn_of_strange_words
from fitnet.uncertainty.outside_rows import OUTSIDE


@dataclass(frozen=True)
class Asked:
    """What is asked for every row of a table, as `predict_table` takes it."""

    std: bool = False
    missing: str | None = None
    units_row: bool = False
    missing_values: tuple[float, ...] = ()
    coverage: float | None = None
    outside: str = "warn"
    set_coverage: float | None = None
    never_empty: bool = False
    derivatives: bool = False

    def __post_init__(self) -> None:
        one_of("outside", self.outside, OUTSIDE)


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model answers to a table.

    Attributes
    ----------
    columns
        (rows,) each: a column a target and, where it was asked for, behind it its standard deviation as <target>_std
        and the ends of its interval as <target>_lower and <target>_upper; of a model of classes the likeliest label
        under the target's name, the labels in its set as <target>_set, and the probability of every class as p(label).
        Then the derivatives, d(<target>)/d(<input>). A unit that ends a name stays at its end: <target>_std [m].
    rows
        How many of the table's rows were answered.
    n_dropped
        The rows left out because a value was missing.
    set_labels
        By the name of a column of sets, the labels by what stands for them there.
    outside
        Which of the rows lie outside an ensemble's training rows, or the ranges seen in training.
    """

    columns: dict[str, Array]
    rows: int
    n_dropped: int
    outside: Outside
    set_labels: Mapping[str, Mapping[str, Label]] = field(default_factory=dict)

    def as_lists(self) -> dict[str, list[Any]]:
        """The columns as JSON can hold them, None for NaN and for no label; sets as lists of labels."""
        lists: dict[str, list[Any]] = {
            name: [None if x != x or x == "" else x for x in column.tolist()] for name, column in self.columns.items()
        }
        for name, labels in self.set_labels.items():
            known = [label is not None for label in lists[name.removesuffix(SETS)]]
            lists[name] = [
                [labels[text] for text in (joined or "").split(SEPARATOR) if text] if there else None
                for joined, there in zip(lists[name], known, strict=True)
            ]
        return lists


def predict_table(
    model: AnyModel,
    path: str | PathLike[str],
    std: bool = False,
    missing: str | None = None,
    units_row: bool = False,
    missing_values: Sequence[float] = (),
    *,
    coverage: float | None = None,
    outside: str = "warn",
    set_coverage: float | None = None,
    never_empty: bool = False,
    derivatives: bool = False,
) -> Predictions:
    """The answers to the rows of a table in a file, whose columns are found by name; others may be there.

    A large Parquet file (`large_parquet`) is read in parts, if missing values are refused. What is done about them is
    `missing_rule`'s to say. With `coverage` there are the ends of intervals that are to hold that share of new targets,
    with `set_coverage` the sets of classes that are to hold it, none of them empty if `never_empty`; with `derivatives`
    those with respect to the columns of numbers. Where `outside` is "nan" the answers to rows outside are NaN; to
    "warn" of them is the caller's.

    Raises
    ------
    TableError, OSError
        As `read_table` and `complete_rows`.
    ArgumentValueError
        If `std`, `coverage`, `set_coverage` or `derivatives` asks for what the model has not, or for a column with a
        target's own name, or `missing` for a rule that there is not; or if there are rows outside and `outside` is
        "raise".
    """
    X: Rows
    n_dropped = 0
    asked = Asked(
        std, missing, units_row, tuple(missing_values), coverage, outside, set_coverage, never_empty, derivatives
    )
    rule, names = missing_rule(model, missing), model.given_names
    if rule == "refuse" and not missing_values and large_parquet(path, names) is not None:
        X = stored_rows(path, names, model.categories)
        warn_of_strange_words(path, model.categories)
    else:
        table = read_table(path, units_row, missing_values, columns=names)
        X, kept = complete_rows(table, names, rule, filled=names, categories=model.categories)
        n_dropped = int(np.count_nonzero(~kept))
    return answered_rows(model, X, n_dropped, asked)


def answered_rows(model: AnyModel, X: Rows, n_dropped: int, asked: Asked) -> Predictions:
    """The answers to rows X (n, p); `n_dropped` were left out. The errors are `predict_table`'s."""
    if asked.set_coverage is not None:
        scores_of(model, "set_coverage")
    found = outside_of(model, X)
    if found.rows and asked.outside == "raise":
        raise rows_are_outside(found, X.shape[0])
    check_derivatives(model, asked.derivatives)
    parts = answers_to(model, X, asked.std, asked.coverage)
    slopes = slopes_at(model, X) if asked.derivatives else None
    strange = rows_outside(model, X) if found.rows and asked.outside == "nan" else None
    labels = {}
    if model.classes is not None:
        of_rows, share = parts[""], asked.set_coverage
        sets = None if share is None else sets_among(model, of_rows, share, asked.never_empty, "set_coverage")
        columns = class_columns(model, of_rows, strange, sets)
        if sets is not None:
            labels = {set_column(model): {as_written(label): label for label in model.classes}}
    else:
        if strange is not None:
            parts = {ending: np.where(strange[:, np.newaxis], np.nan, part) for ending, part in parts.items()}
        columns = prediction_columns(model.output_names, parts)
    if slopes is not None:
        columns |= derivative_columns(model, slopes, columns, strange)
    return Predictions(columns, X.shape[0], n_dropped, found, labels)


def rows_are_outside(found: Outside, n: int) -> ArgumentValueError:
    """The error where rows are outside and are not to be."""
    column = found.as_dict()["column"]
    return ArgumentValueError(
        f"`outside` is 'raise', and of {counted(n, 'row')} {found.rows} lie outside {found.beyond}, most in column "
        f"{column!r}; leave such rows out, or give 'nan', which answers them with NaN.",
        "outside",
    )


def missing_rule(model: AnyModel, missing: str | None) -> str:
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
