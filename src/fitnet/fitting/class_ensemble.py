"""Ensemble fitting for classes: recipes are cross-fitted, those that tell unseen rows best together are kept.

Shapes: X (n, p), Y (n, m) as the cross-entropy takes it, groups and folds (n,); J rows are judged, those of folds that
have members; probabilities (n, K).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from fitnet.algorithm.classes import Label
from fitnet.arguments import Array
from fitnet.fitting.class_selection import mean_log_loss, mean_of_copies, selected_classes, temperature_of
from fitnet.fitting.cross_fit import CrossFit
from fitnet.fitting.ensemble_fit import Standing, domain_of, kept_members, leaderboard, placed
from fitnet.fitting.ensemble_run import EnsembleRun
from fitnet.fitting.folds_of_classes import dealt_by_class
from fitnet.fitting.row_errors import log_loss
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.ensemble import Ensemble
from fitnet.model.model import Model
from fitnet.uncertainty.class_sets import kept_probabilities


@dataclass(frozen=True, eq=False)
class FittedClasses:
    """What `fit_classes` gives.

    Attributes
    ----------
    ensemble
        Of models of classes, without names and provenance, which only the caller knows.
    oof_probability
        (n, K): what members that did not see a row say of it, in the ensemble's proportions; NaN for rows of folds
        without members.
    temperature
        By which all logits are divided, in the members' last layers.
    folds
        (n,), the fold of every row.
    leaderboard
        The candidates that were trained to the end, the best first; their errors are log losses at temperature 1.
    stopped
        "finished" or "interrupted".
    seconds
        That all of it took.
    """

    ensemble: Ensemble
    oof_probability: Array
    temperature: float
    folds: Array
    leaderboard: tuple[Standing, ...]
    stopped: str
    seconds: float


def fit_classes(rows: TrainingRows, labels: Sequence[Label], run: EnsembleRun) -> FittedClasses:
    """Cross-fit the plan's candidates on the rows, which lie in memory, and keep the best of them as an ensemble.

    Every class has its share in each fold, but the run's groups are kept together; it has no times.

    Raises
    ------
    ArgumentValueError
        If there are too few groups.
    DivergenceError
        If training diverged for all candidates.
    """
    began = perf_counter()
    cross_fit = run.cross_fitted(
        rows, lambda: dealt_by_class(np.asarray(rows.Y), run.plan.folds, run.generator, run.groups), log_loss
    )
    names, judged = cross_fit.whole(), cross_fit.judged()
    logits = [copies_of(cross_fit, name) for name in names]
    Y = one_hot(np.asarray(rows.Y)[judged])
    weights = None if rows.weights is None else rows.weights[judged]
    probabilities = np.stack([mean_of_copies(each) for each in logits])
    shares = selected_classes(probabilities, Y, weights)
    chosen = [k for k in range(len(names)) if shares[k]]
    temperature = temperature_of([logits[k] for k in chosen], shares[chosen].tolist(), Y, weights)
    oof = np.asarray(sum(shares[k] * mean_of_copies(logits[k], temperature) for k in chosen))
    lines = leaderboard(cross_fit, names, shares, [mean_log_loss((p * Y).sum(1), weights) for p in probabilities])
    return FittedClasses(
        replace(
            ensemble_of(cross_fit, names, shares, temperature, labels, run),
            leaderboard=[(line.recipe, line.error, line.weight) for line in lines],
            class_scores=np.clip(kept_probabilities((oof * Y).sum(axis=1)), 0, 1),  # sums of shares round beyond 1
        ),
        placed(oof, judged, rows.n),
        temperature,
        cross_fit.folds,
        lines,
        "interrupted" if cross_fit.interrupted else "finished",
        perf_counter() - began,
    )


def one_hot(Y: Array) -> Array:
    """(n, K), of two classes too."""
    return np.concatenate([1 - Y, Y], axis=1) if Y.shape[1] == 1 else Y


def copies_of(cross_fit: CrossFit, name: str) -> Array:
    """(2, J, m): the logits of the judged rows by the candidate's members and their twins, NaN where there is none."""
    found = np.full((2, *np.shape(cross_fit.rows.Y)), np.nan)
    for copy, members in enumerate((cross_fit.members, cross_fit.twins)):
        for k, member in enumerate(members.get(name, [])[: cross_fit.trained]):
            if member is not None:
                found[copy, cross_fit.folds == k] = member.prediction
    return found[:, cross_fit.folds < cross_fit.trained]


def ensemble_of(
    cross_fit: CrossFit,
    names: Sequence[str],
    shares: Array,
    temperature: float,
    labels: Sequence[Label],
    run: EnsembleRun,
) -> Ensemble:
    """The members of the candidates with a share, as models of classes."""
    models, weights, folds = kept_members(cross_fit, names, shares)
    of_classes = [replace(cooled(model, temperature), output_names=(), classes=labels) for model in models]
    return Ensemble(of_classes, weights, folds, compute=run.compute, domain=domain_of(cross_fit.rows, run.generator))


def cooled(model: Model, temperature: float) -> Model:
    """The model whose logits are those of `model` over the temperature: its last layer's parameters are."""
    last = model.network.layers[-1]
    parameters = model.parameters.copy()
    parameters[-(last.inputs + 1) * last.outputs :] /= temperature
    return replace(model, parameters=parameters)
