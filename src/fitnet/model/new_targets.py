"""What an ensemble says of new targets, by the residuals of rows that its members did not see.

Shapes: X (n, p), K folds, outputs, intervals' ends and standard deviations (n, m). Intervals are around the ensemble's
own prediction: it errs less than a fold's members do, which the `shrinkage` of its `CrossConformal` accounts for. The
spread of a row is the mean of the folds' spreads.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.model.ensemble_folds import members_of
from fitnet.model.given_rows import converted, rows_to_predict
from fitnet.model.weighted import means_and_spreads, weighted_mean
from fitnet.uncertainty.alike_folds import deviations_around, interval_around, quantiles_around
from fitnet.uncertainty.conformal import CrossConformal

if TYPE_CHECKING:
    from fitnet.model.ensemble import Ensemble


def predict_interval(ensemble: "Ensemble", X: Any, coverage: Any = 0.9) -> Array:
    """The ends, lower and upper, of the intervals that are to hold this share of new targets: (n, m, 2), float64.

    They are `CrossConformal.interval`'s, all folds predicting what the ensemble does.

    Parameters
    ----------
    X
        As for `predict`.
    coverage
        Above 0, and as much as the training rows allow; or a sequence of c such, which gives (n, m, 2, c).

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If the ensemble has no `conformal`, or an argument is anything else.
    """
    conformal = conformal_of(ensemble, "predict_interval")
    predictions, spreads = centres_and_spreads(ensemble, conformal, X)
    return interval_around(conformal, predictions, coverage, spreads)


def predict_quantiles(ensemble: "Ensemble", X: Any, probabilities: Any) -> Array:
    """Quantiles of new targets, never falling: (n, m, q), float64, the ends of the intervals that they bound.

    Parameters
    ----------
    X
        As for `predict`.
    probabilities
        (q,), increasing, between 0 and 1, and such that the training rows allow.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If the ensemble has no `conformal`, or an argument is anything else.
    """
    conformal = conformal_of(ensemble, "predict_quantiles")
    predictions, spreads = centres_and_spreads(ensemble, conformal, X)
    return quantiles_around(conformal, predictions, probabilities, spreads)


def outputs_and_deviations(ensemble: "Ensemble", X: Any, out: Array | None) -> tuple[Array, Array]:
    """What `Ensemble.predict` gives with `return_std`, of completed rows."""
    X, out = converted(ensemble.members, X, out, ensemble.output_dtype)
    conformal = ensemble.conformal
    mean, spread, of_folds = ensemble_and_folds(ensemble, X, of_folds=conformal is not None)
    if conformal is not None:
        spread = deviations_around(conformal, len(X), of_folds)
    if out is None:
        return mean, spread
    out[...] = mean
    return out, spread


def conformal_of(ensemble: "Ensemble", asked: str) -> CrossConformal:
    """The ensemble's, which must be there."""
    if ensemble.conformal is None:
        raise ArgumentValueError(
            f"`{asked}` needs out-of-fold residuals and the ensemble has none: give it `conformal`, "
            "CrossConformal.of(residuals, folds).",
            asked,
            "conformal",
        )
    return ensemble.conformal


def centres_and_spreads(ensemble: "Ensemble", conformal: CrossConformal, X: Any) -> tuple[Array, Array | None]:
    """The predictions, and the mean of the folds' spreads where scores are normalised: (n, m) each, float64."""
    X = rows_to_predict(ensemble.members, ensemble.completed(X))
    if not np.isfinite(conformal.floors).any():
        return ensemble.predict(X).astype(FLOAT64, copy=False), None
    mean, _, of_folds = ensemble_and_folds(ensemble, X)
    return mean.astype(FLOAT64, copy=False), of_folds


def ensemble_and_folds(ensemble: "Ensemble", X: Array, of_folds: bool = True) -> tuple[Array, Array, Array]:
    """Outputs, the spread of all members, and the mean of the folds' spreads, of rows as predictors take them.

    Without `of_folds` the last is that of all members.
    """
    folds = range(max(ensemble.folds) + 1) if of_folds and ensemble.folds is not None else range(0)
    everyone = range(len(ensemble.members)), ensemble.weights.tolist()
    groups = [everyone, *(members_of(ensemble, fold) for fold in folds)]
    predictors = [member.predictor for member in ensemble.members]
    means, spreads = means_and_spreads(predictors, groups, X, len(ensemble.outputs))
    with np.errstate(over="ignore"):
        mean = means[0].astype(ensemble.output_dtype, copy=False)
    return mean, spreads[0], weighted_mean(spreads[1:], [1 / len(folds)] * len(folds)) if folds else spreads[0]
