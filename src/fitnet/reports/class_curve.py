"""The learning curve of a report of classes: of the rows that the model was trained on, judged by those it was not.

Shapes: X (n, k), Y (n, 1), codes of K classes.
"""

from typing import Any

import numpy as np

from fitnet.fitting.class_learning_curve import class_learning_curve
from fitnet.fitting.unseen_rows import UnseenRows
from fitnet.model.ensemble import AnyModel
from fitnet.reports.class_comparison import codes_in
from fitnet.reports.curve import parted
from fitnet.reports.judged_rows import JudgedRows
from fitnet.reports.plain import plain
from fitnet.reports.taken_rows import completed, taken
from fitnet.rows import Rows

MOST_CURVE_CLASSES = 100  # of which the fits are soon made


def class_curve_told(
    model: AnyModel, X: Rows, Y: Rows, unseen: UnseenRows, judged: JudgedRows, generator: np.random.Generator
) -> dict[str, Any] | None:
    """Rows, log losses (s, 1), their deviations, and what was fitted, in words.

    None where the table does not hold the training rows, too few of them, or very many classes.
    """
    parts, n_classes = parted(unseen, judged, generator), judged.prediction.shape[1]
    if parts is None or n_classes > MOST_CURVE_CLASSES:
        return None
    rows, new = ((completed(model, taken(X, each)), codes_in(taken(Y, each))) for each in parts)
    curve = class_learning_curve(*rows, *new, n_classes, generator, model.compute)
    if curve is None:
        return None
    told: dict[str, Any] = plain(
        {"rows": curve.rows, "log_loss": curve.rmse, "deviation": curve.deviation, "recipe": curve.recipe}
    )
    return told
