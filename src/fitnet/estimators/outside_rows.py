"""Predictions by an ensemble, and what is done about rows outside the training rows: a warning, an error, NaN, nothing.

Shapes: X (n, p); outputs and standard deviations (n, m), intervals and quantiles (n, m, ...).
"""

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils.validation import check_is_fitted, validate_data

from fitnet.arguments import Array, one_of
from fitnet.errors import ArgumentValueError, DomainWarning
from fitnet.estimators.given_data import checked_inputs
from fitnet.model.domain_of_rows import farthest, inputs_of
from fitnet.model.stored_rows import predict_rows
from fitnet.rows import Rows, RowSource, dense, is_sparse, large_map, row_chunks, sparse_rows
from fitnet.rows.frame_words import level_outside
from fitnet.uncertainty.outside_rows import OUTSIDE

if TYPE_CHECKING:
    from fitnet.estimators.auto_classifier import AutoClassifier
    from fitnet.estimators.auto_regressor import AutoRegressor


def predictions(estimator: "AutoRegressor", X: Any, return_std: bool) -> Any:
    """What `AutoRegressor.predict` gives."""
    rows, dtype = rows_given(estimator, X)
    outside = judged(estimator, rows)
    if isinstance(rows, RowSource):
        outputs = predict_rows(estimator.model_, rows, return_std)
    else:
        outputs = estimator.model_.predict(rows, return_std=return_std)
    single = estimator._single and dtype == np.float32
    parts = [estimator._as_given(blanked(part, outside), single) for part in (outputs if return_std else [outputs])]
    return tuple(parts) if return_std else parts[0]


def answers(estimator: "AutoRegressor", X: Any, answer: Callable[[Array], Array]) -> Array:
    """What `answer` gives for the rows of X, (n, m, ...), as y was: (n, ...) if it had no columns."""
    rows = dense_rows(estimator, X)
    outside = judged(estimator, rows)
    given = blanked(answer(rows), outside)
    return given[:, 0] if estimator._one_target else given


def dense_rows(estimator: "AutoRegressor | AutoClassifier", X: Any) -> Array:
    """The rows of X, checked, as an array (n, k)."""
    check_is_fitted(estimator)
    rows = checked_inputs(estimator, X)
    return dense("X", rows) if is_sparse(rows) else rows


def rows_given(estimator: "AutoRegressor | AutoClassifier", X: Any) -> tuple[Rows, np.dtype[Any]]:
    """The rows of X, checked, and their dtype; large maps and sparse matrices are read in chunks."""
    check_is_fitted(estimator)
    stored = large_map("X", X)
    if stored is not None and X.ndim == 2:
        validate_data(estimator, X, reset=False, skip_check_array=True)
        return stored, X.dtype
    X = checked_inputs(estimator, X)
    return sparse_rows("X", X) if is_sparse(X) else X, X.dtype


def judged(estimator: "AutoRegressor | AutoClassifier", rows: Rows, rules: Sequence[str] = OUTSIDE) -> Array | None:
    """Which rows are to be NaN, (n,) bool; None where no row is.

    Of rows clearly outside the training rows (`Ensemble.outside`) there is a `DomainWarning`, or an error.

    Raises
    ------
    ArgumentValueError
        If there are any and `outside` is "raise", or it is none of the `rules`.
    """
    rule = one_of("outside", estimator.outside, rules)
    model, domain = estimator.model_, estimator.model_.domain
    if rule == "ignore" or domain is None:
        return None
    masks, worst = [], (0.0, 0, "")
    for first, chunk in row_chunks(rows):
        inputs = inputs_of(model, chunk)
        masks.append(domain.outside(inputs))
        if masks[-1].any() and rule != "nan":
            score, row, name = farthest(model, inputs[masks[-1]])
            worst = max(worst, (score, first + int(np.flatnonzero(masks[-1])[row]), name), key=lambda found: found[0])
    outside = np.concatenate(masks)
    if not outside.any():
        return None
    if rule != "nan":
        say(rule, rules, int(outside.sum()), len(outside), *worst[1:])
    return outside if rule == "nan" else None


def say(rule: str, rules: Sequence[str], count: int, n: int, row: int, name: str) -> None:
    """Warn, where this package was called, or raise."""
    lie = "lies" if count == 1 else "lie"
    where = f"{'' if count == 1 else 'the farthest '}in column {name!r} (row {row})"
    if rule == "raise":
        milder = "'nan', which predicts NaN for them" if "nan" in rules else "'warn', which predicts them all the same"
        raise ArgumentValueError(
            f"`X` has {n} rows of which {count} {lie} outside the training rows, {where}; leave such rows out, or give "
            f"`outside` as {milder}.",
            "X",
            "outside",
        )
    warnings.warn(
        f"{count} of {n} rows {lie} outside the training rows, {where}: predictions there are guesses.",
        DomainWarning,
        stacklevel=level_outside(),
    )


def blanked(answers: Array, outside: Array | None) -> Array:
    """The answers (n, ...), in place NaN for rows outside."""
    if outside is not None:
        answers[outside] = np.nan
    return answers
