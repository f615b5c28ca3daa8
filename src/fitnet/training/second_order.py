"""Second-order training: what a solver that looks at all rows at once offers, and what is recorded around it.

Shapes: X (n, p), Y (n, m), weights (n,) or None, parameters (P,), all float64. An iteration counts as an epoch.
"""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal, Protocol

import numpy as np

from fitnet import engine as engines
from fitnet.arguments import Array
from fitnet.errors import DivergenceError
from fitnet.training.history import SOLVER_SERIES, History
from fitnet.training.objective import Objective
from fitnet.training.progress import ProgressBar
from fitnet.training.result import TrainingResult
from fitnet.training.watch import Watch


class AfterIteration(Protocol):
    """What a solver calls after every iteration."""

    def __call__(self, parameters: Array, objective: float, /, **measured: float) -> None:
        """Record the iteration that led to `parameters` (P,); may end training by StopIteration.

        `objective` is its value at `parameters`; `measured` may hold damping, effective_parameters and noise.
        """
        ...


class SecondOrderSolver(Protocol):
    """A solver that uses curvature; its fields are its configuration."""

    @property
    def max_epochs(self) -> int | None:
        """At most so many iterations; None: what training is given."""
        ...

    @property
    def moves_its_objective(self) -> bool:
        """Whether the objective changes from iteration to iteration, so that its values do not compare."""
        ...

    def check(self, objective: Objective) -> None:
        """Refuse an objective that this solver cannot minimise."""
        ...

    def minimise(self, objective: Objective, start: Array, iterations: int, after: AfterIteration) -> None:
        """Walk down from `start`, calling `after` at every iteration, until there is no more to gain."""
        ...


@dataclass
class SecondOrderTraining:
    """One training by a second-order solver: checked arguments, and the record that grows."""

    objective: Objective
    solver: SecondOrderSolver
    iterations: int
    watch: Watch
    history: History = field(default_factory=History)

    def run(self, start: Array, verbose: bool) -> TrainingResult:
        """Train from `start` (P,) until the solver, the iterations, the patience or the user's own are at an end."""
        value = self.objective.value(start)
        if not np.isfinite(value):
            raise DivergenceError(
                "Training cannot begin: the loss is not finite at the initial parameters; scale inputs and targets to "
                "about 1."
            )
        self._best = engines.Best(np.inf if self.watch.validation else value, start.copy(), 0)
        self._began, self._recorded = perf_counter(), 0
        stopped: Literal["finished", "early", "interrupted"] = "finished"
        with ProgressBar(self.iterations, verbose) as self._progress:
            try:
                self.solver.minimise(self.objective, start, self.iterations, self._after)
            except StopIteration:
                stopped = "early"
            except KeyboardInterrupt:
                stopped = "interrupted"
                self.history.truncate(self._recorded)
                self._progress.notice(self.watch.interruption(self.history.epochs, self.iterations, self._best))
        self.watch.end(self.history)
        return TrainingResult(self._best.parameters, self._best.epoch, self.history, stopped)

    def _after(self, parameters: Array, objective: float, /, **measured: float) -> None:
        """Record an iteration; StopIteration where training is to end."""
        history, lowest = self.history, objective
        if self.watch.validation is not None:
            lowest = self.watch.validation_loss(parameters)
            if not np.isfinite(lowest):
                raise DivergenceError(
                    f"Training diverged: the validation loss is not finite in iteration {history.epochs + 1}; scale "
                    "inputs and targets to about 1."
                )
        history.loss.append(objective)
        history.learning_rate.append(float("nan"))
        history.seconds.append(perf_counter() - self._began)
        if self.watch.validation is not None:
            history.validation_loss.append(lowest)
        for series in SOLVER_SERIES:
            if series in measured:
                getattr(history, series).append(measured[series])
        self._recorded = history.epochs
        if self._is_better(lowest):
            self._best = engines.Best(lowest, parameters.copy(), history.epochs)
        self._progress.update(history)
        wants_to_stop = self.watch.callbacks_stop(history, parameters)
        if wants_to_stop or self.watch.patience_is_out(history.epochs, self._best):
            raise StopIteration

    def _is_better(self, value: float) -> bool:
        """Lower or, where the solver moves the goal as it goes, later."""
        moves = self.solver.moves_its_objective and self.watch.validation is None
        return value < self._best.loss or moves
