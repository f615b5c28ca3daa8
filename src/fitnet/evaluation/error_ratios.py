"""Error ratios: how much smaller a prediction's errors are than another's, with an interval from a paired bootstrap.

Rows are drawn again with replacement (Efron & Tibshirani 1993, "An Introduction to the Bootstrap"), and both errors are
taken of the same draw, so that what makes a row hard for both does not count. Shapes: squares (n, m).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array

DRAWS, DRAWS_AT_ONCE, GROUPS = 1000, 50, 2000
ENDS = (2.5, 97.5)  # percentiles: an interval of 95 %
FEWEST_ROWS = 10  # of fewer a bootstrap tells next to nothing


@dataclass(frozen=True, eq=False)
class ErrorRatios:
    """Ratios of root mean squared errors with the ends of their intervals: (m,) each.

    A ratio is NaN where the other error is 0, and the ends also where there are fewer than ten rows.
    """

    ratio: Array
    low: Array
    high: Array


def error_ratios(
    squares: Array, others: Mapping[str, Array], generator: np.random.Generator, draws: int = DRAWS
) -> dict[str, ErrorRatios]:
    """The ratio of a prediction's error to those of others, by their names, each with an interval of 95 %.

    Parameters
    ----------
    squares
        (n, m): the prediction's squared residuals, row by row.
    others
        The same of other predictions.
    """
    n, m = squares.shape
    everything = np.hstack([squares, *others.values()])
    unit = np.maximum(everything.max(axis=0), np.finfo(np.float64).tiny)
    unit = np.tile(unit.reshape(-1, m).max(axis=0), len(others) + 1)  # a target's predictions in one unit
    relative = in_groups(everything / unit, generator)
    sums = np.full((draws, relative.shape[1]), np.nan)
    if n >= FEWEST_ROWS:
        for start in range(0, draws, DRAWS_AT_ONCE):
            count = min(DRAWS_AT_ONCE, draws - start)
            sums[start : start + count] = drawn_counts(len(relative), count, generator) @ relative
    of_all, of_draws = (root_ratios(each, m) for each in (relative.sum(axis=0)[np.newaxis], sums))
    ends = np.full((2, *of_draws.shape[1:]), np.nan)
    whole = np.isfinite(of_draws).all(axis=0)
    ends[:, whole] = np.percentile(of_draws[:, whole], ENDS, axis=0)
    return {name: ErrorRatios(of_all[0, i], ends[0, i], ends[1, i]) for i, name in enumerate(others)}


def in_groups(squares: Array, generator: np.random.Generator) -> Array:
    """Many rows summed in 2,000 random groups, whose sums vary as much and are drawn again sooner."""
    n = len(squares)
    if n <= GROUPS:
        return squares
    order = generator.permutation(n)
    return np.add.reduceat(squares[order], np.arange(GROUPS) * n // GROUPS, axis=0)


def drawn_counts(n: int, draws: int, generator: np.random.Generator) -> Array:
    """(draws, n): how often each of n rows is among n drawn with replacement."""
    rows = generator.integers(n, size=(draws, n)) + n * np.arange(draws)[:, np.newaxis]
    return np.bincount(rows.ravel(), minlength=draws * n).reshape(draws, n).astype(np.float64)


def root_ratios(sums: Array, m: int) -> Array:
    """(draws, others, m): roots of the first m sums over every other's, NaN where those are 0."""
    of_one, of_others = sums[:, np.newaxis, :m], sums[:, m:].reshape(len(sums), -1, m)
    found: Array = np.sqrt(np.divide(of_one, of_others, out=np.full(of_others.shape, np.nan), where=of_others > 0))
    return found
