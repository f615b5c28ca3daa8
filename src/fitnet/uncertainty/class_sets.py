"""Conformal sets of classes: of new rows a given share has its class in its set, on average over all rows.

Least ambiguous sets (Sadinle, Lei and Wasserman 2019, "Least ambiguous set-valued classifiers with bounded error
levels", JASA 114, eq. 4): all classes whose probability is no smaller than a threshold, which is a quantile of the
probabilities of what was seen in rows that had no part in training.

Shapes: probabilities (n, K); seen (J,), of every judged row the probability, out of fold, of its own class.
"""

import math

import numpy as np

from fitnet.arguments import Array, counted, real_number
from fitnet.errors import ArgumentValueError


def class_sets(probabilities: Array, seen: Array, coverage: float, never_empty: bool = False) -> Array:
    """(n, K) bool: which classes are in the set of each row; with `never_empty` the likeliest always is.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If the coverage is none in (0, 1), or needs more rows than there are.
    """
    sets: Array = probabilities >= threshold_for(seen, coverage)
    if never_empty:
        sets[np.arange(len(sets)), probabilities.argmax(axis=1)] = True
    return sets


def threshold_for(seen: Array, coverage: float) -> float:
    """The smallest probability of a class in a set: that of the ceil((J + 1) coverage)-th row, the surest first."""
    coverage = real_number("coverage", coverage, 0, 1, low_included=False, high_included=False)
    J = len(seen)
    rank = math.ceil(round((J + 1) * coverage, 9))
    if rank > J:
        raise ArgumentValueError(
            f"`coverage` is {coverage:g}; {counted(J, 'row')} out of fold tell of {J / (J + 1):.6g} at most.",
            "coverage",
        )
    return float(np.sort(seen)[J - rank])
