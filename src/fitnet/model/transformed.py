"""A model whose targets were transformed: what its network says in their transforms, brought back to the users' units.

Shapes: X (n, p), outputs y and their transforms t (n, m), bounds (m,).
"""

from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.scaling import Scaling
from fitnet.algorithm.target_transform import exponentials, transformed_hessian, transformed_jacobian
from fitnet.arguments import Array, real_number
from fitnet.engine.contract import Predictor
from fitnet.errors import ArgumentValueError
from fitnet.model.error_bars import cost_of_error_bars

if TYPE_CHECKING:
    from fitnet.model.model import Model


@dataclass(frozen=True, eq=False)
class TransformedPredictor:
    """What `Predictor` says, from one that gives the transforms t in float64, for LogTransforms with these bounds."""

    of_transforms: Predictor
    bounds: Array

    def __call__(self, X: Any, out: Any, /) -> Array | None:
        outputs = self.of_transforms(X, out)
        return None if outputs is None else exponentials(outputs, self.bounds)

    def jacobian(self, X: Any, /) -> Array | None:
        first, T = self.of_transforms.jacobian(X), self.of_transforms(X, None)
        return None if first is None or T is None else transformed_jacobian(first, T, self.bounds)

    def hessian(self, X: Any, /) -> Array | None:
        second, first = self.of_transforms.hessian(X), self.of_transforms.jacobian(X)
        T = self.of_transforms(X, None)
        if second is None or first is None or T is None:
            return None
        return transformed_hessian(second, first, T, self.bounds)


def of_transforms(model: "Model") -> "Model":
    """The model of the transforms t alone, whose outputs are float64; a model without a transform itself."""
    if model.target_transform is None:
        return model
    m = model.network.n_outputs
    scaling = Scaling(np.zeros(m), np.ones(m)) if model.target_scaling is None else model.target_scaling
    return replace(model, target_transform=None, target_scaling=scaling)


def predict_interval(
    model: "Model", X: Any, coverage: float = 0.95, *, sample_weight: Any = None
) -> tuple[Array, Array]:
    """The ends, lower and upper, (n, m) each, of the intervals that are to hold this share of new targets.

    The outputs less and plus as many standard deviations as a normal variable needs; where targets were transformed it
    is their transforms' interval whose ends are brought back, so that it keeps its share, and above the lower bound.

    Parameters
    ----------
    X, sample_weight
        As for `predict`.
    coverage
        Above 0 and below 1.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If `coverage` is anything else, or as for `predict` with `return_std`.
    """
    share = real_number("coverage", coverage, 0, 1, low_included=False, high_included=False)
    if model.error_bars is None:
        cost = cost_of_error_bars(model.network.n_parameters)
        raise no_interval(f"fit it with loss='squared_error' and error_bars=True, which {cost}")
    width = NormalDist().inv_cdf((1 + share) / 2)
    middle, std = model.of_transforms.predict(X, return_std=True, sample_weight=sample_weight)
    with np.errstate(over="ignore"):
        lower, upper = middle - width * std, middle + width * std
    if model.target_transform is None:
        return lower, upper
    bounds = model.target_transform.bounds(model.network.n_outputs)
    return exponentials(lower, bounds), exponentials(upper, bounds)


def no_interval(advice: str) -> ArgumentValueError:
    """The error where a model has no error bars to make intervals of, with what to do."""
    return ArgumentValueError(
        f"`predict_interval` needs error bars and the model has none: {advice}.", "predict_interval"
    )
