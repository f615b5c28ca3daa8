"""What `fitnet fit` does once it has the rows: keep some out, train on the others, judge, and write down where from.

Shapes: X (n, p), Y (n, m).
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import click
import numpy as np

from fitnet import tables
from fitnet.algorithm.losses import Poisson
from fitnet.arguments import Array, counted
from fitnet.errors import ArgumentValueError
from fitnet.evaluation import Baselines, compared, coverage
from fitnet.fitting import Fitting, provenance, split
from fitnet.model.model import Model
from fitnet.model.scaling import column_ranges
from fitnet.model.stored_rows import predict_rows
from fitnet.rows import RowBlocks, Rows, RowSource
from fitnet.settings import Settings
from fitnet.training.result import TrainingResult

# How `fitnet.train` begins its refusal to resume where an array or the generator is not what it was.
ROWS_DIFFER = ("`X` is not", "`Y` is not", "`validation` is not", "`parameters` is not", "`generator` is in")
BLOCKS = 50  # into which rows that stay in a file are cut, to keep some out
UNSHAPING = ("verbose", "n_threads", "callbacks", "checkpoint")  # settings that do not shape the model


def fit_rows(
    selection: tables.Selection,
    settings: Settings,
    test_fraction: float,
    seed: int,
    resume: bool,
    origin: dict[str, Any],
) -> tuple[Model, dict[str, Any]]:
    """The model, and what is to be said about it as --json says it; `origin` goes into its provenance."""
    X, Y = selection.X, selection.Y
    check_targets(settings, Y, selection.target_names)
    generator = np.random.default_rng(seed)
    n = X.shape[0]
    (X_training, Y_training), (X_kept_out, Y_kept_out) = parted(X, Y, test_fraction, generator)
    baselines = Baselines.fitted(X_training, Y_training)
    fitting, result, validation_rows = trained(X_training, Y_training, settings, generator, resume)
    if result.stopped == "interrupted" and result.history.epochs == 0:
        raise click.Abort
    rows = {
        "rows": n,
        "rows_left_out": selection.n_dropped,
        "training_rows": X_training.shape[0] - validation_rows,
        "validation_rows": validation_rows,
        "kept_out_rows": X_kept_out.shape[0],
    }
    outcome = {"epochs": result.history.epochs, "best_epoch": result.best_epoch, "stopped": result.stopped}
    shaping = {field.name: getattr(settings, field.name) for field in fields(settings) if field.name not in UNSHAPING}
    origin = {
        **provenance(X_training, Y_training, None, seed, shaping),
        **origin,
        **rows,
        **outcome,
        "seed": seed,
        "test_fraction": test_fraction,
        "table_sha256": tables.data_hash(X, Y),
        "baselines": baselines.as_lists(),
    }
    names = selection.feature_names, selection.target_names
    model = fitting.model(X_training, *names, origin)
    evaluation = covered = None
    if rows["kept_out_rows"]:
        evaluation = evaluation_facts(model, X_kept_out, Y_kept_out, baselines)
        covered = coverage_facts(model, X_kept_out, Y_kept_out)
        kept_facts = {"evaluation": evaluation} if covered is None else {"evaluation": evaluation, "coverage": covered}
        model = fitting.model(X_training, *names, {**origin, **kept_facts})
    facts = {
        "table": origin["table"],
        **rows,
        "architecture": model.architecture,
        "activation": settings.activation,
        **outcome,
        "seconds": result.history.seconds[-1],
        "engine": origin["engine"],
        "seed": seed,
        "evaluation": evaluation,
        "coverage": covered,
    }
    return model, facts


def trained(
    X: Rows, Y: Rows, settings: Settings, generator: np.random.Generator, resume: bool
) -> tuple[Fitting, TrainingResult, int]:
    """The outcome of training, and how many rows were only watched, to stop early."""
    validation = None
    if settings.early_stopping:
        if isinstance(X, RowSource) or isinstance(Y, RowSource):
            raise ArgumentValueError("`early_stopping` cannot watch rows of a table so large that it is read in parts.")
        rows, watched = split(len(X), settings.validation_fraction, generator)
        validation = X[watched], Y[watched]
        X, Y = X[rows], Y[rows]
    settings = settings.settled(X, Y)
    fitting = Fitting.begin(settings, X, Y, None, generator)
    epochs, optimizer = settings.max_epochs, settings.solver
    try:
        result = fitting.train(X, Y, None, validation, generator, epochs=epochs, optimizer=optimizer, resume=resume)
    except ArgumentValueError as error:
        if str(error).startswith(ROWS_DIFFER):
            raise ArgumentValueError(
                f"The training in {settings.checkpoint.path} was begun with other rows or another seed; to resume it "
                "the table and the options that choose rows and seed must be as they were."
            ) from None
        raise
    fitting.find_error_bars(X, Y, None)
    return fitting, result, 0 if validation is None else len(validation[0])


def check_targets(settings: Settings, Y: Rows, names: Sequence[str]) -> None:
    """Refuse targets that the loss is not made for, by their column and as the table has them."""
    if not isinstance(settings.loss, Poisson):
        return
    lowest = column_ranges(Y)[0]
    if lowest.min() < 0:
        name = names[int(lowest.argmin())]
        raise ArgumentValueError(
            f"`loss` is 'poisson' and column {name!r} holds {lowest.min():g}; its targets must be at least 0."
        )


def parted(
    X: Rows, Y: Rows, fraction: float, generator: np.random.Generator
) -> tuple[tuple[Rows, Rows], tuple[Rows, Rows]]:
    """Inputs and targets to train on, and those kept out; of rows that stay in a file whole blocks are kept out."""
    n = X.shape[0]
    if not (isinstance(X, RowSource) and isinstance(Y, RowSource)):
        assert isinstance(X, np.ndarray) and isinstance(Y, np.ndarray)
        training, kept_out = kept_apart(n, fraction, generator)
        return (X[training], Y[training]), (X[kept_out], Y[kept_out])
    starts = np.arange(0, n, -(-n // BLOCKS))
    ends = np.append(starts[1:], n)
    training, kept_out = kept_apart(len(starts), fraction, generator)

    def part(source: RowSource, blocks: Array) -> RowBlocks:
        return RowBlocks(source, starts[blocks], ends[blocks])

    return (part(X, training), part(Y, training)), (part(X, kept_out), part(Y, kept_out))


def kept_apart(n: int, fraction: float, generator: np.random.Generator) -> tuple[Array, Array]:
    """Rows for training and rows kept out of it, in ascending order; of more than nothing at least one is kept out.

    The order comes from a generator spawned for it: a `Regressor` with the same seed trains alike on the same rows.
    """
    kept_out = max(1, round(fraction * n)) if fraction > 0 else 0
    if kept_out == n:
        raise ArgumentValueError(
            f"`test_fraction` is {fraction:g} and keeps out all of {counted(n, 'row')}; one must be left for training."
        )
    order = generator.spawn(1)[0].permutation(n)
    return np.sort(order[kept_out:]), np.sort(order[:kept_out])


def evaluation_facts(model: Model, X: Rows, Y: Rows, baselines: Baselines) -> dict[str, Any]:
    """For every target the errors of network and baselines on these rows, as numbers JSON can hold: None for NaN."""
    prediction = predict_rows(model, X) if isinstance(X, RowSource) else model.predict(X)
    errors = compared(prediction, X, in_memory(Y), baselines)
    measures = ("rmse", "mae", "r2", "max_error")
    return {
        target: {
            name: {measure: finite_or_none(getattr(each, measure)[j]) for measure in measures}
            for name, each in errors.items()
        }
        for j, target in enumerate(model.output_names)
    }


def coverage_facts(model: Model, X: Rows, Y: Rows) -> dict[str, dict[str, float]] | None:
    """For every target the share of these rows in its interval, by the interval's level; None without error bars."""
    if model.error_bars is None:
        return None
    if isinstance(X, RowSource):
        prediction, std = predict_rows(model, X, return_std=True)
    else:
        prediction, std = model.predict(X, return_std=True)
    shares = coverage(prediction, std, in_memory(Y))
    return {
        target: {str(level): float(share[j]) for level, share in shares.items()}
        for j, target in enumerate(model.output_names)
    }


def in_memory(rows: Rows) -> Array:
    return rows.read(0, rows.shape[0]) if isinstance(rows, RowSource) else rows


def finite_or_none(number: Any) -> float | None:
    return float(number) if np.isfinite(number) else None
