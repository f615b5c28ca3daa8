"""What `fitnet fit` does once it has the rows: keep some out, train on the others, judge, and write down where from.

Shapes: X (n, p), Y (n, m).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from os import PathLike, fspath
from typing import Any

import click

from fitnet import tables
from fitnet.cli.fit_asked import Asked
from fitnet.errors import ArgumentValueError, CheckpointMismatchError
from fitnet.estimators.random_state import random_generator
from fitnet.evaluation import evaluate
from fitnet.fitting.constant_columns import warn_of_constant_inputs
from fitnet.fitting.fitting import Fitted, fit
from fitnet.fitting.held_out import HeldOut, held_out
from fitnet.fitting.held_out_classes import HeldOutClasses
from fitnet.fitting.provenance import provenance
from fitnet.fitting.settings import Settings
from fitnet.model.ensemble import AnyModel
from fitnet.model.model import Model
from fitnet.reports.evidence import Evidence
from fitnet.rows import Rows, RowSource, is_spread

# The arguments of `fitnet.train`, and of an ensemble's fit, that come from the rows and the seed.
FROM_ROWS = ("X", "Y", "validation", "parameters", "generator", "random_state")
# What is said of the provenance.
ROWS = ("rows", "rows_left_out", "training_rows", "validation_rows", "kept_out_rows")
OUTCOME = ("epochs", "best_epoch", "stopped")


def fit_rows(selection: tables.Selection, settings: Settings, asked: Asked) -> tuple[Model, dict[str, Any], Evidence]:
    """The model, what is to be said about it as --json says it, and what a report needs."""
    check_stopping(settings, selection.X)
    features, targets = selection.feature_names, selection.target_names
    generator, fraction = random_generator(asked.seed), asked.test_fraction
    parted = held_out(
        selection.X, selection.Y, fraction, generator, imputes=asked.imputes, categories=selection.categories
    )
    parted.check_loss_takes(settings.recipe.loss, targets)
    parted.check_transform_takes(settings.recipe.target_transform, targets)
    with rows_and_seed_named(asked.checkpoint):
        fitted = fit(settings, parted.training, generator, resume=asked.resume)
    history = fitted.result.history
    if fitted.result.stopped == "interrupted" and history.epochs == 0:
        raise click.Abort
    origin = {
        **provenance(parted.training, asked.seed, settings.shaping(), fitted.model.target_transform),
        **asked.origin,
        **rows_and_epochs(selection, parted, fitted),
        "seed": asked.seed,
        "test_fraction": fraction,
        "table_sha256": parted.table_sha256,
        "baselines": parted.baselines.as_lists(),
    }
    names: dict[str, Any] = {"input_names": features, "output_names": targets, "units": selection.units}
    model = replace(fitted.model, **names, provenance=origin)
    warn_of_constant_inputs(model, fitted.rows.n)
    judged = judgement(model, parted)
    model = replace(model, provenance=origin | {name: found for name, found in judged.items() if found is not None})
    facts = {
        **{name: origin[name] for name in ("table", *ROWS)},
        "architecture": model.architecture,
        "activation": settings.recipe.activation,
        "target_transform": None if model.target_transform is None else repr(model.target_transform),
        **{name: origin[name] for name in OUTCOME},
        "seconds": history.seconds[-1],
        **{name: origin[name] for name in ("engine", "seed")},
        **judged,
    }
    return model, facts, Evidence(history=history, best_epoch=fitted.result.best_epoch, left_out=selection.n_dropped)


def rows_and_epochs(selection: tables.Selection, parted: HeldOut | HeldOutClasses, fitted: Fitted) -> dict[str, Any]:
    """How many rows there were and what they were for, how many epochs, and how they ended."""
    n, result = selection.X.shape[0], fitted.result
    rows = n, selection.n_dropped, fitted.rows.n, fitted.validation_rows, parted.X.shape[0]
    outcome = result.history.epochs, result.best_epoch, result.stopped
    return dict(zip((*ROWS, *OUTCOME), (*rows, *outcome), strict=True))


@contextmanager
def rows_and_seed_named(checkpoint: str | PathLike[str] | None) -> Iterator[None]:
    """Say in the shell's terms that a training cannot be resumed with other rows or another seed."""
    try:
        yield
    except CheckpointMismatchError as error:
        if checkpoint is not None and error.argument in FROM_ROWS:
            raise ArgumentValueError(
                f"The training in {fspath(checkpoint)} was begun with other rows or another seed; to resume it "
                "the table and the options that choose rows and seed must be as they were."
            ) from None
        raise


def check_stopping(settings: Settings, X: Rows) -> None:
    """Refuse to keep single rows out of a table that is read in parts."""
    if settings.recipe.early_stopping and isinstance(X, RowSource) and not is_spread(X):
        raise ArgumentValueError(
            "`early_stopping` cannot watch rows of a table so large that it is read in parts.", "early_stopping"
        )


def judgement(model: AnyModel, parted: HeldOut) -> dict[str, Any]:
    """Evaluation and coverage on the rows kept out; None without such rows, and coverage without error bars."""
    if not parted.X.shape[0]:
        return {"evaluation": None, "coverage": None}
    judged = evaluate(model, parted.X, parted.Y, parted.baselines)
    return {"evaluation": judged.errors_by_target(), "coverage": judged.coverage_by_target()}
