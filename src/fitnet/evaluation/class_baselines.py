"""Class baselines: the probabilities that anyone has for free: the classes' shares, and logistic regression.

Shapes: X (n, p), codes (n,): the place of every row's class among K; probabilities (n, K).
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.classes import class_probabilities
from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array
from fitnet.evaluation.baselines import arrays_from
from fitnet.rows import ColumnStatistics

# Of X, some seconds of logistic regression; of more rows every second one is left out, or more.
MOST_ENTRIES = 4_000_000
ABSENT_LOGIT = -700.0  # of a class that none of the rows has: exp(-700) is 1e-304


@dataclass(frozen=True, eq=False)
class ClassBaselines:
    """The shares of classes in the training rows, and the logistic regression fitted to them.

    Attributes
    ----------
    shares
        (K,): what the first baseline always answers; the majority class is the likeliest.
    centre
        (p,): the inputs' mean.
    coefficients, intercepts
        (p, K), (K,): the second answers softmax(intercepts + (X - centre) @ coefficients).
    """

    shares: Array
    centre: Array
    coefficients: Array
    intercepts: Array

    @classmethod
    def fitted(cls, X: Array, codes: Array, n_classes: int) -> "ClassBaselines":
        """Both for rows X, finite, and their classes: scikit-learn's LogisticRegression of standardised columns."""
        shares = np.bincount(codes, minlength=n_classes) / len(codes)
        step = -(-X.size // MOST_ENTRIES)
        X, codes = X[::step], codes[::step]
        present = np.unique(codes)
        scaling = Scaling.from_statistics(ColumnStatistics.of_array(X))
        coefficients = np.zeros((X.shape[1], n_classes))
        intercepts = np.full(n_classes, ABSENT_LOGIT)
        intercepts[present] = 0
        if len(present) > 1:
            slopes, intercepts[present] = logistic_regression(scaling.apply(X), codes)
            coefficients[:, present] = slopes / scaling.scale[:, np.newaxis]
        return cls(shares, scaling.shift, coefficients, intercepts)

    def predict_shares(self, X: Array) -> Array:
        """The shares for every row of X: (n, K)."""
        return np.tile(self.shares, (X.shape[0], 1))

    def predict_logistic(self, X: Array) -> Array:
        """The logistic regression's probabilities at the rows of X (n, p): (n, K)."""
        return class_probabilities(self.intercepts + (X - self.centre) @ self.coefficients)

    def as_lists(self) -> dict[str, Any]:
        """Numbers in lists, as a model's provenance can keep them."""
        return {name: array.tolist() for name, array in vars(self).items()}

    @classmethod
    def from_lists(cls, lists: Any, p: int, n_classes: int) -> "ClassBaselines | None":
        """Those that `as_lists` gave, for p inputs and so many classes; None if that is not what it is."""
        shapes = {"shares": (n_classes,), "centre": (p,), "coefficients": (p, n_classes), "intercepts": (n_classes,)}
        arrays = arrays_from(lists, shapes)
        return None if arrays is None else cls(**arrays)


def logistic_regression(X: Array, codes: Array) -> tuple[Array, Array]:
    """Slopes (p, k) and intercepts (k,) of the logits of the k classes that are there, by standardised columns X.

    Of two classes scikit-learn has one logit, the second's; the first's is 0.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(max_iter=1000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it is a yardstick, good enough as it is
        regression.fit(X, codes)
    slopes, intercepts = regression.coef_.T, regression.intercept_
    if slopes.shape[1] > 1:
        return slopes, intercepts
    return np.hstack([np.zeros_like(slopes), slopes]), np.append(0.0, intercepts)
