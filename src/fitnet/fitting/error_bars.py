"""Error bars of a fit: whether it keeps any, and that they are true."""

import warnings

import numpy as np

from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentValueError, ErrorBarsWarning
from fitnet.fitting.constant_columns import silent_inputs
from fitnet.fitting.laplace import laplace, passes_through, wants_error_bars
from fitnet.fitting.seen_rows import as_seen
from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.error_bars import ErrorBars
from fitnet.model.model import Model
from fitnet.rows import Inputs, Rows


def found_error_bars(
    settings: Settings, rows: TrainingRows, seen: tuple[Inputs, Rows], start: Model, parameters: Array
) -> ErrorBars | None:
    """Error bars of `parameters`, from the rows they were trained on, where the recipe asks.

    A network that passes through every target has none that are true: there are none then, unless they were asked
    for; of those an `ErrorBarsWarning` says so.
    """
    recipe = settings.recipe
    if not wants_error_bars(recipe.error_bars, start.network, recipe.loss, rows.X, rows.Y):
        return None
    asked = recipe.error_bars is True
    silent = silent_inputs(start, rows)
    inputs, targets = seen if recipe.dtype == FLOAT64 else as_seen(start, FLOAT64, rows.X, rows.Y, None, silent)
    assert isinstance(inputs, np.ndarray) and isinstance(targets, np.ndarray)
    weights, unit = rows.relative
    objective = Objective(
        settings.compute.chosen, start.network, SquaredError(), inputs, targets, weights, float(recipe.alpha), unit
    )
    try:
        found = laplace(objective, parameters.astype(FLOAT64))
    except ArgumentValueError:
        if asked:
            raise
        return None
    through = passes_through(objective, found)
    if through and asked:
        warnings.warn(
            f"The network passes through all {objective.n_targets} targets, so the error bars are too small: the "
            "noise cannot be told; fit more rows, fewer neurons, or solver='lm-bayesian'.",
            ErrorBarsWarning,
            stacklevel=4,
        )
    return found if asked or not through else None
