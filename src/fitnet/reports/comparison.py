"""Comparison: the model's predictions beside those of the mean, of least squares and of boosted trees.

All are made for the same judged rows, by what was fitted to rows other than these, where such rows are at hand. Shapes:
X (n, k), Y (n, m), predictions (J, m).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation import Baselines, boosted_trees
from fitnet.fitting.unseen_rows import KEPT_OUT, OUT_OF_FOLD, UnseenRows
from fitnet.model.ensemble import AnyModel
from fitnet.reports.judged_rows import JudgedRows
from fitnet.reports.taken_rows import completed, taken
from fitnet.rows import Rows, RowSource

NETWORK, MEAN, LEAST_SQUARES, BOOSTED_TREES = "network", "mean", "least squares", "boosted trees"
TRAINING_ROWS, OTHER_FOLDS, THIS_TABLE = "training rows", "other folds", "other rows of this table"
PARTS = 5  # of a table that is judged by baselines fitted to its other parts
MOST_COLUMNS = 2400  # of X in all fits of trees to targets: some seconds, however few the rows
MOST_TRAINING = 200_000  # rows that baselines are fitted to, where the model kept none


@dataclass(frozen=True, eq=False)
class Comparison:
    """Predictions by what made them.

    Attributes
    ----------
    predictions
        (J, m) each, by "network", "mean" and "least squares".
    boosted
        (J, shown) of the targets that are shown, NaN of those that would take too long; None where none was fitted.
    boosted_rows
        How many rows they were fitted to.
    baselines_from
        "training rows", "other folds" or "other rows of this table".
    """

    predictions: Mapping[str, Array]
    boosted: Array | None
    boosted_rows: int | None
    baselines_from: str

    @classmethod
    def of(
        cls,
        model: AnyModel,
        X: Rows,
        Y: Rows,
        unseen: UnseenRows,
        judged: JudgedRows,
        shown: Sequence[int],
        generator: np.random.Generator,
    ) -> "Comparison":
        """That of the judged rows of a table; boosted trees predict the targets that are `shown`, by their places."""
        found, where = simple_predictions(model, X, Y, unseen, judged)
        parts = boosted_trees.PARTS if unseen.judged_by == OUT_OF_FOLD else 1
        fitted = shown[: max(1, MOST_COLUMNS // (X.shape[1] * parts))]
        trees = boosted(X, Y, unseen, judged, fitted, generator)
        predictions = {NETWORK: judged.prediction, **found}
        if trees is None:
            return cls(predictions, None, None, where)
        unfitted = np.full((len(judged.places), len(shown) - len(fitted)), np.nan)
        return cls(predictions, np.hstack([trees[0], unfitted]), trees[1], where)


def simple_predictions(
    model: AnyModel, X: Rows, Y: Rows, unseen: UnseenRows, judged: JudgedRows
) -> tuple[dict[str, Array], str]:
    """Those of the mean and of least squares, and what these were fitted to."""
    if unseen.judged_by == OUT_OF_FOLD and not isinstance(X, RowSource) and not isinstance(Y, RowSource):
        assert unseen.folds is not None and judged.folds is not None
        inputs, targets = completed(model, X), np.asarray(Y, np.float64)
        return of_other_folds(inputs, targets, unseen.folds, judged.inputs, judged.folds), OTHER_FOLDS
    p, m = judged.inputs.shape[1], judged.Y.shape[1]
    known = Baselines.from_lists(model.provenance.get("baselines"), p, m)
    if known is None and len(unseen.training):
        places = unseen.training[:: -(-len(unseen.training) // MOST_TRAINING)]
        known = Baselines.fitted(completed(model, taken(X, places)), taken(Y, places))
    if known is not None:
        inputs = judged.inputs
        return {MEAN: known.predict_mean(inputs), LEAST_SQUARES: known.predict_linear(inputs)}, TRAINING_ROWS
    folds = np.arange(len(judged.inputs)) % max(1, min(PARTS, len(judged.inputs) // 2))
    return of_other_folds(judged.inputs, judged.Y, folds, judged.inputs, folds), THIS_TABLE


def of_other_folds(X: Array, Y: Array, folds: Array, X_judged: Array, folds_judged: Array) -> dict[str, Array]:
    """The same, fitted for each fold to the rows of the others; of one fold to its own."""
    found = {name: np.empty((len(X_judged), Y.shape[1])) for name in (MEAN, LEAST_SQUARES)}
    for k in np.unique(folds_judged):
        own, others = folds_judged == k, folds != k
        others = others if others.any() else ~others
        baselines = Baselines.fitted(X[others], Y[others])
        found[MEAN][own] = baselines.mean
        found[LEAST_SQUARES][own] = baselines.predict_linear(X_judged[own])
    return found


def boosted(
    X: Rows, Y: Rows, unseen: UnseenRows, judged: JudgedRows, shown: Sequence[int], generator: np.random.Generator
) -> tuple[Array, int] | None:
    """What boosted trees predict, and the rows they were fitted to; None where no training rows are at hand."""
    if unseen.judged_by == KEPT_OUT:
        places = boosted_trees.drawn(len(unseen.training), X.shape[1] * len(shown), generator)
        training = unseen.training[places]
        return boosted_trees.fitted_to(taken(X, training), taken(Y, training)[:, shown], judged.X, generator)
    if unseen.judged_by == OUT_OF_FOLD and not isinstance(X, RowSource) and not isinstance(Y, RowSource):
        assert unseen.folds is not None
        return boosted_trees.out_of_fold(X, np.asarray(Y)[:, shown], unseen.folds, judged.places, generator)
    return None
