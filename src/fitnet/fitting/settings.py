"""Settings: a recipe, and what does not shape the model: where it is computed, what is shown and kept on the way."""

from dataclasses import dataclass, fields, replace
from numbers import Integral
from os import PathLike
from typing import Any

from fitnet.algorithm.network import Network
from fitnet.arguments import true_or_false
from fitnet.engine import Engine
from fitnet.engine.compute import Compute
from fitnet.fitting.recipe import Recipe, is_auto
from fitnet.fitting.solver_choice import AUTO, SOLVERS, constant_rate
from fitnet.rows import Inputs, Rows
from fitnet.training.callbacks import Callbacks
from fitnet.training.checkpoint import Checkpoint

RECIPE = tuple(field.name for field in fields(Recipe))


@dataclass(frozen=True)
class Settings:
    """How to fit and where; every field but the recipe as the parameter of `Regressor` of that name.

    A path for `checkpoint` gives way to its `Checkpoint`. Threads, engine and callbacks are checked by `train`.
    The engine may also be one itself, such as that of several ranks.
    """

    recipe: Recipe
    engine: str | Engine = "auto"
    n_threads: int | None = None
    verbose: bool = False
    callbacks: Callbacks = ()
    checkpoint: Checkpoint | None = None

    def __post_init__(self) -> None:
        shown = bool(self.verbose) if isinstance(self.verbose, Integral) else self.verbose
        object.__setattr__(self, "verbose", true_or_false("verbose", shown))
        if isinstance(self.checkpoint, str | PathLike):
            object.__setattr__(self, "checkpoint", Checkpoint(self.checkpoint))

    @property
    def compute(self) -> Compute:
        """The engine and the threads, for training and for the model that comes of it."""
        return Compute(self.engine if isinstance(self.engine, str) else self.engine.name, self.n_threads)

    @classmethod
    def of(cls, **parameters: Any) -> "Settings":
        """The settings for parameters of `Regressor` by name, those of the recipe among the others.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            For one that cannot be used; the sentence names it.
        """
        recipe = Recipe(**{name: value for name, value in parameters.items() if name in RECIPE})
        return cls(recipe, **{name: value for name, value in parameters.items() if name not in RECIPE})

    def shaping(self) -> dict[str, Any]:
        """By name all that shapes the model: the recipe's fields and the engine."""
        return {name: getattr(self.recipe, name) for name in RECIPE} | {"engine": self.compute.engine}

    def settled(self, X: Inputs, Y: Rows) -> "Settings":
        """The same with nothing left to choose for these rows; what keeps checkpoints is first-order."""
        return replace(self, recipe=self.recipe.settled(X, Y, first_order=self.checkpoint is not None))

    def with_sizes_of(self, network: Network) -> "Settings":
        """The same with the hidden layers of a `network` to go on from, where their sizes were "auto"."""
        if not is_auto(self.recipe.hidden_layer_sizes):
            return self
        sizes = tuple(layer.outputs for layer in network.layers[:-1])
        return replace(self, recipe=replace(self.recipe, hidden_layer_sizes=sizes))

    def for_one_epoch(self) -> "Settings":
        """The settings for one epoch of several, first-order at a constant rate, with nothing to stop early.

        Raises
        ------
        ArgumentValueError
            If the solver is second-order or several.
        """
        solver = constant_rate(SOLVERS["adam"] if self.recipe.solver == AUTO else self.recipe.solver)
        recipe = replace(self.recipe, solver=solver, max_epochs=1, tol=None, early_stopping=False, error_bars=False)
        return replace(self, recipe=recipe)


PARAMETERS = (*RECIPE, *(field.name for field in fields(Settings) if field.name != "recipe"))
