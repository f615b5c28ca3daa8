"""Weighted means and spreads of what several members give, summed in their order, so that a row's bits are its own.

Shapes: X (n, p), outputs (n, m), weights (M,) that sum to 1. Sums are made in float64.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array
from fitnet.engine.contract import Predictor
from fitnet.rows import row_blocks

Group = tuple[Sequence[int], Sequence[float]]  # members by their places, and their weights, which sum to 1


@dataclass(frozen=True, eq=False)
class WeightedPredictor:
    """What `Predictor` says, for the weighted mean of several; float64 where one of them gives that."""

    predictors: Sequence[Predictor]
    weights: Sequence[float]
    dtype: np.dtype[Any]
    n_outputs: int

    def __call__(self, X: Any, out: Any, /) -> Array | None:
        if out is not None and not self._fits(out, X):
            return None
        outputs = self._mean(lambda predictor: predictor(X, None))
        if out is None or outputs is None:
            return outputs
        out[...] = outputs
        return out  # type: ignore[no-any-return]

    def jacobian(self, X: Any, /) -> Array | None:
        return self._mean(lambda predictor: predictor.jacobian(X))

    def hessian(self, X: Any, /) -> Array | None:
        return self._mean(lambda predictor: predictor.hessian(X))

    def _mean(self, of: Callable[[Predictor], Array | None]) -> Array | None:
        """The mean of what `of` gives for every member, in the widest of their dtypes; None where one gives None."""
        total: Array | None = None
        dtypes: set[np.dtype[Any]] = set()
        with np.errstate(over="ignore", invalid="ignore"):
            for predictor, weight in zip(self.predictors, self.weights, strict=True):
                values = of(predictor)
                if values is None:
                    return None
                total = added(total, values, weight)
                dtypes.add(values.dtype)
            assert total is not None
            return total.astype(np.result_type(*dtypes), copy=False)

    def _fits(self, out: Any, X: Any) -> bool:
        """Whether outputs can be written to `out`."""
        return (
            type(out) is np.ndarray
            and isinstance(X, np.ndarray)
            and (out.dtype, out.shape) == (self.dtype, (len(X) if X.ndim else 0, self.n_outputs))
            and out.flags.carray
            and not np.may_share_memory(out, X)
        )


def added(total: Array | None, values: Array, weight: float) -> Array:
    """`total`, None at first, plus the weighted values; `total` is changed."""
    product = values * weight if values.dtype == FLOAT64 else values.astype(FLOAT64) * weight
    if total is None:
        return product
    total += product
    return total


def weighted_mean(values: Iterable[Array], weights: Sequence[float]) -> Array:
    """The mean of some arrays of one shape, in float64."""
    total = None
    for each, weight in zip(values, weights, strict=True):
        total = added(total, each, weight)
    assert total is not None
    return total


def means_and_spreads(
    predictors: Sequence[Predictor], groups: Sequence[Group], X: Array, m: int
) -> tuple[Array, Array]:
    """For each of G groups of members, by their places and their weights, the mean and the spread: (G, n, m) each.

    The spread is the weighted standard deviation of the members' outputs around their mean, with no correction for how
    few they are; 0 for one member. X is as the predictors take it.
    """
    means, spreads = (np.empty((len(groups), len(X), m), FLOAT64) for _ in range(2))
    with np.errstate(over="ignore", invalid="ignore"):
        for rows in row_blocks(len(X), X.shape[1] + len(predictors) * m):
            outputs = [outputs_of(predictor, X[rows]) for predictor in predictors]
            for g, (places, weights) in enumerate(groups):
                chosen = [outputs[place] for place in places]
                mean = weighted_mean(chosen, weights)
                squares = ((values - mean) ** 2 for values in chosen)
                means[g, rows], spreads[g, rows] = mean, np.sqrt(weighted_mean(squares, weights))
    return means, spreads


def outputs_of(predictor: Predictor, X: Array) -> Array:
    """The outputs (n, m) for rows as the predictor takes them."""
    outputs = predictor(X, None)
    assert outputs is not None
    return outputs
