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

    `certainty` says how rows that the other misses by far count.

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
    squares, others = (((each - target) / unit) ** 2 for each in (prediction, other))
    return certainty(squares, others) >= 1


def certainty(squares: Array, others: Array, weights: Array | None = None) -> Array:
    """(k,): how certain it is that squared errors (n, k) are below the others' on average, from 0 to 1.

    It is the mean difference, row by row, over two standard errors. One row that the others miss by far would make any
    difference uncertain: others beyond the largest of the squares may count as that one does. Weights are (n,) or None.
    """
    found = np.zeros(squares.shape[1])
    for bounded in (others, np.minimum(others, squares.max(axis=0))):
        gains = bounded - squares
        mean = np.average(gains, 0, weights)
        error = np.sqrt(np.average((gains - mean) ** 2, 0, weights) / max(len(gains) - 1, 1))
        ratio = np.divide(mean, STANDARD_ERRORS * error, out=np.where(mean > 0, 1.0, 0.0), where=error > 0)
        found = np.maximum(found, np.clip(ratio, 0, 1))
    return found if len(squares) > 1 else np.zeros(squares.shape[1])
