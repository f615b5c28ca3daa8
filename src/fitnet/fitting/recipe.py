"""Recipe: everything that decides a training besides rows and seed, checked before any row is looked at.

Shapes: X (n, p), Y (n, m).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any, Literal

import numpy as np

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.links import link_of
from fitnet.algorithm.losses import LOSSES, Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer
from fitnet.algorithm.target_transform import LogTransform, transform_from
from fitnet.arguments import (
    float_dtype,
    fraction_below_one,
    instance_of,
    one_of,
    real_number,
    true_or_false,
    whole_number,
)
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.fitting.effort import passes, rows_a_step
from fitnet.fitting.laplace import checked_choice
from fitnet.fitting.solver_choice import (
    AUTO,
    DEFAULT_WIDTHS,
    SOLVERS,
    chosen,
    small_widths,
    solver_from,
    solvers_in,
)
from fitnet.rows import MISSING_RULES, Inputs, Rows, is_spread
from fitnet.training.least_squares import LevenbergMarquardt
from fitnet.training.solvers import Solver, checked_dropout, is_second_order

CROSS_ENTROPY = "cross_entropy"
COMMON = "common"
SCALINGS = (AUTO, "standard", "robust", COMMON)
Auto = Literal["auto"]


@dataclass(frozen=True)
class Recipe:
    """How to fit: every field as the parameter of `Regressor` of that name, with objects in place of their names.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For a field that cannot be used; the sentence names it.
    """

    hidden_layer_sizes: tuple[int, ...] | Auto = "auto"
    activation: str = "relu"
    loss: Loss = LOSSES["squared_error"]
    solver: Solver | tuple[Solver, ...] | Auto = "auto"
    alpha: float | Auto = 0.0
    batch_size: int | Auto = "auto"
    max_epochs: int | Auto = "auto"
    tol: float | None = None
    early_stopping: bool = False
    validation_fraction: float = 0.1
    patience: int = 40
    scale_inputs: bool = True
    scale_targets: bool = True
    scaling: str = "auto"
    dtype: np.dtype[Any] | Auto = "auto"
    error_bars: bool | Auto = "auto"
    missing: str = "refuse"
    target_transform: LogTransform | Auto | None = None
    dropout: float = 0.0

    def __post_init__(self) -> None:
        checked: dict[str, Any] = {
            "hidden_layer_sizes": AUTO if is_auto(self.hidden_layer_sizes) else layer_sizes(self.hidden_layer_sizes),
            "activation": one_of("activation", self.activation, ACTIVATIONS),
            "loss": named("loss", self.loss, LOSSES, ("value", "gradient"), "a loss"),
            "solver": solver_from("solver", self.solver),
            "alpha": AUTO if self.finds_penalty else real_number("alpha", self.alpha, 0),
            "batch_size": "auto" if is_auto(self.batch_size) else whole_number("batch_size", self.batch_size),
            "max_epochs": AUTO if is_auto(self.max_epochs) else whole_number("max_epochs", self.max_epochs),
            "tol": None if self.tol is None else real_number("tol", self.tol, 0),
            "validation_fraction": fraction_below_one("validation_fraction", self.validation_fraction),
            "patience": whole_number("patience", self.patience),
            "scaling": one_of("scaling", self.scaling, SCALINGS),
            "dtype": AUTO if is_auto(self.dtype) else float_dtype("dtype", self.dtype),
            "error_bars": checked_choice(self.error_bars),
            "missing": one_of("missing", self.missing, MISSING_RULES),
            "target_transform": transform_from(self.target_transform, self.loss),
        }
        for name in ("early_stopping", "scale_inputs", "scale_targets"):
            checked[name] = true_or_false(name, getattr(self, name))
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if isinstance(self.loss, CrossEntropy) and self.scale_targets:
            raise ArgumentValueError(
                "`loss` is the cross-entropy, which is for classes; fitnet.Classifier takes their labels.", "loss"
            )
        for solver in solvers_in(self.solver):
            if isinstance(solver, LevenbergMarquardt) and not self.finds_penalty:
                solver.check_penalty("alpha", float(self.alpha))
        object.__setattr__(self, "dropout", checked_dropout(self.dropout, solvers_in(self.solver)))

    @property
    def finds_penalty(self) -> bool:
        """Whether `alpha` is "auto", which it can be for classes alone."""
        of_classes = isinstance(self.loss, CrossEntropy) or (isinstance(self.loss, str) and self.loss == CROSS_ENTROPY)
        return of_classes and is_auto(self.alpha)

    @property
    def solvers(self) -> tuple[Solver, ...]:
        """The solvers in turn, once they are settled."""
        return solvers_in(self.solver)

    @property
    def optimizer(self) -> Optimizer | None:
        """The solver where it is one first-order optimizer, which remembers its training; None for any other."""
        return self.solver if hasattr(self.solver, "n_moments") else None  # type: ignore[return-value]

    @property
    def needs_no_features(self) -> bool:
        """Whether training needs to know no more of encoded rows than where their entries lie."""
        second = is_auto(self.solver) or any(is_second_order(each) for each in self.solvers)
        return not (second or self.scale_inputs or self.error_bars or is_auto(self.target_transform))

    def network(self, p: int, m: int) -> Network:
        """The network for p inputs and m outputs; it ends in the loss's link, and its sizes are settled."""
        return Network.of_widths((p, *self.hidden_layer_sizes, m), self.activation, link_of(self.loss))

    def settled(self, X: Inputs, Y: Rows, *, first_order: bool) -> "Recipe":
        """The same with nothing left "auto" but the batch size, for these rows; perhaps `first_order` only.

        What asks for a penalty, dropout, small batches or float32 asks for Adam; in all else `chosen` decides.
        """
        n, p, m = X.shape[0], X.shape[1], Y.shape[1]
        small = replace(self, hidden_layer_sizes=small_widths(p, m, n)) if is_auto(self.hidden_layer_sizes) else self
        solver = self.solver
        if is_auto(self.solver):
            free = is_auto(self.batch_size) and self.dtype != np.dtype(np.float32)
            in_memory = (isinstance(X, np.ndarray) and isinstance(Y, np.ndarray)) or is_spread(X)
            penalised = not self.finds_penalty and float(self.alpha) > 0
            if first_order or not in_memory or not free or penalised or self.dropout > 0:
                solver = SOLVERS["adam"]
            else:
                most = None if is_auto(self.max_epochs) else int(self.max_epochs)
                solver = chosen(small.network(p, m), self.loss, n, most)
        solvers = solvers_in(solver)
        second = any(is_second_order(each) for each in solvers)
        dtype = np.dtype(np.float64 if second else np.float32) if is_auto(self.dtype) else self.dtype
        sizes = self.hidden_layer_sizes
        if is_auto(sizes):
            least_squares = any(isinstance(each, LevenbergMarquardt) for each in solvers)
            sizes = small.hidden_layer_sizes if least_squares else DEFAULT_WIDTHS
        evidence = any(isinstance(each, LevenbergMarquardt) and each.moves_its_objective for each in solvers)
        alpha = self.alpha if not self.finds_penalty else 0.0 if evidence else 1 / n
        settled = replace(self, solver=solver, dtype=dtype, hidden_layer_sizes=sizes, alpha=alpha)
        if is_auto(self.max_epochs):
            epochs = passes(solvers, settled.network(p, m), n, settled.rows_a_step(n))
            settled = replace(settled, max_epochs=epochs)
        return settled

    def rows_a_step(self, n: int) -> int | None:
        """The batch size for n rows; None where no solver of theirs has batches."""
        if is_auto(self.batch_size):
            return None if all(is_second_order(each) for each in self.solvers) else rows_a_step(n)
        return min(int(self.batch_size), n)


def is_auto(value: object) -> bool:
    """Whether it is the word "auto"; an array or a dtype is asked for nothing."""
    return isinstance(value, str) and value == AUTO


def layer_sizes(sizes: Any) -> tuple[int, ...]:
    """Whole numbers of at least 1; one number stands for one layer."""
    if isinstance(sizes, Integral) and not isinstance(sizes, bool):
        return (whole_number("hidden_layer_sizes", sizes),)
    if isinstance(sizes, str | bytes) or not isinstance(sizes, Sequence | np.ndarray) or np.ndim(sizes) == 0:
        raise ArgumentTypeError(
            f"`hidden_layer_sizes` is {sizes!r}; it must be a sequence of whole numbers, or one of them.",
            "hidden_layer_sizes",
        )
    return tuple(whole_number(f"hidden_layer_sizes[{i}]", size, maximum=math.inf) for i, size in enumerate(sizes))


def named(name: str, value: Any, known: dict[str, Any], attributes: Sequence[str], wanted: str) -> Any:
    """What a name stands for, or the object itself."""
    if isinstance(value, str):
        return known[one_of(name, value, known)]
    example = type(next(iter(known.values()))).__name__
    instance_of(name, value, attributes, f"{wanted}, such as {example}(), or one of the names {', '.join(known)}")
    return value
