"""One output's scores, fold by fold, and the ends of the central intervals that they make of predictions.

Shapes: K folds of n rows in all; for each of B new rows and every fold a prediction and a unit, (K, B).
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from fitnet.arguments import Array, fraction_below_one, true_or_false
from fitnet.uncertainty.order_statistics import SortedSamples
from fitnet.uncertainty.score_choice import SLACK, upper_rank


def rows_needed(coverage: float, symmetric: bool = True) -> int:
    """How many rows, of all folds, an interval of this coverage needs; more where each side has its own bound.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If `coverage` is not above 0 and below 1, or `symmetric` no bool.
    """
    coverage = fraction_below_one("coverage", coverage)
    share = (coverage if true_or_false("symmetric", symmetric) else (1 + coverage) / 2) - SLACK
    return max(1, ceil(share / (1 - share)))


@dataclass(frozen=True, eq=False)
class FoldScores:
    """The scores above a prediction and, negated, those below it: the same where they are absolute."""

    above: SortedSamples
    below: SortedSamples
    fold_rows: Array
    symmetric: bool

    @classmethod
    def of(cls, scores: Array, fold_rows: Array, symmetric: bool) -> "FoldScores":
        """Those that `CrossConformal.scores` holds in a column."""
        samples = SortedSamples.of(scores, fold_rows)
        return cls(samples, samples if symmetric else samples.negated(), fold_rows, symmetric)

    def central_end(self, coverage: float, mu: Array, u: Array) -> Array:
        """(B,): the upper end of the central interval of a coverage, the lower of a negative one, the middle of 0."""
        n = int(self.fold_rows.sum())
        if coverage == 0:
            return self.middle(n, mu, u)
        sign, size = (1.0, coverage) if coverage > 0 else (-1.0, -coverage)
        samples = self.above if coverage > 0 else self.below
        end = samples.order_statistic(upper_rank(size if self.symmetric else (1 + size) / 2, n), sign * mu, u)
        if self.symmetric and size < 0.5:  # only then can the ends cross
            end = np.maximum(end, sign * weighted_median(mu, self.fold_rows))
        return sign * end

    def middle(self, n: int, mu: Array, u: Array) -> Array:
        """The median of the folds' predictions or, where scores are signed, of those with the scores added: (B,)."""
        if self.symmetric:
            return weighted_median(mu, self.fold_rows)
        rank = upper_rank(0.5, n)
        return (self.above.order_statistic(rank, mu, u) - self.below.order_statistic(rank, -mu, u)) / 2


def weighted_median(mu: Array, fold_rows: Array) -> Array:
    """The median of n numbers of which those of a fold, mu_k, are alike: (B,)."""
    order = np.argsort(mu, axis=0, kind="stable")
    last = np.cumsum(fold_rows[order], axis=0)
    n = int(fold_rows.sum())
    ordered = np.take_along_axis(mu, order, axis=0)
    places = [(last < rank).sum(axis=0) for rank in ((n + 1) // 2, (n + 2) // 2)]
    lower, upper = (np.take_along_axis(ordered, place[np.newaxis], axis=0)[0] for place in places)
    median: Array = lower / 2 + upper / 2
    return median
