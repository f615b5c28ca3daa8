"""Projections: sums of two columns along which the targets bend in ways that single columns do not tell.

An additive model, the sum of one function a column, is fitted first, each function as the means of intervals of equally
many rows. Of its residuals the sum of two standardised columns that explains most in the same way is taken, then the
next of what is left (Friedman and Stuetzle 1981, "Projection pursuit regression", JASA 76).
Shapes: X (n, p), Y (n, m); residuals (n, m).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fitnet.arguments import Array

LOOKED_AT = 4096  # rows, evenly spaced
INTERVALS, ROWS_AN_INTERVAL = 32, 30  # at most so many; at least so many rows in each
SWEEPS = 10  # of backfitting
DRAWN_TO_ZERO = 2.0  # rows of residual 0 that every interval's mean of the additive model counts as well
COLUMNS = 12  # of those that the additive model varies most with, whose pairs are looked at
LEAST_LEVELS = 5  # of a column: of fewer, every interval is one level
FARTHEST = 6.0  # standard deviations from the mean: a column with entries beyond has long tails, and is not projected
ANGLES = np.arange(1, 8)[[0, 1, 2, 4, 5, 6]] * np.pi / 8  # 22.5 degrees apart, without the columns themselves
TAKEN = 0.7  # of what a projection explains, before the next one is looked for


@dataclass(frozen=True, eq=False)
class Projection:
    """Two columns and their coefficients, and the share of the additive model's residual variance that it explains.

    The share is the one that is beyond chance, so that it may be negative.
    """

    columns: tuple[int, int]
    coefficients: tuple[float, float]
    share: float


class Intervals:
    """Rows dealt into intervals of `entries` (n,), of about equally many rows."""

    def __init__(self, entries: Array, most: int) -> None:
        edges = np.unique(np.quantile(entries, np.linspace(0, 1, most + 1)[1:-1]))
        self.of_row = np.searchsorted(edges, entries, side="right")
        self.number = len(edges) + 1

        self.counts = np.bincount(self.of_row, minlength=self.number)

    def sums(self, of_rows: Array) -> Array:
        """(intervals, m), of what belongs to rows (n, m)."""
        return np.stack([np.bincount(self.of_row, each, self.number) for each in of_rows.T], 1)

    def means(self, of_rows: Array, more: float = 0.0) -> Array:
        """(intervals, m), as if `more` rows of 0 lay in each; 0 where none lie."""
        counts = self.counts + more
        return np.asarray(self.sums(of_rows) / np.where(counts > 0, counts, 1)[:, np.newaxis])


def found_projections(X: Array, Y: Array, most: int) -> list[Projection]:
    """At most so many, the one that explains most first; none of fewer than two columns with levels enough."""
    short_tailed = np.abs(standardised(X)).max(0) <= FARTHEST
    step = -(-len(X) // LOOKED_AT)
    X, Y = X[::step], Y[::step]
    intervals = min(INTERVALS, len(Y) // ROWS_AN_INTERVAL)
    if intervals < 2:
        return []
    Z = standardised(X)
    residuals, spreads = additive_model([Intervals(column, intervals) for column in Z.T], standardised(Y))
    levels = np.array([len(np.unique(column)) for column in Z.T])
    columns = [j for j in np.argsort(-spreads, kind="stable") if levels[j] >= LEAST_LEVELS and short_tailed[j]]
    pairs = list(combinations(sorted(int(j) for j in columns[:COLUMNS]), 2))
    candidates = [(pair, (float(np.cos(angle)), float(np.sin(angle)))) for pair in pairs for angle in ANGLES]
    dealt = [Intervals(a * Z[:, i] + b * Z[:, j], intervals) for (i, j), (a, b) in candidates]
    found: list[Projection] = []
    left = set(range(len(candidates)))
    for _ in range(min(most, len(candidates))):
        shares = {each: explained(dealt[each], residuals) for each in sorted(left)}
        best = max(shares, key=lambda each: shares[each])
        left.remove(best)
        found.append(Projection(*candidates[best], shares[best]))
        residuals = residuals - TAKEN * dealt[best].means(residuals)[dealt[best].of_row]
    return found


def standardised(columns: Array) -> Array:
    """The columns with mean 0 and deviation 1; 0 where one never varies, or so much that float64 cannot square it."""
    columns = np.asarray(columns, np.float64)
    with np.errstate(over="ignore", under="ignore"):
        deviation = columns.std(0)
    return np.asarray((columns - columns.mean(0)) / np.where(deviation > 0, deviation, np.inf))


def additive_model(columns: Sequence[Intervals], Y: Array) -> tuple[Array, Array]:
    """What the sum of one function a column leaves of Y (n, m), and the variance of each function (p,)."""
    residuals, functions = Y, np.zeros((len(columns), *Y.shape))
    for _ in range(SWEEPS):
        for j, column in enumerate(columns):
            partial = residuals + functions[j]
            functions[j] = column.means(partial, DRAWN_TO_ZERO)[column.of_row]
            residuals = partial - functions[j]
    return residuals, functions.var(1).sum(1)


def explained(intervals: Intervals, residuals: Array) -> float:
    """The share of the residuals' variance that lies between intervals, less what would by chance."""
    variance, n = residuals.var(0).sum(), len(residuals)
    if not variance > 0:
        return 0.0
    between = np.sum(intervals.sums(residuals) * intervals.means(residuals)) / n
    return float(between / variance - (intervals.number - 1) / n)
