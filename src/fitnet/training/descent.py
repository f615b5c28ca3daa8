"""A descent by damped Gauss-Newton steps: where it stands, and its next step; `least_squares.py` says what for."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from fitnet.arguments import Array
from fitnet.engine.objective import Objective
from fitnet.errors import DivergenceError
from fitnet.training import evidence
from fitnet.training.beginnings import STIFF, Beginning, cross_validation
from fitnet.training.evidence import Evidence
from fitnet.training.second_order import AfterIteration

if TYPE_CHECKING:
    from fitnet.training.least_squares import LevenbergMarquardt

LARGEST_DAMPING = 1e10  # in units of the largest curvature: no step is left to take
LEAST_DAMPING = 1e-16  # in the same units: where a failed step without damping begins to have some
# The damping's divisor after a whole step that led down, and its factor where half of one leads up too; after half a
# step it stays as it is. docs/decisions.md says why.
LOWERED_BY, RAISED_BY = 5.0, 2.0
MOST_BENT = 1.0  # times the straight step: a path that bends more is not known well enough to be followed


class Descent:
    """Where an optimisation stands: parameters, their normal equations, damping and decay."""

    def __init__(
        self, solver: "LevenbergMarquardt", objective: Objective, start: Array, beginning: Beginning = STIFF
    ) -> None:
        self.solver, self.objective = solver, objective
        self._held = beginning.held
        self._move_to(start)
        self._curvature = float(np.diagonal(self.JtJ).max())
        if not np.isfinite(self._curvature):
            raise DivergenceError(
                "Training cannot begin: derivatives at the initial parameters are too large for float64; scale inputs "
                "and targets to about 1."
            )
        decay = objective.l2 * objective.total_weight
        self._evidence: Evidence | None = None
        if solver.regularization == "bayesian":
            decay = beginning.decay * float(np.diagonal(self.JtJ).mean())
        self._decay = decay * objective.is_weight
        self._damping = solver.damping
        self._last_fall = self._last_step = np.inf

    def walk(self, iterations: int, after: AfterIteration) -> None:
        """At most so many steps, until there is no more to gain."""
        for _ in range(iterations):
            if self.is_at_a_minimum() or not self.step():
                return
            after(self.parameters, self.value, **self.measured())
            if self.hardly_moved():
                return

    def cross_validation(self) -> float:
        """How well the fit should generalise; infinite where the evidence was never asked.

        Where the noise is known that is Akaike's criterion, the misfit and twice the parameters that the data
        determine; else generalised cross-validation.
        """
        if self._evidence is None:
            return np.inf
        variance = self.objective.known_variance
        if variance is not None:
            return self.misfit + 2 * variance * self._evidence.effective_parameters
        mean_square = self.misfit / self.objective.n_targets
        return cross_validation(mean_square, self._evidence.effective_parameters, self.objective.n_targets)

    @property
    def value(self) -> float:
        """The objective: a mean, and the penalty."""
        return self._penalised(self.misfit, self.parameters) / self.objective.total_weight

    def measured(self) -> dict[str, float]:
        """What the history keeps beside the loss."""
        unit = self.objective.weight_unit
        found = {"damping": self._damping * self._curvature * unit}
        if self._evidence is not None:
            found["effective_parameters"] = self._evidence.effective_parameters
            if self.objective.known_variance is None:
                found["noise"] = self._evidence.noise * unit**0.5
        return found

    def is_at_a_minimum(self) -> bool:
        """Whether no column of the Jacobian points along the residuals any more."""
        sizes = np.sqrt(np.diagonal(self.JtJ)) * self.misfit**0.5
        return bool(np.all(np.abs(self._downhill()) <= self.solver.gradient_tolerance * sizes))

    def hardly_moved(self) -> bool:
        """Whether the last step or what it gained was too small to go on."""
        small_step = self._last_step <= self.solver.step_tolerance
        return small_step or self._last_fall <= self.solver.loss_tolerance

    def step(self) -> bool:
        """One step that lowers the objective, whole or half; False where none does.

        To try a step costs a sum of squares, to try another damping a factorisation: ten times as much.
        """
        gradient, now = -self._downhill(), self._penalised(self.misfit, self.parameters)
        while self._damping <= LARGEST_DAMPING:
            for whole, step in self._tries(gradient):
                fall = now - self._penalised_at(self.parameters + step)
                if fall > 0:
                    if whole:
                        self._damping /= LOWERED_BY
                    self._accept(step, fall / now)
                    return True
            self._damping = max(RAISED_BY * self._damping, LEAST_DAMPING)
        return False

    def _tries(self, gradient: Array) -> Iterator[tuple[bool, Array]]:
        """Steps to try with the damping as it is, along a bent path: to its end (True), then half of the way."""
        straight = self._damped_solution(-gradient)
        if straight is None:
            return
        bend = self._bend(straight)
        yield True, straight + bend
        yield False, 0.5 * straight + 0.25 * bend

    def _bend(self, straight: Array) -> Array:
        """What geodesic acceleration adds to the step; nothing where it is too much, of classes, and of lines."""
        none = np.zeros_like(straight)
        if self.objective.of_classes or len(self.objective.network.layers) == 1:
            return none
        bending = self.objective.acceleration(self.parameters, straight)
        bend = self._damped_solution(-0.5 * bending) if np.isfinite(bending).all() else None
        with np.errstate(over="ignore"):
            return none if bend is None or np.linalg.norm(bend) > MOST_BENT * np.linalg.norm(straight) else bend

    def _accept(self, step: Array, fall: float) -> None:
        moved = self.parameters + step
        self._last_fall = fall
        self._last_step = float(np.linalg.norm(step) / max(np.linalg.norm(moved), np.finfo(float).tiny))
        self._move_to(moved)
        self._held -= 1
        if self.solver.regularization == "bayesian" and self._held < 0:
            self._follow_evidence()

    def _follow_evidence(self) -> None:
        objective = self.objective
        found = evidence.update(
            objective.engine,
            self.JtJ,
            self.misfit,
            self.parameters,
            objective.groups,
            objective.n_targets,
            self._decay,
            objective.known_variance,
        )
        if found is not None:
            self._evidence, self._decay = found, found.decay

    def _move_to(self, parameters: Array) -> None:
        self.parameters = parameters
        self.JtJ, self.Jtr, self.misfit = self.objective.normal_equations(parameters)

    def _downhill(self) -> Array:
        """Minus half the gradient of the penalised misfit."""
        return -(self.Jtr + self._decay * self.parameters)

    def _penalised(self, misfit: float, parameters: Array) -> float:
        return misfit + float(np.sum(self._decay * parameters * parameters))

    def _penalised_at(self, parameters: Array) -> float:
        value = self.objective.misfit(parameters)
        return self._penalised(value, parameters) if np.isfinite(value) else np.inf

    def _damped_solution(self, right: Array) -> Array | None:
        """What the damped matrix times it is `right`; None where that is not positive definite to rounding."""
        ridge = self._decay + self._damping * self._curvature
        solution = self.objective.engine.solve_positive_definite(self.JtJ, ridge, right)
        return solution if solution is not None and np.isfinite(solution).all() else None
