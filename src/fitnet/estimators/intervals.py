"""Intervals and quantiles of an estimator, from error bars or from rows that it did not see, for scikit-learn's users.

Shapes: X (n, p); y (n,) or (n, m); c coverages, q probabilities.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from sklearn.utils.validation import check_is_fitted, validate_data

from fitnet.algorithm.target_transform import in_single
from fitnet.arguments import Array, counted
from fitnet.errors import ArgumentValueError
from fitnet.estimators.given_data import checked_inputs
from fitnet.fitting.target_transforms import with_transforms
from fitnet.model.intervals import by_rows, no_intervals
from fitnet.model.model import Model
from fitnet.model.split_conformal import SplitConformal
from fitnet.model.stored_rows import joined
from fitnet.rows import RowSource, features_of, is_sparse, large_map, sparse_rows

if TYPE_CHECKING:
    from fitnet.estimators.network_regressor import NetworkRegressor

Estimator = TypeVar("Estimator", bound="NetworkRegressor")
Source = Model | SplitConformal


def predict_interval(
    estimator: "NetworkRegressor", X: Any, coverage: float | Sequence[float] = 0.9, sample_weight: Any = None
) -> Array:
    """The ends, lower and upper, of the intervals that are to hold this share of new targets.

    After `conformalize` they come from its rows; otherwise they are `predict` less and plus so many of its
    `return_std`. Where targets were transformed they are the transforms' intervals brought back, so that they stay
    above the lower bound and keep their share.

    Parameters
    ----------
    X, sample_weight
        As for `predict` with `return_std`; no weights after `conformalize`.
    coverage
        Above 0 and below 1; or a sequence of c such. After `conformalize` with n rows at most n / (n + 1), or
        (n - 1) / (n + 1) where both sides have bounds of their own.

    Returns
    -------
    Array
        (n, 2), or (n, m, 2) where y had columns; of a sequence (n, 2, c) or (n, m, 2, c).

    Raises
    ------
    ArgumentValueError, ArgumentTypeError, ValueError, TypeError
        If `coverage` is anything else, or as for `predict` with `return_std`.
    """

    def ends(source: Source, rows: Array, weights: Array | None) -> Array:
        return source.predict_interval(rows, coverage, sample_weight=weights)

    return answers(estimator, "predict_interval", ends, X, sample_weight)


def predict_quantiles(
    estimator: "NetworkRegressor", X: Any, probabilities: Sequence[float], sample_weight: Any = None
) -> Array:
    """The quantiles of new targets: below each, a new target is to lie with its probability.

    They are the ends of the central intervals that `predict_interval` gives, and come from the same.

    Parameters
    ----------
    X, sample_weight
        As for `predict_interval`.
    probabilities
        (q,), in increasing order, above 0 and below 1, and such that `predict_interval` gives what is between.

    Returns
    -------
    Array
        (n, q), or (n, m, q) where y had columns; never falling along q.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError, ValueError, TypeError
        If `probabilities` is anything else, or as for `predict` with `return_std`.
    """

    def quantiles(source: Source, rows: Array, weights: Array | None) -> Array:
        return source.predict_quantiles(rows, probabilities, sample_weight=weights)

    return answers(estimator, "predict_quantiles", quantiles, X, sample_weight)


def conformalize(estimator: Estimator, X: Any, y: Any) -> Estimator:
    """Make intervals and quantiles from rows that the model did not see: split conformal; gives the estimator.

    From then on `predict_interval` and `predict_quantiles` come from these rows' residuals, kept as `conformal_`, until
    `fit` or `partial_fit` is called again; `predict` stays as it is, and the model's file does not hold them. Where
    these and new rows are exchangeable, an interval of coverage c holds a new target with a chance of c or more,
    whatever the distribution, on average over rows; docs/explanations/uncertainty.md has the small print. Residuals are
    divided by `return_std` where that clearly narrows intervals, and are those of the transforms where targets were
    transformed.

    Parameters
    ----------
    X, y
        As for `fit`, with the same columns: n rows, for a coverage of at most n / (n + 1).

    Raises
    ------
    ArgumentValueError, ArgumentTypeError, ValueError, TypeError
        For rows that cannot be used, or if there is one only; the sentence names what.
    """
    check_is_fitted(estimator)
    model = estimator.model_
    rows = estimator._rows(X, y, None, reset=False)
    k, m = rows.Y.shape[1], model.network.n_outputs
    if k != m:
        raise ArgumentValueError(f"`y` has {counted(k, 'target')}; it must have {m}, as in `fit`.", "y")
    T = with_transforms(rows, model.target_transform).Y
    T = T.read(0, rows.n) if isinstance(T, RowSource) else T
    estimator.conformal_ = SplitConformal.of(model, features_of(rows.X), T).scores
    return estimator


def answers(
    estimator: "NetworkRegressor",
    method: str,
    answer: Callable[[Source, Array, Array | None], Array],
    X: Any,
    sample_weight: Any,
) -> Array:
    """What `answer` gives for the rows of X, (n, m, ...), shaped as y was; `method` asks for it."""
    check_is_fitted(estimator)
    model, scores = estimator.model_, getattr(estimator, "conformal_", None)
    why = getattr(estimator, "_why_no_error_bars", None)
    if scores is None and why is not None:
        raise no_intervals(method, f"{why}; or `conformalize` it with rows that it did not see")
    source = model if scores is None else SplitConformal(model, scores)
    rows: RowSource | None = large_map("X", X)
    if rows is not None and X.ndim == 2:
        validate_data(estimator, X, reset=False, skip_check_array=True)
    else:
        X = checked_inputs(estimator, X)
        rows = sparse_rows("X", X) if is_sparse(X) else None
    if rows is None:
        found = answer(source, X, sample_weight)
    else:
        found = joined(lambda chunk, weights: answer(source, chunk, weights), rows, sample_weight)
    if estimator._single and X.dtype == np.float32:
        found = by_rows(lambda matrix: in_single(matrix, model.target_transform), found)
    return found[:, 0] if estimator._one_target else found
