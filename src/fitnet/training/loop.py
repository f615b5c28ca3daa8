"""The training loop: epochs in an engine, and around them shuffling, validation, stopping and the record.

Shapes: X (n, p), Y (n, m), weights (n,) or None, parameters (P,).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Literal

import numpy as np

from fitnet import engine as engines
from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer, OptimizerState, initial_state
from fitnet.arguments import Array
from fitnet.errors import DivergenceError
from fitnet.training.callbacks import Callback, TrainingState
from fitnet.training.history import History
from fitnet.training.progress import ProgressBar

SECONDS_A_CALL = 0.1  # the engine is left alone about this long between looks at the progress
ROW_ORDER_ENTRIES = 4_000_000  # row orders drawn ahead take at most 32 MB


@dataclass(frozen=True)
class TrainingResult:
    """What `train` gives back.

    Attributes
    ----------
    parameters
        (P,): with validation data those with the lowest validation loss, in full-batch training those with the
        lowest training loss, otherwise the last ones.
    best_epoch
        The epochs that led to `parameters`.
    history
        One entry an epoch.
    stopped
        "finished", "early" (patience ran out or a callback asked) or "interrupted" (Ctrl-C).
    """

    parameters: Array
    best_epoch: int
    history: History
    stopped: Literal["finished", "early", "interrupted"]


@dataclass
class TrainingLoop:
    """One training: checked arguments, and what changes as its epochs go by."""

    network: Network
    loss: Loss
    optimizer: Optimizer
    engine: engines.Engine
    X: Array
    Y: Array
    weights: Array | None
    validation: tuple[Array, Array] | None
    epochs: int
    batch_size: int
    patience: int | None
    generator: np.random.Generator
    callbacks: Sequence[Callback]
    history: History = field(default_factory=History)

    def run(self, parameters: Array, verbose: bool) -> TrainingResult:
        """Train `parameters` in place until the epochs, the patience or the user's own are at an end."""
        state = initial_state(self.optimizer, parameters)
        history = self.history
        best = engines.Best(np.inf, parameters.copy(), 0)
        stopped: Literal["finished", "early", "interrupted"] = "finished"
        recorded, count = 0, 1  # epochs in the history to the last entry; epochs in the next call
        began = perf_counter()
        with ProgressBar(self.epochs, verbose) as progress:
            try:
                while history.epochs < self.epochs and stopped == "finished":
                    count = self._epochs_ahead(count)
                    call_began = perf_counter()
                    lowest = self._run_epochs(parameters, state, best, count, began)
                    best = self._better(lowest, parameters)
                    recorded = history.epochs
                    progress.update(history)
                    if self._callbacks_stop(parameters):
                        stopped = "early"
                        best = self._measured(best, parameters)
                    if self.patience is not None and history.epochs - best.epoch >= self.patience:
                        stopped = "early"
                    pace = (perf_counter() - call_began) / count
                    count = max(1, min(2 * count, int(SECONDS_A_CALL / pace)))
            except KeyboardInterrupt:
                stopped = "interrupted"
                history.truncate(recorded)
                progress.notice(
                    f"Interrupted: training ended after epoch {history.epochs} of {self.epochs}; "
                    f"the best parameters so far, of epoch {best.epoch}, were kept."
                )
        return TrainingResult(best.parameters, best.epoch, history, stopped)

    def _epochs_ahead(self, wanted: int) -> int:
        """How many epochs the engine runs in one call, so that validation and callbacks come on time."""
        if self.validation is not None:
            return 1
        done = self.history.epochs
        due = [callback.every - done % callback.every for callback in self.callbacks]
        affordable = max(1, ROW_ORDER_ENTRIES // len(self.X))
        return min(wanted, self.epochs - done, affordable, *due)

    def _run_epochs(
        self, parameters: Array, state: OptimizerState, best: engines.Best, count: int, began: float
    ) -> engines.Best:
        """`count` more epochs, recorded; `parameters` and `state` change in place. Gives the best so far."""
        n, done = len(self.X), self.history.epochs
        steps = -(-n // self.batch_size)
        progress = np.arange(done * steps, (done + count) * steps) / (self.epochs * steps)
        rates = self.optimizer.learning_rate * self.optimizer.schedule.factor(progress).reshape(count, steps)
        orders = None
        if self.batch_size < n:
            orders = np.stack([self.generator.permutation(n) for _ in range(count)])
        lowest = replace(best, parameters=best.parameters.copy())  # a copy, so that an interrupt leaves `best` whole
        call_began = perf_counter()
        losses = self.engine.run_epochs(
            self.network,
            self.loss,
            self.optimizer,
            parameters,
            state,
            self.X,
            self.Y,
            self.weights,
            batch_size=self.batch_size,
            learning_rates=rates,
            row_orders=orders,
            best=lowest if self._lowest_training_loss_is_best else None,
        )
        finite = np.isfinite(losses)
        if not (finite.all() and np.isfinite(parameters).all()):
            raise self._divergence(done + (count if finite.all() else int(np.argmin(finite)) + 1))
        ends = np.linspace(call_began, perf_counter(), count + 1)[1:] - began
        self.history.loss.extend(losses.tolist())
        self.history.learning_rate.extend(rates[:, -1].tolist())
        self.history.seconds.extend(ends.tolist())
        return lowest

    @property
    def _lowest_training_loss_is_best(self) -> bool:
        """Only a full batch's loss is the training loss of one parameter vector."""
        return self.validation is None and self.batch_size == len(self.X)

    def _better(self, best: engines.Best, parameters: Array) -> engines.Best:
        """What to give back if training ended with these `parameters`; a validation loss is recorded."""
        if self.validation is not None:
            value = self._loss(parameters, *self.validation, None)
            if not np.isfinite(value):
                raise self._divergence(self.history.epochs)
            self.history.validation_loss.append(value)
            return self._lower(best, value, parameters)
        if self._lowest_training_loss_is_best:
            return self._measured(best, parameters) if self.history.epochs == self.epochs else best
        return engines.Best(np.inf, parameters.copy(), self.history.epochs)

    def _measured(self, best: engines.Best, parameters: Array) -> engines.Best:
        """The best, the last full batch's outcome included, which no step has measured yet."""
        if not self._lowest_training_loss_is_best:
            return best
        return self._lower(best, self._loss(parameters, self.X, self.Y, self.weights), parameters)

    def _lower(self, best: engines.Best, value: float, parameters: Array) -> engines.Best:
        return engines.Best(value, parameters.copy(), self.history.epochs) if value < best.loss else best

    def _loss(self, parameters: Array, X: Array, Y: Array, weights: Array | None) -> float:
        with np.errstate(over="ignore", invalid="ignore"):  # divergence shows in the loss
            return self.loss.value(self.engine.predict(self.network, parameters, X), Y, weights)

    def _callbacks_stop(self, parameters: Array) -> bool:
        """Call those that are due; whether one of them asks to stop."""
        epoch = self.history.epochs
        state = TrainingState(epoch, self.network, parameters, self.history)
        answers = [callback.on_epoch_end(state) for callback in self.callbacks if epoch % callback.every == 0]
        return any(answers)

    def _divergence(self, epoch: int) -> DivergenceError:
        return DivergenceError(
            f"Training diverged: the loss is not finite in epoch {epoch}; "
            f"try a learning rate below {self.optimizer.learning_rate:g}, or scale inputs and targets to about 1."
        )
