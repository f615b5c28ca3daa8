"""Labels as users give them to a report: in an array, a list, or a column of a table, of any type.

Shapes: y (n,) or (n, 1), codes (n, 1): the place of every row's class among the model's K.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fitnet.algorithm.classes import Label
from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import RowSource

SHOWN_CLASSES = 5  # in a sentence


def codes_given(classes: Sequence[Label], y: Any) -> Array:
    """The codes (n, 1), as numbers, of labels y.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If y has not one label a row, or one that is missing or none of the classes.
    """
    if isinstance(y, RowSource):
        raise ArgumentTypeError("`y` is a source of rows of numbers; it must hold labels.", "y")
    labels = labels_in(y)
    places = {label: place for place, label in enumerate(classes)}
    codes = np.empty((len(labels), 1), FLOAT64)
    for row, label in enumerate(labels):
        if is_missing(label):
            raise ArgumentValueError(f"`y` has a missing label at [{row}]; every row must have one.", "y")
        code = places.get(label) if type(label) in (str, bool, int, float) else None
        if code is None:
            raise ArgumentValueError(
                f"`y` holds {label!r} at [{row}]; it must hold labels that the model was trained on: "
                f"{in_short(classes)}.",
                "y",
            )
        codes[row] = code
    return codes


def labels_in(y: Any) -> list[Any]:
    """The n labels as plain Python has them."""
    if y is None or isinstance(y, str | bytes):
        raise ArgumentTypeError(f"`y` is {y!r}; it must hold one label a row.", "y")
    array = np.asarray(y) if hasattr(y, "__array__") else listed_labels(y)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise ArgumentValueError(
            f"`y` has shape {array.shape}; it must hold one label a row, and no probabilities.", "y"
        )
    return [each.item() if isinstance(each, np.generic) else each for each in array.tolist()]


def listed_labels(y: Any) -> Array:
    """A sequence's entries as they are: an array of its own choice would make text of a gap."""
    try:
        return np.array(list(y), dtype=object)
    except (TypeError, ValueError):
        raise ArgumentTypeError(f"`y` is {type(y).__name__}; it must hold one label a row.", "y") from None


def is_missing(label: Any) -> bool:
    """None, NaN and what pandas has for them."""
    return label is None or (not isinstance(label, str) and (str(label) == "<NA>" or bool(label != label)))


def in_short(classes: Sequence[Label]) -> str:
    """The first classes, and how many more there are."""
    shown = ", ".join(map(repr, classes[:SHOWN_CLASSES]))
    return f"{shown} and {len(classes) - SHOWN_CLASSES} more" if len(classes) > SHOWN_CLASSES else shown
