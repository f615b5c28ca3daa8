"""What `fitnet fit` does once it has the rows: keep some out, train on the others, judge, and write down where from.

Shapes: X (n, p), Y (n, m).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click
import numpy as np

from fitnet import tables
from fitnet.algorithm.losses import Poisson
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.evaluation import Baselines, compared, coverage
from fitnet.fitting.fitting import Fitted, fit
from fitnet.fitting.held_out import HeldOut, held_out
from fitnet.fitting.provenance import provenance
from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.model import Model
from fitnet.model.stored_rows import predict_rows
from fitnet.rows import Rows, RowSource

# How `fitnet.train` begins its refusal to resume where an array or the generator is not what it was.
ROWS_DIFFER = ("`X` is not", "`Y` is not", "`validation` is not", "`parameters` is not", "`generator` is in")
# What is said of the provenance.
ROWS = ("rows", "rows_left_out", "training_rows", "validation_rows", "kept_out_rows")
OUTCOME = ("epochs", "best_epoch", "stopped")


def fit_rows(
    selection: tables.Selection,
    settings: Settings,
    test_fraction: float,
    seed: int,
    resume: bool,
    origin: dict[str, Any],
) -> tuple[Model, dict[str, Any]]:
    """The model, and what is to be said about it as --json says it; `origin` goes into its provenance."""
    check_stopping(settings, selection.X)
    features, targets = selection.feature_names, selection.target_names
    generator = np.random.default_rng(seed)
    parted = held_out(selection.X, selection.Y, test_fraction, generator)
    check_targets(settings, parted.lowest_targets, targets)
    fitted = trained(settings, parted.training, generator, resume)
    history = fitted.result.history
    if fitted.result.stopped == "interrupted" and history.epochs == 0:
        raise click.Abort
    origin = {
        **provenance(parted.training, seed, settings.shaping()),
        **origin,
        **rows_and_epochs(selection, parted, fitted),
        "seed": seed,
        "test_fraction": test_fraction,
        "table_sha256": parted.table_sha256,
        "baselines": parted.baselines.as_lists(),
    }
    model = replace(fitted.model, input_names=features, output_names=targets, provenance=origin)
    judged = judgement(model, parted)
    model = replace(model, provenance=origin | {name: found for name, found in judged.items() if found is not None})
    facts = {
        **{name: origin[name] for name in ("table", *ROWS)},
        "architecture": model.architecture,
        "activation": settings.recipe.activation,
        **{name: origin[name] for name in OUTCOME},
        "seconds": history.seconds[-1],
        **{name: origin[name] for name in ("engine", "seed")},
        **judged,
    }
    return model, facts


def rows_and_epochs(selection: tables.Selection, parted: HeldOut, fitted: Fitted) -> dict[str, Any]:
    """How many rows there were and what they were for, how many epochs, and how they ended."""
    n, result = selection.X.shape[0], fitted.result
    rows = n, selection.n_dropped, fitted.rows.n, fitted.validation_rows, parted.X.shape[0]
    outcome = result.history.epochs, result.best_epoch, result.stopped
    return dict(zip((*ROWS, *OUTCOME), (*rows, *outcome), strict=True))


def trained(settings: Settings, rows: TrainingRows, generator: np.random.Generator, resume: bool) -> Fitted:
    """What `fit` gives, whose refusal to resume with other rows is said in the shell's terms."""
    try:
        return fit(settings, rows, generator, resume=resume)
    except ArgumentValueError as error:
        if settings.checkpoint is not None and str(error).startswith(ROWS_DIFFER):
            raise ArgumentValueError(
                f"The training in {settings.checkpoint.path} was begun with other rows or another seed; to resume it "
                "the table and the options that choose rows and seed must be as they were."
            ) from None
        raise


def check_stopping(settings: Settings, X: Rows) -> None:
    """Refuse to keep single rows out of a table that is read in parts."""
    if settings.recipe.early_stopping and isinstance(X, RowSource):
        raise ArgumentValueError("`early_stopping` cannot watch rows of a table so large that it is read in parts.")


def check_targets(settings: Settings, lowest: Array, names: Sequence[str]) -> None:
    """Refuse targets that the loss is not made for, by their column and as the table has them."""
    if isinstance(settings.recipe.loss, Poisson) and lowest.min() < 0:
        name = names[int(lowest.argmin())]
        raise ArgumentValueError(
            f"`loss` is 'poisson' and column {name!r} holds {lowest.min():g}; its targets must be at least 0."
        )


def judgement(model: Model, parted: HeldOut) -> dict[str, Any]:
    """Evaluation and coverage on the rows kept out; None without such rows, and coverage without error bars."""
    if not parted.X.shape[0]:
        return {"evaluation": None, "coverage": None}
    return {
        "evaluation": evaluation_facts(model, parted.X, parted.Y, parted.baselines),
        "coverage": coverage_facts(model, parted.X, parted.Y),
    }


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
