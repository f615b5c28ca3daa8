"""Settings: how to fit, checked before any row is looked at; what `Regressor` and the shell share.

Shapes: X (n, p), Y (n, m).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import Any

import numpy as np

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES, Poisson
from fitnet.algorithm.network import Network
from fitnet.arguments import float_dtype, instance_of, one_of, real_number, true_or_false, whole_number
from fitnet.errors import ArgumentTypeError
from fitnet.rows import Rows
from fitnet.solver_choice import AUTO, SOLVERS, chosen, solver_from, solvers_in
from fitnet.training.checkpoint import Checkpoint
from fitnet.training.least_squares import LevenbergMarquardt
from fitnet.training.solvers import is_second_order
from fitnet.uncertainty.laplace import checked_choice

FULL_BATCH_ROWS = 64  # up to so many rows every step sees all of them


@dataclass(frozen=True)
class Settings:
    """How to fit, checked; every field as the parameter of `Regressor` of that name, names replaced by objects."""

    hidden_layer_sizes: Any = (64, 64)
    activation: Any = "relu"
    loss: Any = "squared_error"
    solver: Any = AUTO
    alpha: Any = 0.0
    batch_size: Any = "auto"
    max_epochs: Any = 200
    tol: Any = None
    early_stopping: Any = False
    validation_fraction: Any = 0.1
    patience: Any = 40
    scale_inputs: Any = True
    scale_targets: Any = True
    dtype: Any = AUTO
    error_bars: Any = "auto"
    verbose: Any = False
    n_threads: Any = None
    callbacks: Any = ()
    checkpoint: Any = None
    engine: Any = "auto"

    def __post_init__(self) -> None:
        checked = {
            "hidden_layer_sizes": layer_sizes(self.hidden_layer_sizes),
            "activation": one_of("activation", self.activation, ACTIVATIONS),
            "loss": named("loss", self.loss, LOSSES, ("value", "gradient"), "a loss"),
            "solver": solver_from("solver", self.solver),
            "alpha": real_number("alpha", self.alpha, 0),
            "batch_size": "auto" if self.batch_size == "auto" else whole_number("batch_size", self.batch_size),
            "max_epochs": whole_number("max_epochs", self.max_epochs),
            "tol": None if self.tol is None else real_number("tol", self.tol, 0),
            "validation_fraction": real_number(
                "validation_fraction", self.validation_fraction, 0, 1, low_included=False, high_included=False
            ),
            "patience": whole_number("patience", self.patience),
            "dtype": AUTO if self.dtype is AUTO or self.dtype == AUTO else float_dtype("dtype", self.dtype),
            "checkpoint": self.checkpoint,
            "error_bars": checked_choice(self.error_bars),
        }
        for name in ("early_stopping", "scale_inputs", "scale_targets", "verbose"):
            checked[name] = true_or_false(name, getattr(self, name))
        if isinstance(self.checkpoint, str | PathLike):
            checked["checkpoint"] = Checkpoint(self.checkpoint)
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        for solver in solvers_in(self.solver):
            if isinstance(solver, LevenbergMarquardt):
                solver.check_penalty("alpha", self.alpha)

    def network(self, p: int, m: int) -> Network:
        """The network for p inputs and m outputs; Poisson means come through an exponential, a log link."""
        last = "exponential" if isinstance(self.loss, Poisson) else "identity"
        return Network.of_widths((p, *self.hidden_layer_sizes, m), self.activation, last)

    def settled(self, X: Rows, Y: Rows, *, by_epochs: bool = False) -> "Settings":
        """The same with a solver and a dtype where they were "auto", for these rows; `by_epochs`: first-order only.

        What asks for a penalty, small batches, float32 or a checkpoint asks for Adam; in all else `chosen` decides.
        """
        solver, in_memory = self.solver, isinstance(X, np.ndarray) and isinstance(Y, np.ndarray)
        if solver == AUTO:
            free = self.batch_size == AUTO and self.checkpoint is None and self.dtype != np.dtype(np.float32)
            if by_epochs or not in_memory or not free or self.alpha > 0:
                solver = SOLVERS["adam"]
            else:
                solver = chosen(self.network(X.shape[1], Y.shape[1]), self.loss, X.shape[0])
        second = any(is_second_order(each) for each in solvers_in(solver))
        dtype = np.dtype(np.float64 if second else np.float32) if self.dtype == AUTO else self.dtype
        return replace(self, solver=solver, dtype=dtype)

    def rows_a_step(self, n: int) -> int | None:
        """The batch size for n rows; None where no solver of theirs has batches."""
        if self.batch_size == AUTO and all(is_second_order(each) for each in solvers_in(self.solver)):
            return None
        if self.batch_size == "auto":
            return n if n <= FULL_BATCH_ROWS else min(256, max(32, n // 20))
        return min(int(self.batch_size), n)


def layer_sizes(sizes: Any) -> tuple[int, ...]:
    """Whole numbers of at least 1; one number stands for one layer."""
    if isinstance(sizes, str | bytes) or not isinstance(sizes, Sequence | np.ndarray):
        raise ArgumentTypeError(f"`hidden_layer_sizes` is {sizes!r}; it must be a sequence of whole numbers.")
    return tuple(whole_number(f"hidden_layer_sizes[{i}]", size) for i, size in enumerate(sizes))


def named(name: str, value: Any, known: dict[str, Any], attributes: Sequence[str], wanted: str) -> Any:
    """What a name stands for, or the object itself."""
    if isinstance(value, str):
        return known[one_of(name, value, known)]
    example = type(next(iter(known.values()))).__name__
    instance_of(name, value, attributes, f"{wanted}, such as {example}(), or one of the names {', '.join(known)}")
    return value
