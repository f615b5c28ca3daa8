"""fitnet on the known functions: `Regressor` as a user would write it, with one of the recipes below."""

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray

HIDDEN = (32, 32)
RECIPES: dict[str, dict[str, Any]] = {
    "lm": {"solver": "lm", "dtype": "float64"},
    "lm-bayesian": {"solver": "lm-bayesian", "dtype": "float64"},
    "lbfgs": {"solver": "lbfgs", "dtype": "float64"},
    "adam": {"solver": "adam"},
    "auto": {"solver": "auto", "dtype": "float64"},
}


def regressor(recipe: str, iterations: int, seed: int) -> Any:
    """The estimator; an iteration is an epoch."""
    from fitnet import Regressor

    return Regressor(HIDDEN, "tanh", max_epochs=iterations, random_state=seed, **RECIPES[recipe])


def fit_with(recipe: str) -> Callable[[Array, Array, int, int, int], Callable[[Array], Array]]:
    """The way to fit with a recipe; fitnet takes the cores there are, whatever `threads` says."""

    def fit(X: Array, y: Array, iterations: int, threads: int, seed: int) -> Callable[[Array], Array]:
        predict: Callable[[Array], Array] = regressor(recipe, iterations, seed).fit(X, y).predict
        return predict

    return fit
