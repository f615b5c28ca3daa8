"""Intervals and quantiles of an estimator, from its error bars, for scikit-learn's users.

Shapes: X (n, p); y (n,) or (n, m); c coverages, q probabilities.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils.validation import check_is_fitted, validate_data

from fitnet.algorithm.target_transform import in_single
from fitnet.arguments import Array
from fitnet.estimators.given_data import checked_inputs
from fitnet.model.intervals import by_rows, no_intervals
from fitnet.model.model import Model
from fitnet.model.stored_rows import joined
from fitnet.rows import RowSource, is_sparse, large_map, sparse_rows

if TYPE_CHECKING:
    from fitnet.estimators.network_estimator import NetworkEstimator


def predict_interval(
    estimator: "NetworkEstimator", X: Any, coverage: float | Sequence[float] = 0.9, sample_weight: Any = None
) -> Array:
    """The ends, lower and upper, of the intervals that are to hold this share of new targets.

    They are `predict` less and plus so many of its `return_std`. Of transformed targets they are the transforms'
    intervals brought back, so that they stay above the lower bound and keep their share.

    Parameters
    ----------
    X, sample_weight
        As for `predict` with `return_std`.
    coverage
        Above 0 and below 1; or a sequence of c such.

    Returns
    -------
    Array
        (n, 2), or (n, m, 2) where y had columns; of a sequence (n, 2, c) or (n, m, 2, c).

    Raises
    ------
    ArgumentValueError, ArgumentTypeError, ValueError, TypeError
        If `coverage` is anything else, or as for `predict` with `return_std`.
    """

    def ends(model: Model, rows: Array, weights: Array | None) -> Array:
        return model.predict_interval(rows, coverage, sample_weight=weights)

    return answers(estimator, "predict_interval", ends, X, sample_weight)


def predict_quantiles(
    estimator: "NetworkEstimator", X: Any, probabilities: Sequence[float], sample_weight: Any = None
) -> Array:
    """The quantiles of new targets: below each, a new target is to lie with its probability.

    They are the ends of the central intervals that `predict_interval` gives.

    Parameters
    ----------
    X, sample_weight
        As for `predict_interval`.
    probabilities
        (q,), in increasing order, above 0 and below 1.

    Returns
    -------
    Array
        (n, q), or (n, m, q) where y had columns; never falling along q.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError, ValueError, TypeError
        If `probabilities` is anything else, or as for `predict` with `return_std`.
    """

    def quantiles(model: Model, rows: Array, weights: Array | None) -> Array:
        return model.predict_quantiles(rows, probabilities, sample_weight=weights)

    return answers(estimator, "predict_quantiles", quantiles, X, sample_weight)


def answers(
    estimator: "NetworkEstimator",
    method: str,
    answer: Callable[[Model, Array, Array | None], Array],
    X: Any,
    sample_weight: Any,
) -> Array:
    """What `answer` gives for the rows of X, (n, m, ...), shaped as y was; `method` asks for it."""
    check_is_fitted(estimator)
    model = estimator.model_
    why = getattr(estimator, "_why_no_error_bars", None)
    if why is not None:
        raise no_intervals(method, why)
    rows: RowSource | None = large_map("X", X)
    if rows is not None and X.ndim == 2:
        validate_data(estimator, X, reset=False, skip_check_array=True)
    else:
        X = checked_inputs(estimator, X)
        rows = sparse_rows("X", X) if is_sparse(X) else None
    if rows is None:
        found = answer(model, X, sample_weight)
    else:
        found = joined(lambda chunk, weights: answer(model, chunk, weights), rows, sample_weight)
    if estimator._single and X.dtype == np.float32:
        found = by_rows(lambda matrix: in_single(matrix, model.target_transform), found)
    return found[:, 0] if estimator._one_target else found
