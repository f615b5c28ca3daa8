"""Rows at given places of a matrix in memory or in a file.

Shapes: a matrix (n, k), places (J,), ascending.
"""

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array
from fitnet.model.ensemble import AnyModel
from fitnet.rows import Rows, row_chunks


def taken(rows: Rows, places: Array) -> Array:
    """(J, k), float64: the rows at these places, those of a file read chunk by chunk."""
    found = np.empty((len(places), rows.shape[1]), FLOAT64)
    for first, chunk in row_chunks(rows):
        start, stop = np.searchsorted(places, (first, first + len(chunk)))
        found[start:stop] = chunk[places[start:stop] - first]
    return found


def completed(model: AnyModel, rows: Array) -> Array:
    """Rows (n, k) of inputs as numbers with their gaps filled in, (n, p)."""
    return rows if model.imputation is None else np.asarray(model.imputation.completed("X", rows))
