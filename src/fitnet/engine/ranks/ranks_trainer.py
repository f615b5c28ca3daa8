"""One training of rank 0 with rows that are spread over ranks: epochs as the native engine has them, to the bit.

Shapes: parameters (P,), learning rates (epochs, steps).
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.optimizers import OptimizerState
from fitnet.arguments import Array
from fitnet.engine.objective import Objective
from fitnet.engine.ranks.held_rows import Batch
from fitnet.engine.training_contract import Best, Trainer, Validation

if TYPE_CHECKING:
    from fitnet.engine.ranks.ranks_engine import RanksEngine

SEEDS = 2**63  # of an epoch's order


class RanksTrainer:
    """What `Trainer` says; parameters and moments are in `local`, a trainer of this process without rows.

    The orders of rows are a seed an epoch: every slot's rows are shuffled by themselves, wherever they are, and a batch
    takes its part of each.
    """

    def __init__(
        self,
        engine: "RanksEngine",
        local: Trainer,
        objective: Objective,
        batch_size: int,
        validation: Validation | None,
        keeps_lowest: bool,
    ) -> None:
        self._engine, self._local, self._of = engine, local, objective
        self._batch_size, self._validation, self._keeps_lowest = batch_size, validation, keeps_lowest
        self._epochs = 0
        self.apply, self.is_finite, self.keep, self.best = local.apply, local.is_finite, local.keep, local.best
        self.parameters, self.state = local.parameters, local.state

    def take_rows(self, X: Any, Y: Any, weights: Array | None = None) -> None:
        raise TypeError("Rows that are spread over ranks do not come in chunks; `train` takes all of them at once.")

    def draw(self, generator: np.random.Generator, epochs: int) -> tuple[Array | None, Array | None]:
        if self._batch_size == self._of.X.shape[0]:
            return None, None
        return generator.integers(SEEDS, size=(epochs, 1)), None

    def run(
        self,
        learning_rates: Array,
        row_orders: Array | None,
        *,
        watches: bool = False,
        seeds: Array | None = None,
    ) -> tuple[Array, Array | None]:
        lowest = self._local.best()
        losses, watched = np.zeros(len(learning_rates)), np.empty(len(learning_rates)) if watches else None
        for epoch, rates in enumerate(learning_rates):
            seed = None if row_orders is None else int(row_orders[epoch, 0])
            for step, rate in enumerate(rates.tolist()):
                rows, value, gradient = self._step(seed, step)
                if self._keeps_lowest and not watches and value < lowest.loss:
                    lowest = Best(value, self._local.parameters(), self._epochs + epoch)
                self._local.apply(gradient, rate)
                losses[epoch] += value * rows / self._of.X.shape[0]
            if watched is not None:
                watched[epoch] = self.validation_loss()
                if watched[epoch] < lowest.loss:
                    lowest = Best(float(watched[epoch]), self._local.parameters(), self._epochs + epoch + 1)
        self._epochs += len(learning_rates)
        self._local.restore(self._local.parameters(), self._local.state(), self._epochs, lowest)
        return losses, watched

    def _step(self, seed: int | None, number: int) -> tuple[int, float, Array]:
        """How many rows a step sees, its objective and the gradient."""
        n = self._of.X.shape[0]
        batch = None if seed is None else Batch(seed, number, self._batch_size)
        rows = n if batch is None else min(batch.size, n - number * batch.size)
        return rows, *self._gradient(batch)

    def _gradient(self, batch: Batch | None) -> tuple[float, Array]:
        of = self._of
        return self._engine.loss_and_gradient(
            of.network, of.loss, self._local.parameters(), of.X, of.Y, l2=of.l2, batch=batch
        )

    def gradient(self, rows: Array | None = None) -> tuple[float, Array]:
        if rows is not None:
            raise TypeError("`rows` must be None: ranks have no numbers for some of the rows.")
        return self._gradient(None)

    def objective(self) -> float:
        of, parameters = self._of, self._local.parameters()
        return of.loss_on(parameters, *of.rows) + self._engine.penalty(of.network, of.l2, parameters)

    def validation_loss(self) -> float:
        assert self._validation is not None
        return self._of.loss_on(self._local.parameters(), *self._validation)

    def restore(self, parameters: Array, state: OptimizerState, epochs: int = 0, best: Best | None = None) -> None:
        self._local.restore(parameters, state, epochs, best)
        self._epochs = epochs
