"""Worst rows: those that a prediction is furthest from.

Shapes: residuals (n, m).
"""

import numpy as np

from fitnet.arguments import Array

MOST_ROWS = 10


def worst_rows(residuals: Array, count: int = MOST_ROWS) -> Array:
    """(at most `count`, m): of every target the places of the rows with the largest residuals, the largest first."""
    order = np.argsort(-np.abs(residuals), axis=0, kind="stable")
    return order[:count]
