"""Comparison of classes: the model's probabilities beside the classes' shares, logistic regression and boosted trees.

All are made for the same judged rows, by what was fitted to rows other than these, where such rows are at hand. Shapes:
X (n, k), codes (n, 1) of K classes, probabilities (J, K).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation import ClassBaselines, boosted_class_trees, boosted_trees
from fitnet.evaluation.class_errors import row_losses
from fitnet.evaluation.classification import LOGISTIC, MAJORITY, NETWORK
from fitnet.evaluation.comparison import certainty
from fitnet.fitting.unseen_rows import KEPT_OUT, OUT_OF_FOLD, UnseenRows
from fitnet.model.ensemble import AnyModel
from fitnet.reports.comparison import BOOSTED_TREES, MOST_TRAINING, OTHER_FOLDS, PARTS, THIS_TABLE, TRAINING_ROWS
from fitnet.reports.judged_rows import JudgedRows
from fitnet.reports.taken_rows import completed, taken
from fitnet.rows import Rows

MOST_TREES = 40  # classes times fits: each takes a hundred trees, some seconds on a core


@dataclass(frozen=True, eq=False)
class ClassComparison:
    """Probabilities by what made them.

    Attributes
    ----------
    probabilities
        (J, K) each, by "network", "majority class", "logistic regression" and, where they were fitted, "boosted trees".
    boosted_rows
        How many rows the trees were fitted to; None where none were.
    baselines_from
        "training rows", "other folds" or "other rows of this table".
    """

    probabilities: Mapping[str, Array]
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
        generator: np.random.Generator,
    ) -> "ClassComparison":
        """That of the judged rows of a table."""
        found, where = simple_probabilities(model, X, Y, unseen, judged)
        probabilities = {NETWORK: judged.prediction, **found}
        trees = boosted(X, Y, unseen, judged, generator)
        if trees is None:
            return cls(probabilities, None, where)
        return cls(probabilities | {BOOSTED_TREES: trees[0]}, trees[1], where)


@dataclass(frozen=True)
class Difference:
    """The mean difference of a row's measure, the model's less another's, and its standard error.

    `clear` is -1 or 1 where it is below or above 0 by two standard errors, as `certainty` counts them, else 0.
    """

    difference: float
    error: float
    clear: int

    @classmethod
    def of(cls, own: Array, others: Array) -> "Difference":
        """That of measures (n,) of the same rows, which are taken in pairs."""
        differences = own - others
        error = float(differences.std(ddof=1) / np.sqrt(len(own))) if len(own) > 1 else 0.0
        pair = own[:, np.newaxis], others[:, np.newaxis]
        below, above = certainty(*pair)[0] >= 1, certainty(*pair[::-1])[0] >= 1
        return cls(float(differences.mean()), error, int(above) - int(below))


def differences(probabilities: Mapping[str, Array], codes: Array) -> dict[str, dict[str, Difference]]:
    """By what the model is compared with, those in log loss and in the share of rows told wrong; codes (J,)."""

    def measures(each: Array) -> dict[str, Array]:
        return {"log_loss": row_losses(each, codes), "wrong": (each.argmax(axis=1) != codes).astype(np.float64)}

    own = measures(probabilities[NETWORK])
    others = {by: measures(each) for by, each in probabilities.items() if by != NETWORK}
    return {by: {name: Difference.of(own[name], each[name]) for name in own} for by, each in others.items()}


def simple_probabilities(
    model: AnyModel, X: Rows, Y: Rows, unseen: UnseenRows, judged: JudgedRows
) -> tuple[dict[str, Array], str]:
    """Those of the classes' shares and of logistic regression, and what these were fitted to."""
    n_classes = judged.prediction.shape[1]
    if unseen.judged_by == OUT_OF_FOLD:
        assert unseen.folds is not None and judged.folds is not None
        everything = np.arange(X.shape[0])
        rows = completed(model, taken(X, everything)), codes_in(taken(Y, everything)), unseen.folds
        return of_other_folds(*rows, judged.inputs, judged.folds, n_classes), OTHER_FOLDS
    known = ClassBaselines.from_lists(model.provenance.get("baselines"), judged.inputs.shape[1], n_classes)
    if known is None and len(unseen.training):
        places = unseen.training[:: -(-len(unseen.training) // MOST_TRAINING)]
        known = ClassBaselines.fitted(completed(model, taken(X, places)), codes_in(taken(Y, places)), n_classes)
    if known is not None:
        return of_baselines(known, judged.inputs), TRAINING_ROWS
    folds = np.arange(len(judged.inputs)) % max(1, min(PARTS, len(judged.inputs) // 2))
    rows = judged.inputs, codes_in(judged.Y), folds
    return of_other_folds(*rows, judged.inputs, folds, n_classes), THIS_TABLE


def of_baselines(baselines: ClassBaselines, X: Array) -> dict[str, Array]:
    """What both say of rows X (n, p)."""
    return {MAJORITY: baselines.predict_shares(X), LOGISTIC: baselines.predict_logistic(X)}


def of_other_folds(
    X: Array, codes: Array, folds: Array, X_judged: Array, folds_judged: Array, n_classes: int
) -> dict[str, Array]:
    """The same, fitted for each fold to the rows of the others; of one fold to its own."""
    found = {name: np.empty((len(X_judged), n_classes)) for name in (MAJORITY, LOGISTIC)}
    for k in np.unique(folds_judged):
        own, others = folds_judged == k, folds != k
        others = others if others.any() else ~others
        fitted = ClassBaselines.fitted(X[others], codes[others], n_classes)
        for name, each in of_baselines(fitted, X_judged[own]).items():
            found[name][own] = each
    return found


def boosted(
    X: Rows, Y: Rows, unseen: UnseenRows, judged: JudgedRows, generator: np.random.Generator
) -> tuple[Array, int] | None:
    """What boosted trees say, and the rows they were fitted to; None of many classes, or without training rows."""
    n_classes = judged.prediction.shape[1]
    if unseen.judged_by == KEPT_OUT and n_classes <= MOST_TREES:
        places = boosted_trees.drawn(len(unseen.training), X.shape[1] * n_classes, generator)
        training = unseen.training[places]
        rows = taken(X, training), codes_in(taken(Y, training))
        return boosted_class_trees.fitted_to(*rows, n_classes, judged.X, generator)
    if unseen.judged_by == OUT_OF_FOLD and n_classes * boosted_trees.PARTS <= MOST_TREES:
        assert unseen.folds is not None
        everything = np.arange(X.shape[0])
        rows = taken(X, everything), codes_in(taken(Y, everything))
        return boosted_class_trees.out_of_fold(*rows, n_classes, unseen.folds, judged.places, generator)
    return None


def codes_in(Y: Array) -> Array:
    """(n,), whole numbers, of codes (n, 1)."""
    found: Array = Y[:, 0].astype(int)
    return found
