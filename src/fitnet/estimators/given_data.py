"""Data as scikit-learn's users give them: frames by name, sparse matrices, targets of any kind, checked.

Shapes: X (n, p); y (n,) or (n, m).
"""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_array, check_consistent_length, validate_data

from fitnet.arguments import Array, refuse_masked
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.given_rows import names_needed
from fitnet.rows import Categories, Frame, dense, frame_of, is_sparse
from fitnet.rows.frame_columns import Role, check_finite, numbers, shortened
from fitnet.rows.frame_words import encoded, found_categories
from fitnet.rows.frames import PLAIN
from fitnet.rows.opening import offers, opened

NUMBERS = "fiubc"  # NumPy's kinds of them; scikit-learn has its own sentence for complex ones
ANY: dict[str, Any] = {"ensure_all_finite": False}  # scikit-learn's sentence about NaN leads to other estimators
CHECKS: dict[str, Any] = {"dtype": (np.float64, np.float32), "accept_sparse": "csr"} | ANY


def checked_inputs(estimator: BaseEstimator, X: Any) -> Any:
    """X for a fitted estimator: an array (n, p) of floats, or a sparse matrix, compressed by rows.

    The columns of a frame are found by the names that the estimator knows. One that knows none warns, as scikit-learn
    has it, and takes them by position. X may have gaps, NaN, where the model fills them in.
    """
    gaps = estimator.model_.imputation is not None
    X = opened("X", X)
    frame = frame_of("X", X)
    categories = estimator.model_.categories
    if categories is not None:
        check_named("X", X, frame, categories)
        return estimator.model_.encoded(X)
    if frame is not None:
        return in_fitted_order(estimator, frame).matrix(gaps)
    refuse_strange("X", X)
    X = validate_data(estimator, X, reset=False, **CHECKS)
    if not is_sparse(X):  # whose entries are checked once they are dense
        check_finite("X", X, gaps=gaps)
    return X


def checked_pair(
    estimator: BaseEstimator, X: Any, y: Any, reset: bool, argument: str = "X", gaps: bool = False
) -> tuple[Array, Array]:
    """X (n, p) and y, (n,) or (n, m), as arrays of floats; with `reset` the estimator learns the names of X's columns.

    A sparse X is made dense. With `gaps` entries of both may be NaN. Errors of fitnet call X `argument`.
    """
    X = opened(argument, X)
    frame = frame_of(argument, X)
    fresh = reset and not goes_on(estimator)
    role = role_of_features(estimator) if fresh else "inputs"
    if fresh:
        estimator._categories = (
            None if frame is None else found_categories(frame, estimator.missing == "impute", estimator._takes_text)
        )
    if estimator._categories is not None:
        check_named(argument, X, frame, estimator._categories)
    if frame is None:
        refuse_strange(argument, X)
    else:
        ordered = not reset or (not fresh and hasattr(estimator, "feature_names_in_"))
        frame = in_fitted_order(estimator, frame) if ordered else frame
        X = in_numbers(estimator, frame, gaps, role)
    if y is None:
        validate_data(estimator, X, y, reset=reset, **CHECKS)  # its sentence
    known = frame is not None and not reset
    X = check_array(X, **CHECKS) if known else validate_data(estimator, X, reset=reset, **CHECKS)
    y = check_array(y, dtype="numeric", ensure_2d=False, input_name="y", estimator=estimator, **ANY)
    check_consistent_length(X, y)
    X = dense(argument, X) if is_sparse(X) else X
    check_finite(argument, X, gaps=gaps, role=role)
    check_finite("y" if argument == "X" else argument, y, gaps=gaps, role="targets")
    if frame is not None and reset:
        estimator.feature_names_in_ = np.array(frame.names, dtype=object)
        estimator.n_features_in_ = len(frame.names)
    return X, y


def role_of_features(estimator: BaseEstimator) -> Role:
    """What the features to train on are, for advice: ranks take neither words nor gaps to impute."""
    return "features" if getattr(estimator, "communicator", None) is None else "features over ranks"


def in_numbers(estimator: BaseEstimator, frame: Frame, gaps: bool, role: Role) -> Array:
    """The frame's rows as numbers, (n, k), its columns of words encoded; with `gaps` there may be NaN.

    Where gaps are imputed a missing word is one of its column's levels, or none of them.
    """
    categories: Categories | None = estimator._categories
    if categories is None:
        return frame.matrix(gaps, role)
    rows = encoded(frame, categories, gaps, role)
    return categories.without_gaps(rows) if estimator.missing == "impute" else rows


def check_named(argument: str, rows: Any, frame: Frame | None, categories: Categories) -> None:
    """Refuse rows without names where columns hold words."""
    if frame is None:
        raise names_needed(argument, rows, categories)


def with_seen_levels(estimator: BaseEstimator, X: Array) -> Array:
    """Encoded rows to train on without the inputs of levels that none of them has; the estimator forgets these."""
    categories: Categories | None = estimator._categories
    if categories is None:
        return X
    estimator._categories = seen = categories.seen_in(X)
    return X if seen == categories else X[:, seen.inputs_in(categories)]


def trained_pair(
    estimator: BaseEstimator, X: Any, y: Any, reset: bool, argument: str = "X"
) -> tuple[Array, Array, Array]:
    """The rows of X and y that can be trained on, as of `checked_pair`, and which these are, (rows given,).

    Where `missing` is "drop" these are the complete ones, where it is "impute" those with targets, and X has gaps.
    """
    X, y = checked_pair(estimator, X, y, reset, argument, gaps=estimator.missing != "refuse")
    estimator._rows_given = len(X)
    if estimator.missing == "refuse":
        return X, y, np.ones(len(X), bool)
    needed = y if estimator.missing == "impute" else np.column_stack([X, y])
    kept = ~np.isnan(needed.reshape(len(y), -1)).any(axis=1)
    if not kept.any():
        raise ArgumentValueError("`y` or `X` has a missing value in every row; no row is left.", "y", "X")
    return X[kept], y[kept], kept


def goes_on(estimator: BaseEstimator) -> bool:
    """Whether `fit` starts from a model that is there, and so from its columns."""
    return bool(estimator.warm_start) and hasattr(estimator, "model_")


def in_fitted_order(estimator: BaseEstimator, frame: Frame) -> Frame:
    """The frame's columns in the order in which the estimator was fitted."""
    names = getattr(estimator, "feature_names_in_", None)
    if names is not None:
        return frame.in_order(names)
    warnings.warn(
        f"X has feature names, but {type(estimator).__name__} was fitted without feature names",
        UserWarning,
        stacklevel=5,
    )
    return frame


def given_targets(argument: str, y: Any, names: Sequence[str] = (), gaps: bool = False) -> tuple[Any, list[str]]:
    """y as an array that scikit-learn may check, and the names of its columns where it has any.

    The columns of a frame are found by the `names` of earlier targets, if there are any; with `gaps` there may be NaN.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For text, dates and other things that are no numbers, and for what is missing or masked.
    """
    y = opened(argument, y)
    frame = frame_of(argument, y)
    if frame is not None:
        frame = frame.in_order(names) if len(names) > 0 else frame
        return frame.matrix(gaps, "targets"), list(frame.names)
    refuse_masked(argument, y)
    try:
        array = np.asarray(y)
    except ValueError:
        raise ArgumentValueError(
            f"`{argument}` has rows of different lengths; every row must be as long as the first.", argument
        ) from None
    name = getattr(y, "name", None)
    named = [name] if isinstance(name, str) and name else []
    if array.ndim == 1 and not (isinstance(y, PLAIN) and array.dtype.kind in NUMBERS):
        values = numbers(argument, y, role="targets")
        check_finite(argument, values, gaps=gaps, role="targets")
        return values, named
    if array.ndim == 2 and array.dtype.kind not in NUMBERS:
        array = np.column_stack([numbers(argument, column, j, "targets") for j, column in enumerate(array.T)])
        check_finite(argument, array, gaps=gaps, role="targets")
    return y if array.ndim == 0 else array, named


def fits_single(y: Any) -> bool:
    """Whether the targets are an array of float32, or of whole numbers, which ask for no precision of their own."""
    dtype = getattr(y, "dtype", None)
    return dtype is not None and (dtype == np.float32 or dtype.kind in "iub")


def refuse_strange(argument: str, values: Any) -> None:
    """Refuse masked entries, and text, which scikit-learn would take as numbers or call a string."""
    refuse_masked(argument, values)
    if isinstance(values, np.ndarray) and values.dtype.kind in "UST":
        raise ArgumentTypeError(f"`{argument}` holds text; it must hold real numbers.", argument)
    if is_sparse(values) or getattr(getattr(values, "dtype", None), "kind", "O") != "O":
        return
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "OU":
            return
        array.astype(np.float64)
    except (ValueError, TypeError):  # also rows of different lengths, of which others tell
        refuse_words(argument, np.asarray(values) if offers(values, "columns", "dtypes") else values)


def refuse_words(argument: str, rows: Any) -> None:
    """Refuse the first text among rows that are no numbers; of all else others tell."""
    for row in rows if isinstance(rows, list | tuple | np.ndarray) else ():
        for entry in row if isinstance(row, list | tuple | np.ndarray) else [row]:
            if isinstance(entry, str):
                raise ArgumentTypeError(
                    f"`{argument}` holds text, such as {shortened(entry)}; it must hold real numbers: words may be in "
                    "columns of dtype 'category' of a DataFrame whose columns are named by text.",
                    argument,
                )
