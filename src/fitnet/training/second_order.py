"""Second-order training: what a solver that looks at all rows at once offers, and what is recorded around it.

Shapes: X (n, p), Y (n, m), weights (n,) or None, parameters (P,), all float64. An iteration counts as an epoch.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from fitnet.arguments import Array
from fitnet.engine import Best, Validation
from fitnet.engine.objective import Objective
from fitnet.errors import DivergenceError
from fitnet.training.record import NOT_MEASURED, Record
from fitnet.training.result import TrainingResult


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

    def minimise(
        self, objective: Objective, start: Array, iterations: int, after: AfterIteration, draw: Callable[[], Array]
    ) -> None:
        """Walk down from `start` (P,), calling `after` at every iteration, until there is no more to gain.

        `draw` gives other parameters to start from, (P,), for a solver that would.
        """
        ...


@dataclass
class SecondOrderTraining:
    """One training by a second-order solver: checked arguments, and the record that grows."""

    objective: Objective
    solver: SecondOrderSolver
    iterations: int
    validation: Validation | None
    draw: Callable[[], Array]
    record: Record
    keeps_last: bool = False

    def run(self, start: Array) -> TrainingResult:
        """Train from `start` (P,) until the solver, the iterations, the patience or the user's own are at an end."""
        value = self.objective.value(start)
        if not np.isfinite(value):
            raise DivergenceError(
                "Training cannot begin: the loss is not finite at the initial parameters; scale inputs and targets to "
                "about 1."
            )
        self._best = Best(np.inf if self.validation else value, start.copy(), 0)
        with self.record.stage(self.iterations, lambda: self._best), suppress(StopIteration):
            self.solver.minimise(self.objective, start, self.iterations, self._after, self.draw)
        return TrainingResult(self._best.parameters, self._best.epoch, self.record.history, self.record.stopped)

    def _after(self, parameters: Array, objective: float, /, **measured: float) -> None:
        """Record an iteration; StopIteration where training is to end."""
        record, lowest, watched = self.record, objective, []
        if self.validation is not None:
            lowest = self.objective.loss_on(parameters, *self.validation)
            watched = [lowest]
            if not np.isfinite(lowest):
                raise DivergenceError(
                    f"Training diverged: the validation loss is not finite in iteration {record.epochs + 1}; scale "
                    "inputs and targets to about 1."
                )
        record.add([objective], [NOT_MEASURED], validation_losses=watched, **measured)
        if self._is_better(lowest):
            self._best = Best(lowest, parameters.copy(), record.epochs)
        if record.look(lambda: parameters):
            raise StopIteration

    def _is_better(self, value: float) -> bool:
        """Lower or, where the solver moves the goal as it goes, later."""
        moves = self.solver.moves_its_objective and self.validation is None
        return value < self._best.loss or moves or self.keeps_last
