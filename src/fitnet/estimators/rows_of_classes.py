"""Rows of classes: what a classifier trains on and watches, labels as probabilities, weighted by class.

Shapes: X (n, p), codes (n,) of K classes, NaN where a label is missing; targets (n, K), or (n, 1) for two classes.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.classes import Label, targets_of
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.estimators.labels import check_all_weigh, codes_of, given_labels, weighted_by_class
from fitnet.estimators.validation_rows import validation_rows
from fitnet.fitting.class_ensemble import one_hot
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import ArrayRows

if TYPE_CHECKING:
    from fitnet.estimators.classifier import Classifier


def rows_of_classes(
    estimator: "Classifier", X: Any, codes: Array, classes: Array, sample_weight: Any, *, reset: bool, whole: bool
) -> TrainingRows:
    """Rows to train on, checked; with `whole` every class must have one that weighs something.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError, ValueError, TypeError
        For rows that cannot be used; the sentence names what.
    """
    rows = estimator._rows(X, codes, sample_weight, reset)
    estimator._target_names = []
    kept = codes_in(rows)
    if whole:
        check_all_weigh(classes, kept)
    return as_targets(estimator, rows, kept, classes)


def watched_rows_of_classes(
    estimator: "Classifier", data: Any, rows: TrainingRows, classes: Array, stops_early: bool
) -> TrainingRows | None:
    """(X, y) or (X, y, weight) as the training `rows` are; None where none is given."""
    if isinstance(data, tuple | list) and len(data) in (2, 3):
        name = "validation_data"
        labels, there = given_labels(estimator, name, data[1], estimator.missing != "refuse")
        data = (data[0], codes_of(name, labels, there, classes), *data[2:])
    one_column = replace(rows, Y=rows.Y[:, :1]) if isinstance(rows.Y, np.ndarray) else rows
    watched = validation_rows(estimator, data, one_column, stops_early)
    return None if watched is None else as_targets(estimator, watched, codes_in(watched), classes)


def codes_in(rows: TrainingRows) -> Array:
    """The codes (n,) in the only column of the targets."""
    Y = rows.Y.read(0, rows.n) if isinstance(rows.Y, ArrayRows) else rows.Y
    assert isinstance(Y, np.ndarray)
    return Y[:, 0]


def as_targets(estimator: "Classifier", rows: TrainingRows, codes: Array, classes: Array) -> TrainingRows:
    """The rows with probabilities for targets, and with their classes' weights."""
    Y = targets_of(codes, len(classes))
    if not rows.in_memory:
        if estimator.class_weight is not None:
            raise ArgumentValueError(
                f"`class_weight` is {estimator.class_weight!r}; with a large memory map it must be None.",
                "class_weight",
            )
        return replace(rows, Y=ArrayRows("y", Y))
    return replace(rows, Y=Y, weights=weighted_by_class(estimator.class_weight, classes, codes, rows.weights))


def weighted_rows(rows: TrainingRows, class_weight: Any, classes: Sequence[Label]) -> TrainingRows:
    """Rows in memory, whose targets are probabilities of these labels already, with their classes' weights.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If `class_weight` is none that `Classifier` takes.
    """
    codes = one_hot(np.asarray(rows.Y)).argmax(axis=1)
    labels = np.array(classes, object)  # as they are: no text of the same length
    return replace(rows, weights=weighted_by_class(class_weight, labels, codes, rows.weights))
