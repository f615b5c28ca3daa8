"""Means over rows: what a loss makes of its rows' own, and each row's share in it.

Shapes: values of rows (n, m) or (n,), weights (n,) or None, which means 1 for every row.
"""

import numpy as np

from fitnet.arguments import Array


def row_mean(pointwise: Array, weights: Array | None) -> float:
    """The weighted mean over rows of the mean over outputs, summed in float64."""
    return mean_of_rows(pointwise.mean(axis=1, dtype=np.float64), weights)


def mean_of_rows(per_row: Array, weights: Array | None) -> float:
    """The weighted mean of what each row has, (n,)."""
    if weights is not None:
        per_row = np.where(weights == 0, 0, per_row)  # not even an infinite one has a say
    return float(np.average(per_row, weights=weights))


def row_scale(pointwise: Array, weights: Array | None) -> Array:
    """Each row times its share w_i / sum(w) / m in the loss: the derivative of `row_mean`."""
    return times_shares(pointwise, weights, pointwise.shape[1])


def times_shares(of_rows: Array, weights: Array | None, parts: int = 1) -> Array:
    """Each row times w_i / sum(w) / parts: with 1 the derivative of `mean_of_rows`."""
    if weights is None:
        weights = np.ones(len(of_rows), of_rows.dtype)
    share = weights / (weights.sum(dtype=np.float64) * parts)
    scaled: Array = of_rows * share.astype(of_rows.dtype)[:, np.newaxis]
    return scaled
