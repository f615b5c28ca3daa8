"""Facts of classes: all that is known of how well a model of classes meets the truth; computed here, printed elsewhere.

Shapes: X (n, p), codes (n,): the place of every row's class among the model's K.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.classes import Label
from fitnet.arguments import Array, matrix
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.evaluation.class_baselines import ClassBaselines
from fitnet.evaluation.class_errors import ClassErrors, confusion_matrix, row_losses
from fitnet.evaluation.comparison import certainty
from fitnet.evaluation.errors import FLOAT64
from fitnet.evaluation.ranges import Outside
from fitnet.model.given_rows import by_name

NETWORK, MAJORITY, LOGISTIC = "network", "majority class", "logistic regression"
BASELINES = (MAJORITY, LOGISTIC)
MEASURES = ("accuracy", "log_loss", "brier", "calibration_error")


@dataclass(frozen=True, eq=False)
class ClassEvaluation:
    """How well a model of classes does on some rows, beside its baselines.

    Attributes
    ----------
    classes
        The K labels.
    rows
        n.
    errors
        By what gave the probabilities: "network", "majority class" (the classes' shares), "logistic regression".
    unbeaten
        The baselines than whose log loss the network's is not clearly lower, by two standard errors of the mean
        difference.
    confusion
        (K, K), whole numbers: how many rows of a line's class the network takes for a column's.
    outside
        The rows outside the ranges seen in training.
    own_baselines
        Whether the baselines are those of the training rows, not fitted to the rows judged.
    """

    classes: Sequence[Label]
    rows: int
    errors: Mapping[str, ClassErrors]
    unbeaten: Sequence[str]
    confusion: Array
    outside: Outside
    own_baselines: bool

    def errors_by_name(self) -> dict[str, dict[str, float]]:
        """The measures by what gave the probabilities and by name."""
        return {by: errors.as_dict() for by, errors in self.errors.items()}

    def confused_most(self, most: int) -> "tuple[list[Label], list[list[int]]]":
        """At most so many classes, those with the most rows taken for another or another's for theirs, and their part
        of the confusion matrix.
        """
        wrong = self.confusion * (1 - np.eye(len(self.confusion), dtype=int))
        counts = wrong.sum(axis=0) + wrong.sum(axis=1)
        shown = np.sort(np.argsort(-counts, kind="stable")[:most])
        return [self.classes[k] for k in shown.tolist()], self.confusion[np.ix_(shown, shown)].tolist()

    def as_dict(self) -> dict[str, Any]:
        """All of it as JSON can hold it."""
        return {
            "rows": self.rows,
            "classes": list(self.classes),
            "baselines_from": "training rows" if self.own_baselines else "this table",
            "outside": self.outside.as_dict(),
            "evaluation": self.errors_by_name(),
            "unbeaten": list(self.unbeaten),
            "confusion": self.confusion.tolist(),
        }


def evaluate_classes(model: Any, X: Any, codes: Any, baselines: ClassBaselines | None = None) -> ClassEvaluation:
    """How well a `model` of classes tells those of the rows of X, beside two baselines that anyone has for free.

    Parameters
    ----------
    model
        Its outputs are the probabilities of `model.classes`.
    X
        A matrix, or a frame whose columns are found by name; with gaps, if the model fills them in.
    codes
        Whole numbers from 0 to K - 1.
    baselines
        Those of the training rows. None takes the ones that the model keeps or, where it keeps none, fits them to
        these rows.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If the model's outputs are numbers, X is no finite matrix with its columns, or codes do not fit.
    """
    if model.classes is None:
        raise ArgumentValueError("`model` predicts numbers; it must predict classes.", "model")
    p, n_classes = len(model.input_names), len(model.classes)
    X = matrix("X", by_name("X", model.completed(X), model.input_names, "x"), FLOAT64, p)
    codes = checked_codes(codes, len(X), n_classes)
    known = baselines or ClassBaselines.from_lists(model.provenance.get("baselines"), p, n_classes)
    against = known or ClassBaselines.fitted(X, codes, n_classes)
    given = {
        NETWORK: np.asarray(model.predict(X), FLOAT64),
        MAJORITY: against.predict_shares(X),
        LOGISTIC: against.predict_logistic(X),
    }
    losses = {by: row_losses(probabilities, codes)[:, np.newaxis] for by, probabilities in given.items()}
    return ClassEvaluation(
        tuple(model.classes),
        len(X),
        {by: ClassErrors.of(probabilities, codes) for by, probabilities in given.items()},
        [by for by in BASELINES if certainty(losses[NETWORK], losses[by])[0] < 1],
        confusion_matrix(given[NETWORK], codes),
        Outside.of(X, model.input_ranges, model.input_names, model.categories),
        known is not None,
    )


def checked_codes(given: Any, n: int, n_classes: int) -> Array:
    """Codes as whole numbers (n,), if they are places of classes."""
    codes: Array = np.asarray(given)
    if codes.dtype.kind not in "iu":
        raise ArgumentTypeError(f"`codes` holds {codes.dtype}; it must hold whole numbers.", "codes")
    if codes.shape != (n,):
        raise ArgumentValueError(f"`codes` has shape {codes.shape}; it must have one a row, {(n,)}.", "codes", "X")
    if codes.min() < 0 or codes.max() >= n_classes:
        wrong = codes[(codes < 0) | (codes >= n_classes)][0]
        raise ArgumentValueError(f"`codes` holds {wrong}; it must hold places from 0 to {n_classes - 1}.", "codes")
    return codes


def kept_class_errors(model: Any) -> dict[str, dict[str, float]] | None:
    """What `fitnet fit` kept of its evaluation, as `errors_by_name` gave it; None if that is not what it is."""
    kept = model.provenance.get("evaluation")
    if getattr(model, "classes", None) is None or not isinstance(kept, Mapping):
        return None
    if set(kept) != {NETWORK, *BASELINES}:
        return None
    for measures in kept.values():
        if not isinstance(measures, Mapping) or set(measures) != set(MEASURES):
            return None
        if not all(isinstance(value, float) for value in measures.values()):
            return None
    return {by: {name: kept[by][name] for name in MEASURES} for by in (NETWORK, *BASELINES)}
