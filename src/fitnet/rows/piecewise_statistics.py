"""Statistics of piecewise rows' features, from where their entries lie: no feature is made.

Shapes: features (n, k), weights (n,) or None, counted in the pieces of one column (T,).
"""

import numpy as np

from fitnet.arguments import Array
from fitnet.rows.piecewise import PiecewiseRows
from fitnet.rows.statistics import ColumnStatistics


def feature_statistics(rows: PiecewiseRows, weights: Array | None = None) -> ColumnStatistics:
    """What `ColumnStatistics.of_array` tells of the features; the largest weight is best 1, and not all are 0."""
    if weights is not None:
        rows, weights = rows[weights > 0], weights[weights > 0]
    p, q = len(rows.pieces), int(np.count_nonzero(rows.pieces))
    values = ColumnStatistics.of_array(np.ascontiguousarray(rows.codes[:, :p]), weights)
    found = np.empty((4, rows.shape[1]))
    found[:, rows.values_at] = values.lowest, values.highest, values.mean, values.deviation
    number, column = 0, p
    for first, T in zip(rows.values_at + 1, rows.pieces, strict=True):
        if T > 0:
            share, own = rows.codes[:, column].astype(np.float64), rows.codes[:, column + q].astype(np.intp) - number
            found[:, first : first + T] = of_pieces(share, own, weights, T)
            number, column = number + T, column + 1
    low, high, mean, deviation = found
    return ColumnStatistics(values.weight, low, high, mean, deviation, values.spacing)


def of_pieces(share: Array, own: Array, weights: Array | None, T: int) -> tuple[Array, Array, Array, Array]:
    """Lowest, highest, mean and deviation of T pieces' features: 1 before an entry's own, its share there, else 0."""
    w = np.ones(len(share)) if weights is None else weights
    counts, inside = np.bincount(own, minlength=T), np.bincount(own, w, T)
    below = inside.cumsum() - inside  # the weight of entries that lie in pieces before, where the feature is 0
    above = inside[::-1].cumsum()[::-1] - inside
    any_below, any_above = counts.cumsum() > counts, counts[::-1].cumsum()[::-1] > counts
    low = np.where(any_below, 0.0, np.where(any_above, 1.0, np.inf))
    high = np.where(any_above, 1.0, np.where(any_below, 0.0, -np.inf))
    np.minimum.at(low, own, share)
    np.maximum.at(high, own, share)
    weight = w.sum()
    mean = (above + np.bincount(own, w * share, T)) / weight
    # squares of distances from the mean, each part by itself, so that what never varies has none
    squares = above * (1 - mean) ** 2 + below * mean**2 + np.bincount(own, w * (share - mean[own]) ** 2, T)
    return low, high, mean, np.sqrt(squares / weight)
