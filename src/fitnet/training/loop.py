"""The training loop: epochs in an engine, and around them shuffling, validation, stopping and the record.

Shapes: X (n, p), Y (n, m), weights (n,) or None, parameters (P,).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from time import perf_counter
from typing import Any, Literal

import numpy as np

from fitnet import engine as engines
from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer, OptimizerState, initial_state
from fitnet.algorithm.penalty import penalty
from fitnet.arguments import Array
from fitnet.errors import DivergenceError
from fitnet.rows import Rows
from fitnet.training.callbacks import Callback
from fitnet.training.checkpoint import Checkpoint, Keeper
from fitnet.training.checkpoint_file import Snapshot
from fitnet.training.chunked_epoch import chunk_rows, run_chunked_epoch
from fitnet.training.history import History
from fitnet.training.progress import ProgressBar
from fitnet.training.result import TrainingResult
from fitnet.training.watch import Watch

SECONDS_A_CALL = 0.1  # the engine is left alone about this long between looks at the progress
# What the result's bits do not depend on, or depend on in ways of their own; all else must be equal to resume.
FREE_TO_CHANGE = ("epochs", "generator", "callbacks", "checkpoint", "history", "state")
ROW_ORDER_ENTRIES = 4_000_000  # row orders drawn ahead take at most 32 MB


@dataclass
class TrainingLoop:
    """One training: checked arguments, and what changes as its epochs go by."""

    network: Network
    loss: Loss
    optimizer: Optimizer
    engine: engines.Engine
    X: Rows
    Y: Rows
    weights: Array | None
    validation: tuple[Array, Array] | None
    epochs: int
    batch_size: int
    patience: int | None
    generator: np.random.Generator
    callbacks: Sequence[Callback]
    l2: float
    parameters: Array | None
    initialization: str
    checkpoint: Checkpoint | None = None
    state: OptimizerState | None = None
    history: History = field(default_factory=History)

    def first_parameters(self) -> Array:
        """(P,) to begin with: a copy of those given, or random ones."""
        if self.parameters is None:
            return self.network.initial_parameters(self.generator, self.initialization, self.X.dtype)
        return self.parameters.copy()

    def run(self, verbose: bool, resume: bool) -> TrainingResult:
        """Train until the epochs, the patience or the user's own are at an end."""
        keeper = Keeper(self.checkpoint, self._settings(), self.epochs, self.generator)
        resumed = keeper.resumed(self.network, self.optimizer) if resume else None
        start = resumed or self._first()
        parameters, state, best = start.parameters, start.state, start.best
        history = self.history = start.history
        stopped: Literal["finished", "early", "interrupted"] = "finished"
        if start.early or self._patience_is_out(best):
            stopped = "early"
        recorded, count = history.epochs, 1  # epochs in the history to the last entry; epochs in the next call
        began = perf_counter() - (history.seconds[-1] if history.seconds else 0.0)
        with ProgressBar(self.epochs, verbose) as progress:
            if resumed is not None:
                progress.notice(f"Resumed: training goes on after epoch {recorded} of {self.epochs}.")
            try:
                while history.epochs < self.epochs and stopped == "finished":
                    count = self._epochs_ahead(count)
                    call_began = perf_counter()
                    lowest = self._run_epochs(parameters, state, best, count, began)
                    best = self._better(lowest, parameters)
                    recorded = history.epochs
                    keeper.keep(parameters, state, best, history)
                    progress.update(history)
                    if self.watch.callbacks_stop(history, parameters) or self._patience_is_out(best):
                        stopped = "early"
                    keeper.write_if_due(stopped == "early")
                    pace = (perf_counter() - call_began) / count
                    count = max(1, min(2 * count, int(SECONDS_A_CALL / pace)))
                best = self._measured(best, parameters)
            except KeyboardInterrupt:
                stopped = "interrupted"
                history.truncate(recorded)
                progress.notice(self.watch.interruption(history.epochs, self.epochs, best))
                keeper.write_interrupted()
        self.watch.end(history)
        return TrainingResult(best.parameters, best.epoch, history, stopped)

    @cached_property
    def watch(self) -> Watch:
        """The user's eyes on this training."""
        return Watch(self.network, self.loss, self.engine, self.validation, self.patience, self.callbacks)

    def _settings(self) -> dict[str, Any]:
        """What every bit of the result depends on, FREE_TO_CHANGE apart."""
        settings = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in FREE_TO_CHANGE}
        chunks = {}
        if not isinstance(self.X, np.ndarray) and not isinstance(self.Y, np.ndarray):
            chunks["chunk_rows"] = chunk_rows(self.X, self.Y, self.batch_size)
        return {"dtype": self.X.dtype.name} | settings | chunks | {"engine": self.engine.name}

    def _first(self) -> Snapshot:
        """The training before its first epoch."""
        start = self.first_parameters()
        best = engines.Best(np.inf, start.copy(), 0)
        return Snapshot(start, self.state or initial_state(self.optimizer, start), best, self.history, 0, {})

    def _patience_is_out(self, best: engines.Best) -> bool:
        return self.watch.patience_is_out(self.history.epochs, best)

    def _epochs_ahead(self, wanted: int) -> int:
        """How many epochs the engine runs in one call, so that validation and callbacks come on time."""
        if self.validation is not None or not isinstance(self.X, np.ndarray):
            return 1
        done = self.history.epochs
        paces = [callback.every for callback in self.callbacks]
        if self.checkpoint is not None and self.checkpoint.every is not None:
            paces.append(self.checkpoint.every)
        due = [every - done % every for every in paces]
        affordable = max(1, ROW_ORDER_ENTRIES // int(self.X.shape[0]))
        return min(wanted, self.epochs - done, affordable, *due)

    def _run_epochs(
        self, parameters: Array, state: OptimizerState, best: engines.Best, count: int, began: float
    ) -> engines.Best:
        """`count` more epochs, recorded; `parameters` and `state` change in place. Gives the best so far."""
        n, done = self.X.shape[0], self.history.epochs
        steps = -(-n // self.batch_size)
        progress = np.arange(done * steps, (done + count) * steps) / (self.epochs * steps)
        rates = self.optimizer.learning_rate * self.optimizer.schedule.factor(progress).reshape(count, steps)
        lowest = replace(best, parameters=best.parameters.copy())  # a copy, so that an interrupt leaves `best` whole
        call_began = perf_counter()
        losses = self._losses(parameters, state, lowest, rates)
        finite = np.isfinite(losses)
        if not (finite.all() and np.isfinite(parameters).all()):
            raise self._divergence(done + (count if finite.all() else int(np.argmin(finite)) + 1))
        ends = np.linspace(call_began, perf_counter(), count + 1)[1:] - began
        self.history.loss.extend(losses.tolist())
        self.history.learning_rate.extend(rates[:, -1].tolist())
        self.history.seconds.extend(ends.tolist())
        return lowest

    def _losses(self, parameters: Array, state: OptimizerState, lowest: engines.Best, rates: Array) -> Array:
        """Epochs at these `rates` (epochs, steps), and their losses; rows in a file are visited in chunks."""
        configuration = (self.network, self.loss, self.optimizer, parameters, state)
        if not isinstance(self.X, np.ndarray) and not isinstance(self.Y, np.ndarray):  # a Protocol takes 14 us to ask
            loss = run_chunked_epoch(
                self.engine,
                *configuration,
                self.X,
                self.Y,
                batch_size=self.batch_size,
                learning_rates=rates[0],
                generator=self.generator,
                l2=self.l2,
            )
            return np.array([loss])
        assert isinstance(self.X, np.ndarray) and isinstance(self.Y, np.ndarray)
        orders = None
        if self.batch_size < len(self.X):
            orders = np.stack([self.generator.permutation(len(self.X)) for _ in rates])
        return self.engine.run_epochs(
            *configuration,
            self.X,
            self.Y,
            self.weights,
            batch_size=self.batch_size,
            learning_rates=rates,
            row_orders=orders,
            best=lowest if self._lowest_training_loss_is_best else None,
            l2=self.l2,
        )

    @property
    def _lowest_training_loss_is_best(self) -> bool:
        """Only a full batch's loss is the training loss of one parameter vector."""
        return self.validation is None and isinstance(self.X, np.ndarray) and self.batch_size == len(self.X)

    def _better(self, best: engines.Best, parameters: Array) -> engines.Best:
        """What to give back if training ended with these `parameters`; a validation loss is recorded."""
        if self.validation is not None:
            value = self.watch.validation_loss(parameters)
            if not np.isfinite(value):
                raise self._divergence(self.history.epochs)
            self.history.validation_loss.append(value)
            return self._lower(best, value, parameters)
        if self._lowest_training_loss_is_best:
            return best
        return engines.Best(np.inf, parameters.copy(), self.history.epochs)

    def _measured(self, best: engines.Best, parameters: Array) -> engines.Best:
        """The best at the end, the last full batch's outcome included, which no step has measured yet."""
        if not self._lowest_training_loss_is_best:
            return best
        assert isinstance(self.X, np.ndarray) and isinstance(self.Y, np.ndarray)
        objective = self.watch.loss_on(parameters, self.X, self.Y, self.weights) + self._penalty(parameters)
        return self._lower(best, objective, parameters)

    def _lower(self, best: engines.Best, value: float, parameters: Array) -> engines.Best:
        return engines.Best(value, parameters.copy(), self.history.epochs) if value < best.loss else best

    def _penalty(self, parameters: Array) -> float:
        with np.errstate(over="ignore"):
            return penalty(self.network, parameters, self.l2) if self.l2 > 0 else 0.0

    def _divergence(self, epoch: int) -> DivergenceError:
        return DivergenceError(
            f"Training diverged: the loss is not finite in epoch {epoch}; "
            f"try a learning rate below {self.optimizer.learning_rate:g}, or scale inputs and targets to about 1."
        )
