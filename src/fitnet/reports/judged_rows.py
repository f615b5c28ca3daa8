"""Judged rows: those of a table that a model did not see, and what it predicts for them without having seen them.

Shapes: X (J, k), inputs as numbers, words encoded and gaps NaN; filled in (J, p); Y and predictions (J, m), of
classes Y the codes (J, 1) and predictions the probabilities (J, K).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array
from fitnet.fitting.out_of_fold_intervals import intervals_out_of_fold
from fitnet.fitting.unseen_rows import SEEN, UnseenRows
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.reports.taken_rows import completed, taken
from fitnet.rows import Rows

MOST_JUDGED = 20_000  # rows; of more, so many are drawn


@dataclass(frozen=True, eq=False)
class JudgedRows:
    """The rows that a report judges a model by.

    Attributes
    ----------
    judged_by
        As of `UnseenRows`.
    places
        (J,): where the rows are in the table, ascending.
    of
        How many there are, of which these were drawn.
    X, inputs, Y
        As above.
    folds
        (J,), of rows out of fold; else None.
    prediction
        By members that did not see the rows, unless all rows were seen.
    """

    model: AnyModel
    judged_by: str
    places: Array
    of: int
    X: Array
    inputs: Array
    Y: Array
    folds: Array | None
    prediction: Array

    @classmethod
    def of_table(
        cls,
        model: AnyModel,
        X: Rows,
        Y: Rows,
        unseen: UnseenRows,
        oof_prediction: Array | None,
        generator: np.random.Generator,
    ) -> "JudgedRows":
        """Those of a table X (n, k) and Y (n, m); `oof_prediction` (n, m) is needed of rows out of fold."""
        places = unseen.judged
        if len(places) > MOST_JUDGED:
            places = np.sort(generator.choice(places, MOST_JUDGED, replace=False))
        rows, targets = taken(X, places), taken(Y, places)
        inputs = completed(model, rows)
        folds = None if unseen.folds is None else unseen.folds[places]
        if folds is None or oof_prediction is None:
            prediction = np.asarray(model.predict(rows), FLOAT64)
        else:
            prediction = oof_prediction[places]
        return cls(model, unseen.judged_by, places, len(unseen.judged), rows, inputs, targets, folds, prediction)

    @property
    def unseen(self) -> bool:
        """Whether the predictions are those for rows that were not seen."""
        return self.judged_by != SEEN

    @cached_property
    def residuals(self) -> Array:
        """(J, m): target less prediction."""
        return np.asarray(self.Y - self.prediction)

    def predict(self, X: Array, places: Array | None = None) -> Array:
        """The outputs for rows X in the place of these, or of those at `places`, by the same members."""
        if self.folds is None:
            return np.asarray(self.model.predict(X), FLOAT64)
        folds = self.folds if places is None else self.folds[places]
        outputs = np.empty((len(X), self.prediction.shape[1]))
        for k in np.unique(folds):
            outputs[folds == k] = self._by_fold[k].predict(X[folds == k])
        return outputs

    def intervals(self, levels: Sequence[float]) -> tuple[Array, list[float]] | None:
        """The ends (J, m, 2, c) of intervals of those of the levels that the model can give; None where of none."""
        if self.folds is not None:
            spreads = np.empty(self.Y.shape)
            for k in np.unique(self.folds):
                own = self.folds == k
                spreads[own] = self._by_fold[k].fold_spreads(self.X[own])[0]
            ends = intervals_out_of_fold(self.prediction, self.Y, self.folds, spreads, levels)
            return None if ends is None else (ends, list(levels))
        most = most_coverage(self.model)
        possible = [level for level in levels if level <= most]
        return (self.model.predict_interval(self.X, possible), possible) if possible else None

    @cached_property
    def _by_fold(self) -> dict[int, Ensemble]:
        """Of every fold the ensemble of the members that did not see it."""
        assert isinstance(self.model, Ensemble) and self.model.folds is not None
        found = {}
        for k in sorted(set(self.model.folds)):
            own = [place for place, fold in enumerate(self.model.folds) if fold == k]
            members, weights = [self.model.members[place] for place in own], self.model.weights[own]
            found[k] = replace(
                self.model,
                members=members,
                weights=weights,
                folds=[0] * len(own),
                conformal=None,
                domain=None,
                leaderboard=(),
            )
        return found


def most_coverage(model: AnyModel) -> float:
    """The largest level of intervals that a model can give; 0 where it has none."""
    if isinstance(model, Ensemble):
        return 0.0 if model.conformal is None else model.conformal.most_coverage
    return 0.0 if model.error_bars is None else 1.0
