"""Fitting: the one sequence from a recipe and rows to a model, scalings and error bars included.

Shapes: X (n, p), Y (n, m), weights (n,) or None, all in the user's units or, of targets, their transforms; parameters
(P,).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.memory import check_memory
from fitnet.algorithm.optimizers import OptimizerState
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.fitting.class_penalty import with_chosen_penalty
from fitnet.fitting.constant_columns import silence_constants, silent_inputs
from fitnet.fitting.convergence import warn_if_cut_off
from fitnet.fitting.error_bars import found_error_bars
from fitnet.fitting.first_parameters import first_parameters, initialization
from fitnet.fitting.laplace import wants_error_bars
from fitnet.fitting.reached_units import has_relu, predicts_a_constant, with_all_units_reached
from fitnet.fitting.recipe import Recipe, is_auto
from fitnet.fitting.scalings import farthest_target, input_scaling, target_scaling
from fitnet.fitting.seen_rows import as_seen, scaled, trusted
from fitnet.fitting.settings import Settings
from fitnet.fitting.splits import split, split_by_class
from fitnet.fitting.target_transforms import transform_for, with_transforms
from fitnet.fitting.training_rows import TrainingRows, first_rows
from fitnet.fitting.transform_choice import with_chosen_transform
from fitnet.model.model import Model
from fitnet.model.parts.examples import EXAMPLE_ROWS
from fitnet.rows import Inputs, Rows, RowSource, features_of
from fitnet.training.checks import check_loss_takes
from fitnet.training.result import TrainingResult
from fitnet.training.train import train

ROWS_LOOKED_AT = 1000  # to see whether any reaches a unit
DRAWN_AGAIN = 4  # times that training begins again where the network came to predict a constant


@dataclass(frozen=True, eq=False)
class Fitted:
    """What `fit` gives.

    Attributes
    ----------
    model
        Without names and provenance, which only the caller knows.
    result
        Of the training, its history among it.
    settings
        Those it was trained with: nothing is left to choose.
    rows
        Those it was trained on.
    validation_rows
        How many rows were only watched.
    """

    model: Model
    result: TrainingResult
    settings: Settings
    rows: TrainingRows
    validation_rows: int


def fit(
    settings: Settings,
    rows: TrainingRows,
    generator: np.random.Generator,
    validation: TrainingRows | None = None,
    *,
    start: Model | None = None,
    state: OptimizerState | None = None,
    resume: bool = False,
    keep: str = "best",
) -> Fitted:
    """Transform targets and keep rows out if the recipe says so, train on the others, and find the error bars.

    Parameters
    ----------
    rows
        Checked, like those of `validation`; in memory where rows are to be kept out of them.
    generator
        Draws the rows kept out, then the first parameters, then every epoch's order.
    validation
        Rows to watch in place of rows kept out; they count by their weight.
    start
        The model to go on from, whose scalings stay; None begins anew.
    state, resume, keep
        As for `fitnet.train`.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For settings that do not go with the rows, with each other or with `start`.
    DivergenceError
        If the loss does not stay finite.
    """
    settings = with_chosen_transform(settings, rows, generator, fit, start)
    settings = with_chosen_penalty(settings, rows, generator, fit, start)
    transform = transform_for(settings.recipe, rows, start)
    rows = with_transforms(rows, transform)
    validation = None if validation is None else with_transforms(validation, transform, "validation_data")
    if validation is None and settings.recipe.early_stopping:
        kept, left_out = parted(settings.recipe, rows, generator)
        rows, validation = rows.part(kept), rows.part(left_out)
    anew, given = start is None, settings
    settings = (settings if start is None else settings.with_sizes_of(start.network)).settled(rows.X, rows.Y)
    if start is None:
        start = begun(settings.recipe, rows, generator)
    else:
        check_continues(start, given.recipe, settings.recipe, rows)
    silent = silent_inputs(start, rows)
    farthest = farthest_target(settings.recipe)
    seen = as_seen(start, settings.recipe.dtype, rows.X, rows.Y, farthest, silent)
    watched = None if validation is None else watched_rows(start, settings.recipe, validation)
    result = trained(settings, start, rows, seen, watched, generator, state, resume, keep)
    for _ in range(DRAWN_AGAIN if anew else 0):
        if not wants_another_start(settings, start, result, seen):
            break
        start = begun(settings.recipe, rows, generator)
        result = trained(settings, start, rows, seen, watched, generator, state, resume, keep)
    warn_if_cut_off(settings, result)
    model = replace(
        start,
        parameters=result.parameters,
        example_inputs=first_rows(rows.X, EXAMPLE_ROWS),
        compute=settings.compute,
        error_bars=found_error_bars(settings, rows, seen, start, result.parameters),
    )
    return Fitted(model, result, settings, rows, 0 if validation is None else validation.n)


def parted(recipe: Recipe, rows: TrainingRows, generator: np.random.Generator) -> tuple[Array, Array]:
    """The rows to train on and those to watch; of classes each in proportion."""
    if isinstance(recipe.loss, CrossEntropy) and isinstance(rows.Y, np.ndarray):
        return split_by_class(rows.Y, recipe.validation_fraction, generator)
    return split(rows.n, recipe.validation_fraction, generator)


def begun(recipe: Recipe, rows: TrainingRows, generator: np.random.Generator) -> Model:
    """The model before its first step: scalings from these rows, random parameters with which rows reach all units."""
    check_loss_takes(recipe.loss, rows.Y, "y")
    network = recipe.network(rows.X.shape[1], rows.Y.shape[1])
    check_memory("hidden_layer_sizes", network.n_parameters, np.dtype(recipe.dtype))
    parameters = first_parameters(recipe, network, generator)
    silence_constants(recipe, rows, parameters)
    inputs = rows.inputs()
    scaling = input_scaling(recipe, rows)
    if has_relu(network):
        looked_at = scaled("X", some(rows.X), scaling, recipe.dtype)
        assert isinstance(looked_at, np.ndarray)
        parameters = with_all_units_reached(network, parameters, looked_at)
    return Model(
        network,
        parameters,
        input_scaling=scaling,
        target_scaling=target_scaling(recipe, rows),
        input_ranges=inputs.ranges,
        imputation=rows.imputation,
        target_transform=rows.target_transform,
        categories=rows.categories,
    )


def some(rows: Inputs) -> Array:
    """At most 1,000 rows: spread over all in memory, the first of those that stay in a file."""
    if isinstance(rows, RowSource):
        return first_rows(rows, ROWS_LOOKED_AT)
    return np.asarray(features_of(rows[:: -(-len(rows) // ROWS_LOOKED_AT)]))


def wants_another_start(settings: Settings, start: Model, result: TrainingResult, seen: tuple[Inputs, Rows]) -> bool:
    """Whether training is to begin again, for it came to predict a constant where that cannot be right."""
    X, Y = seen
    if isinstance(X, RowSource) or isinstance(Y, RowSource) or settings.checkpoint is not None:
        return False
    if not has_relu(start.network):
        return False
    wanted = settings.recipe.alpha == 0 and bool((Y[1:] != Y[:-1]).any()) and result.stopped != "interrupted"
    return wanted and predicts_a_constant(start.network, result.parameters, some(X), some(Y))


def check_continues(start: Model, given: Recipe, settled: Recipe, rows: TrainingRows) -> None:
    """Refuse to go on from a model whose network is another than recipe and rows ask for now."""
    network = settled.network(rows.X.shape[1], rows.Y.shape[1])
    other_dtype = not is_auto(given.dtype) and settled.dtype != start.parameters.dtype
    if network != start.network or other_dtype:
        raise ArgumentValueError(
            f"Training cannot go on from a network {start.network.architecture}: settings and data now ask for "
            f"{network.architecture} with {settled.activation} in {settled.dtype}; fit with warm_start=False."
        )


def trained(
    settings: Settings,
    start: Model,
    rows: TrainingRows,
    seen: tuple[Inputs, Rows],
    watched: tuple[Any, ...] | None,
    generator: np.random.Generator,
    state: OptimizerState | None,
    resume: bool,
    keep: str,
) -> TrainingResult:
    """The outcome of training from `start` with settled settings; `seen` and `watched` are as its network sees them."""
    recipe = settings.recipe
    wants_error_bars(recipe.error_bars, start.network, recipe.loss, rows.X, rows.Y)  # refuses before it has taken time
    watches = recipe.early_stopping or watched is not None or recipe.tol is not None
    return train(
        start.network,
        trusted(seen[0]),
        trusted(seen[1]),
        epochs=int(recipe.max_epochs),
        generator=generator,
        loss=recipe.loss,
        solver=recipe.solvers,
        alpha=float(recipe.alpha),
        dropout=recipe.dropout,
        batch_size=recipe.rows_a_step(rows.n),
        weights=rows.weights,
        validation=watched,
        parameters=start.parameters,
        initialization=initialization(recipe),
        state=state,
        dtype=recipe.dtype,
        engine=settings.engine,
        n_threads=settings.n_threads,
        verbose=settings.verbose,
        callbacks=settings.callbacks,
        patience=recipe.patience if watches else None,
        tol=(recipe.tol or 0.0) if watches else None,
        checkpoint=settings.checkpoint,
        resume=resume,
        keep=keep,
    )


def watched_rows(model: Model, recipe: Recipe, rows: TrainingRows) -> tuple[Any, ...]:
    """Rows to watch as `train` takes them."""
    scaled = as_seen(model, recipe.dtype, rows.X, rows.Y, farthest_target(recipe))
    seen = tuple(trusted(each) for each in scaled)
    return seen if rows.weights is None else (*seen, rows.weights)
