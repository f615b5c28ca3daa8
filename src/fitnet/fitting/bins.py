"""Bins: where an encoding cuts columns into pieces, by the training rows alone.

Shapes: X (n, p), Y (n, m), weights (n,) or None.
"""

from dataclasses import dataclass, replace

import numpy as np

from fitnet.algorithm.encoding import LEAST_EDGES, PiecewiseLinear
from fitnet.algorithm.projections import projected
from fitnet.algorithm.scaling import FLOAT64, Scaling
from fitnet.arguments import Array
from fitnet.fitting.projection_search import FARTHEST, found_projections
from fitnet.rows import ColumnStatistics

LOOKED_AT = 2**17  # rows, evenly spaced: more would not move an edge
LEAST_IN_A_LEAF = 8  # rows; of many rows a thousandth
MOST_VALUES, ROWS_A_VALUE = 1000, 2  # of a column whose values repeat: so many at most, each in so many rows on average


@dataclass(frozen=True)
class Bins:
    """How an encoding is to be found.

    Attributes
    ----------
    by
        "quantiles", each of as many rows, "targets", where a regression tree of one column has its thresholds, or
        "values", of a column whose values repeat each of these, and of any other quantiles.
    pieces
        At most so many a column.
    projections
        At most so many, which are cut like columns.
    values
        At most so many pieces of a column whose values repeat, by quantiles where it has more values. A projection has
        no more than `pieces`.
    more_pieces
        About so many more than `pieces` each do the columns whose values repeat have together.
    """

    by: str
    pieces: int
    projections: int = 0
    values: int = 0
    more_pieces: int = 0

    def encoding(self, X: Array, Y: Array, weights: Array | None, scaling: Scaling) -> PiecewiseLinear:
        """The encoding that these rows ask for; `scaling` standardises columns for the projections."""
        step = -(-len(X) // LOOKED_AT)
        X, Y, weights = X[::step], Y[::step], None if weights is None else weights[::step]
        projections = self.coefficients(X, Y)
        edges = [self.edges(column, Y, weights) for column in X.T]
        if projections is not None:
            sums, of_sums = projected(projections, scaling.applied(X, FLOAT64)), replace(self, values=0)
            edges += [of_sums.edges(column, Y, weights) for column in sums.T]
        return PiecewiseLinear(edges, projections)

    def coefficients(self, X: Array, Y: Array) -> Array | None:
        """The coefficients (q, p) of the projections; None where there are none."""
        found = found_projections(X, Y, self.projections) if self.projections else []
        rows = np.zeros((len(found), X.shape[1]))
        for row, each in zip(rows, found, strict=True):
            row[list(each.columns)] = each.coefficients
        return rows if found else None

    def edges(self, column: Array, Y: Array, weights: Array | None) -> Array:
        """Those of one column; of no more than two different entries only these, between which nothing bends."""
        ends = np.unique([column.min(), column.max()])
        if np.isin(column, ends).all():
            return ends
        if self.by == "targets":
            return thresholds(column, Y, weights, self.pieces)
        repeats = self.by == "values" and repeated_values(column) > 0
        return quantiles(column, max(self.pieces, self.values) if repeats else self.pieces)


def scaling_beside(encoding: PiecewiseLinear, statistics: ColumnStatistics) -> Scaling:
    """How the values beside the pieces are scaled: standardised, but a column of long tails by how far these reach.

    Its values are then next to nothing but far out, and it is the pieces that tell them: a slope learned where rows are
    many would else reach as far as new rows do.
    """
    found = Scaling.from_statistics(statistics)
    reach = np.maximum(statistics.highest - found.shift, found.shift - statistics.lowest)
    in_pieces = np.array([len(edges) >= LEAST_EDGES for edges in encoding.edges[: len(reach)]])
    return Scaling(found.shift, np.where(in_pieces & (reach > FARTHEST * found.scale), reach, found.scale))


def repeated_values(column: Array) -> int:
    """How many different values the column has, if they are few and repeat; else 0."""
    different = len(np.unique(column[:: -(-len(column) // LOOKED_AT)]))
    return different if different <= min(MOST_VALUES, len(column) // ROWS_A_VALUE) else 0


def quantiles(column: Array, pieces: int) -> Array:
    """Rising edges, entries themselves, between which equally many lie, as far as these differ."""
    return np.unique(np.quantile(column, np.linspace(0, 1, pieces + 1), method="inverted_cdf"))


def thresholds(column: Array, Y: Array, weights: Array | None, pieces: int) -> Array:
    """Rising edges: the ends of the column, and where a tree of so many leaves cuts it to tell the targets."""
    from sklearn.tree import DecisionTreeRegressor

    least = max(LEAST_IN_A_LEAF, len(column) // 1000)
    tree = DecisionTreeRegressor(max_leaf_nodes=pieces, min_samples_leaf=least, random_state=0)
    tree.fit(column.reshape(-1, 1), Y, weights)
    cuts = tree.tree_.threshold[tree.tree_.feature >= 0]
    return np.unique(np.concatenate([[column.min()], cuts, [column.max()]]))
