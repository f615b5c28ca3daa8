"""Propagation: what errors of the inputs do to a model's outputs, to first order.

Shapes: x (p,) or X (n, p), outputs (m,) or (n, m), their derivatives J (m, p) or (n, m, p), all in the user's units.
"""

from typing import Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, counted, finite_cast, instance_of, matrix, numeric_array
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.ensemble import AnyModel
from fitnet.model.given_rows import encoded_rows
from fitnet.rows import frame_of


def propagate(model: AnyModel, x: Any, covariance: Any) -> Array:
    """The covariance J S J^T of a model's outputs that the covariance S of its inputs brings about.

    J are the exact derivatives at `x`, through a target transform too, so the model counts as straight across the
    errors. What the model itself leaves open is not in it; `model.predict(x, return_cov=True)` gives that.

    Parameters
    ----------
    model
        A `Model` or an `Ensemble`; a `Regressor`'s is `regressor.model_`.
    x
        One point (p,), or rows (n, p). Columns of a frame, and entries of a named row of one, are found by name. Where
        the model knows columns of words it is such a frame or row.
    covariance
        S, (p, p) for every row or, with rows, (n, p, p), in the order of the model's columns of numbers,
        `model.number_names`: float numbers, symmetric and positive semidefinite to rounding. Of a frame, as
        `frame.cov()` of pandas gives, rows and columns are found by name.

    Returns
    -------
    Array
        (m, m) for one point, (n, m, m) for rows; float64.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If an argument is anything else.
    """
    instance_of("model", model, ("number_names", "jacobian"), "a Model, such as regressor.model_")
    if not model.number_names:
        raise ArgumentValueError(
            "`model` has columns of words only, which have no errors to propagate; it must have one of numbers.",
            "model",
        )
    covariance, x = named_covariance(model, covariance), numeric_array("x", in_order_of(model, x))
    point = x.ndim == 1
    given = model.given_names if model.categories is None else model.categories.input_names
    X = matrix("x", x[np.newaxis] if point else x, FLOAT64, len(given))
    S = input_covariance(covariance, None if point else len(X), len(model.number_names))
    J = model.jacobian(X).astype(FLOAT64)
    with np.errstate(over="ignore", invalid="ignore"):
        products = J @ S @ J.transpose(0, 2, 1)
        symmetric: Array = (products + products.transpose(0, 2, 1)) / 2
    return symmetric[0] if point else symmetric


def in_order_of(model: AnyModel, x: Any) -> Any:
    """Rows, or one point, in the order of the model's inputs, where their entries have names."""
    if hasattr(type(x), "index") and hasattr(type(x), "iloc") and not hasattr(type(x), "columns"):  # a row of pandas
        names = tuple(x.index)
        if names and all(isinstance(name, str) for name in names):
            x = dict(zip(names, ([value] for value in x), strict=True))
            return encoded_rows("x", x, model)[0]
    return encoded_rows("x", x, model)


def named_covariance(model: AnyModel, covariance: Any) -> Any:
    """The covariance in the order of the model's inputs, where its columns have names."""
    frame = frame_of("covariance", covariance)
    if frame is None:
        return covariance
    index = getattr(frame.table, "index", None)
    if index is not None and any(isinstance(name, str) for name in index) and list(index) != list(frame.names):
        raise ArgumentValueError(
            "`covariance` has rows and columns in different orders; they must have the same names in the same order.",
            "covariance",
        )
    columns = frame.in_order(model.number_names, "x")
    places = [frame.names.index(name) for name in columns.names]
    S = columns.matrix()
    if len(S) != len(places):
        raise ArgumentValueError(
            f"`covariance` has {counted(len(S), 'row')}; it must have {len(places)}, one an input.", "covariance"
        )
    return S[places]


def input_covariance(covariance: Any, rows: int | None, p: int) -> Array:
    """The covariance as float64, (p, p) or, where there are `rows`, (rows, p, p) too, checked."""
    array = numeric_array("covariance", covariance)
    if array.dtype.kind != "f":
        raise ArgumentTypeError(f"`covariance` holds {array.dtype}; it must hold float numbers.", "covariance")
    shapes = [(p, p)] if rows is None else [(p, p), (rows, p, p)]
    if array.shape not in shapes:
        raise ArgumentValueError(
            f"`covariance` has shape {array.shape}; it must have shape {' or '.join(map(str, shapes))}.", "covariance"
        )
    S = finite_cast("covariance", array, FLOAT64)
    tolerance = float(np.sqrt(np.finfo(array.dtype).eps))
    variances = np.diagonal(S, axis1=-2, axis2=-1)
    if np.any(variances < 0):
        raise ArgumentValueError(
            f"`covariance` holds a variance of {variances.min():g}; none may be below 0.", "covariance"
        )
    deviations = np.sqrt(variances)
    largest = deviations[..., :, np.newaxis] * deviations[..., np.newaxis, :]  # what a covariance can be
    if np.any(np.abs(S - S.swapaxes(-1, -2)) > tolerance * largest):
        raise ArgumentValueError("`covariance` is not symmetric; it must be.", "covariance")
    correlations = S / np.where(largest > 0, largest, 1)
    too_large = np.any(np.abs(S) > (1 + tolerance) * largest)
    if too_large or np.linalg.eigvalsh(correlations).min() < -p * tolerance:
        raise ArgumentValueError(
            "`covariance` is not positive semidefinite; it must be, as every covariance is.", "covariance"
        )
    return S
