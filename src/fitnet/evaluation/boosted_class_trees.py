"""Boosted trees for classes: scikit-learn's gradient-boosted classifier, as it comes, fitted to the same rows.

Shapes: X (n, k), numbers, gaps NaN; codes (n,): the place of every row's class among K; probabilities (J, K).
"""

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation.boosted_trees import FEWEST_ROWS, PARTS, drawn, parts


def fitted_to(
    X: Array, codes: Array, n_classes: int, X_new: Array, generator: np.random.Generator
) -> tuple[Array, int] | None:
    """What trees fitted to X and codes say at X_new, and to how many rows they were fitted; None of too few rows."""
    rows = drawn(len(X), X.shape[1] * n_classes, generator)
    if len(rows) < FEWEST_ROWS:
        return None
    return probabilities(X[rows], codes[rows], n_classes, X_new), len(rows)


def out_of_fold(
    X: Array, codes: Array, n_classes: int, folds: Array, places: Array, generator: np.random.Generator
) -> tuple[Array, int] | None:
    """What trees say of the rows at `places` of X, fitted to rows of other folds; likewise.

    Folds (n,) are joined to at most four parts.
    """
    found, fewest = np.empty((len(places), n_classes)), len(X)
    for own, others in parts(folds, places):
        rows = drawn(len(others), X.shape[1] * n_classes * PARTS, generator)
        if len(rows) < FEWEST_ROWS:
            return None
        others, fewest = others[rows], min(fewest, len(rows))
        found[own] = probabilities(X[others], codes[others], n_classes, X[places[own]])
    return found, fewest


def probabilities(X: Array, codes: Array, n_classes: int, X_new: Array) -> Array:
    """(J, K): those of one boosted ensemble with its defaults, 0 of classes that no row has; on one core."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    found, present = np.zeros((len(X_new), n_classes)), np.unique(codes)
    if len(present) == 1:
        found[:, present] = 1
        return found
    with threadpool_limits(1, user_api="openmp"):
        trees = HistGradientBoostingClassifier(random_state=0).fit(X, codes)
        found[:, trees.classes_] = trees.predict_proba(X_new)
    return found
