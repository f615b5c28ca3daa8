"""Ensemble fitting: candidates are cross-fitted, and those that predict unseen rows best together are kept.

Shapes: X (n, p), Y (n, m), groups, times and folds (n,); J rows are judged, those of folds that have members.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.fitting.candidates import LEAST_SQUARES
from fitnet.fitting.cross_fit import CrossFit
from fitnet.fitting.ensemble_run import EnsembleRun
from fitnet.fitting.folds import LEAST_FOLDS, consecutive, dealt
from fitnet.fitting.selection import drawn_towards, selected
from fitnet.fitting.training_rows import TrainingRows
from fitnet.fitting.watching import OWN_SHARE, rosiness, taken_for_chance
from fitnet.model.ensemble import Ensemble
from fitnet.model.model import Model
from fitnet.uncertainty.conformal import CrossConformal
from fitnet.uncertainty.domain import Domain

LEAST_SHRINKAGE = 0.7  # of out-of-fold residuals, however much two members differ
LARGEST_SPREAD = 1e150  # of targets; its inverse is the smallest
TELLING_ROWS = 500  # rows by which a recipe tells for itself, as much as others do, what averaging takes away


@dataclass(frozen=True, eq=False)
class Standing:
    """A line of the leaderboard: error out of fold (root mean square, of classes log loss), share, seconds."""

    recipe: str
    error: float
    weight: float
    seconds: float


@dataclass(frozen=True, eq=False)
class FittedEnsemble:
    """What `fit_ensemble` gives.

    Attributes
    ----------
    ensemble
        Without names and provenance, which only the caller knows.
    oof_prediction
        (n, m): what members that did not see a row predict for it, in the ensemble's proportions; NaN for rows of
        folds without members.
    least_squares
        (n, m), likewise, of least squares alone; None where it was not trained to the end.
    spreads
        (n, m), likewise: the standard deviation among the recipes; None where there is one.
    rosiness
        How many times larger the residuals out of fold may be on rows that no member was watched on, in the ensemble's
        proportions.
    folds
        (n,), the fold of every row.
    leaderboard
        The candidates that were trained to the end, the best first.
    stopped
        "finished" or "interrupted".
    seconds
        That all of it took.
    """

    ensemble: Ensemble
    oof_prediction: Array
    least_squares: Array | None
    spreads: Array | None
    rosiness: float
    folds: Array
    leaderboard: tuple[Standing, ...]
    stopped: str
    seconds: float


def fit_ensemble(rows: TrainingRows, run: EnsembleRun) -> FittedEnsemble:
    """Cross-fit the plan's candidates on the rows, which lie in memory, and keep the best of them as an ensemble.

    Folds are random, but keep the run's groups together, or are blocks of its consecutive times.

    Raises
    ------
    ArgumentValueError
        If targets vary so much, or so little, that errors cannot be squared; or there are too few groups or times.
    """
    began = perf_counter()
    check_squares(rows)
    K, generator = run.plan.folds, run.generator
    cross_fit = run.cross_fitted(
        rows,
        lambda: dealt(rows.n, K, generator, run.groups) if run.times is None else consecutive(run.times, K, generator),
    )
    names, judged = cross_fit.whole(), cross_fit.judged()
    copies = np.stack([cross_fit.copies(name) for name in names])
    predictions = copies.mean(1)
    Y, weights = np.asarray(rows.Y)[judged], None if rows.weights is None else rows.weights[judged]
    averaged_away = pooled(cross_fit, names, predictions, Y)
    rosy = rosiness_of(cross_fit, names, taken_for_chance(len(Y)))
    shares = weighed(names, predictions, Y, weights, averaged_away, rosy)
    errors = np.sqrt([np.average(((each - Y) ** 2).mean(1), 0, weights) for each in predictions])
    lines = leaderboard(cross_fit, names, shares, errors.tolist())
    spreads = spread(shares, copies)
    ensemble = ensemble_of(cross_fit, names, shares, predictions, spreads, averaged_away, run)
    return FittedEnsemble(
        replace(ensemble, leaderboard=[(line.recipe, line.error, line.weight) for line in lines]),
        placed(np.tensordot(shares, predictions, 1), judged, rows.n),
        placed(predictions[names.index(LEAST_SQUARES)], judged, rows.n) if LEAST_SQUARES in names else None,
        placed(spreads, judged, rows.n) if spreads is not None else None,
        float(shares @ rosy),
        cross_fit.folds,
        lines,
        "interrupted" if cross_fit.interrupted else "finished",
        perf_counter() - began,
    )


def check_squares(rows: TrainingRows) -> None:
    """Refuse targets whose errors, once squared, would be infinite or 0."""
    deviation = rows.targets().deviation
    extreme = deviation[(deviation > LARGEST_SPREAD) | ((deviation > 0) & (deviation < 1 / LARGEST_SPREAD))]
    if len(extreme):
        raise ArgumentValueError(
            f"`y` has a standard deviation of {extreme[0]:.3g}, whose square no float64 can hold; give it in other "
            "units.",
            "y",
        )


def rosiness_of(cross_fit: CrossFit, names: Sequence[str], chance: float = OWN_SHARE) -> Array:
    """(R,): of each candidate how much too small its residuals out of fold are, for it was watched there."""
    return np.array([rosiness([member.watched for member in cross_fit.of(name)], chance) for name in names])


def weighed(
    names: Sequence[str], predictions: Array, Y: Array, weights: Array | None, averaged_away: Array, rosy: Array
) -> Array:
    """(R,): the share of each candidate, least squares having some of what chance may have given the others."""
    shares = selected(predictions, Y, weights, averaged_away, rosy)
    if LEAST_SQUARES not in names:
        return shares
    most = taken_for_chance(len(Y))
    return drawn_towards(names.index(LEAST_SQUARES), shares, most, predictions, Y, weights, rosy)


def ensemble_of(
    cross_fit: CrossFit,
    names: Sequence[str],
    shares: Array,
    predictions: Array,
    spreads: Array | None,
    averaged_away: Array,
    run: EnsembleRun,
) -> Ensemble:
    """The members of the candidates with a share, and how sure they are."""
    models, weights, folds = kept_members(cross_fit, names, shares)
    judged, mean = cross_fit.judged(), np.tensordot(shares, predictions, 1)
    residuals = np.asarray(cross_fit.rows.Y)[judged] - mean
    corrected = shrinkage(residuals, shares, averaged_away) * (shares @ rosiness_of(cross_fit, names))
    conformal = None  # of one fold, after Ctrl-C, there are no others to tell its errors from
    if cross_fit.trained >= LEAST_FOLDS:
        conformal = CrossConformal.of(residuals, cross_fit.folds[judged], spreads, corrected)
    domain = domain_of(cross_fit.rows, run.generator)
    return Ensemble(models, weights, folds, compute=run.compute, conformal=conformal, domain=domain)


def domain_of(rows: TrainingRows, generator: np.random.Generator) -> Domain:
    """That of the rows' inputs, those of a column of words in one group."""
    groups = np.full(np.shape(rows.X)[1], -1)
    if rows.categories is not None:
        words = [place for place, each in zip(rows.categories.places, rows.categories.levels, strict=True) if each]
        for group, place in enumerate(words):
            groups[place] = group
    return Domain.of(np.asarray(rows.X), generator, groups)


def kept_members(
    cross_fit: CrossFit, names: Sequence[str], shares: Array
) -> tuple[Sequence[Model], Sequence[float], Sequence[int]]:
    """The members of the candidates with a share, their weights and their folds."""
    members = [
        (member.model, share / len(cross_fit.all_of(name)), k)
        for name, share in zip(names, shares, strict=True)
        if share
        for k, member in cross_fit.all_of(name)
    ]
    models, weights, folds = zip(*members, strict=True)
    return models, weights, folds


def spread(shares: Array, copies: Array) -> Array | None:
    """(J, m): the standard deviation among predictions (R, 2, J, m) of both members of each recipe.

    None where one recipe has the whole share.
    """
    if np.max(shares) == 1:
        return None
    mean = np.tensordot(shares, copies.mean(1), 1)
    return np.asarray(np.sqrt(np.tensordot(shares, ((copies - mean) ** 2).mean(1), 1)))


def pooled(cross_fit: CrossFit, names: Sequence[str], predictions: Array, Y: Array) -> Array:
    """(R, m): what the mean of each recipe's members does not have of its mean square, in part as others tell.

    Few rows that twins predict tell the share of it in a mean square but roughly, and recipes trained by gradients have
    much the same: each one's is drawn towards the median of theirs, half way where its twins predict `TELLING_ROWS`.
    """
    squares, own = ((predictions - Y) ** 2).mean(1), np.stack([cross_fit.averaged_away(name) for name in names])
    ratios = np.divide(own, squares, out=np.zeros_like(own), where=squares > 0)
    by_gradients = [each.name for each in cross_fit.candidates if each.recipe.optimizer is not None]
    alike = np.array([name in by_gradients for name in names])
    if alike.any():
        seen = np.array([len(cross_fit.twin_differences(name)) for name in names])[alike]
        own_part = (seen / (seen + TELLING_ROWS))[:, np.newaxis]
        ratios[alike] = own_part * ratios[alike] + (1 - own_part) * np.median(ratios[alike], axis=0)
    return np.asarray(ratios * squares)


def shrinkage(residuals: Array, shares: Array, averaged_away: Array) -> Array:
    """(m,): the ensemble's error on new rows over that of the out-of-fold `residuals` (J, m).

    These are of one or two members a candidate; the mean of all takes `averaged_away` (R, m) from its mean square.
    """
    square = (residuals**2).mean(0)
    taken = shares**2 @ averaged_away
    left = 1 - np.divide(taken, square, out=np.zeros_like(taken), where=square > 0)
    return np.asarray(np.sqrt(np.clip(left, LEAST_SHRINKAGE**2, 1)))


def leaderboard(
    cross_fit: CrossFit, names: Sequence[str], shares: Array, errors: Sequence[float]
) -> tuple[Standing, ...]:
    """A line for every candidate that was trained to the end, the best first."""
    seconds = [sum(member.seconds for member in cross_fit.of(name)) for name in names]
    lines = zip(names, errors, shares.tolist(), seconds, strict=True)
    return tuple(sorted((Standing(*line) for line in lines), key=lambda line: line.error))


def placed(values: Array, rows: Array, n: int) -> Array:
    """(n, m): the values (J, m) at their rows, NaN elsewhere."""
    whole = np.full((n, values.shape[1]), np.nan)
    whole[rows] = values
    return whole
