"""Intervals and quantiles of new targets, made of a model's error bars and given in the users' units.

Shapes: X (n, p); outputs y and their transforms t (n, m); c coverages, q probabilities.
"""

from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.target_transform import LogTransform, exponentials
from fitnet.arguments import Array, numeric_array
from fitnet.errors import ArgumentValueError
from fitnet.model.error_bars import cost_of_error_bars
from fitnet.uncertainty.conformal_arguments import checked_coverages, checked_probabilities

if TYPE_CHECKING:
    from fitnet.model.model import Model


def predict_interval(
    model: "Model", X: Any, coverage: float | Sequence[float] = 0.9, *, sample_weight: Any = None
) -> Array:
    """The ends, lower and upper, of the intervals that are to hold this share of new targets.

    The outputs less and plus as many standard deviations as a normal variable needs; where targets were transformed it
    is their transforms' interval whose ends are brought back, so that it keeps its share, and above the lower bound.

    Parameters
    ----------
    X, sample_weight
        As for `predict`.
    coverage
        Above 0 and below 1; or a sequence of c such.

    Returns
    -------
    Array
        (n, m, 2), of a sequence (n, m, 2, c).

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If `coverage` is anything else, or as for `predict` with `return_std`.
    """
    upper = [NormalDist().inv_cdf((1 + share) / 2) for share in coverages_of(coverage)]
    ends = normal_ends(model, "predict_interval", X, [-each for each in upper] + upper, sample_weight)
    ends = ends.reshape(*ends.shape[:2], 2, len(upper))
    return ends if np.ndim(coverage) else ends[..., 0]


def predict_quantiles(model: "Model", X: Any, probabilities: Sequence[float], *, sample_weight: Any = None) -> Array:
    """The quantiles of new targets: below each, a new target is to lie with its probability.

    Those of normal variables; where targets were transformed the transforms' quantiles, brought back, which are
    quantiles again.

    Parameters
    ----------
    X, sample_weight
        As for `predict`.
    probabilities
        (q,), in increasing order, above 0 and below 1.

    Returns
    -------
    Array
        (n, m, q), never falling along q.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If `probabilities` is anything else, or as for `predict` with `return_std`.
    """
    widths = [NormalDist().inv_cdf(float(each)) for each in probabilities_of(probabilities)]
    ends = normal_ends(model, "predict_quantiles", X, widths, sample_weight)
    rising: Array = np.maximum.accumulate(ends, axis=-1)  # exp may fall by a rounding
    return rising


def normal_ends(model: "Model", method: str, X: Any, widths: list[float], sample_weight: Any) -> Array:
    """The outputs plus so many standard deviations, (n, m, k), brought back; `method` asks for them."""
    if model.error_bars is None:
        cost = cost_of_error_bars(model.network.n_parameters)
        raise no_intervals(method, f"fit it with loss='squared_error' and error_bars=True, which {cost}")
    middle, std = model.of_transforms.predict(X, return_std=True, sample_weight=sample_weight)
    with np.errstate(over="ignore"):
        return brought_back(middle[..., np.newaxis] + std[..., np.newaxis] * widths, model.target_transform)


def brought_back(ends: Array, transform: LogTransform | None) -> Array:
    """Ends (n, m, ...) of transformed targets in the users' units, above the bounds; as they are of other targets."""
    if transform is None:
        return ends
    bounds = transform.bounds(ends.shape[1])
    return by_rows(lambda T: exponentials(T, bounds), ends)


def by_rows(function: Callable[[Array], Array], ends: Array) -> Array:
    """What `function` makes of matrices (rows, m), for ends (n, m, ...); it may write over what it gets."""
    last = np.moveaxis(ends, 1, -1)
    made = function(np.array(last, order="C").reshape(-1, ends.shape[1]))
    return np.ascontiguousarray(np.moveaxis(made.reshape(last.shape), -1, 1))


def coverages_of(coverage: Any) -> list[float]:
    """The coverages, one or a sequence, each above 0 and below 1; errors are `predict_interval`'s."""
    array = numeric_array("coverage", coverage)
    if array.ndim > 1 or array.size == 0:
        raise ArgumentValueError(
            f"`coverage` has shape {array.shape}; it must be one number or a sequence of one or more.", "coverage"
        )
    return checked_coverages(coverage, 1, 1.0)


def probabilities_of(probabilities: Any) -> Array:
    """The probabilities (q,), in increasing order, above 0 and below 1; errors are `predict_quantiles`'."""
    array = numeric_array("probabilities", probabilities)
    if array.ndim != 1 or array.size == 0:
        raise ArgumentValueError(
            f"`probabilities` has shape {array.shape}; it must be a sequence of one number or more.", "probabilities"
        )
    return checked_probabilities(array, 1, 1.0)


def no_intervals(method: str, advice: str) -> ArgumentValueError:
    """The error where a model has no error bars to make intervals of, with what to do."""
    return ArgumentValueError(f"`{method}` needs error bars and the model has none: {advice}.", method)
