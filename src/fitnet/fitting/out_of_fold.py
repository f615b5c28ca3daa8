"""Out of fold: how an ensemble does on the rows that its members did not see, beside the two baselines.

Shapes: X (n, p), Y (n, m), folds (n,); J rows are judged, those of folds that have members.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation import Errors, Evaluation
from fitnet.evaluation.comparison import clearly_better
from fitnet.fitting.ensemble_fit import FittedEnsemble
from fitnet.fitting.out_of_fold_intervals import intervals_out_of_fold
from fitnet.fitting.training_rows import TrainingRows

ENSEMBLE, NETWORK = "ensemble", "network"  # the second is what evaluations call a model of either kind
BASELINES = ("mean", "least squares")
COVERAGE = 0.9


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """What the rows tell that the members did not see.

    Attributes
    ----------
    rows
        J.
    errors
        By what predicted the targets: "ensemble", "mean" and "least squares", fitted to the other folds alike. The last
        is missing where it was not trained to the end.
    beaten
        By baseline, (m,) bools: whether the ensemble is better by more than chance, its residuals as they would be
        had no member been watched on the rows that it is judged by.
    coverage
        (m,): the share of targets in intervals of coverage 0.9 that the errors in the other folds give; None where
        these are too few.
    """

    rows: int
    errors: Mapping[str, Errors]
    beaten: Mapping[str, Array]
    coverage: Array | None

    @classmethod
    def of(cls, fitted: FittedEnsemble, rows: TrainingRows) -> "OutOfFold":
        """That of an ensemble fitted to these rows, which lie in memory; weights do not count."""
        judged = np.isfinite(fitted.oof_prediction).all(axis=1)
        Y, folds, prediction = np.asarray(rows.Y, np.float64), fitted.folds, fitted.oof_prediction[judged]
        others = {"mean": means_of_other_folds(Y, folds)[judged]}
        if fitted.least_squares is not None:
            others["least squares"] = fitted.least_squares[judged]
        spreads = None if fitted.spreads is None else fitted.spreads[judged]
        unwatched = Y[judged] + fitted.rosiness * (prediction - Y[judged])
        return cls(
            len(prediction),
            {name: Errors.of(each, Y[judged]) for name, each in {ENSEMBLE: prediction, **others}.items()},
            {name: clearly_better(unwatched, each, Y[judged]) for name, each in others.items()},
            covered(prediction, Y[judged], folds[judged], spreads),
        )

    def unbeaten(self, target_names: Sequence[str], kept_out: Evaluation | None) -> dict[str, list[str]]:
        """By target the baselines than which the ensemble is not clearly better.

        Members are watched on the fold that they are judged by, so a gain must also be there on the rows kept out of
        all training, where there are any.
        """
        found = {name: [by for by in BASELINES if by in self.beaten] for name in target_names}
        for j, name in enumerate(target_names):
            for by, beaten in self.beaten.items():
                if beaten[j] and (kept_out is None or below(kept_out.errors, by, j)):
                    found[name].remove(by)
        return found

    def as_dict(self, target_names: Sequence[str]) -> dict[str, Any]:
        """Rows, errors and coverage, by target, as JSON can hold them."""
        errors = {
            name: {by: each.of_target(j) for by, each in self.errors.items()} for j, name in enumerate(target_names)
        }
        coverage = None
        if self.coverage is not None:
            shares = self.coverage.tolist()
            coverage = {name: {str(COVERAGE): share} for name, share in zip(target_names, shares, strict=True)}
        return {"rows": self.rows, "evaluation": errors, "coverage": coverage}


def below(errors: Mapping[str, Errors], by: str, j: int) -> bool:
    """Whether the model's error of target j is below a baseline's."""
    return bool(errors[NETWORK].rmse[j] < errors[by].rmse[j])


def means_of_other_folds(Y: Array, folds: Array) -> Array:
    """(n, m): for every row the targets' mean over the rows of all other folds."""
    means = np.stack([Y[folds != k].mean(axis=0) for k in range(int(folds.max()) + 1)])
    return np.asarray(means[folds])


def covered(prediction: Array, Y: Array, folds: Array, spreads: Array | None) -> Array | None:
    """(m,): the share of targets Y (J, m) in the intervals that the residuals of the other folds give."""
    ends = intervals_out_of_fold(prediction, Y, folds, spreads, [COVERAGE])
    if ends is None:
        return None
    return np.asarray(((ends[..., 0, 0] <= Y) & (ends[..., 1, 0] >= Y)).mean(axis=0))
