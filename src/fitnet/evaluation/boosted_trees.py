"""Boosted trees: scikit-learn's gradient-boosted baseline, as it comes, fitted to the same rows as the model.

Shapes: X (n, k), numbers, gaps NaN; Y (n, m).
"""

from collections.abc import Iterator

import numpy as np

from fitnet.arguments import Array

PARTS = 4  # of rows out of fold: so many fits a target
MOST_ENTRIES = 4_000_000  # of X in all fits together, some seconds; beyond it fewer rows are drawn
FEWEST_ROWS = 20  # to fit trees to


def fitted_to(X: Array, Y: Array, X_new: Array, generator: np.random.Generator) -> tuple[Array, int] | None:
    """What trees fitted to X and Y predict at X_new, and to how many rows they were fitted; None of too few rows."""
    rows = drawn(len(X), X.shape[1] * Y.shape[1], generator)
    if len(rows) < FEWEST_ROWS:
        return None
    return np.column_stack([trees(X[rows], target[rows], X_new) for target in Y.T]), len(rows)


def out_of_fold(
    X: Array, Y: Array, folds: Array, places: Array, generator: np.random.Generator
) -> tuple[Array, int] | None:
    """What trees predict for the rows at `places` of X, fitted to rows of other folds; likewise.

    Folds (n,) are joined to at most four parts.
    """
    predictions, fewest = np.empty((len(places), Y.shape[1])), len(X)
    for own, others in parts(folds, places):
        rows = drawn(len(others), X.shape[1] * Y.shape[1] * PARTS, generator)
        if len(rows) < FEWEST_ROWS:
            return None
        others, fewest = others[rows], min(fewest, len(rows))
        for j, target in enumerate(Y.T):
            predictions[own, j] = trees(X[others], target[others], X[places[own]])
    return predictions, fewest


def parts(folds: Array, places: Array) -> Iterator[tuple[Array, Array]]:
    """Places among the places, and the rows that are in no fold of theirs."""
    part = folds % min(PARTS, int(folds.max()) + 1)
    for number in np.unique(part[places]):
        yield np.flatnonzero(part[places] == number), np.flatnonzero(part != number)


def drawn(n: int, entries: int, generator: np.random.Generator) -> Array:
    """All of n rows of so many entries each, or as many as are soon fitted to."""
    most = max(1, MOST_ENTRIES // entries)
    return np.arange(n) if n <= most else np.sort(generator.choice(n, most, replace=False))


def trees(X: Array, y: Array, X_new: Array) -> Array:
    """(J,): what one boosted ensemble with its defaults predicts; on one core, as more wait long where one is busy."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="openmp"):
        return np.asarray(HistGradientBoostingRegressor(random_state=0).fit(X, y).predict(X_new))
