"""What `fitnet fit` does for an ensemble once it has the rows: keep some out, fit it to the others, and judge it.

Shapes: X (n, p), Y (n, m).
"""

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from fitnet import tables
from fitnet.algorithm.target_transform import LogTransform
from fitnet.arguments import counted, one_of
from fitnet.cli.fit_asked import Asked
from fitnet.cli.fit_rows import ROWS, rows_and_seed_named
from fitnet.cli.output import complain
from fitnet.engine.compute import Compute
from fitnet.engine.threads import thread_count
from fitnet.errors import ArgumentValueError
from fitnet.estimators.random_state import random_generator
from fitnet.evaluation import Evaluation, evaluate
from fitnet.fitting.class_ensemble import FittedClasses
from fitnet.fitting.constant_columns import warn_of_constant_ranges
from fitnet.fitting.ensemble_fit import FittedEnsemble, fit_ensemble
from fitnet.fitting.ensemble_progress import EnsembleProgress
from fitnet.fitting.ensemble_run import EnsembleRun
from fitnet.fitting.held_out import HeldOut, held_out
from fitnet.fitting.out_of_fold import OutOfFold
from fitnet.fitting.plans import EFFORTS, LEAST_ROWS, Plan, plan_for
from fitnet.fitting.provenance import provenance
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.ensemble import Ensemble
from fitnet.reports.evidence import Evidence

Fitted = TypeVar("Fitted", FittedEnsemble, FittedClasses)


def fit_ensemble_rows(
    selection: tables.Selection, effort: str, target_transform: str | None, asked: Asked
) -> tuple[Ensemble, dict[str, Any], Evidence]:
    """The ensemble, what is to be said about it as --json says it, and what a report needs."""
    one_of("effort", effort, EFFORTS)
    generator, fraction = random_generator(asked.seed), asked.test_fraction
    parted = held_out(
        selection.X, selection.Y, fraction, generator, imputes=asked.imputes, categories=selection.categories
    )
    if target_transform == "log":
        parted.check_transform_takes(LogTransform(), selection.target_names)
    rows = enough(parted.training.whole())
    plan = plan_for(rows, effort, asked.smooth, target_transform)
    fitted = behind_progress(lambda run: fit_ensemble(rows, run), plan, generator, asked)
    settings = {"engine": "auto", "effort": effort, "target_transform": target_transform, **asked.shaping}
    n, kept_out = selection.X.shape[0], parted.X.shape[0]
    origin = {
        **provenance(rows, asked.seed, settings, None),
        **asked.origin,
        **dict(zip(ROWS, (n, selection.n_dropped, rows.n, 0, kept_out), strict=True)),
        **{"stopped": fitted.stopped, "seed": asked.seed, "test_fraction": fraction},
        **{"table_sha256": parted.table_sha256, "baselines": parted.baselines.as_lists()},
    }
    ensemble = named(fitted.ensemble, selection, origin)
    warn_of_constant_ranges(ensemble)
    judged = judgement(ensemble, parted, OutOfFold.of(fitted, rows))
    facts = {
        **{name: origin[name] for name in ("table", *ROWS)},
        "effort": effort,
        "members": len(ensemble.members),
        "folds": plan.folds,
        "recipes": len(plan.candidates),
        "leaderboard": [vars(line) for line in fitted.leaderboard],
        "stopped": fitted.stopped,
        "seconds": fitted.seconds,
        **{name: origin[name] for name in ("engine", "seed")},
        "units": {name: unit for name, unit in ensemble.units.items() if name in ensemble.output_names},
        **judged,
    }
    kept = {name: judged[name] for name in ("evaluation", "coverage") if judged[name] is not None}
    evidence = Evidence(left_out=selection.n_dropped)
    if not kept_out:
        evidence = replace(evidence, oof_prediction=fitted.oof_prediction, folds=fitted.folds)
    return replace(ensemble, provenance=origin | kept), facts, evidence


def judgement(ensemble: Ensemble, parted: HeldOut, out_of_fold: OutOfFold) -> dict[str, Any]:
    """How the ensemble does on rows its members did not see, and on those kept out, None without such rows."""
    targets = ensemble.output_names
    judged: Evaluation | None = None
    if parted.X.shape[0]:
        judged = evaluate(ensemble, parted.X, parted.Y, parted.baselines)
    return {
        "out_of_fold": out_of_fold.as_dict(targets),
        "unbeaten": out_of_fold.unbeaten(targets, judged),
        "evaluation": None if judged is None else judged.errors_by_target(),
        "coverage": None if judged is None else judged.coverage_by_target(),
    }


def behind_progress(
    fit: Callable[[EnsembleRun], Fitted], plan: Plan, generator: Any, asked: Asked, *, of_classes: bool = False
) -> Fitted:
    """What is fitted behind a progress bar; after Ctrl-C it says of how many folds, or that there is none."""
    warnings.filterwarnings("ignore", "Training ended after")  # of networks that Ctrl-C leaves in training
    compute, kept = Compute("auto", asked.n_threads), (asked.checkpoint, asked.resume)
    n_jobs = thread_count(asked.n_threads)
    try:
        with EnsembleProgress(plan, True, of_classes) as progress, rows_and_seed_named(asked.checkpoint):
            fitted = fit(EnsembleRun(plan, generator, compute, n_jobs, progress.show, None, None, *kept))
    except KeyboardInterrupt:
        complain("Interrupted before one fold had all its networks: there is nothing to keep.")
        raise
    if fitted.stopped == "interrupted":
        whole = len(set(fitted.ensemble.folds or ()))
        complain(f"Interrupted: the ensemble is made of the networks of {whole} of {counted(plan.trained, 'fold')}.")
    return fitted


def enough(rows: TrainingRows) -> TrainingRows:
    """The rows, unless they are too few to keep some from every member."""
    if rows.n < LEAST_ROWS:
        raise ArgumentValueError(
            f"`effort` is given and there are {rows.n} rows for training; there must be at least {LEAST_ROWS}: without "
            "it one network is fitted to all of them.",
            "effort",
        )
    return rows


def named(ensemble: Ensemble, selection: tables.Selection, origin: dict[str, Any]) -> Ensemble:
    """The ensemble with the table's names and units, and with its provenance."""
    names: dict[str, Any] = {"input_names": selection.feature_names, "output_names": selection.target_names}
    members = [replace(member, **names, units=selection.units) for member in ensemble.members]
    return replace(ensemble, members=members, provenance=origin)
