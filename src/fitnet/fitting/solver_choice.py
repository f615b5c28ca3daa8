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
from fitnet.training.beginnings import BEGINNINGS
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
WORTH_AN_ITERATION = 5e9  # multiplications: a tenth of a second or two, so that 200 iterations take half a minute
WORTH_A_SEARCH, WORTH_DRAWS = 3e7, 1e7  # the same, where several starts, or those of several draws, are to take seconds
TARGETS_OF_A_SEARCH = 1.0  # a parameter; with fewer, loose starts pass through all targets
LEAST_ITERATIONS_A_START = 200
DRAWS = 3
DEFAULT_WIDTHS = (64, 64)
SMALL_WIDTHS = ((32, 32), (24, 24), (16, 16))  # of networks for Levenberg-Marquardt
FEW_TARGETS_WIDTHS = (10,)
TARGETS_A_PARAMETER = 2.5  # that a network of SMALL_WIDTHS is to have


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


def chosen(network: Network, loss: Loss, n: int, max_epochs: int | None) -> Solver:
    """What "auto" takes for a `network`, n rows in memory and at most so many epochs (None: as many as it takes).

    Levenberg-Marquardt with evidence where the loss is the squared error, every layer is smooth, and an iteration is
    soon done; with several starts where that takes seconds and targets are not too few. Adam everywhere else.
    docs/explanations/solvers.md tells why.
    """
    smooth = all(ACTIVATIONS[layer.activation].smooth for layer in network.layers)
    work = work_of_an_iteration(network, n)
    if type(loss) is not SquaredError or not smooth or work > WORTH_AN_ITERATION:
        return SOLVERS["adam"]
    enough = n * network.n_outputs >= TARGETS_OF_A_SEARCH * network.n_parameters
    if len(network.layers) == 1 or work > WORTH_A_SEARCH or not enough:
        return SOLVERS["lm-bayesian"]
    draws = DRAWS if work <= WORTH_DRAWS else 1
    if max_epochs is not None:
        draws = min(draws, max_epochs // (LEAST_ITERATIONS_A_START * len(BEGINNINGS)))
    return LevenbergMarquardt("bayesian", starts=draws * len(BEGINNINGS)) if draws else SOLVERS["lm-bayesian"]


def work_of_an_iteration(network: Network, n: int) -> int:
    """Multiplications of Levenberg-Marquardt on n rows: n P^2 / 2 for the normal equations and P^3 / 3 for the step."""
    P = network.n_parameters
    return n * P**2 // 2 + P**3 // 3  # whole: P of a network that nobody can hold may be beyond any float


def small_widths(p: int, m: int, n: int) -> tuple[int, ...]:
    """Hidden layers for Levenberg-Marquardt on n rows of p inputs and m targets: as wide as targets and time allow.

    Where there are targets for wider ones than there is time for, those that Adam trains.
    """
    networks = [(widths, Network.of_widths((p, *widths, m))) for widths in SMALL_WIDTHS]
    allowed = [each for each in networks if n * m >= TARGETS_A_PARAMETER * each[1].n_parameters]
    if not allowed:
        return FEW_TARGETS_WIDTHS
    widest = allowed[:2]  # narrower ones would leave too much of the function out
    quick = [widths for widths, network in widest if work_of_an_iteration(network, n) <= WORTH_AN_ITERATION]
    return quick[0] if quick else DEFAULT_WIDTHS


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
