"""What a training is to an engine: the part of the contract that lives as long as the training.

Shapes: parameters (P,), X (n, p), Y (n, m), weights (n,) or None, of one dtype and C-contiguous, as in contract.py.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from fitnet.algorithm.dropout import new_seed
from fitnet.algorithm.optimizers import OptimizerState
from fitnet.arguments import Array

Validation = tuple[Any, Any, Array | None]  # X, Y and weights or None of the rows that are watched


@dataclass
class Best:
    """The lowest loss so far, the parameters (P,) it was measured at and the epochs that led there."""

    loss: float
    parameters: Array
    epoch: int


def draw_epochs(
    generator: "np.random.Generator", epochs: int, n: int, *, shuffled: bool, drops: bool
) -> tuple[Array | None, Array | None]:
    """Row orders (epochs, n), int64, and seeds (epochs,), uint64; None for what is not asked for.

    Epoch by epoch, so that they do not depend on how many are drawn together.
    """
    orders = np.empty((epochs, n), np.int64) if shuffled else None
    seeds = np.empty(epochs, np.uint64) if drops else None
    for epoch in range(epochs):
        if orders is not None:
            orders[epoch] = generator.permutation(n)
        if seeds is not None:
            seeds[epoch] = new_seed(generator)
    return orders, seeds


class Trainer(Protocol):
    """One training, for as long as it lasts: the engine holds parameters and moments in a layout of its own.

    Nothing is checked, padded or allocated again from epoch to epoch. No two calls at once. What it gives are copies.
    """

    def take_rows(self, X: Array, Y: Array, weights: Array | None = None) -> None:
        """Learn from these rows from now on; they must stay as they are."""
        ...

    def draw(self, generator: "np.random.Generator", epochs: int) -> tuple[Array | None, Array | None]:
        """What `run` takes for row orders and seeds of so many epochs, drawn anew.

        None for the orders where a step sees all rows, for the seeds where no unit is dropped.
        """
        ...

    def run(
        self,
        learning_rates: Array,
        row_orders: Array | None,
        *,
        watches: bool = False,
        seeds: Array | None = None,
    ) -> tuple[Array, Array | None]:
        """Train for whole epochs.

        Parameters
        ----------
        learning_rates
            (epochs, steps an epoch), float64: the rate of every step, and with it the number of epochs.
        row_orders
            (epochs, n), int64: the order in which each epoch visits the rows; None takes them as they lie.
        watches
            Whether the validation loss is measured after every epoch, and the lowest one's parameters are kept as best.
        seeds
            (epochs,), uint64: what each epoch's masks of dropout follow from; where nothing is dropped they are not
            looked at.

        Returns
        -------
        losses
            (epochs,), float64: the mean over an epoch's rows of the objective, each row's before its step. A call that
            is interrupted gives nothing, and the best is as it was before.
        validation_losses
            (epochs,), float64, or None.
        """
        ...

    def gradient(self, rows: Array | None = None) -> tuple[float, Array]:
        """The objective on the rows of these numbers, (k,) int64, or on all; and its gradient (P,).

        Half of a step: `apply` is the other, and both together are what `run` does without dropout, to the bit.
        """
        ...

    def apply(self, gradient: Array, learning_rate: float) -> None:
        """Take one step by `gradient` (P,)."""
        ...

    def objective(self) -> float:
        """The objective on all rows, at the parameters as they are."""
        ...

    def validation_loss(self) -> float:
        """The loss on the validation rows, without a penalty."""
        ...

    def is_finite(self) -> bool:
        """Whether every parameter is."""
        ...

    def keep(self, loss: float, epoch: int) -> None:
        """Take the parameters as they are for the best so far, of this loss and after so many epochs."""
        ...

    def best(self) -> Best:
        """The best so far; at first the start, of infinite loss, after no epoch."""
        ...

    def parameters(self) -> Array:
        """(P,), as they are."""
        ...

    def state(self) -> OptimizerState:
        """What the optimizer remembers."""
        ...

    def restore(self, parameters: Array, state: OptimizerState, epochs: int = 0, best: Best | None = None) -> None:
        """Go on from where a training stood after so many epochs."""
        ...
