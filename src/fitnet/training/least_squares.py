"""Levenberg-Marquardt: least squares by the parameters' Jacobian, with a step that is as bold as it proves right.

Levenberg 1944; Marquardt 1963. Around parameters P the residuals are nearly r + J step; with weights W and D, diagonal,
every parameter's decay (the L2 penalty in units of the sum of squares, 0 for biases) the step solves

    (J^T W J + D + damping) step = -(J^T W r + D P).

After a step that leads down the damping is lowered. Of one that leads up half is tried, and then another with more
damping, which costs little, for the normal equations stay what they are.
"""

import os
from dataclasses import dataclass

import numpy as np

from fitnet.algorithm.losses import SquaredError
from fitnet.arguments import Array, one_of, real_number, whole_number
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentValueError, DivergenceError
from fitnet.training import evidence
from fitnet.training.evidence import Evidence
from fitnet.training.second_order import AfterIteration

REGULARIZATIONS = ("none", "bayesian")
MATRICES = 4  # of P x P in float64 that are alive at once
SHARE_OF_MEMORY = 0.5
LARGEST_DAMPING = 1e10  # in units of the largest curvature: no step is left to take
LEAST_DAMPING = 1e-16  # in the same units: where a failed step without damping begins to have some
FIRST_DECAY = 0.1  # of the mean curvature: the evidence's search begins with a stiff network
# The damping's divisor after a whole step that led down, and its factor where half of one leads up too; after half a
# step it stays as it is. docs/decisions.md says why.
LOWERED_BY, RAISED_BY = 5.0, 2.0


@dataclass(frozen=True)
class LevenbergMarquardt:
    """Least squares by damped Gauss-Newton steps: for smooth networks of up to some thousand parameters, in float64.

    Parameters
    ----------
    regularization
        "none", or "bayesian": the noise and a decay for the weights of every input and later layer are chosen at every
        iteration by MacKay's evidence, so that the network is as smooth as the noise asks for and listens only to the
        inputs that matter; no rows need to be kept out.
    damping
        The first damping, at least 0, in units of the largest curvature; 0 begins with a Gauss-Newton step.
    max_epochs
        At most so many iterations; None: what training is given.
    gradient_tolerance
        Stop where the residuals are orthogonal to every column of the Jacobian to this cosine.
    step_tolerance
        Stop where the step is smaller than this share of the parameters.
    loss_tolerance
        Stop where an iteration lowers the loss by less than this share.
    """

    regularization: str = "none"
    damping: float = 1e-3
    max_epochs: int | None = None
    gradient_tolerance: float = 1e-10
    step_tolerance: float = 1e-10
    loss_tolerance: float = 1e-10

    def __post_init__(self) -> None:
        one_of("regularization", self.regularization, REGULARIZATIONS)
        if self.max_epochs is not None:
            object.__setattr__(self, "max_epochs", whole_number("max_epochs", self.max_epochs))
        for name in ("damping", "gradient_tolerance", "step_tolerance", "loss_tolerance"):
            object.__setattr__(self, name, real_number(name, getattr(self, name), 0))

    @property
    def moves_its_objective(self) -> bool:
        """Whether the penalty changes from iteration to iteration: the evidence's does."""
        return self.regularization == "bayesian"

    def check(self, objective: Objective) -> None:
        """Refuse another loss than the squared error, two penalties, and matrices that memory cannot hold.

        Raises
        ------
        ArgumentValueError
        """
        if type(objective.loss) is not SquaredError:
            raise ArgumentValueError(
                f"`loss` is {objective.loss!r}; for LevenbergMarquardt it must be SquaredError(); "
                "LBFGS() takes others.",
                "loss",
            )
        self.check_penalty("alpha", objective.l2)
        P, most = objective.network.n_parameters, most_parameters()
        if most < P:
            raise ArgumentValueError(
                f"`network` has {P:,} parameters; LevenbergMarquardt keeps matrices of {P:,} x {P:,}, and this "
                f"machine's memory allows at most {most:,}; use LBFGS() or Adam().",
                "network",
            )

    def check_penalty(self, name: str, penalty: float) -> None:
        """Refuse a penalty beside the evidence's, by the `name` that users know it by."""
        if self.regularization == "bayesian" and penalty > 0:
            raise ArgumentValueError(
                f"`{name}` is {penalty:g}; with regularization='bayesian' it must be 0, for the evidence chooses it.",
                name,
            )

    def minimise(self, objective: Objective, start: Array, iterations: int, after: AfterIteration) -> None:
        """Iterate from `start` (P,); see `SecondOrderSolver`.

        LAPACK, by which the reference engine solves, has one thread: the bits then depend on no number of threads.
        """
        import scipy.linalg  # noqa: F401  # so that its threads are there to be limited
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, user_api="blas"):
            descent = Descent(self, objective, start)
            for _ in range(iterations):
                if descent.is_at_a_minimum() or not descent.step():
                    return
                after(descent.parameters, descent.value, **descent.measured())
                if descent.hardly_moved():
                    return


class Descent:
    """Where an optimisation stands: parameters, their normal equations, damping and decay."""

    def __init__(self, solver: LevenbergMarquardt, objective: Objective, start: Array) -> None:
        self.solver, self.objective = solver, objective
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
            decay = FIRST_DECAY * float(np.diagonal(self.JtJ).mean())
        self._decay = decay * objective.is_weight
        self._damping = solver.damping
        self._last_fall = self._last_step = np.inf

    @property
    def value(self) -> float:
        """The objective: a mean, and the penalty."""
        return self._penalised(self.sum_of_squares, self.parameters) / self.objective.total_weight

    def measured(self) -> dict[str, float]:
        """What the history keeps beside the loss."""
        unit = self.objective.weight_unit
        found = {"damping": self._damping * self._curvature * unit}
        if self._evidence is not None:
            noise = self._evidence.noise * unit**0.5
            found |= {"effective_parameters": self._evidence.effective_parameters, "noise": noise}
        return found

    def is_at_a_minimum(self) -> bool:
        """Whether no column of the Jacobian points along the residuals any more."""
        sizes = np.sqrt(np.diagonal(self.JtJ) * self.sum_of_squares)
        return bool(np.all(np.abs(self._downhill()) <= self.solver.gradient_tolerance * sizes))

    def hardly_moved(self) -> bool:
        """Whether the last step or what it gained was too small to go on."""
        small_step = self._last_step <= self.solver.step_tolerance
        return small_step or self._last_fall <= self.solver.loss_tolerance

    def step(self) -> bool:
        """One step that lowers the objective, whole or half; False where none does.

        To try half a step costs a sum of squares, to try another damping a factorisation: ten times as much.
        """
        gradient, now = -self._downhill(), self._penalised(self.sum_of_squares, self.parameters)
        while self._damping <= LARGEST_DAMPING:
            whole = self._damped_step(gradient)
            for step in () if whole is None else (whole, 0.5 * whole):
                fall = now - self._penalised_at(self.parameters + step)
                if fall > 0:
                    if step is whole:
                        self._damping /= LOWERED_BY
                    self._accept(step, fall / now)
                    return True
            self._damping = max(RAISED_BY * self._damping, LEAST_DAMPING)
        return False

    def _accept(self, step: Array, fall: float) -> None:
        moved = self.parameters + step
        self._last_fall = fall
        self._last_step = float(np.linalg.norm(step) / max(np.linalg.norm(moved), np.finfo(float).tiny))
        self._move_to(moved)
        if self.solver.regularization == "bayesian":
            self._follow_evidence()

    def _follow_evidence(self) -> None:
        objective = self.objective
        found = evidence.update(
            objective.engine,
            self.JtJ,
            self.sum_of_squares,
            self.parameters,
            objective.groups,
            objective.n_targets,
            self._decay,
        )
        if found is not None:
            self._evidence, self._decay = found, found.decay

    def _move_to(self, parameters: Array) -> None:
        self.parameters = parameters
        self.JtJ, self.Jtr, self.sum_of_squares = self.objective.normal_equations(parameters)

    def _downhill(self) -> Array:
        """Minus half the gradient of the penalised sum of squares."""
        return -(self.Jtr + self._decay * self.parameters)

    def _penalised(self, sum_of_squares: float, parameters: Array) -> float:
        return sum_of_squares + float(np.sum(self._decay * parameters * parameters))

    def _penalised_at(self, parameters: Array) -> float:
        value = self.objective.sum_of_squares(parameters)
        return self._penalised(value, parameters) if np.isfinite(value) else np.inf

    def _damped_step(self, gradient: Array) -> Array | None:
        """The step for the damping as it is; None where the matrix is not positive definite to rounding."""
        ridge = self._decay + self._damping * self._curvature
        step = self.objective.engine.solve_positive_definite(self.JtJ, ridge, -gradient)
        return step if step is not None and np.isfinite(step).all() else None


def most_parameters() -> int:
    """How many parameters a network may have for its matrices to fit in half of the memory there is."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return int((SHARE_OF_MEMORY * pages / (8 * MATRICES)) ** 0.5)
