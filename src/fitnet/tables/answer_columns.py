"""The columns of answers to a table's rows: predictions, what belongs to them, and derivatives.

Shapes: predictions (n, m); derivatives (n, m, q) with respect to the q columns of numbers.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.model.answer_names import derivative_name, named_beside
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.stored_rows import interval_of_rows, jacobian_of_rows, predict_rows
from fitnet.rows import Rows, RowSource
from fitnet.tables.class_columns import probability_columns

ENDS = ("_lower", "_upper")


def answers_to(model: AnyModel, X: Rows, std: bool, coverage: float | None) -> dict[str, Array]:
    """The matrices (n, m) that are asked for, by what their columns' names end in; errors are `predict_table`'s."""
    if model.classes is not None and (std or coverage is not None):
        raise no_error_bars_of_classes("std" if std else "coverage")
    if isinstance(model, Ensemble) and model.conformal is None and (std or coverage is not None):
        raise no_error_bars_of_several("std" if std else "coverage")
    if isinstance(X, RowSource):
        answers = predict_rows(model, X, return_std=std)
        ends = None if coverage is None else interval_of_rows(model, X, coverage)
    else:
        answers = model.predict(X, return_std=True) if std else model.predict(X)
        ends = None if coverage is None else model.predict_interval(X, coverage)
    parts = {"": answers[0], "_std": answers[1]} if std else {"": answers}
    return parts if ends is None else parts | dict(zip(ENDS, np.moveaxis(ends, -1, 0), strict=True))


def no_error_bars_of_several(asked: str) -> ArgumentValueError:
    """The error where error bars are asked of an ensemble that has no residuals to make them of."""
    return ArgumentValueError(
        f"`{asked}` needs out-of-fold residuals, which this ensemble does not have; it must be left out.", asked
    )


def no_error_bars_of_classes(asked: str) -> ArgumentValueError:
    """The error where error bars are asked of probabilities."""
    return ArgumentValueError(
        f"`{asked}` asks for error bars of numbers, and the model predicts classes, whose probabilities say how sure "
        "it is, and of an ensemble sets of classes, by --set (`predict_set`); it must be left out.",
        asked,
    )


def prediction_columns(names: Sequence[str], parts: Mapping[str, Array]) -> dict[str, Array]:
    """The columns of `Predictions`, target by target, from matrices (n, m) by what their names end in."""
    columns = {}
    for j, name in enumerate(names):
        for ending, matrix in parts.items():
            column = named_beside(name, ending)
            if ending and column in names:
                asked = "coverage" if ending in ENDS else "std"
                raise ArgumentValueError(f"`{asked}` needs the column {column!r}, which is a target's own name.", asked)
            columns[column] = matrix[:, j].copy()
    return columns


def check_derivatives(model: AnyModel, asked: bool) -> None:
    """Refuse derivatives of a model that has no column to take them by."""
    if asked and not model.number_names:
        raise ArgumentValueError(
            "`derivatives` needs a column of numbers, and all that the model predicts from are words; it must be left "
            "out.",
            "derivatives",
        )


def slopes_at(model: AnyModel, X: Rows) -> Array:
    """The derivatives at rows X (n, p)."""
    return jacobian_of_rows(model, X) if isinstance(X, RowSource) else model.jacobian(X)


def derivative_columns(
    model: AnyModel, slopes: Array, others: Collection[str], strange: Array | None = None
) -> dict[str, Array]:
    """The columns of derivatives, target by target; NaN in rows that are `strange`, (n,) bool.

    Raises
    ------
    ArgumentValueError
        If two of them, or one of them and one of the `others`, would have the same name.
    """
    outputs = model.output_names if model.classes is None else probability_columns(model.classes)
    columns: dict[str, Array] = {}
    for j, output in enumerate(outputs):
        for k, given in enumerate(model.number_names):
            name = derivative_name(output, given, model.units)
            if name in columns or name in others:
                raise ArgumentValueError(
                    f"`derivatives` would give two columns the name {name!r}; the model's columns must have other "
                    "names.",
                    "derivatives",
                )
            column = slopes[:, j, k]
            columns[name] = column.copy() if strange is None else np.where(strange, np.nan, column)
    return columns
