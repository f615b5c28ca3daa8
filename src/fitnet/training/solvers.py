"""Solvers as users give them: one or a sequence, and what cannot go together with them."""

from collections.abc import Sequence
from typing import Any, TypeGuard

import numpy as np

from fitnet.algorithm.optimizers import Adam, Optimizer
from fitnet.arguments import float_dtype, instance_of, real_number
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import RowSource, is_spread
from fitnet.training.second_order import SecondOrderSolver

Solver = Optimizer | SecondOrderSolver
WANTED = "an optimizer, such as Adam(), LevenbergMarquardt(), LBFGS(), or a sequence of them"


def is_second_order(solver: Any) -> TypeGuard[SecondOrderSolver]:
    """Whether it sees all rows at once and works in float64."""
    return hasattr(solver, "minimise") and not isinstance(solver, type)


def checked_solvers(given: Any) -> tuple[Solver, ...]:
    """The solvers, in turn; `Adam()` unless given."""
    if given is None:
        return (Adam(),)
    if not isinstance(given, Sequence) or isinstance(given, str):
        return (checked_solver("solver", given),)
    if not given:
        raise ArgumentValueError("`solver` is an empty sequence; it must hold at least one solver.", "solver")
    return tuple(checked_solver(f"solver[{i}]", solver) for i, solver in enumerate(given))


def checked_solver(name: str, solver: Any) -> Solver:
    """The solver, which must train something."""
    if not is_second_order(solver):
        instance_of(name, solver, ("n_moments", "schedule", "update"), WANTED)
    found: Solver = solver
    return found


def training_dtype(dtype: Any, solvers: Sequence[Solver]) -> np.dtype[Any]:
    """What is computed in: for second-order solvers float64."""
    second = [solver for solver in solvers if is_second_order(solver)]
    if isinstance(dtype, str) and dtype == "auto":
        return np.dtype(np.float64 if second else np.float32)
    chosen = float_dtype("dtype", dtype)
    if second and chosen != np.float64:
        raise ArgumentValueError(
            f"`dtype` is {chosen}; {type(second[0]).__name__} works in float64: it must be float64 or 'auto'.", "dtype"
        )
    return chosen


def check_for_solvers(solvers: Sequence[Solver], X: Any, batch_size: Any, state: Any, checkpoint: Any) -> None:
    """Refuse what only one first-order optimizer can use."""
    second = [type(solver).__name__ for solver in solvers if is_second_order(solver)]
    if second and isinstance(X, RowSource) and not is_spread(X):
        raise ArgumentValueError(
            f"`solver` is {second[0]}, which needs all rows in memory; rows that are read in chunks need a "
            "first-order optimizer such as Adam().",
            "solver",
        )
    if second and len(second) == len(solvers) and batch_size is not None:
        raise ArgumentValueError(
            f"`batch_size` is {batch_size!r}; {second[0]} sees all rows in every step: leave it out.", "batch_size"
        )
    if (second or len(solvers) > 1) and (state is not None or checkpoint is not None):
        name = "checkpoint" if state is None else "state"
        what = second[0] if second else "a sequence of solvers"
        raise ArgumentTypeError(f"`{name}` cannot be used with {what}; it must be None.", name)


def checked_dropout(dropout: Any, solvers: Sequence[Solver], X: Any = None) -> float:
    """The probability with which hidden units are dropped, which only steps in batches of this process can do."""
    probability = real_number("dropout", dropout, 0, 1, high_included=False)
    second = [type(solver).__name__ for solver in solvers if is_second_order(solver)]
    if probability > 0 and second:
        raise ArgumentValueError(
            f"`dropout` is {probability:g}; with {second[0]} it must be 0: only optimizers such as Adam() drop units.",
            "dropout",
        )
    if probability > 0 and is_spread(X):
        raise ArgumentValueError(
            f"`dropout` is {probability:g}; for rows that are spread over ranks it must be 0.", "dropout"
        )
    return probability
