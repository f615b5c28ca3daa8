"""What is said of rows beside their inputs and targets: which belong together, and when they were measured.

Shapes: groups and time (rows given,).
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.arguments import Array, counted
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows.frame_words import as_text

if TYPE_CHECKING:
    from fitnet.estimators.auto_regressor import AutoRegressor


def groups_and_times(
    groups: Any, time: Any, rows: TrainingRows, estimator: "AutoRegressor"
) -> tuple[Array | None, Array | None]:
    """The number of each kept row's group or time, (n,), in their order; None for what is not given.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If both are given, or they are not one for every row given, cannot be sorted, or are text as times.
    """
    if groups is not None and time is not None:
        raise ArgumentValueError(
            "`groups` and `time` are both given; one of them must be None: folds keep groups together, or are blocks "
            "of consecutive times.",
            "groups",
            "time",
        )
    if time is None:
        return None if groups is None else ranks("groups", groups, rows, estimator), None
    if np.asarray(time).dtype.kind in "OUS" and any(isinstance(each, str | bytes) for each in np.ravel(time).tolist()):
        raise ArgumentTypeError(
            "`time` holds text, whose order is not that of time; it must hold numbers or dates, such as "
            "pandas.to_datetime makes of text.",
            "time",
        )
    return None, ranks("time", time, rows, estimator)


def ranks(name: str, given: Any, rows: TrainingRows, estimator: "AutoRegressor") -> Array:
    """The places, (n,), of the kept rows' entries among the different ones that were given, sorted."""
    values = np.asarray(given)
    values = values[:, 0] if values.shape[1:] == (1,) else values
    n = rows.n if rows.numbers is None else estimator._rows_given
    if values.ndim != 1:
        raise ArgumentValueError(f"`{name}` has shape {values.shape}; it must have shape ({n},).", name)
    if len(values) != n:
        entries = "1 entry" if len(values) == 1 else f"{len(values)} entries"
        raise ArgumentValueError(f"`{name}` has {entries}; it must have one for every row of `X`, {n}.", name)
    missing = np.flatnonzero(absent(values))
    if len(missing):
        raise ArgumentValueError(
            f"`{name}` has no value in {counted(len(missing), 'row')}, the first is row {missing[0]}; it must have one "
            "for every row.",
            name,
        )
    try:
        places: Array = np.unique(values, return_inverse=True)[1]
    except TypeError:
        raise ArgumentTypeError(
            f"`{name}` holds entries that cannot be sorted, such as text beside numbers; they must be of one kind.",
            name,
        ) from None
    return places if rows.numbers is None else places[rows.numbers]


def absent(values: Array) -> Array:
    """Which entries are missing: (n,) bool."""
    if values.dtype.kind == "O":
        return np.array([as_text(value) is None for value in values.tolist()], bool)
    return np.isnat(values) if values.dtype.kind in "mM" else values != values
