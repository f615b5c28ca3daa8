"""Comparison: whether a prediction is better than another by more than chance, row by row.

Shapes: prediction, other and target (n, m), in the target's unit.
"""

from typing import Any

import numpy as np

from fitnet.arguments import Array, matrix
from fitnet.evaluation.errors import FLOAT64, check_shape

STANDARD_ERRORS = 2.0  # by which the mean of the differences must be above 0


def clearly_better(prediction: Any, other: Any, target: Any) -> Array:
    """(m,), bools: whether the squared errors are below the other's by two standard errors of their mean difference.

    The errors are taken in pairs, those of a row: what makes a row hard for both does not count.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are not finite matrices of the same shape.
    """
    prediction, other, target = (
        matrix(name, values, FLOAT64)
        for name, values in (("prediction", prediction), ("other", other), ("target", target))
    )
    check_shape("prediction", prediction, target)
    check_shape("other", other, target)
    unit = np.maximum(np.abs(prediction - target), np.abs(other - target)).max(axis=0)
    unit = np.where(unit > 0, unit, 1)  # so that no square overflows
    gains = ((other - target) / unit) ** 2 - ((prediction - target) / unit) ** 2
    n = len(gains)
    if n == 1:
        return np.zeros(gains.shape[1], bool)
    error = gains.std(axis=0, ddof=1) / np.sqrt(n)
    better: Array = gains.mean(axis=0) > STANDARD_ERRORS * error
    return better
