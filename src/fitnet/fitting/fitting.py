"""Fitting: the one sequence from a recipe and rows to a model, scalings and error bars included.

Shapes: X (n, p), Y (n, m), weights (n,) or None, all in the user's units; parameters (P,).
"""

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fitnet import engine as engines
from fitnet.algorithm.losses import Poisson, SquaredError
from fitnet.algorithm.optimizers import OptimizerState
from fitnet.arguments import Array
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentValueError, ErrorBarsWarning
from fitnet.fitting.recipe import Recipe, is_auto
from fitnet.fitting.settings import Settings
from fitnet.fitting.splits import split
from fitnet.fitting.training_rows import TrainingRows, first_rows
from fitnet.model.columns import EXAMPLE_ROWS
from fitnet.model.error_bars import ErrorBars
from fitnet.model.model import Model
from fitnet.model.scaling import FLOAT64, Scaling
from fitnet.model.stored_rows import ScaledRows
from fitnet.rows import Rows, RowSource
from fitnet.training.checks import check_targets
from fitnet.training.result import TrainingResult
from fitnet.training.train import train
from fitnet.uncertainty.laplace import laplace, passes_through, wants_error_bars

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
    validation: tuple[Array, Array] | None = None,
    *,
    start: Model | None = None,
    state: OptimizerState | None = None,
    resume: bool = False,
) -> Fitted:
    """Keep rows out if the recipe says so, train on the others, and find the error bars.

    Parameters
    ----------
    rows
        Checked, like those of `validation`; in memory where rows are to be kept out of them.
    generator
        Draws the rows kept out, then the first parameters, then every epoch's order.
    validation
        (X, Y) to watch in place of rows kept out.
    start
        The model to go on from, whose scalings stay; None begins anew.
    state, resume
        As for `fitnet.train`.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For settings that do not go with the rows, with each other or with `start`.
    DivergenceError
        If the loss does not stay finite.
    """
    if validation is None and settings.recipe.early_stopping:
        trained_on, watched = split(rows.n, settings.recipe.validation_fraction, generator)
        kept_out = rows.part(watched)
        rows, validation = rows.part(trained_on), (np.asarray(kept_out.X), np.asarray(kept_out.Y))
    given, settings = settings, settings.settled(rows.X, rows.Y)
    if start is None:
        start = begun(settings.recipe, rows, generator)
    else:
        check_continues(start, given.recipe, settings.recipe, rows)
    result = trained(settings, rows, generator, validation, start, state, resume)
    model = replace(
        start,
        parameters=result.parameters,
        example_inputs=first_rows(rows.X, EXAMPLE_ROWS),
        error_bars=found_error_bars(settings, rows, replace(start, parameters=result.parameters)),
    )
    return Fitted(model, result, settings, rows, 0 if validation is None else len(validation[0]))


def begun(recipe: Recipe, rows: TrainingRows, generator: np.random.Generator) -> Model:
    """The model before its first step: scalings from these rows, and random parameters."""
    check_targets(recipe.loss, rows.Y, "y")
    network = recipe.network(rows.X.shape[1], rows.Y.shape[1])
    initialization = "he" if recipe.activation in HE else "glorot"
    parameters = network.initial_parameters(generator, initialization, recipe.dtype)
    inputs = rows.inputs()
    return Model(
        network,
        parameters,
        input_scaling=Scaling.from_statistics(inputs) if recipe.scale_inputs else None,
        target_scaling=target_scaling(recipe, rows) if recipe.scale_targets else None,
        input_ranges=inputs.ranges,
    )


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
    rows: TrainingRows,
    generator: np.random.Generator,
    validation: tuple[Array, Array] | None,
    start: Model,
    state: OptimizerState | None,
    resume: bool,
) -> TrainingResult:
    """The outcome of training from `start`, with settings that are settled."""
    recipe = settings.recipe
    wants_error_bars(recipe.error_bars, start.network, recipe.loss, rows.X, rows.Y)  # refuses before it has taken time
    watches = recipe.early_stopping or validation is not None or recipe.tol is not None
    inputs, targets = start.input_scaling, start.target_scaling
    return train(
        start.network,
        scaled(rows.X, inputs, recipe.dtype),
        scaled(rows.Y, targets, recipe.dtype),
        epochs=recipe.max_epochs,
        generator=generator,
        loss=recipe.loss,
        optimizer=recipe.solvers,
        l2=recipe.alpha,
        batch_size=recipe.rows_a_step(rows.n),
        weights=rows.weights,
        validation=validation
        and (scaled(validation[0], inputs, recipe.dtype), scaled(validation[1], targets, recipe.dtype)),
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
    )


def found_error_bars(settings: Settings, rows: TrainingRows, model: Model) -> ErrorBars | None:
    """Error bars of the model's parameters, from the rows they were trained on, where the recipe asks.

    A network that passes through every target has none that are true: there are none then, unless they were asked
    for; of those an `ErrorBarsWarning` says so.
    """
    recipe = settings.recipe
    if not wants_error_bars(recipe.error_bars, model.network, recipe.loss, rows.X, rows.Y):
        return None
    asked = recipe.error_bars is True
    inputs, targets = (
        np.ascontiguousarray(scaled(each, scaling, FLOAT64), FLOAT64)
        for each, scaling in ((rows.X, model.input_scaling), (rows.Y, model.target_scaling))
    )
    engine = engines.choose(settings.engine, settings.n_threads)
    objective = Objective(engine, model.network, SquaredError(), inputs, targets, rows.weights, recipe.alpha)
    try:
        found = laplace(objective, model.parameters.astype(FLOAT64))
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


def scaled(rows: Rows, scaling: Scaling | None, dtype: Any) -> Any:
    """The rows as the network sees them; those that stay in a file are scaled when they are read."""
    if isinstance(rows, RowSource):
        return ScaledRows(rows, scaling, dtype)
    return rows if scaling is None else scaling.apply(rows, dtype)


def target_scaling(recipe: Recipe, rows: TrainingRows) -> Scaling:
    """Standardised targets; where they must stay positive, in units of their mean."""
    if not isinstance(recipe.loss, Poisson):
        return Scaling.from_statistics(rows.targets())
    if isinstance(rows.Y, np.ndarray):
        mean = np.average(rows.Y.astype(FLOAT64), axis=0, weights=rows.weights)
    else:
        mean = rows.targets().mean
    return Scaling(np.zeros_like(mean), np.where(mean > 0, mean, 1.0))
