"""Stages: one solver after another, each from where the one before ended, with one record for all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from fitnet.algorithm.optimizers import OptimizerState
from fitnet.arguments import Array
from fitnet.engine import Validation
from fitnet.engine.objective import Objective
from fitnet.training.checkpoint import Checkpoint
from fitnet.training.convergence import still_fell
from fitnet.training.first_order import FirstOrderTraining
from fitnet.training.record import Record
from fitnet.training.result import TrainingResult
from fitnet.training.second_order import SecondOrderTraining
from fitnet.training.solvers import Solver, is_second_order

KEPT = ("best", "last")  # which parameters a training may give


@dataclass
class Stages:
    """A training by one solver or by several in turn: checked arguments, and the record that all of them share."""

    objective: Objective
    solvers: Sequence[Solver]
    batch_size: int
    validation: Validation | None
    epochs: int
    generator: np.random.Generator
    draw: Callable[[], Array]
    record: Record
    checkpoint: Checkpoint | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    state: OptimizerState | None = None
    keep: str = "best"

    def run(self, start: Callable[[], Array], resume: bool) -> TrainingResult:
        """Train by every solver in turn; a solver's own `max_epochs` goes before `epochs`.

        `start` gives the parameters (P,) to begin with; it is asked once every solver has seen what it is to do.
        """
        for solver in self.solvers:
            if is_second_order(solver):
                solver.check(self.objective)
        best: TrainingResult | None = None
        for solver in self.solvers:
            before = self.record.history.epochs
            result = self._stage(solver, start if best is None else best.parameters.copy, resume)
            if best is None or self._improves(result, best, before):
                best = replace(result, best_epoch=before + result.best_epoch)
            if result.stopped == "interrupted" or self.record.asked_to_stop:
                break
        assert best is not None  # there is at least one solver
        self.record.end()
        return replace(
            best, history=self.record.history, stopped=self.record.stopped, still_fell=self._still_fell(solver)
        )

    def _still_fell(self, last: Solver) -> bool:
        """Whether the last solver used up its epochs while the watched loss fell."""
        epochs, history = self.record.epochs, self.record.history
        if self.record.stopped != "finished" or epochs < self._epochs_of(last):
            return False
        watched = history.validation_loss or history.loss
        noisy = self.batch_size < self.objective.X.shape[0] or self.objective.dropout > 0
        in_batches = not is_second_order(last) and noisy
        lowest = min(history.validation_loss, default=np.inf)
        return still_fell(watched[-epochs:], history.learning_rate[-epochs:], in_batches=in_batches, lowest=lowest)

    def _epochs_of(self, solver: Solver) -> int:
        """At most so many by this solver."""
        own = getattr(solver, "max_epochs", None)  # a rule of the user's may have none
        return self.epochs if own is None else int(own)

    def _stage(self, solver: Solver, start: Callable[[], Array], resume: bool) -> TrainingResult:
        """Train by one solver."""
        epochs = self._epochs_of(solver)
        last = self.keep == "last"
        if is_second_order(solver):
            training = SecondOrderTraining(
                self.objective, solver, epochs, self.validation, self.draw, self.record, last
            )
            return training.run(start())
        return FirstOrderTraining(
            self.objective,
            solver,  # type: ignore[arg-type]
            self.batch_size,
            self.validation,
            epochs,
            self.generator,
            self.record,
            self.checkpoint,
            self.settings,
            self.state,
            last,
        ).run(start, resume)

    def _improves(self, result: TrainingResult, best: TrainingResult, before: int) -> bool:
        """Whether the stage after `before` epochs ended better than it began: at the `best` of those."""
        validation_loss = self.record.history.validation_loss
        if result.best_epoch == 0 or not validation_loss or self.keep == "last":
            return result.best_epoch > 0
        lowest = validation_loss[best.best_epoch - 1] if best.best_epoch > 0 else np.inf
        return validation_loss[before + result.best_epoch - 1] < lowest
