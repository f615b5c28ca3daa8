"""Rows as users give them to a report: as numbers, words encoded and gaps kept.

Shapes: X (n, k), Y (n, m); a model takes k given numbers and, once gaps are filled in and told, p of them.
"""

from typing import Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, counted, matrix, real_matrix
from fitnet.errors import ArgumentValueError
from fitnet.model.ensemble import AnyModel
from fitnet.model.given_rows import by_name, encoded_rows
from fitnet.reports.given_labels import codes_given
from fitnet.rows import Rows, RowSource


def given_rows(model: AnyModel, X: Any, y: Any) -> tuple[Rows, Rows]:
    """X (n, k), float64, gaps NaN where the model fills them in, and Y (n, m), float64; a `RowSource` stays as it is.

    Of a model of classes y has labels, and Y is their codes (n, 1).

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are not matrices or frames with the model's columns, or not equally many rows, at least one.
    """
    rows = inputs_of(model, X)
    targets = targets_of(model, y) if model.classes is None else codes_given(model.classes, y)
    if rows.shape[0] != targets.shape[0]:
        raise ArgumentValueError(
            f"`X` has {rows.shape[0]} rows and `y` has {targets.shape[0]}; they must have equally many.", "X", "y"
        )
    if rows.shape[0] == 0:
        raise ArgumentValueError("`X` has no rows; a report needs at least one.", "X")
    return rows, targets


def inputs_of(model: AnyModel, X: Any) -> Rows:
    """X as numbers; see `given_rows`."""
    width = len(model.input_names)
    if isinstance(X, RowSource):
        if X.shape[1] != width:
            raise ArgumentValueError(f"`X` has {counted(X.shape[1], 'column')}; it must have {width}.", "X")
        return X
    if model.imputation is None:
        return matrix("X", encoded_rows("X", X, model), FLOAT64, width)
    rows = real_matrix("X", model.imputation.unmasked(encoded_rows("X", X, model, gaps=True)))
    if rows.shape[1] != model.imputation.given:
        raise ArgumentValueError(
            f"`X` has {counted(rows.shape[1], 'column')}; it must have {model.imputation.given}.", "X"
        )
    if np.isinf(rows).any():
        raise ArgumentValueError("`X` has infinite entries; all must be finite, or missing.", "X")
    return np.asarray(rows, FLOAT64)


def targets_of(model: AnyModel, y: Any) -> Rows:
    """Y (n, m); a vector (n,) is the only target's."""
    m = len(model.output_names)
    if isinstance(y, RowSource):
        if y.shape[1] != m:
            raise ArgumentValueError(f"`y` has {counted(y.shape[1], 'column')}; it must have {m}.", "y")
        return y
    found = by_name("y", y, model.output_names, "y")
    if m == 1 and np.ndim(found) == 1:
        found = np.asarray(found).reshape(-1, 1)
    return matrix("y", found, FLOAT64, m)


def completed(model: AnyModel, rows: Array) -> Array:
    """Rows (r, k) of such X as the networks take them: (r, p), float64."""
    filled = rows if model.imputation is None else model.imputation.completed("X", rows)
    return np.asarray(filled, FLOAT64)
