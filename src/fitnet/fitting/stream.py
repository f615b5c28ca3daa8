"""A stream: rows that come call by call, and scalings that grow with them.

Shapes: X (n, p), Y (n, m), all in the user's units; parameters (P,).
"""

from dataclasses import dataclass, replace

import numpy as np

from fitnet.algorithm.losses import Poisson
from fitnet.algorithm.optimizers import OptimizerState, initial_state
from fitnet.algorithm.scaling import FLOAT64, Scaling
from fitnet.arguments import Array
from fitnet.fitting.constant_columns import silent_targets
from fitnet.fitting.first_parameters import first_parameters
from fitnet.fitting.fitting import Fitted, begun, fit
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.scalings import has_robust_targets, input_scaling, target_scaling
from fitnet.fitting.settings import Settings
from fitnet.fitting.target_transforms import transform_for, with_transforms
from fitnet.fitting.training_rows import Gathered, TrainingRows
from fitnet.model.model import Model

# A scaling stays as it is, and with it every bit, while the rows so far have their middle within this many of its
# scales and a spread that is not this many times another.
NEAR, ALIKE = 1.0, 2.0
ENOUGH = 32  # rows for quartiles


@dataclass(frozen=True, eq=False)
class Stream:
    """What is kept from call to call.

    Attributes
    ----------
    generator
        Goes on where it stopped.
    state
        What the optimizer remembers; None after another solver's training, which left nothing.
    so_far
        The statistics of all rows so far; None after a fit to all of them, whose scalings stay.
    """

    generator: np.random.Generator
    state: OptimizerState | None = None
    so_far: Gathered | None = None


def one_epoch(settings: Settings, rows: TrainingRows, start: Model | None, stream: Stream) -> tuple[Fitted, Stream]:
    """One epoch from `start` at the solver's constant rate, whose outcome is kept whatever it is; None begins anew.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError, DivergenceError
        As `fit`; also for a solver that no single epoch could continue.
    """
    settings = settings.for_one_epoch()
    recipe = settings.settled(rows.X, rows.Y).recipe
    rows = with_transforms(rows, transform_for(recipe, rows, start, whole=False))
    state, so_far = stream.state, stream.so_far
    if start is None:
        so_far = Gathered(rows.inputs(), rows.targets(), "")
        start = without_limit(begun(recipe, rows, stream.generator))
    elif so_far is not None:
        before, so_far = so_far, so_far.joined(rows)
        grown = with_scalings_of(start, recipe, replace(rows, gathered=so_far), before, stream.generator)
        state = state if grown is start else None  # it remembers steps in other units
        start = replace(grown, input_ranges=so_far.inputs.ranges)
    if state is None or state.moments.dtype != recipe.dtype:
        assert recipe.optimizer is not None
        state = initial_state(recipe.optimizer, start.parameters.astype(recipe.dtype))
    fitted = fit(settings, rows, stream.generator, start=start, state=state, keep="last")
    return fitted, Stream(stream.generator, state, so_far)


def with_scalings_of(
    model: Model, recipe: Recipe, rows: TrainingRows, before: Gathered, generator: np.random.Generator
) -> Model:
    """The same function in scalings that suit all rows so far, to rounding; the same model where its own still do.

    A column that was constant `before`, of which nothing was learned, gets weights to learn with.
    """
    new_inputs = before.inputs.is_constant & ~rows.inputs().is_constant
    new_targets = silent_targets(recipe, before.targets) & ~silent_targets(recipe, rows.targets())
    few = rows.n < ENOUGH  # quartiles are those of these rows alone
    inputs = suited(model.input_scaling, input_scaling(recipe, rows), new_inputs, few and recipe.scaling == "robust")
    targets = suited(
        model.target_scaling, target_scaling(recipe, rows), new_targets, few and has_robust_targets(recipe)
    )
    stays = inputs is model.input_scaling and targets is model.target_scaling
    if stays and not new_inputs.any() and not new_targets.any():
        return model
    parameters = model.parameters.astype(FLOAT64)
    W, b = model.network.weights(parameters), model.network.biases(parameters)
    if inputs is not None and model.input_scaling is not None:
        old = model.input_scaling
        b[0][:] += ((inputs.shift - old.shift) / old.scale) @ W[0]
        W[0][:] *= (inputs.scale / old.scale)[:, np.newaxis]
    if targets is not None and model.target_scaling is not None:
        follow_targets(W[-1], b[-1], model.target_scaling, targets, isinstance(recipe.loss, Poisson))
    drawn = model.network.weights(first_parameters(recipe, model.network, generator))
    W[0][new_inputs] = drawn[0][new_inputs]
    W[-1][:, new_targets] = drawn[-1][:, new_targets]
    dtype = model.parameters.dtype
    return replace(model, parameters=parameters.astype(dtype), input_scaling=inputs, target_scaling=targets)


def without_limit(model: Model) -> Model:
    """The model with inputs that are not clipped: no change of weights could follow a scaling that grows then."""
    scaling = model.input_scaling
    return model if scaling is None else replace(model, input_scaling=Scaling(scaling.shift, scaling.scale))


def suited(old: Scaling | None, new: Scaling | None, columns: Array, only: bool) -> Scaling | None:
    """The old scaling with new numbers for these columns (k,) and, unless for these `only`, for those that it does not
    suit; itself if for none.
    """
    if old is None or new is None:
        return old
    far = np.abs(new.shift / old.scale - old.shift / old.scale) > NEAR
    ratio = new.scale / old.scale
    changed = columns if only else columns | far | (ratio > ALIKE) | (ratio < 1 / ALIKE)
    if not changed.any():
        return old
    return Scaling(np.where(changed, new.shift, old.shift), np.where(changed, new.scale, old.scale))


def follow_targets(W: Array, b: Array, old: Scaling, new: Scaling, counts: bool) -> None:
    """Change the last layer, in place, so that its outputs mean the same in the new scaling."""
    if counts:  # of which the logarithm is what the layer gives
        b += np.log(old.scale / new.scale)
        return
    b[:] = b * (old.scale / new.scale) + (old.shift - new.shift) / new.scale
    W *= old.scale / new.scale
