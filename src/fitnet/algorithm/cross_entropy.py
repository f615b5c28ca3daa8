"""Cross-entropy: how far the probabilities that a network gives its classes are from those of the targets.

Shapes: z, target and gradient (n, m); probabilities p and labels' rows Y (n, K); weights (n,) or None. K classes have
K logits z, or two of them one logit, that of the second class: m is K, or 1 where K is 2.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from fitnet.algorithm.row_means import mean_of_rows, times_shares
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError

SUM_ATOL = 1e-5  # that probabilities may miss 1 by: a few roundings to float32


@dataclass(frozen=True)
class CrossEntropy:
    """-sum_k y_k log(p_k), with p = softmax(z) of K > 1 outputs and p = 1 / (1 + exp(-z)) of one.

    A row's loss is the sum over its classes, not a mean over outputs as other losses have it: minus the logarithm of
    the probability of what was seen. Targets are rows of probabilities, so 0 and one 1 where classes are known for
    sure; of one output the probability of the second class. It is the softmax regression of Bishop 2006, "Pattern
    Recognition and Machine Learning", eqs. 4.90 and 4.108; the gradient is p - y (eq. 4.109).

    With t = z - max(z) it is sum_k y_k (log(sum_j exp(t_j)) - t_k), whose terms are 0 or more and keep their digits:
    the largest of the t is 0, and the logarithm that of 1 and the others. Values are computed in float64.
    """

    link: ClassVar[str] = "identity"

    def check_targets(self, Y: Array, name: str = "Y") -> None:
        """Refuse rows that are no probabilities.

        Raises
        ------
        ArgumentValueError
            One sentence that says where the first one is.
        """
        outside = (Y < 0) | (Y > 1 + SUM_ATOL)
        if np.any(outside):
            place = tuple(int(i) for i in np.argwhere(outside)[0])
            raise ArgumentValueError(
                f"`{name}` holds {Y[place]} at {list(place)}; targets of the cross-entropy are probabilities, from 0 "
                "to 1.",
                name,
            )
        sums = Y.sum(axis=1, dtype=np.float64)
        if Y.shape[1] > 1 and np.any(np.abs(sums - 1) > SUM_ATOL):
            row = int(np.argmax(np.abs(sums - 1) > SUM_ATOL))
            raise ArgumentValueError(
                f"`{name}` has probabilities that sum to {sums[row]:g} in row {row}; in every row they must sum to 1.",
                name,
            )

    def value(self, z: Array, target: Array, weights: Array | None = None) -> float:
        return mean_of_rows(self.of_rows(z, target), weights)

    def of_rows(self, z: Array, target: Array) -> Array:
        """The loss of every row, (n,), in float64."""
        z, y = z.astype(np.float64), target.astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):  # it shows in the value
            if z.shape[1] == 1:
                pointwise = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
            else:
                t = z - z.max(axis=1, keepdims=True)
                pointwise = y * (log_sum_exp(t) - t)
        per_row: Array = pointwise.sum(axis=1)
        return per_row

    def gradient(self, z: Array, target: Array, weights: Array | None = None) -> Array:
        total = 1 if z.shape[1] == 1 else target.sum(axis=1, keepdims=True)
        return times_shares(total * probabilities(z) - target, weights)


def log_sum_exp(t: Array) -> Array:
    """log(sum_j exp(t_j)) (n, 1) of rows whose largest t is 0, which keeps its digits where the others are small."""
    e = np.exp(t)
    e[np.arange(len(t)), t.argmax(axis=1)] = 0
    sums: Array = np.log1p(e.sum(axis=1, keepdims=True))
    return sums


def probabilities(z: Array) -> Array:
    """p of every output (n, m): the softmax of the row, or of one output 1 / (1 + exp(-z))."""
    if z.shape[1] == 1:
        e = np.exp(-np.abs(z))
        logistic: Array = np.where(z < 0, e, 1) / (e + 1)
        return logistic
    with np.errstate(invalid="ignore"):  # of infinite z
        e = np.exp(z - z.max(axis=1, keepdims=True))
    softmax: Array = e / e.sum(axis=1, keepdims=True)
    return softmax
