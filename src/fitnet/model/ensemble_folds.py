"""What the members of an ensemble say fold by fold: those that did not see a fold, apart from the others.

Shapes: X (n, p), K folds, outputs and spreads (K, n, m).
"""

from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.model.given_rows import rows_to_predict
from fitnet.model.weighted import Group, means_and_spreads

if TYPE_CHECKING:
    from fitnet.model.ensemble import Ensemble


def fold_predictions(ensemble: "Ensemble", X: Any) -> Array:
    """For every fold the mean of the members that did not see it, weighted among themselves: (K, n, m).

    Rows in training are in one fold each; the entry of that fold is their out-of-fold prediction.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If the ensemble has no `folds`, or for `X` as by `predict`.
    """
    with np.errstate(over="ignore"):
        return by_fold(ensemble, "fold_predictions", X)[0].astype(ensemble.output_dtype, copy=False)


def fold_spreads(ensemble: "Ensemble", X: Any) -> Array:
    """The weighted standard deviation of those members' outputs around that mean: (K, n, m), float64.

    It is 0 where a fold has one member. Errors are those of `fold_predictions`.
    """
    return by_fold(ensemble, "fold_spreads", X)[1]


def by_fold(ensemble: "Ensemble", asked: str, X: Any) -> tuple[Array, Array]:
    """Means and spreads of every fold's members, (K, n, m) each, in float64."""
    if ensemble.folds is None:
        raise ArgumentValueError(
            f"`{asked}` needs the fold that each member did not see, and the ensemble has none: give it `folds`.",
            asked,
            "folds",
        )
    groups = [members_of(ensemble, fold) for fold in range(max(ensemble.folds) + 1)]
    X = rows_to_predict(ensemble.members, ensemble.completed(X))
    predictors = [member.predictor for member in ensemble.members]
    return means_and_spreads(predictors, groups, X, len(ensemble.outputs))


def members_of(ensemble: "Ensemble", fold: int) -> Group:
    """The members that did not see the fold, and their weights among themselves."""
    assert ensemble.folds is not None
    places = [i for i, own in enumerate(ensemble.folds) if own == fold]
    weights = ensemble.weights[places] / ensemble.weights[places].max()
    return places, (weights / fsum(weights.tolist())).tolist()
