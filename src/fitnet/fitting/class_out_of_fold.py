"""Out of fold: how an ensemble of classes does on the rows that its members did not see.

Shapes: codes and folds (n,), probabilities (n, K); J rows are judged, those of folds that have members.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.evaluation import ClassErrors
from fitnet.fitting.class_ensemble import FittedClasses, one_hot
from fitnet.fitting.training_rows import TrainingRows
from fitnet.uncertainty.class_sets import class_sets

COVERAGE = 0.9


@dataclass(frozen=True, eq=False)
class ClassOutOfFold:
    """What the rows tell that the members did not see.

    Attributes
    ----------
    rows
        J.
    errors
        By what gave the probabilities: "ensemble" and "majority class", the shares in the other folds.
    coverage
        The share of rows whose class is in their set of coverage 0.9 by the other folds' rows, and how many classes
        these sets hold on average; None where the other folds are too few.
    """

    rows: int
    errors: Mapping[str, ClassErrors]
    coverage: tuple[float, float] | None

    @classmethod
    def of(cls, fitted: FittedClasses, rows: TrainingRows) -> "ClassOutOfFold":
        """That of an ensemble fitted to these rows, which lie in memory; weights do not count."""
        judged = np.isfinite(fitted.oof_probability).all(axis=1)
        codes, folds = one_hot(np.asarray(rows.Y)).argmax(axis=1), fitted.folds
        probabilities, shares = fitted.oof_probability[judged], shares_of_other_folds(codes, folds)[judged]
        return cls(
            len(probabilities),
            {
                "ensemble": ClassErrors.of(probabilities, codes[judged]),
                "majority class": ClassErrors.of(shares, codes[judged]),
            },
            covered(probabilities, codes[judged], folds[judged]),
        )

    def as_dict(self) -> dict[str, Any]:
        """Rows, measures and coverage, as JSON can hold them."""
        sets = None
        if self.coverage is not None:
            sets = dict(zip(("asked", "held", "classes"), (COVERAGE, *self.coverage), strict=True))
        return {
            "rows": self.rows,
            "evaluation": {by: errors.as_dict() for by, errors in self.errors.items()},
            "sets": sets,
        }


def shares_of_other_folds(codes: Array, folds: Array) -> Array:
    """(n, K): for every row the classes' shares of the rows of all other folds."""
    K = int(codes.max()) + 1
    others = [np.bincount(codes[folds != k], minlength=K) for k in range(int(folds.max()) + 1)]
    return np.stack([counts / counts.sum() for counts in others])[folds]


def covered(probabilities: Array, codes: Array, folds: Array) -> tuple[float, float] | None:
    """The share of classes in the sets that the rows of the other folds give, and the sets' mean size."""
    seen, sets = probabilities[np.arange(len(codes)), codes], np.zeros(probabilities.shape, bool)
    for k in np.unique(folds):
        try:
            sets[folds == k] = class_sets(probabilities[folds == k], seen[folds != k], COVERAGE)
        except ArgumentValueError:  # they are too few to tell
            return None
    return float(sets[np.arange(len(codes)), codes].mean()), float(sets.sum(axis=1).mean())
