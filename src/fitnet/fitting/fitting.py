"""Fitting: the one sequence from a recipe and rows to a model, scalings and error bars included.

Shapes: X (n, p), Y (n, m), weights (n,) or None, all in the user's units; parameters (P,).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fitnet.algorithm.memory import check_memory
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import OptimizerState
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.fitting.constant_columns import silence_constants, silent_inputs
from fitnet.fitting.error_bars import found_error_bars
from fitnet.fitting.recipe import Recipe, is_auto
from fitnet.fitting.scalings import farthest_target, input_scaling, target_scaling
from fitnet.fitting.seen_rows import as_seen, trusted
from fitnet.fitting.settings import Settings
from fitnet.fitting.splits import split
from fitnet.fitting.training_rows import TrainingRows, first_rows
from fitnet.model.model import Model
from fitnet.model.parts.examples import EXAMPLE_ROWS
from fitnet.rows import Rows
from fitnet.training.checks import check_loss_takes
from fitnet.training.result import TrainingResult
from fitnet.training.train import train
from fitnet.uncertainty.laplace import wants_error_bars

HE = {"relu", "leaky_relu", "silu", "gelu"}  # the initialization that suits them; Glorot's the others


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
    """Keep rows out if the recipe says so, train on the others, and find the error bars.

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
    if validation is None and settings.recipe.early_stopping:
        kept, left_out = split(rows.n, settings.recipe.validation_fraction, generator)
        rows, validation = rows.part(kept), rows.part(left_out)
    given, settings = settings, settings.settled(rows.X, rows.Y)
    if start is None:
        start = begun(settings.recipe, rows, generator)
    else:
        check_continues(start, given.recipe, settings.recipe, rows)
    silent = silent_inputs(start, rows)
    farthest = farthest_target(settings.recipe)
    seen = as_seen(start, settings.recipe.dtype, rows.X, rows.Y, farthest, silent)
    watched = None if validation is None else watched_rows(start, settings.recipe, validation)
    result = trained(settings, start, rows, seen, watched, generator, state, resume, keep)
    model = replace(
        start,
        parameters=result.parameters,
        example_inputs=first_rows(rows.X, EXAMPLE_ROWS),
        compute=settings.compute,
        error_bars=found_error_bars(settings, rows, seen, start, result.parameters),
    )
    return Fitted(model, result, settings, rows, 0 if validation is None else validation.n)


def begun(recipe: Recipe, rows: TrainingRows, generator: np.random.Generator) -> Model:
    """The model before its first step: scalings from these rows, and random parameters."""
    check_loss_takes(recipe.loss, rows.Y, "y")
    network = recipe.network(rows.X.shape[1], rows.Y.shape[1])
    check_memory("hidden_layer_sizes", network.n_parameters, np.dtype(recipe.dtype))
    parameters = first_parameters(recipe, network, generator)
    silence_constants(recipe, rows, parameters)
    inputs = rows.inputs()
    return Model(
        network,
        parameters,
        input_scaling=input_scaling(recipe, rows),
        target_scaling=target_scaling(recipe, rows),
        input_ranges=inputs.ranges,
        imputation=rows.imputation,
    )


def first_parameters(recipe: Recipe, network: Network, generator: np.random.Generator) -> Array:
    """Random parameters (P,) as they suit the activation."""
    return network.initial_parameters(generator, "he" if recipe.activation in HE else "glorot", recipe.dtype)


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
    seen: tuple[Rows, Rows],
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
        epochs=recipe.max_epochs,
        generator=generator,
        loss=recipe.loss,
        solver=recipe.solvers,
        alpha=recipe.alpha,
        batch_size=recipe.rows_a_step(rows.n),
        weights=rows.weights,
        validation=watched,
        parameters=start.parameters,
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
