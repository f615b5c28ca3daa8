"""Rows that are only watched while an estimator is trained.

Shapes: X (n, p); y (n,) or (n, m); weight (n,).
"""

from typing import Any

import numpy as np

from fitnet.arguments import row_weights
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.estimators.given_data import given_targets, trained_pair
from fitnet.estimators.network_estimator import NetworkEstimator
from fitnet.fitting.training_rows import TrainingRows


def validation_rows(
    estimator: NetworkEstimator, data: Any, rows: TrainingRows, stops_early: bool
) -> TrainingRows | None:
    """(X, y) or (X, y, weight), checked and made whole as the training `rows` are; None where none is given."""
    if data is None:
        if stops_early and not rows.in_memory:
            raise ArgumentValueError(
                "`early_stopping` cannot keep rows of a large memory map out of training; "
                "`validation_data` must be given.",
                "early_stopping",
            )
        return None
    if not isinstance(data, tuple | list) or len(data) not in (2, 3):
        raise ArgumentTypeError("`validation_data` must be a pair (X, y) or three, (X, y, weight).", "validation_data")
    y, _ = given_targets("validation_data", data[1], estimator._target_names, estimator.missing != "refuse")
    X, y, _ = trained_pair(estimator, data[0], y, False, "validation_data")
    Y, m = y.reshape(len(y), -1), rows.Y.shape[1]
    if Y.shape[1] != m:
        raise ArgumentValueError(
            f"`validation_data` has {Y.shape[1]} targets; it must have {m}, as y has.", "validation_data"
        )
    if rows.imputation is not None:
        X = rows.imputation.completed("validation_data", X)
    if len(data) == 2 or data[2] is None:
        return TrainingRows(X, Y)
    return TrainingRows(X, Y, row_weights("validation_data weight", data[2], np.dtype(np.float64), len(X)))
