"""What `fitnet fit` fits to classes: an ensemble, or one network, with what is to be said of either.

Shapes: X (n, p).
"""

from dataclasses import dataclass, replace
from typing import Any

import click

from fitnet import tables
from fitnet.arguments import one_of
from fitnet.cli.fit_asked import Asked
from fitnet.cli.fit_ensemble_rows import behind_progress, enough
from fitnet.cli.fit_rows import rows_and_seed_named
from fitnet.fitting.class_ensemble import fit_classes
from fitnet.fitting.class_out_of_fold import ClassOutOfFold
from fitnet.fitting.class_plans import class_plan
from fitnet.fitting.constant_columns import warn_of_constant_inputs, warn_of_constant_ranges
from fitnet.fitting.fitting import fit
from fitnet.fitting.plans import EFFORTS
from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.ensemble import AnyModel
from fitnet.reports.evidence import Evidence


@dataclass(frozen=True, eq=False)
class FittedToClasses:
    """A model of classes with the table's names, and what is known of its fit.

    Attributes
    ----------
    model
        Without provenance.
    settings
        For the provenance.
    training_rows, validation_rows
        How many rows it was trained on, and how many were only watched.
    outcome
        How training ended, for the provenance.
    facts
        What is to be said of it, as --json says it.
    evidence
        What a report needs.
    """

    model: AnyModel
    settings: dict[str, Any]
    training_rows: int
    validation_rows: int
    outcome: dict[str, Any]
    facts: dict[str, Any]
    evidence: Evidence


def network_of_classes(
    selection: tables.Selection, settings: Settings, rows: TrainingRows, generator: Any, asked: Asked
) -> FittedToClasses:
    """One network, as `Classifier` fits it."""
    with rows_and_seed_named(asked.checkpoint):
        fitted = fit(settings, rows, generator, resume=asked.resume)
    result, recipe = fitted.result, fitted.settings.recipe
    if result.stopped == "interrupted" and result.history.epochs == 0:
        raise click.Abort
    names: dict[str, Any] = {"input_names": selection.feature_names, "output_names": (), "units": selection.units}
    model = replace(fitted.model, **names, classes=selection.classes)
    warn_of_constant_inputs(model, fitted.rows.n)
    outcome = {"epochs": result.history.epochs, "best_epoch": result.best_epoch, "stopped": result.stopped}
    facts = {
        "architecture": model.architecture,
        "activation": recipe.activation,
        "alpha": float(recipe.alpha),
        **outcome,
        "seconds": result.history.seconds[-1],
    }
    evidence = Evidence(history=result.history, best_epoch=result.best_epoch, left_out=selection.n_dropped)
    counts = fitted.rows.n, fitted.validation_rows
    return FittedToClasses(model, settings.shaping(), *counts, outcome, facts, evidence)


def ensemble_of_classes(
    selection: tables.Selection, effort: str, rows: TrainingRows, generator: Any, asked: Asked
) -> FittedToClasses:
    """The ensemble that chooses itself, as `AutoClassifier` fits it."""
    one_of("effort", effort, EFFORTS)
    labels, rows = selection.classes, enough(rows)
    assert labels is not None
    plan = class_plan(rows, effort)
    fitted = behind_progress(lambda run: fit_classes(rows, labels, run), plan, generator, asked, of_classes=True)
    names: dict[str, Any] = {"input_names": selection.feature_names, "units": selection.units}
    model = replace(fitted.ensemble, members=[replace(member, **names) for member in fitted.ensemble.members])
    warn_of_constant_ranges(model)
    facts = {
        "effort": effort,
        "members": len(model.members),
        "folds": plan.folds,
        "recipes": len(plan.candidates),
        "leaderboard": [vars(line) for line in fitted.leaderboard],
        "temperature": fitted.temperature,
        "out_of_fold": ClassOutOfFold.of(fitted, rows).as_dict(),
        "stopped": fitted.stopped,
        "seconds": fitted.seconds,
    }
    evidence = Evidence(fitted.oof_probability, fitted.folds, left_out=selection.n_dropped)
    settings = {"engine": "auto", "effort": effort}
    return FittedToClasses(model, settings, rows.n, 0, {"stopped": fitted.stopped}, facts, evidence)
