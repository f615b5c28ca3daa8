"""Split conformal intervals: from the residuals of rows that a model did not see, whatever their distribution.

Papadopoulos, Proedrou, Vovk & Gammerman 2002 ("Inductive confidence machines for regression", ECML); Lei, G'Sell,
Rinaldo, Tibshirani & Wasserman 2018 ("Distribution-free predictive inference for regression", J. Am. Stat. Assoc. 113).
Where targets were transformed, residuals are those of the transforms, and ends are brought back.

Shapes: X (n, p); the transforms T of targets, or targets that were not transformed, (n, m).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.model.intervals import brought_back, coverages_of, probabilities_of
from fitnet.model.model import Model
from fitnet.model.stored_rows import predict_rows
from fitnet.rows import Rows, RowSource
from fitnet.uncertainty.conformal import CrossConformal

PARTS = 5  # by which kinds of scores are compared; CV+ is split conformal where one model predicts for every part


@dataclass(frozen=True, eq=False)
class SplitConformal:
    """A model with the scores of rows that it did not see."""

    model: Model
    scores: CrossConformal

    @classmethod
    def of(cls, model: Model, X: Rows, T: Array) -> "SplitConformal":
        """That of rows X, whole and in the model's order, with the transforms T of their targets.

        Residuals may be divided by the model's predicted standard deviation where it has error bars: `CrossConformal`
        decides.

        Raises
        ------
        ArgumentValueError
            If there is one row only.
        """
        n = len(T)
        if n < 2:
            raise ArgumentValueError("`y` has 1 row; intervals from residuals need 2 or more.", "y")
        predicted, std = transforms(model, X, model.error_bars is not None)
        return cls(model, CrossConformal.of(T - predicted, np.arange(n) % min(PARTS, n), std))

    def predict_interval(self, X: Any, coverage: float | Sequence[float] = 0.9, *, sample_weight: Any = None) -> Array:
        """As `Model.predict_interval`, and coverage at most `CrossConformal.most_coverage`; without weights."""
        coverages_of(coverage)
        predictions, spreads = self._alike(X, sample_weight)
        return brought_back(self.scores.interval(predictions, coverage, spreads), self.model.target_transform)

    def predict_quantiles(self, X: Any, probabilities: Sequence[float], *, sample_weight: Any = None) -> Array:
        """As `Model.predict_quantiles`, between `CrossConformal.most_coverage`'s ends; without weights."""
        asked = probabilities_of(probabilities)
        predictions, spreads = self._alike(X, sample_weight)
        ends = brought_back(self.scores.quantiles(predictions, asked, spreads), self.model.target_transform)
        rising: Array = np.maximum.accumulate(ends, axis=-1)
        return rising

    def _alike(self, X: Any, sample_weight: Any) -> tuple[Array, Array | None]:
        """The same predictions and, where scores are normalised, standard deviations for every part: (K, n, m) each."""
        if sample_weight is not None:
            raise ArgumentValueError(
                "`sample_weight` is for error bars, and the intervals come from residuals of rows given to "
                "`conformalize`; it must be None.",
                "sample_weight",
            )
        predicted, std = transforms(self.model, X, bool(np.isfinite(self.scores.floors).any()))
        parts = (len(self.scores.fold_rows), *predicted.shape)
        return np.broadcast_to(predicted, parts), None if std is None else np.broadcast_to(std, parts)


def transforms(model: Model, X: Any, with_std: bool) -> tuple[Array, Array | None]:
    """The transforms that the model predicts, and their standard deviations or None: (n, m) each."""
    one = model.of_transforms
    if isinstance(X, RowSource):
        answers = predict_rows(one, X, return_std=with_std)
    else:
        answers = one.predict(X, return_std=with_std, return_cov=False)
    return answers if isinstance(answers, tuple) else (answers, None)
