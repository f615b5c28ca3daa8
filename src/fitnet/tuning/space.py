"""The space of a sweep: which settings of one network are tried, and within which bounds.

Settings have the names and the values that the options of `fitnet fit` have; one that the user gave stays as given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import OPTIMIZERS
from fitnet.arguments import one_of
from fitnet.fitting.solver_choice import SOLVERS, work_of_an_iteration

SEARCHED = (
    *("solver", "hidden_layer_sizes", "activation", "learning_rate", "batch_size", "alpha"),
    "early_stopping",
)
ADAM, LM = "adam", "lm-bayesian"
ACTIVATIONS = ("relu", "silu", "tanh")
SMOOTH = ("tanh", "silu")  # what Levenberg-Marquardt does well with
LAYERS, WIDTHS = (1, 3), (16, 256)  # of first-order solvers
SECOND_LAYERS, SECOND_WIDTHS = (1, 2), (4, 32)
WORTH_A_TRIAL = 5e8  # multiplications an iteration of Levenberg-Marquardt: a trial takes seconds
RATES = (0.1, 4.0)  # times the solver's own rate
BATCHES = (32, 64, 128, 256)
PENALTIES = (1e-8, 1e-2)
DIGITS = 3  # of rates and penalties, so that they can be read and typed


@dataclass(frozen=True)
class Space:
    """What is tried.

    Attributes
    ----------
    fixed
        The settings the user gave, among `SEARCHED`.
    solvers
        Those that are tried.
    batches
        The batch sizes that are tried; none of few rows.
    second_width
        The widest layer of a network for a second-order solver.
    """

    fixed: Mapping[str, Any]
    solvers: tuple[str, ...]
    batches: tuple[int, ...]
    second_width: int

    def described(self) -> dict[str, Any]:
        """By name, as JSON holds it; equal spaces have equal descriptions."""
        fixed = {name: list(value) if isinstance(value, tuple) else value for name, value in self.fixed.items()}
        return {
            "fixed": dict(sorted(fixed.items())),
            "solvers": list(self.solvers),
            "batches": list(self.batches),
            "second_width": self.second_width,
        }

    def settings(self, trial: Any) -> dict[str, Any]:
        """The settings of an Optuna `trial`, by name; what is not among them is left to choose."""
        solver = self.solvers[0] if len(self.solvers) == 1 else trial.suggest_categorical("solver", self.solvers)
        chosen = {"solver": solver}
        if solver in OPTIMIZERS:
            return chosen | self._shape(trial, "", ACTIVATIONS, LAYERS, WIDTHS) | self._steps(trial, solver)
        widths = SECOND_WIDTHS[0], self.second_width
        chosen |= self._shape(trial, "second_order_", SMOOTH, SECOND_LAYERS, widths)
        return chosen if solver == LM else chosen | self._penalty(trial)

    def _shape(
        self, trial: Any, prefix: str, activations: tuple[str, ...], layers: tuple[int, int], widths: tuple[int, int]
    ) -> dict[str, Any]:
        """The activation, and hidden layers of one width."""
        activation = self.fixed.get("activation")
        if activation is None:
            activation = trial.suggest_categorical(f"{prefix}activation", activations)
        sizes = self.fixed.get("hidden_layer_sizes")
        if sizes is None:
            depth = trial.suggest_int(f"{prefix}layers", *layers)
            sizes = (trial.suggest_int(f"{prefix}width", *widths, log=True),) * depth
        return {"hidden_layer_sizes": sizes, "activation": activation}

    def _steps(self, trial: Any, solver: str) -> dict[str, Any]:
        """What a first-order solver has besides."""
        own: Any = SOLVERS[solver]
        chosen: dict[str, Any] = {"learning_rate": self.fixed.get("learning_rate")}
        if chosen["learning_rate"] is None:
            low, high = (own.learning_rate * factor for factor in RATES)
            chosen["learning_rate"] = rounded(trial.suggest_float("learning_rate", low, high, log=True))
        if "batch_size" in self.fixed:
            chosen["batch_size"] = self.fixed["batch_size"]
        elif self.batches:
            chosen["batch_size"] = trial.suggest_categorical("batch_size", self.batches)
        chosen |= self._penalty(trial)
        chosen["early_stopping"] = self.fixed.get("early_stopping")
        if chosen["early_stopping"] is None:
            chosen["early_stopping"] = trial.suggest_categorical("early_stopping", (True, False))
        return chosen

    def _penalty(self, trial: Any) -> dict[str, Any]:
        if "alpha" in self.fixed:
            return {"alpha": self.fixed["alpha"]}
        return {"alpha": rounded(trial.suggest_float("alpha", *PENALTIES, log=True))}


def space_for(n: int, p: int, m: int, fixed: Mapping[str, Any], *, first_order: bool = False) -> Space:
    """The space for n training rows of p inputs and m outputs; `first_order` leaves no choice of the solver.

    Levenberg-Marquardt is tried where one of its iterations on a network of two layers of 8 or more is soon done, and
    where no setting is given that it lacks.

    Raises
    ------
    ArgumentValueError
        For a solver that has no name here.
    """
    widest = max((w for w in range(SECOND_WIDTHS[0], SECOND_WIDTHS[1] + 1) if soon_done(n, p, m, w)), default=0)
    second_width = max(widest, 2 * SECOND_WIDTHS[0])
    if "solver" in fixed:
        solvers: tuple[str, ...] = (one_of("solver", fixed["solver"], SOLVERS),)
    else:
        lacks = {"learning_rate", "batch_size", "alpha", "early_stopping"} & fixed.keys()
        smooth = fixed.get("activation", SMOOTH[0]) in SMOOTH
        small = "hidden_layer_sizes" not in fixed or sizes_soon_done(n, p, m, fixed["hidden_layer_sizes"])
        tried = widest >= 2 * SECOND_WIDTHS[0] and not lacks and smooth and small and not first_order
        solvers = (ADAM, LM) if tried else (ADAM,)
    return Space(dict(fixed), solvers, tuple(size for size in BATCHES if size <= n), second_width)


def soon_done(n: int, p: int, m: int, width: int) -> bool:
    """Whether an iteration of Levenberg-Marquardt on two layers of that width is worth trying."""
    return sizes_soon_done(n, p, m, (width, width))


def sizes_soon_done(n: int, p: int, m: int, sizes: tuple[int, ...]) -> bool:
    """The same of these hidden layers."""
    if min(sizes, default=1) < 1:
        return False  # refused where settings are made of it
    return work_of_an_iteration(Network.of_widths((p, *sizes, m)), n) <= WORTH_A_TRIAL


def rounded(number: float) -> float:
    """The number with three significant digits."""
    return float(f"{number:.{DIGITS}g}")
