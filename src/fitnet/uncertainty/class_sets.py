"""Conformal sets of classes: of new rows a given share has its class in its set, on average over all rows.

Least ambiguous sets (Sadinle, Lei and Wasserman 2019, "Least ambiguous set-valued classifiers with bounded error
levels", JASA 114, eq. 4): all classes whose probability is no smaller than a threshold, which is a quantile of the
probabilities of what was seen in rows that had no part in training.

Shapes: probabilities (n, K); seen (J,), of every judged row the probability, out of fold, of its own class, in any
order; kept (M,), ascending.
"""

import math

import numpy as np

from fitnet.arguments import Array, counted, fraction_below_one
from fitnet.errors import ArgumentValueError

MOST_KEPT = 10_000  # of the rows' probabilities in a model: 80 kB, and coverages up to 99.99 %


def class_sets(
    probabilities: Array, seen: Array, coverage: float, never_empty: bool = False, asked: str = "coverage"
) -> Array:
    """(n, K) bool: which classes are in the set of each row; with `never_empty` the likeliest always is.

    `asked` is what errors call the coverage.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If the coverage is none in (0, 1), or needs more rows than there are.
    """
    sets: Array = probabilities >= threshold_for(seen, coverage, asked)
    if never_empty:
        sets[np.arange(len(sets)), probabilities.argmax(axis=1)] = True
    return sets


def threshold_for(seen: Array, coverage: float, asked: str = "coverage") -> float:
    """The smallest probability of a class in a set: that of the ceil((J + 1) coverage)-th row, the surest first."""
    coverage = fraction_below_one(asked, coverage)
    J = len(seen)
    rank = math.ceil(round((J + 1) * coverage, 9))
    if rank > J:
        raise ArgumentValueError(
            f"`{asked}` is {coverage:g}; {counted(J, 'row')} out of fold tell of {J / (J + 1):.6g} at most.",
            asked,
        )
    return float(np.sort(seen)[J - rank])


def kept_probabilities(seen: Array, most: int = MOST_KEPT) -> Array:
    """(M,): all of `seen` or, of more than `most`, so many from which sets hold at least what they promise.

    A new row is below the j-th lowest of J with a chance of at most j / (J + 1). The k-th that is kept is the one with
    j = floor(k (J + 1) / (M + 1)), so that chance is at most k / (M + 1), which is what `threshold_for` counts on.
    """
    ordered, J = np.sort(seen), len(seen)
    if most >= J:
        return ordered
    return np.asarray(ordered[np.arange(1, most + 1) * (J + 1) // (most + 1) - 1])
