"""Intervals of an estimator: `Model.predict_interval` for what scikit-learn's users give.

Shapes: X (n, p); the ends of intervals (n,) or (n, m), as y was.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils.validation import check_is_fitted, validate_data

from fitnet.arguments import Array
from fitnet.estimators.given_data import checked_inputs
from fitnet.model.stored_rows import interval_of_rows
from fitnet.model.transformed import no_interval
from fitnet.rows import RowSource, is_sparse, large_map, sparse_rows

if TYPE_CHECKING:
    from fitnet.estimators.network_estimator import NetworkEstimator


def predict_interval(
    estimator: "NetworkEstimator", X: Any, coverage: float = 0.95, sample_weight: Any = None
) -> tuple[Array, Array]:
    """The ends, lower and upper, shaped as y was, of the intervals that are to hold this share of new targets.

    Where targets were transformed they are the transforms' intervals brought back, so that they stay above the lower
    bound and keep their share; else `predict` less and plus so many of its `return_std`.

    Parameters
    ----------
    X, sample_weight
        As for `predict` with `return_std`.
    coverage
        Above 0 and below 1.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError, ValueError, TypeError
        If `coverage` is anything else, or as for `predict` with `return_std`.
    """
    check_is_fitted(estimator)
    why = getattr(estimator, "_why_no_error_bars", None)
    if why is not None:
        raise no_interval(why)
    rows: RowSource | None = large_map("X", X)
    if rows is not None and X.ndim == 2:
        validate_data(estimator, X, reset=False, skip_check_array=True)
    else:
        X = checked_inputs(estimator, X)
        rows = sparse_rows("X", X) if is_sparse(X) else None
    model = estimator.model_
    if rows is None:
        ends = model.predict_interval(X, coverage, sample_weight=sample_weight)
    else:
        ends = interval_of_rows(model, rows, coverage, sample_weight)
    single = estimator._single and X.dtype == np.float32
    lower, upper = (estimator._as_given(end, single) for end in ends)
    return lower, upper
