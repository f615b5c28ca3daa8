"""Constant columns: an input that never varied has no effect, and a target that never varied is predicted exactly.

Weights of 0 do it. In training they stay what they are: to the network such an input is 0, so that no gradient reaches
its weights, and where an output's weights are 0 it is on its target from the first step.
Shapes: X (n, p), Y (n, m), parameters (P,).
"""

import warnings
from collections.abc import Sequence

import numpy as np

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.losses import Poisson
from fitnet.arguments import Array
from fitnet.errors import ConstantInputWarning
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.ensemble import Ensemble
from fitnet.model.model import Model
from fitnet.rows import ColumnStatistics


def silence_constants(recipe: Recipe, rows: TrainingRows, parameters: Array) -> None:
    """Set to 0, in place, first weights of inputs and last weights of targets that do not vary in `rows`."""
    inputs, targets = rows.inputs(), rows.targets()
    network = recipe.network(len(inputs.mean), len(targets.mean))
    network.weights(parameters)[0][inputs.is_constant] = 0
    same = silent_targets(recipe, targets)
    network.weights(parameters)[-1][:, same] = 0
    if not recipe.scale_targets:  # then the bias is the constant; a scaled target is 0 before the link
        values = targets.lowest[same]
        if isinstance(recipe.loss, Poisson):
            values = np.log(np.where(values > 0, values, 1))
        network.biases(parameters)[-1][same] = values


def silent_targets(recipe: Recipe, statistics: ColumnStatistics) -> Array:
    """(m,) bool: targets that never varied; a class that no row has is none of them, for later rows may have it."""
    if isinstance(recipe.loss, CrossEntropy):
        return np.zeros(len(statistics.mean), bool)
    return same_to_the_bit(statistics)


def same_to_the_bit(statistics: ColumnStatistics) -> Array:
    """(k,) bool: whether all entries of a column are exactly the same."""
    return np.asarray(statistics.lowest == statistics.highest)


def silent_inputs(start: Model, rows: TrainingRows) -> Array:
    """(p,) bool: inputs of which the model has learned nothing yet, and that do not vary in these rows either."""
    silent = start.network.unused_inputs(start.parameters)
    if not silent.any() or start.input_ranges is None:
        return silent
    inputs, (low, high) = rows.inputs(), start.input_ranges
    inside = (inputs.lowest >= low) & (inputs.highest <= high)
    return np.asarray(silent & inputs.is_constant & inside)


def warn_of_constant_inputs(model: Model, n: int) -> None:
    """Name, on behalf of the function that calls this, the inputs that never varied in n rows of training."""
    unused = model.network.unused_inputs(model.parameters)
    names = [name for name, silent in zip(model.input_names, unused, strict=True) if silent]
    if names and n > 1:
        warnings.warn(sentence(names), ConstantInputWarning, stacklevel=3)


def warn_of_constant_ranges(ensemble: Ensemble) -> None:
    """As `warn_of_constant_inputs`, of the inputs that never varied in the training of any member."""
    if ensemble.input_ranges is None:
        return
    low, high = ensemble.input_ranges
    names = [name for name, same in zip(ensemble.input_names, low == high, strict=True) if same]
    if names:
        warnings.warn(sentence(names), ConstantInputWarning, stacklevel=3)


def sentence(names: Sequence[str]) -> str:
    """What is said of inputs that never varied."""
    listed = ", ".join(repr(name) for name in names)
    if len(names) == 1:
        return f"The input {listed} is the same in all rows, so it has no effect on the predictions; leave it out."
    return f"The inputs {listed} are the same in all rows, so they have no effect on the predictions; leave them out."
