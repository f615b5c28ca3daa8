"""Labels as scikit-learn's users give them: words, whole numbers, True and False; their codes and their weights.

Shapes: y (n,) labels, codes (n,) float64 from 0 to K - 1, NaN where a label is missing; classes (K,); targets (n, K),
or (n, 1) for two classes.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import column_or_1d

from fitnet.algorithm.classes import Label, checked_labels
from fitnet.arguments import Array, listed, real_number, refuse_masked
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows.opening import opened

BALANCED = "balanced"


def given_labels(estimator: BaseEstimator, argument: str, y: Any, gaps: bool) -> tuple[Array, Array]:
    """y as an array of labels, and which of them are there, (n,) bool; with `gaps` some may be missing.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError, ValueError
        For what has no one label a row, numbers that are no whole ones, and labels that are missing or masked.
    """
    if y is None:
        raise ValueError(f"{type(estimator).__name__} requires y to be passed, but the target y is None")
    refuse_masked(argument, y)
    labels = np.asarray(opened(argument, y))
    if labels.ndim == 2 and labels.shape[1] > 1:
        raise ArgumentValueError(
            f"`{argument}` has shape {labels.shape}; it must hold one label a row, and no probabilities.", argument
        )
    refuse_unordered(argument, labels)
    labels = column_or_1d(labels, warn=True)
    if labels.dtype.kind == "O" and all(type(each) in (int, float, bool, np.bool_) for each in labels.tolist()):
        plain = np.array(labels.tolist())
        labels = plain if plain.dtype.kind in "iub" or not same_kind(labels) else labels.astype(plain.dtype)
    there = ~missing(labels)
    if not gaps and not there.all():
        raise ArgumentValueError(
            f"`{argument}` has a missing label at [{int(np.argmin(there))}]; every row needs one, or "
            "`missing='drop'` leaves such rows out.",
            argument,
        )
    refuse_measurements(argument, labels[there])
    return labels, there


def same_kind(labels: Array) -> bool:
    """Whether all entries have one type."""
    return len({type(each) for each in labels.tolist()}) == 1


def missing(labels: Array) -> Array:
    """(n,) bool: None, NaN and the like."""
    if labels.dtype.kind == "O":
        return np.array([each is None or each != each or str(each) == "<NA>" for each in labels], bool)
    return np.asarray(np.isnan(labels)) if labels.dtype.kind == "f" else np.zeros(len(labels), bool)


def refuse_unordered(argument: str, labels: Array) -> None:
    """Refuse what a model could not keep for labels: dates and records; scikit-learn has a sentence on complex ones."""
    if labels.dtype.kind in "MmV":
        raise ArgumentTypeError(f"`{argument}` holds {labels.dtype}; it must hold labels.", argument)


def refuse_measurements(argument: str, labels: Array) -> None:
    """Refuse numbers with digits behind the point."""
    if labels.dtype.kind != "f":
        return
    if not np.isfinite(labels).all():
        place = int(np.argmin(np.isfinite(labels)))
        raise ArgumentValueError(f"`{argument}` holds {labels[place]} at [{place}]; labels must be finite.", argument)
    broken = labels != np.round(labels)
    if broken.any():
        place = int(np.argmax(broken))
        raise ArgumentValueError(
            f"`{argument}` holds {labels[place]} at [{place}]; a classifier needs labels, such as words or whole "
            "numbers, and Regressor takes numbers like this. Unknown label type: continuous.",
            argument,
        )


def classes_in(argument: str, labels: Array) -> Array:
    """The different labels (K,), in order.

    Raises
    ------
    ArgumentTypeError, ArgumentValueError
        If they cannot be put in order, or are only one.
    """
    try:
        classes = np.unique(labels)
    except TypeError:
        kinds = sorted({type(each).__name__ for each in labels})
        raise ArgumentTypeError(
            f"`{argument}` holds labels of several types, {listed(kinds)}; they must be of one.", argument
        ) from None
    if len(classes) < 2:
        held = "no label" if len(classes) == 0 else f"one class, {classes.tolist()[0]!r}"
        raise ArgumentValueError(f"`{argument}` holds {held}; a classifier needs two classes or more.", argument)
    return np.asarray(classes)


def check_same_classes(argument: str, classes: Array, before: Array) -> None:
    """Refuse other classes, or fewer, than those of the fit `before` that a warm start goes on from."""
    if classes.tolist() != before.tolist():
        raise ArgumentValueError(
            f"`{argument}` holds the classes {listed(classes.tolist())}; with warm_start=True they must be those of "
            f"the fit before, {listed(before.tolist())}. partial_fit takes rows of some of them.",
            argument,
        )


def plain_labels(classes: Array) -> tuple[Label, ...]:
    """The labels as plain Python has them, for a model to keep.

    Raises
    ------
    ArgumentTypeError
        For labels that a file could not keep: other objects than text, True and False, and numbers.
    """
    return checked_labels("y", classes.tolist())


def codes_of(argument: str, labels: Array, there: Array, classes: Array) -> Array:
    """The place of every label among the classes, NaN where it is missing.

    Raises
    ------
    ArgumentValueError
        For a label that is none of them.
    """
    known = {label: code for code, label in enumerate(classes.tolist())}
    codes = np.full(len(labels), np.nan)
    for label in np.unique(labels[there]).tolist():
        if label not in known:
            place = int(np.argmax(labels == label))
            raise ArgumentValueError(
                f"`{argument}` holds {label!r} at [{place}]; it must be one of the classes, "
                f"{listed(classes.tolist())}.",
                argument,
            )
        codes[there & (labels == label)] = known[label]
    return codes


def checked_class_weight(class_weight: Any, classes: Array | None = None) -> Any:
    """None, "balanced" or a dict of weights above 0 by label, as `class_weight` must be.

    Raises
    ------
    ArgumentTypeError, ArgumentValueError
        If it is anything else, or has a label that is none of the `classes`, where they are known.
    """
    if class_weight is None or (isinstance(class_weight, str) and class_weight == BALANCED):
        return class_weight
    if not isinstance(class_weight, Mapping):
        raise ArgumentTypeError(
            f"`class_weight` is {class_weight!r}; it must be None, 'balanced' or a dict from labels to weights.",
            "class_weight",
        )
    for label, weight in class_weight.items():
        real_number(f"class_weight[{label!r}]", weight, 0, low_included=False)
        if classes is not None and label not in classes.tolist():
            raise ArgumentValueError(
                f"`class_weight` has a weight for {label!r}; it must be one of the classes, "
                f"{listed(classes.tolist())}.",
                "class_weight",
            )
    return class_weight


def weighted_by_class(class_weight: Any, classes: Array, codes: Array, weights: Array | None) -> Array | None:
    """The rows' weights (n,) times those of their classes; None where all are alike.

    "balanced" gives every class the same say: n / (K times its rows), as scikit-learn has it.
    """
    class_weight = checked_class_weight(class_weight, classes)
    if class_weight is None:
        return weights
    counts = np.bincount(codes.astype(int), minlength=len(classes))
    if isinstance(class_weight, str):
        of_class = len(codes) / (len(classes) * np.maximum(counts, 1))
    else:
        of_class = np.array([float(class_weight.get(label, 1.0)) for label in classes.tolist()])
    of_row: Array = of_class[codes.astype(int)]
    return of_row if weights is None else weights * of_row


def check_all_weigh(classes: Array, codes: Array) -> None:
    """Refuse a class of which no row that weighs anything is left: `codes` are those of the rows that do."""
    counts = np.bincount(codes.astype(int), minlength=len(classes))
    if np.any(counts == 0):
        label = classes.tolist()[int(np.argmin(counts))]
        raise ArgumentValueError(
            f"`sample_weight` is 0 in all rows of the class {label!r}; every class needs a row that weighs more.",
            "sample_weight",
        )
