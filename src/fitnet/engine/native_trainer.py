"""One training in the native engine: C++ holds parameters, moments and scratch from epoch to epoch."""

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer, OptimizerState
from fitnet.arguments import Array
from fitnet.engine import _native
from fitnet.engine.checks import check_arrays, check_point, check_row_numbers, check_run, check_seeds
from fitnet.engine.training_contract import Best, draw_epochs
from fitnet.rows import PiecewiseRows


class NativeTrainer:
    """What `Trainer` says. C++ looks whether arrays fit; only where they do not are they looked at again for words."""

    def __init__(
        self,
        held: _native.TrainerFloat32 | _native.TrainerFloat64,
        network: Network,
        optimizer: Optimizer,
        start: Array,
        batch_size: int,
        dropout: float = 0.0,
    ) -> None:
        self._held, self._network, self._optimizer = held, network, optimizer
        self._start, self._batch_size, self._dropout, self._n = start, batch_size, dropout, 0
        self.objective, self.validation_loss = held.objective, held.validation_loss
        self.is_finite, self.keep, self.parameters = held.is_finite, held.keep, held.parameters

    def take_rows(self, X: Array | PiecewiseRows, Y: Array, weights: Array | None = None) -> None:
        check_arrays(self._network, self._start, X, Y, weights)
        self._held.take_rows(numbers_of(X), Y, weights)
        self._n = len(X)

    def take_validation(self, X: Array | PiecewiseRows, Y: Array, weights: Array | None = None) -> None:
        self._held.take_validation(numbers_of(X), Y, weights)

    def draw(self, generator: "np.random.Generator", epochs: int) -> tuple[Array | None, Array | None]:
        shuffled, drops = self._batch_size < self._n, self._dropout > 0
        return draw_epochs(generator, epochs, self._n, shuffled=shuffled, drops=drops)

    def run(
        self,
        learning_rates: Array,
        row_orders: Array | None,
        *,
        watches: bool = False,
        seeds: Array | None = None,
    ) -> tuple[Array, Array | None]:
        losses = self._held.run(learning_rates, row_orders, watches, seeds)
        if losses is None:
            check_run(self._n, self._batch_size, learning_rates, row_orders)
            check_seeds(self._dropout, len(learning_rates), seeds)
            raise TypeError("`learning_rates`, `row_orders` and `seeds` must be plain NumPy arrays.")
        return losses

    def gradient(self, rows: Array | None = None) -> tuple[float, Array]:
        found = self._held.gradient(rows)
        if found is None:
            check_row_numbers("rows", np.arange(0) if rows is None else rows, self._n)
            raise TypeError("`rows` must be a plain NumPy array of one row number or more.")
        return found

    def apply(self, gradient: Array, learning_rate: float) -> None:
        self._held.apply(gradient, learning_rate)

    def best(self) -> Best:
        return Best(*self._held.best())

    def state(self) -> OptimizerState:
        return OptimizerState(*self._held.state())

    def restore(self, parameters: Array, state: OptimizerState, epochs: int = 0, best: Best | None = None) -> None:
        check_point(self._optimizer, self._start, parameters, state, best)
        self._held.restore(parameters, state.moments, state.step, epochs)
        if best is not None:
            self._held.restore_best(best.parameters, best.loss, best.epoch)


def numbers_of(X: Array | PiecewiseRows) -> Array:
    """The matrix that C++ reads."""
    return X.codes if isinstance(X, PiecewiseRows) else X
