"""L-BFGS: curvature from the last steps' gradients (Liu and Nocedal 1989), by SciPy's L-BFGS-B; for any smooth loss."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array, real_number, whole_number
from fitnet.engine.objective import Objective
from fitnet.training.second_order import AfterIteration

TRIES_AN_ITERATION = 20


@dataclass(frozen=True)
class LBFGS:
    """Quasi-Newton steps on all rows at once, in float64: for smooth networks with too many parameters for
    `LevenbergMarquardt`, and for losses that are no sum of squares.

    Parameters
    ----------
    memory
        How many steps the curvature is read from.
    max_epochs
        At most so many iterations; None: what training is given.
    gradient_tolerance
        Stop where no entry of the gradient is larger than this.
    loss_tolerance
        Stop where an iteration lowers the loss by less than this share.
    """

    memory: int = 20
    max_epochs: int | None = None
    gradient_tolerance: float = 1e-10
    loss_tolerance: float = 1e-12

    def __post_init__(self) -> None:
        object.__setattr__(self, "memory", whole_number("memory", self.memory))
        if self.max_epochs is not None:
            object.__setattr__(self, "max_epochs", whole_number("max_epochs", self.max_epochs))
        for name in ("gradient_tolerance", "loss_tolerance"):
            object.__setattr__(self, name, real_number(name, getattr(self, name), 0))

    @property
    def moves_its_objective(self) -> bool:
        """No."""
        return False

    def check(self, objective: Objective) -> None:
        """Any objective will do."""

    def minimise(
        self, objective: Objective, start: Array, iterations: int, after: AfterIteration, draw: Callable[[], Array]
    ) -> None:
        """Iterate from `start` (P,); see `SecondOrderSolver`."""
        from scipy.optimize import OptimizeResult, minimize  # here, so that importing fitnet loads NumPy only

        values = [objective.value(start)]
        asked_to_stop: list[StopIteration] = []

        def value_and_gradient(parameters: Array) -> tuple[float, Array]:
            value, gradient = objective.value_and_gradient(parameters)
            if np.isfinite(value) and np.isfinite(gradient).all():
                return value, gradient
            return values[-1] + abs(values[-1]), np.zeros_like(gradient)  # turns the line search back

        def callback(intermediate_result: OptimizeResult) -> None:  # SciPy goes by this name, and ends by StopIteration
            values.append(float(intermediate_result.fun))
            try:
                after(intermediate_result.x, values[-1])
            except StopIteration as stop:
                asked_to_stop.append(stop)
                raise
            if values[-2] - values[-1] <= self.loss_tolerance * abs(values[-1]):
                raise StopIteration

        minimize(
            value_and_gradient,
            start,
            jac=True,
            method="L-BFGS-B",
            callback=callback,
            options={
                "maxiter": iterations,
                "maxfun": TRIES_AN_ITERATION * iterations,
                "maxcor": self.memory,
                "gtol": self.gradient_tolerance,
                "ftol": 0,  # which is no share where the loss is below 1
            },
        )
        if asked_to_stop:
            raise asked_to_stop[0]
