"""Intervals around predictions out of fold, made of the residuals in the other folds alone.

Shapes: prediction, Y and spreads (J, m), folds (J,), the ends of c coverages' intervals (J, m, 2, c).
"""

from collections.abc import Sequence

import numpy as np

from fitnet.arguments import Array
from fitnet.uncertainty.alike_folds import interval_around
from fitnet.uncertainty.conformal import CrossConformal

LEAST_FOLDS = 3  # with members, so that two are left to set the intervals of one


def intervals_out_of_fold(
    prediction: Array, Y: Array, folds: Array, spreads: Array | None, coverages: Sequence[float]
) -> Array | None:
    """The ends of intervals that are to hold these shares of targets; None where the other folds are too few rows.

    `spreads` are the standard deviations among the members' predictions, or None.
    """
    numbers = np.unique(folds)
    if len(numbers) < LEAST_FOLDS:
        return None
    ends = np.empty((*prediction.shape, 2, len(coverages)))
    for k in numbers:
        own = folds == k
        others = np.searchsorted(np.delete(numbers, np.searchsorted(numbers, k)), folds[~own])
        spread = None if spreads is None else spreads[~own]
        conformal = CrossConformal.of((Y - prediction)[~own], others, spread)
        if conformal.most_coverage < max(coverages):
            return None
        ends[own] = interval_around(conformal, prediction[own], coverages, None if spreads is None else spreads[own])
    return ends
