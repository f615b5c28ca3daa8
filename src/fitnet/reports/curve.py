"""The learning curve of a report: of the rows that the model was trained on, judged by those that it was not.

Shapes: X (n, k), Y (n, m).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.fitting.learning_curve import MOST_ROWS, learning_curve
from fitnet.fitting.unseen_rows import KEPT_OUT, OUT_OF_FOLD, UnseenRows
from fitnet.model.ensemble import AnyModel
from fitnet.reports.judged_rows import JudgedRows
from fitnet.reports.plain import plain
from fitnet.reports.taken_rows import completed, taken
from fitnet.rows import Rows

MOST_JUDGED = 5000  # rows: enough for the error of a small network


def curve_told(
    model: AnyModel,
    X: Rows,
    Y: Rows,
    unseen: UnseenRows,
    judged: JudgedRows,
    shown: Sequence[int],
    generator: np.random.Generator,
) -> dict[str, Any] | None:
    """Rows, errors (s, targets) of the targets that are shown, their deviations, and what was fitted, in words.

    None where the table does not hold the training rows, or too few of them.
    """
    parts = parted(unseen, judged, generator)
    if parts is None:
        return None
    training, others = parts
    inputs, seen = completed(model, taken(X, training)), taken(Y, training)
    outputs = taken(Y, others)
    curve = learning_curve(inputs, seen, completed(model, taken(X, others)), outputs, generator, model.compute)
    if curve is None:
        return None
    errors = {"rmse": curve.rmse[:, shown], "deviation": curve.deviation[:, shown]}
    told: dict[str, Any] = plain({"rows": curve.rows, **errors, "recipe": curve.recipe})
    return told


def parted(unseen: UnseenRows, judged: JudgedRows, generator: np.random.Generator) -> tuple[Array, Array] | None:
    """Places of rows to fit to and of rows to judge by, apart from each other; None where the rows were not parted."""
    if unseen.judged_by == KEPT_OUT:
        training, others = unseen.training, judged.places
    elif unseen.judged_by == OUT_OF_FOLD:
        assert unseen.folds is not None
        first = unseen.folds == unseen.folds[judged.places].min()
        training, others = np.flatnonzero(~first), np.flatnonzero(first)
    else:
        return None
    limits = ((training, MOST_ROWS), (others, MOST_JUDGED))
    return tuple(
        each if len(each) <= most else np.sort(generator.choice(each, most, replace=False)) for each, most in limits
    )  # type: ignore[return-value]
