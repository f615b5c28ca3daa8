"""Noise: how much of the error no model of these inputs can take away, as far as rows with the same inputs tell.

Where there are none, the rows nearest to each other tell whether errors still have something in common that could be
learned. Shapes: X (n, p), Y and residuals (n, m).
"""

from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation.errors import root_mean_square
from fitnet.rows import row_hashes

EQUAL, NEAREST = "equal inputs", "nearest rows"
FEWEST_REPEATS = 10  # rows beyond the first of their inputs
MOSTLY = 0.5  # of repeats whose targets are equal as well: from here on they are copies, which tell of no noise
FEWEST_ROWS, MOST_ROWS, MOST_COLUMNS = 100, 5000, 20  # for nearest rows
CHANCE = 0.95  # of the deviation between low and high


@dataclass(frozen=True, eq=False)
class Noise:
    """The standard deviation of targets between rows with equal inputs, or of residuals between the nearest rows.

    Attributes
    ----------
    judged_from
        "equal inputs" or "nearest rows".
    rows
        How many differences it comes from.
    deviation, low, high
        (m,): of equal inputs that of the noise, with an interval of 95 %. Of nearest rows half the mean squared
        difference of residuals, and its root: noise, and what changes faster than rows are apart.
    compared
        (m,): of nearest rows the root mean square of the same residuals; None of equal inputs.
    near
        (m,): which part of the variance of targets that predictions explain nearest rows have in common; only where it
        is about 1 are they so near that what they do not share is noise. None of equal inputs.
    """

    judged_from: str
    rows: int
    deviation: Array
    low: Array
    high: Array
    compared: Array | None = None
    near: Array | None = None


def noise_of_repeats(X: Array, Y: Array) -> Noise | None:
    """The noise by rows whose inputs are equal to the bit; None of fewer than ten, or where most are copies."""
    from scipy.stats import chi2

    _, groups, counts = np.unique(row_hashes(X), return_inverse=True, return_counts=True)
    repeated = counts[groups] > 1
    groups, Y = np.unique(groups[repeated], return_inverse=True)[1], Y[repeated]
    freedom = len(Y) - (int(groups.max()) + 1 if len(Y) else 0)
    if freedom < FEWEST_REPEATS:
        return None
    of_group = np.bincount(groups).astype(float)
    reference = Y[np.unique(groups, return_index=True)[1]][groups]
    if (reference == Y).all(axis=1).sum() - len(of_group) > MOSTLY * freedom:
        return None
    offsets = Y - reference  # so that no digits are lost to a mean far from 0
    means = np.stack([np.bincount(groups, column) for column in offsets.T], axis=1) / of_group[:, np.newaxis]
    squares = ((offsets - means[groups]) ** 2).sum(axis=0)
    low, high = (np.sqrt(squares / chi2.ppf(tail, freedom)) for tail in ((1 + CHANCE) / 2, (1 - CHANCE) / 2))
    return Noise(EQUAL, freedom, np.sqrt(squares / freedom), low, high)


def noise_of_neighbours(X: Array, residuals: Array, Y: Array, generator: np.random.Generator) -> Noise | None:
    """What the residuals of rows have not in common with those of their nearest; None of few rows or many columns.

    Of rows with equal inputs the first counts.
    """
    from scipy.spatial import KDTree

    rows = np.sort(np.unique(row_hashes(X), return_index=True)[1])
    if len(rows) > MOST_ROWS:
        rows = np.sort(generator.choice(rows, MOST_ROWS, replace=False))
    X, residuals, Y, n = X[rows], residuals[rows], Y[rows], len(rows)
    spread = X.std(axis=0)
    varied = spread > 0
    if n < FEWEST_ROWS or not 0 < varied.sum() <= MOST_COLUMNS:
        return None
    Z = X[:, varied] / spread[varied]
    nearest = KDTree(Z).query(Z, 2)[1]
    other = np.where(nearest[:, 0] == np.arange(n), nearest[:, 1], nearest[:, 0])
    squares = (residuals - residuals[other]) ** 2 / 2
    mean, error = squares.mean(axis=0), 2 * squares.std(axis=0, ddof=1) / np.sqrt(n)
    low, high = np.sqrt(np.maximum(mean - error, 0)), np.sqrt(mean + error)
    compared, variance = root_mean_square(residuals), Y.var(axis=0)
    shared, explained = variance - ((Y - Y[other]) ** 2 / 2).mean(axis=0), variance - compared**2
    near = np.divide(shared, explained, out=np.zeros(len(variance)), where=explained > 0)
    return Noise(NEAREST, n, np.sqrt(mean), low, high, compared, near)
