"""First-order training: epochs in an engine's trainer, and around them shuffling, validation and checkpoints.

Shapes: X (n, p), Y (n, m), weights (n,) or None, parameters (P,).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np

from fitnet import engine as engines
from fitnet.algorithm.optimizers import Optimizer, OptimizerState
from fitnet.arguments import Array
from fitnet.engine.objective import Objective
from fitnet.errors import DivergenceError
from fitnet.rows import PiecewiseRows, is_spread
from fitnet.training.checkpoint import Checkpoint, Keeper
from fitnet.training.chunked_epoch import run_chunked_epoch
from fitnet.training.record import Record
from fitnet.training.result import TrainingResult

SECONDS_A_CALL = 0.1  # the engine is left alone about this long between looks at the progress
ROW_ORDER_ENTRIES = 4_000_000  # row orders drawn ahead take at most 32 MB
RATES_AHEAD = 4096  # of steps, computed together


@dataclass
class FirstOrderTraining:
    """One training by an optimizer: checked arguments, and the trainer that does it.

    `settings` is what every bit of the result depends on, for the checkpoint, but for epochs and generator. With
    `keeps_last` the parameters of the last epoch are what is kept.
    """

    objective: Objective
    optimizer: Optimizer
    batch_size: int
    validation: engines.Validation | None
    epochs: int
    generator: np.random.Generator
    record: Record
    checkpoint: Checkpoint | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    state: OptimizerState | None = None
    keeps_last: bool = False
    _rates_ahead: Array = field(default_factory=lambda: np.empty((0, 0)), init=False)
    _rates_first: int = field(default=0, init=False)  # the epoch that they begin with

    def run(self, start: Callable[[], Array], resume: bool = False) -> TrainingResult:
        """Train until the epochs, the patience or the user's own are at an end.

        `start` gives the parameters (P,) to begin with, which may draw from `generator`; a resumed training has them.
        """
        record, keeper = self.record, Keeper(self.checkpoint, self.settings, self.epochs, self.generator)
        resumed = keeper.resumed(self.objective.network, self.optimizer) if resume else None
        if resumed is None:
            trainer = self._trainer(start())
            if self.state is not None:
                trainer.restore(trainer.parameters(), self.state)
        else:
            trainer = self._trainer(resumed.parameters)
            trainer.restore(resumed.parameters, resumed.state, resumed.epochs, resumed.best)
            record.history = resumed.history
        try:
            with record.stage(self.epochs, trainer.best, resumed is not None) as progress:
                if resumed is not None:
                    progress.notice(f"Resumed: training goes on after epoch {record.epochs} of {self.epochs}.")
                if record.patience_is_out or (resumed is not None and resumed.early):
                    record.stopped = "early"
                self._run_epochs(trainer, keeper)
                self._measure_last(trainer)
        finally:
            self._give_state_back(trainer)
        if record.stopped == "interrupted":
            keeper.write_interrupted()
        best = trainer.best()
        return TrainingResult(best.parameters, best.epoch, record.history, record.stopped)

    def _trainer(self, start: Array) -> engines.Trainer:
        return self.objective.engine.trainer(
            self.objective,
            self.optimizer,
            start,
            self.batch_size,
            validation=self.validation,
            keeps_lowest=self._lowest_training_loss_is_best,
        )

    def _run_epochs(self, trainer: engines.Trainer, keeper: Keeper) -> None:
        record, count = self.record, 1
        while record.epochs < self.epochs and record.stopped == "finished":
            count = self._epochs_ahead(count)
            began = perf_counter()
            self._run_call(trainer, count, began)
            if keeper.checkpoint is not None:
                keeper.keep(trainer.parameters(), trainer.state(), trainer.best(), record.history)
            early = record.look(trainer.parameters)
            keeper.write_if_due(early)
            pace = (perf_counter() - began) / count
            count = max(1, min(2 * count, int(SECONDS_A_CALL / pace)))

    def _run_call(self, trainer: engines.Trainer, count: int, began: float) -> None:
        """`count` more epochs, recorded, and what is best by now kept."""
        rates = self._rates(count)
        losses, validation_losses = self._losses(trainer, rates)
        for measured in (losses, validation_losses):
            if not all(map(isfinite, measured)):
                raise self._divergence(int(np.argmin(np.isfinite(measured))) + 1)
        if not trainer.is_finite():
            raise self._divergence(count)
        if self.keeps_last or (self.validation is None and not self._lowest_training_loss_is_best):
            trainer.keep(np.inf, self.record.epochs + count)
        self.record.add(losses, rates[:, -1].tolist(), began, validation_losses)

    def _losses(self, trainer: engines.Trainer, rates: Array) -> tuple[list[float], list[float]]:
        """Epochs at these `rates` (epochs, steps): their losses and those on the validation data, if there are any.

        Rows in a file are visited in chunks.
        """
        X, Y = self.objective.X, self.objective.Y
        # A Protocol takes 14 us to ask.
        if not self._at_hand and not isinstance(X, np.ndarray | PiecewiseRows) and not isinstance(Y, np.ndarray):
            drops = self.objective.dropout > 0
            loss = run_chunked_epoch(trainer, X, Y, self.batch_size, rates[0], self.generator, drops=drops)
            return [loss], [self._watch(trainer)] if self.validation is not None and np.isfinite(loss) else []
        orders, seeds = trainer.draw(self.generator, len(rates))
        losses, watched = trainer.run(rates, orders, watches=self.validation is not None, seeds=seeds)
        return losses.tolist(), [] if watched is None else watched.tolist()

    def _watch(self, trainer: engines.Trainer) -> float:
        """The validation loss after an epoch in chunks; the parameters of the lowest are kept."""
        loss = trainer.validation_loss()
        if loss < trainer.best().loss:
            trainer.keep(loss, self.record.epochs + 1)
        return loss

    def _rates(self, count: int) -> Array:
        """The rates (count, steps) of the next epochs; computed many at a time, for that costs little more than one."""
        done, steps = self.record.epochs, -(-self.objective.X.shape[0] // self.batch_size)
        if not self._rates_first <= done <= done + count <= self._rates_first + len(self._rates_ahead):
            ahead = min(max(count, RATES_AHEAD // steps), self.epochs - done)
            progress = np.arange(done * steps, (done + ahead) * steps) / (self.epochs * steps)
            rates = self.optimizer.learning_rate * self.optimizer.schedule.factor(progress)
            self._rates_first, self._rates_ahead = done, rates.reshape(ahead, steps)
        return self._rates_ahead[done - self._rates_first :][:count]

    def _epochs_ahead(self, wanted: int) -> int:
        """How many epochs the engine runs in one call, so that callbacks, checkpoints and the end come on time."""
        done = self.record.epochs
        ahead = min(wanted, self.epochs - done, self._most_a_call, self.record.epochs_until_look())
        if self.checkpoint is not None and self.checkpoint.every is not None:
            ahead = min(ahead, self.checkpoint.every - done % self.checkpoint.every)
        return ahead

    @cached_property
    def _most_a_call(self) -> int:
        """Of epochs: one over rows in a file; as many as there is room for their row orders."""
        return max(1, ROW_ORDER_ENTRIES // self.objective.X.shape[0]) if self._at_hand else 1

    @cached_property
    def _at_hand(self) -> bool:
        """Whether a call of the trainer may see all rows: they are in memory, of this process or of several ranks."""
        return isinstance(self.objective.Y, np.ndarray) or is_spread(self.objective.Y)

    @cached_property
    def _lowest_training_loss_is_best(self) -> bool:
        """Only a full batch's loss is the training loss of one parameter vector, and only if no unit is dropped."""
        full = self._at_hand and self.batch_size == self.objective.X.shape[0] and self.objective.dropout == 0
        return full and self.validation is None and not self.keeps_last

    def _measure_last(self, trainer: engines.Trainer) -> None:
        """Let the last full batch's outcome, which no step has measured yet, be the best if it is."""
        if self._lowest_training_loss_is_best:
            objective = trainer.objective()
            if objective < trainer.best().loss:
                trainer.keep(objective, self.record.epochs)

    def _give_state_back(self, trainer: engines.Trainer) -> None:
        """Bring the caller's `state` up to date, in place."""
        if self.state is not None:
            reached = trainer.state()
            self.state.step = reached.step
            self.state.moments[:] = reached.moments

    def _divergence(self, epochs: int) -> DivergenceError:
        """Of the epoch that comes so many after the last one recorded."""
        return DivergenceError(
            f"Training diverged: the loss is not finite in epoch {self.record.epochs + epochs}; "
            f"try a learning rate below {self.optimizer.learning_rate:g}, or scale inputs and targets to about 1."
        )
