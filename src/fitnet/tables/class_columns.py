"""What a model of classes answers to a table, as columns: the likeliest label, and the probability of every class.

Shapes: probabilities (n, K).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fitnet.algorithm.classes import Label
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.model.ensemble import AnyModel

SEPARATOR = "|"  # of the labels in a set
SETS = "_set"  # what the name of their column ends in
UNNAMED = "class"  # the column of labels of a model that does not say what its target is called


def named_target(model: AnyModel) -> str | None:
    """The name of the column of labels that `fitnet fit` made the model of; None where it is not known."""
    name: Any = model.provenance.get("target")
    return name if isinstance(name, str) and name else None


def set_column(model: AnyModel) -> str:
    """The name of the column of sets of labels; no probability's, which ends in a bracket."""
    return f"{named_target(model) or UNNAMED}{SETS}"


def kept_class_weight(model: AnyModel) -> str | None:
    """The weights of classes that the model was trained with, as Python writes them; None where there were none."""
    settings: Any = model.provenance.get("settings")
    kept = settings.get("class_weight") if isinstance(settings, Mapping) else None
    return kept if isinstance(kept, str) and kept != repr(None) else None


def class_columns(
    model: AnyModel, probabilities: Array, unknown: Array | None = None, sets: Array | None = None
) -> dict[str, Array]:
    """The columns by name; where `unknown`, (n,) bool, there is no label and NaN in place of probabilities.

    With `sets`, (n, K) bool, the labels in each stand behind the label in <target>_set, joined by "|"; of an empty set,
    and where unknown, there is none.

    Raises
    ------
    ArgumentValueError
        If the target's name is that of a probability, or a label in sets has a "|" in it.
    """
    classes, target = model.classes, named_target(model) or UNNAMED
    assert classes is not None
    names = probability_columns(classes)
    if target in names:
        raise ArgumentValueError(
            f"`model` has a target named {target!r}, which is the name of a probability's column; the target must have "
            "another name.",
            "model",
        )
    labels = labels_at(classes, probabilities.argmax(axis=1), unknown)
    if unknown is not None:
        probabilities = np.where(unknown[:, np.newaxis], np.nan, probabilities)
    columns = {target: labels}
    if sets is not None:
        columns[set_column(model)] = joined_labels(classes, sets if unknown is None else sets & ~unknown[:, np.newaxis])
    return {**columns, **dict(zip(names, probabilities.T.copy(), strict=True))}


def probability_columns(classes: Sequence[Label]) -> list[str]:
    """The names of the columns of probabilities."""
    return [f"p({label})" for label in classes]


def as_written(label: Label) -> str:
    """The label as a column of labels writes it."""
    return str(label).lower() if isinstance(label, bool) else str(label)


def joined_labels(classes: Sequence[Label], sets: Array) -> Array:
    """(n,) text: of every set, (n, K) bool, the labels in it, as columns of labels write them, joined by "|"."""
    texts = [as_written(label) for label in classes]
    for text in texts:
        if SEPARATOR in text:
            raise ArgumentValueError(
                f"`set_coverage` joins labels by {SEPARATOR!r}, and there is one in the label {text!r}; leave it out.",
                "set_coverage",
            )
    different, places = np.unique(sets, axis=0, return_inverse=True)
    joined = [SEPARATOR.join(text for text, there in zip(texts, each, strict=True) if there) for each in different]
    return np.array(joined, str)[places.reshape(-1)]


def labels_at(classes: Sequence[Label], places: Array, unknown: Array | None = None) -> Array:
    """The labels at places (n,) among the classes; where `unknown`, (n,) bool, NaN for numbers and "" for others."""
    labels = np.asarray(classes)[places]
    if unknown is None:
        return labels
    if labels.dtype.kind == "b":
        labels = np.where(labels, "true", "false")
    return np.where(unknown, "" if labels.dtype.kind == "U" else np.nan, labels)
