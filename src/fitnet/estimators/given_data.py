"""Data as scikit-learn's users give them: frames by name, sparse matrices, targets of any kind, checked.

Shapes: X (n, p); y (n,) or (n, m).
"""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_X_y, validate_data

from fitnet.arguments import Array, refuse_masked
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import Frame, dense, frame_of, is_sparse
from fitnet.rows.frame_columns import check_finite, numbers
from fitnet.rows.frames import PLAIN
from fitnet.rows.opening import opened

NUMBERS = "fiubc"  # NumPy's kinds of them; scikit-learn has its own sentence for complex ones
CHECKS: dict[str, Any] = {"dtype": (np.float64, np.float32), "accept_sparse": "csr"}


def checked_inputs(estimator: BaseEstimator, X: Any) -> Any:
    """X for a fitted estimator: an array (n, p) of floats, or a sparse matrix, compressed by rows.

    The columns of a frame are found by the names that the estimator knows. One that knows none warns, as scikit-learn
    has it, and takes them by position.
    """
    X = opened("X", X)
    frame = frame_of("X", X)
    if frame is not None:
        return in_fitted_order(estimator, frame).matrix()
    refuse_strange("X", X)
    return validate_data(estimator, X, reset=False, **CHECKS)


def checked_pair(estimator: BaseEstimator, X: Any, y: Any, reset: bool, argument: str = "X") -> tuple[Array, Array]:
    """X (n, p) and y, (n,) or (n, m), as arrays of floats; with `reset` the estimator learns the names of X's columns.

    A sparse X is made dense. Errors of fitnet call X `argument`.
    """
    checks = CHECKS | {"multi_output": True, "y_numeric": True}
    X = opened(argument, X)
    frame = frame_of(argument, X)
    if frame is None:
        refuse_strange(argument, X)
        X, y = validate_data(estimator, X, y, reset=reset, **checks)
    elif reset:
        if goes_on(estimator) and hasattr(estimator, "feature_names_in_"):
            frame = in_fitted_order(estimator, frame)
        X, y = validate_data(estimator, frame.matrix(), y, **checks)
        estimator.feature_names_in_ = np.array(frame.names, dtype=object)
    else:
        X, y = check_X_y(in_fitted_order(estimator, frame).matrix(), y, estimator=estimator, **checks)
    return dense(argument, X) if is_sparse(X) else X, y


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


def given_targets(argument: str, y: Any, names: Sequence[str] = ()) -> tuple[Any, list[str]]:
    """y as an array that scikit-learn may check, and the names of its columns where it has any.

    The columns of a frame are found by the `names` of earlier targets, if there are any.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For text, dates and other things that are no numbers, and for what is missing or masked.
    """
    y = opened(argument, y)
    frame = frame_of(argument, y)
    if frame is not None:
        frame = frame.in_order(names) if len(names) > 0 else frame
        return frame.matrix(), list(frame.names)
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
        values = numbers(argument, y)
        check_finite(argument, values)
        return values, named
    if array.ndim == 2 and array.dtype.kind not in NUMBERS:
        array = np.column_stack([numbers(argument, column, j) for j, column in enumerate(array.T)])
        check_finite(argument, array)
    return y if array.ndim == 0 else array, named


def refuse_strange(argument: str, values: Any) -> None:
    """Refuse masked entries, and an array of text, which scikit-learn would take as numbers."""
    refuse_masked(argument, values)
    if isinstance(values, np.ndarray) and values.dtype.kind in "UST":
        raise ArgumentTypeError(f"`{argument}` holds text; it must hold real numbers.", argument)
