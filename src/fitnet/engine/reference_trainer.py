"""One training in the reference engine: the paper's steps, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from fitnet.algorithm.dropout import masks
from fitnet.algorithm.optimizers import Adam, Optimizer, OptimizerState, initial_state
from fitnet.arguments import Array
from fitnet.engine.checks import check_arrays, check_point, check_row_numbers, check_run, check_seeds
from fitnet.engine.objective import Objective
from fitnet.engine.passes import objective_and_gradient
from fitnet.engine.training_contract import Best, Validation, draw_epochs


@dataclass(eq=False)
class ReferenceTrainer:
    """What `Trainer` says, in NumPy; `start` (P,) stays as it is."""

    of: Objective
    optimizer: Optimizer
    start: Array
    batch_size: int
    validation: Validation | None
    keeps_lowest: bool
    epochs: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._parameters = self.start.copy()
        self._state = initial_state(self.optimizer, self.start)
        self._best = Best(np.inf, self.start.copy(), 0)

    def take_rows(self, X: Array, Y: Array, weights: Array | None = None) -> None:
        check_arrays(self.of.network, self.start, X, Y, weights)
        self.of = replace(self.of, X=X, Y=Y, weights=weights)

    def draw(self, generator: "np.random.Generator", epochs: int) -> tuple[Array | None, Array | None]:
        n = self.of.X.shape[0]
        return draw_epochs(generator, epochs, n, shuffled=self.batch_size < n, drops=self.of.dropout > 0)

    def run(
        self,
        learning_rates: Array,
        row_orders: Array | None,
        *,
        watches: bool = False,
        seeds: Array | None = None,
    ) -> tuple[Array, Array | None]:
        n = self.of.X.shape[0] if isinstance(self.of.X, np.ndarray) else 0
        check_run(n, self.batch_size, learning_rates, row_orders)
        check_seeds(self.of.dropout, len(learning_rates), seeds)
        best = replace(self._best)
        losses, watched = np.zeros(len(learning_rates)), np.zeros(len(learning_rates)) if watches else None
        for epoch, rates in enumerate(learning_rates):
            for step, first in enumerate(range(0, n, self.batch_size)):
                rows: slice | Array = slice(first, min(first + self.batch_size, n))
                if row_orders is not None:
                    rows = row_orders[epoch, rows]
                share = self._share(rows)
                if share == 0:  # every row of the batch weighs nothing: there is nothing to learn from
                    continue
                dropped = None
                if seeds is not None and self.of.dropout > 0:
                    dropped = self._masks(seeds[epoch], step, min(self.batch_size, n - first))
                value, gradient = self._differentiate(rows, dropped)
                if self.keeps_lowest and not watches and value < best.loss:
                    best = Best(value, self.parameters(), self.epochs + epoch)
                self.apply(gradient, float(rates[step]))
                losses[epoch] += value * share
            if watched is not None:
                watched[epoch] = self.validation_loss()
                if watched[epoch] < best.loss:
                    best = Best(float(watched[epoch]), self.parameters(), self.epochs + epoch + 1)
        self.epochs += len(losses)
        self._best = best
        return losses, watched

    def gradient(self, rows: Array | None = None) -> tuple[float, Array]:
        if rows is None:
            return self._differentiate(slice(None))
        check_row_numbers("rows", rows, self.of.X.shape[0])
        return self._differentiate(rows)

    def apply(self, gradient: Array, learning_rate: float) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            if isinstance(self.optimizer, Adam):
                self.optimizer.decay(self.of.network.weights(self._parameters), learning_rate)
            self.optimizer.update(self._parameters, gradient, self._state, learning_rate)

    def objective(self) -> float:
        return self.of.value(self._parameters)

    def validation_loss(self) -> float:
        assert self.validation is not None
        return self.of.loss_on(self._parameters, *self.validation)

    def is_finite(self) -> bool:
        return bool(np.isfinite(self._parameters).all())

    def keep(self, loss: float, epoch: int) -> None:
        self._best = Best(loss, self.parameters(), epoch)

    def best(self) -> Best:
        return replace(self._best, parameters=self._best.parameters.copy())

    def parameters(self) -> Array:
        return self._parameters.copy()

    def state(self) -> OptimizerState:
        return OptimizerState(self._state.step, self._state.moments.copy())

    def restore(self, parameters: Array, state: OptimizerState, epochs: int = 0, best: Best | None = None) -> None:
        check_point(self.optimizer, self.start, parameters, state, best)
        self._parameters, self.epochs = parameters.copy(), epochs
        self._state = OptimizerState(state.step, state.moments.copy())
        if best is not None:
            self._best = replace(best, parameters=best.parameters.copy())

    def _masks(self, seed: np.uint64, step: int, rows: int) -> list[Array]:
        widths = [layer.outputs for layer in self.of.network.layers[:-1]]
        return masks(self.of.dropout, seed, step, rows, widths, self.start.dtype)

    def _differentiate(self, rows: slice | Array, dropped: Sequence[Array] | None = None) -> tuple[float, Array]:
        of, (X, Y) = self.of, self.of.rows
        weights = None if of.weights is None else of.weights[rows]
        with np.errstate(over="ignore", invalid="ignore"):  # divergence shows in the losses
            return objective_and_gradient(
                of.network, of.loss, self._parameters, X[rows], Y[rows], weights, of.l2, dropped
            )

    def _share(self, rows: slice | Array) -> float:
        """What the rows of a batch weigh, of all."""
        X, weights = self.of.rows[0], self.of.weights
        if weights is None:
            return len(X[rows]) / len(X)
        return float(weights[rows].sum(dtype=np.float64) / weights.sum(dtype=np.float64))
