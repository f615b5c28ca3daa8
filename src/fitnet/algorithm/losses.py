"""Losses: how far predictions are from targets, and which way to move them.

Shapes: prediction, target and gradient (n, m); weights (n,) or None, which means 1 for every row.

A loss is the weighted mean over rows of the mean over outputs,

    loss = sum_i w_i * mean_over_outputs(pointwise_i) / sum_i w_i,

so it does not depend on how many rows or outputs there are, and no factor of one half hides in it.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from fitnet.arguments import Array


class Loss(Protocol):
    """A loss and its gradient with respect to the predictions."""

    def value(self, prediction: Array, target: Array, weights: Array | None = None) -> float:
        """The loss, one number."""
        ...

    def gradient(self, prediction: Array, target: Array, weights: Array | None = None) -> Array:
        """d(loss)/d(prediction), shape (n, m)."""
        ...


@dataclass(frozen=True)
class SquaredError:
    """Mean squared error (paper, eq. 2.3)."""

    def value(self, prediction: Array, target: Array, weights: Array | None = None) -> float:
        residual = prediction - target
        return row_mean(residual * residual, weights)

    def gradient(self, prediction: Array, target: Array, weights: Array | None = None) -> Array:
        return 2 * row_scale(prediction - target, weights)


def row_mean(pointwise: Array, weights: Array | None) -> float:
    """The weighted mean over rows of the mean over outputs, summed in float64."""
    per_row = pointwise.mean(axis=1, dtype=np.float64)
    return float(np.average(per_row, weights=weights))


def row_scale(pointwise: Array, weights: Array | None) -> Array:
    """Each row times its share w_i / sum(w) / m in the loss: the derivative of `row_mean`."""
    n, m = pointwise.shape
    if weights is None:
        weights = np.ones(n, pointwise.dtype)
    share = weights / (weights.sum(dtype=np.float64) * m)
    scaled: Array = pointwise * share.astype(pointwise.dtype)[:, np.newaxis]
    return scaled


LOSSES: dict[str, Loss] = {"squared_error": SquaredError()}
