"""The outcome of judging a model: errors, ratios, coverage, importance, worst rows and regions, target by target.

Shapes: J judged rows, m targets, g given inputs; ends of c levels' intervals (J, m, 2, c).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation import Errors
from fitnet.evaluation.calibration import LEVELS, Calibration
from fitnet.evaluation.error_ratios import ErrorRatios
from fitnet.evaluation.noise import Noise
from fitnet.evaluation.permutation_importance import Importance
from fitnet.fitting.unseen_rows import UnseenRows
from fitnet.model.ensemble import AnyModel
from fitnet.reports.comparison import Comparison
from fitnet.reports.copies import copies_of_training
from fitnet.reports.given_inputs import GivenInput
from fitnet.reports.judged_rows import JudgedRows
from fitnet.reports.measured import importance_of, noise_of, ratios_of, worst_targets
from fitnet.rows import Rows

DRAWN_LEVEL = 0.9  # of the intervals in tables and pictures


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was measured on the judged rows.

    Attributes
    ----------
    shown
        The targets that are told of one by one, by their places.
    errors
        By what predicted the targets, all m of them.
    ratios
        By what the model is compared with, of the targets that are shown and, last, of all together; empty of rows
        that were seen.
    ends
        (J, m, 2) of intervals of level 0.9; None where the model has none or saw the rows.
    importance, importance_rows
        Of the given inputs, and by how many rows.
    copies
        (J,) bool: rows with the inputs of a training row; None where these are not known.
    """

    judged: JudgedRows
    columns: Sequence[GivenInput]
    shown: Sequence[int]
    comparison: Comparison
    errors: Mapping[str, Errors]
    ratios: Mapping[str, ErrorRatios]
    ends: Array | None
    calibration: Calibration | None
    importance: Importance
    importance_rows: int
    copies: Array | None
    noise: Noise | None

    @classmethod
    def of(
        cls,
        model: AnyModel,
        X: Rows,
        Y: Rows,
        unseen: UnseenRows,
        judged: JudgedRows,
        columns: Sequence[GivenInput],
        generator: np.random.Generator,
        say: Callable[[str], None],
    ) -> "Outcome":
        """That of the judged rows of a table; `say` is told of every part before it is computed."""
        shown = worst_targets(judged.residuals, judged.Y)
        say("fitting the baselines")
        comparison = Comparison.of(model, X, Y, unseen, judged, shown, generator)
        errors = {by: Errors.of(each, judged.Y) for by, each in comparison.predictions.items()}
        ratios = ratios_of(comparison, judged, shown, generator) if judged.unseen else {}
        say("making intervals")
        found = judged.intervals(LEVELS) if judged.unseen else None
        calibration = None if found is None else Calibration.of(found[0], judged.Y, found[1])
        say("shuffling the inputs")
        importance, rows = importance_of(judged, columns, generator)
        say("looking for noise")
        noise = noise_of(X, Y, judged, generator)
        return cls(
            judged,
            columns,
            shown,
            comparison,
            errors,
            ratios,
            None if found is None or DRAWN_LEVEL not in found[1] else found[0][..., found[1].index(DRAWN_LEVEL)],
            calibration,
            importance,
            rows,
            copies_of_training(X, unseen, judged),
            noise,
        )
