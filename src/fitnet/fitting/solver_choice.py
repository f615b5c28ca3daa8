"""Solvers by name, with settings that suit standardised data, and the one that "auto" takes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import Loss, SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam, GradientDescent, Momentum, Optimizer
from fitnet.algorithm.schedules import Constant, Cosine
from fitnet.arguments import instance_of, one_of
from fitnet.errors import ArgumentValueError
from fitnet.training.least_squares import LevenbergMarquardt
from fitnet.training.quasi_newton import LBFGS
from fitnet.training.solvers import Solver, is_second_order

AUTO = "auto"
# What the names stand for: rates that go down to 0 by the last epoch, and second-order solvers that need none.
SOLVERS: dict[str, Solver] = {
    "adam": Adam(learning_rate=5e-3, schedule=Cosine()),
    "momentum": Momentum(learning_rate=1e-2, schedule=Cosine()),
    "gradient-descent": GradientDescent(learning_rate=5e-2, schedule=Cosine()),
    "lm": LevenbergMarquardt(),
    "lm-bayesian": LevenbergMarquardt(regularization="bayesian"),
    "lbfgs": LBFGS(),
}
SOLVER_NAMES = (AUTO, *SOLVERS)
TARGETS_A_PARAMETER = 2.5  # with fewer, the evidence is no guard against fitting noise
WORTH_AN_ITERATION = 5e9  # multiplications: a tenth of a second or two, so that 200 iterations take half a minute


def solver_from(name: str, value: Any) -> Any:
    """What a name stands for ("auto" for itself), the solver itself, or a tuple of them for a sequence."""
    if isinstance(value, str):
        return AUTO if one_of(name, value, SOLVER_NAMES) == AUTO else SOLVERS[value]
    if isinstance(value, Sequence):
        if not value:
            raise ArgumentValueError(f"`{name}` is an empty sequence; it must hold at least one solver.", name)
        solvers = tuple(solver_from(f"{name}[{i}]", each) for i, each in enumerate(value))
        if AUTO in solvers:
            raise ArgumentValueError(
                f"`{name}` holds 'auto', which stands alone; in a sequence name the solvers.", name
            )
        return solvers
    if not is_second_order(value):
        known = ", ".join(SOLVER_NAMES)
        wanted = f"an optimizer, such as Adam(), LevenbergMarquardt(), LBFGS(), or one of the names {known}"
        instance_of(name, value, ("n_moments", "schedule", "update"), wanted)
    return value


def chosen(network: Network, loss: Loss, n: int) -> Solver:
    """What "auto" takes for a `network` and n rows in memory: docs/solvers.md tells why.

    Levenberg-Marquardt with evidence where the loss is the squared error, every layer is smooth, there are at least
    2.5 targets a parameter and an iteration is soon done: n P^2 / 2 multiplications for the normal equations and
    P^3 / 3 for the step, at most 5e9 together. Adam everywhere else.
    """
    P = network.n_parameters
    smooth = all(ACTIVATIONS[layer.activation].smooth for layer in network.layers)
    suits = type(loss) is SquaredError and smooth and n * network.n_outputs >= TARGETS_A_PARAMETER * P
    return SOLVERS["lm-bayesian" if suits and n * P**2 / 2 + P**3 / 3 <= WORTH_AN_ITERATION else "adam"]


def solvers_in(solver: Any) -> tuple[Any, ...]:
    """What `solver_from` gave, one or several or "auto", as a tuple."""
    return solver if isinstance(solver, tuple) else (solver,)


def constant_rate(optimizer: Any) -> Optimizer:
    """The same optimizer without its schedule.

    Raises
    ------
    ArgumentValueError
        For a second-order solver or a sequence, which no single epoch could continue.
    """
    if isinstance(optimizer, Sequence) or is_second_order(optimizer):
        raise ArgumentValueError(
            f"`solver` is {optimizer!r}; partial_fit needs a first-order one, such as Adam().", "solver"
        )
    constant: Optimizer = replace(optimizer, schedule=Constant())
    return constant
