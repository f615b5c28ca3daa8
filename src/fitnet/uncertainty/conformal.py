"""Conformal prediction intervals: what out-of-fold residuals say about new targets, without assuming a distribution.

CV+ (Barber, Candes, Ramdas & Tibshirani 2021, "Predictive inference with the jackknife+", Ann. Statist. 49, 486-507)
from K folds of n rows in all, for m outputs, each by itself. A fold's prediction is that of the models that did not
see it. Where rows are exchangeable, an interval of coverage c holds a new target with a chance of at least
2 c - 1 - sqrt(2 / n), whatever the distribution (theorem 4), and in practice of about c.
"""

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, matrix
from fitnet.errors import ArgumentValueError
from fitnet.uncertainty.alike_folds import deviations_around, root_mean_squares
from fitnet.uncertainty.conformal_arguments import (
    check_scores,
    checked_coverages,
    checked_fold_rows,
    checked_probabilities,
    factors,
    fold_numbers,
    shaped,
    spreads_like,
)
from fitnet.uncertainty.fold_scores import FoldScores
from fitnet.uncertainty.order_statistics import kept_ranks
from fitnet.uncertainty.score_choice import choose, units

BLOCK = 2**18  # entries (K, rows) of a block: 2 MB an array, of which a search holds some 15


@dataclass(frozen=True, eq=False)
class CrossConformal:
    """Scores of the rows of each fold, from which intervals are made; arrays are copies that cannot be changed.

    Parameters
    ----------
    scores
        (N, m): every output's scores, fold after fold, in rising order within a fold; absolute where symmetric. Of a
        fold with more than 2,000 rows there are 2,000, those of `order_statistics.kept_ranks`.
    fold_rows
        (K,): how many rows each fold has; K is 2 or more.
    floors
        (m,), above 0: `score_choice.units` with it are what residuals were divided by; infinity: by nothing.
    symmetric
        (m,), bools: whether the scores of an output bound both sides of an interval alike.
    shrinkage
        (m,) or one number, above 0: what residuals are multiplied by before use, where the predictions that intervals
        are for are more accurate than out-of-fold ones.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are anything else.
    """

    scores: Array
    fold_rows: Array
    floors: Array
    symmetric: Array
    shrinkage: Array = field(default_factory=lambda: np.ones(1))

    def __post_init__(self) -> None:
        scores = matrix("scores", self.scores, FLOAT64)
        m = scores.shape[1]
        fold_rows, symmetric = checked_fold_rows(self.fold_rows, len(scores)), np.asarray(self.symmetric)
        if symmetric.dtype != np.bool or symmetric.shape != (m,):
            raise ArgumentValueError(
                f"`symmetric` has shape {symmetric.shape} of {symmetric.dtype}; it must have shape ({m},) of bool.",
                "symmetric",
            )
        check_scores(scores, fold_rows, symmetric)
        floors, shrinkage = factors("floors", self.floors, m, infinite=True), factors("shrinkage", self.shrinkage, m)
        for each, array in zip(fields(self), (scores, fold_rows, floors, symmetric, shrinkage), strict=True):
            kept = array.copy()
            kept.flags.writeable = False
            object.__setattr__(self, each.name, kept)

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy is made anew, so that it is read-only as well."""
        return CrossConformal, tuple(getattr(self, each.name) for each in fields(self))

    @classmethod
    def of(cls, residuals: Any, folds: Any, spreads: Any = None, shrinkage: Any = 1.0) -> "CrossConformal":
        """That of out-of-fold residuals; `score_choice.choose` says, output by output, which scores they become.

        Parameters
        ----------
        residuals
            (n, m): target less out-of-fold prediction.
        folds
            (n,): the fold of each row, whole numbers from 0 to K - 1, each with a row.
        spreads
            (n, m), 0 or more: the standard deviation among the members' out-of-fold predictions, or None.
        shrinkage
            As above; what is chosen does not depend on it.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If they are anything else.
        """
        R = matrix("residuals", residuals, FLOAT64)
        rows_folds = fold_numbers(folds, len(R))
        S = None if spreads is None else spreads_like("spreads", spreads, R.shape)
        fold_rows = np.bincount(rows_folds)
        kept, floors, symmetric = [], np.empty(R.shape[1]), np.empty(R.shape[1], np.bool)
        for j, residual in enumerate(R.T):
            spread = None if S is None else S[:, j]
            floors[j], symmetric[j] = choose(residual, rows_folds, spread)
            score = residual / units(spread, floors[j])
            score = np.abs(score) if symmetric[j] else score
            by_fold = [np.sort(score[rows_folds == k])[kept_ranks(int(n)) - 1] for k, n in enumerate(fold_rows)]
            kept.append(np.concatenate(by_fold))
        return cls(np.column_stack(kept), fold_rows, floors, symmetric, shrinkage)

    @property
    def n_rows(self) -> int:
        """n, of all folds."""
        return int(self.fold_rows.sum())

    @property
    def most_coverage(self) -> float:
        """The largest coverage that so many rows give, for every output."""
        n = self.n_rows
        return n / (n + 1) if self.symmetric.all() else (n - 1) / (n + 1)

    def interval(self, fold_predictions: Any, coverage: Any, fold_spreads: Any = None) -> Array:
        """The ends, lower and upper, of intervals that are to hold this share of new targets.

        Training row i of fold k(i) has the score s_i; a new row the prediction mu_k and the unit u_k of each fold;
        alpha is 1 - coverage. Where scores are symmetric, the ends are the floor(alpha (n + 1))-th smallest of all
        mu_k(i) - s_i u_k(i) and the ceil((1 - alpha) (n + 1))-th smallest of all mu_k(i) + s_i u_k(i). Otherwise they
        are the floor(alpha / 2 (n + 1))-th and the ceil((1 - alpha / 2) (n + 1))-th smallest of the latter. Folds of
        more than 2,000 rows make intervals a little wider, as if of 1/4,000 more coverage, and never narrower. Where
        symmetric ends of a coverage below 1/2 would cross, they stop at the median of the folds' predictions.

        Parameters
        ----------
        fold_predictions
            (K, n, m): by the models that did not see each fold. A row gets the same bits in any call.
        coverage
            Above 0 and at most `most_coverage`; or a sequence of c such.
        fold_spreads
            (K, n, m), 0 or more: the standard deviations among those models' predictions. None will do where no
            output's scores are normalised.

        Returns
        -------
        Array
            (n, m, 2), of a sequence (n, m, 2, c); float64.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If an argument is anything else.
        """
        coverages = checked_coverages(coverage, self.n_rows, self.most_coverage)
        signed = [-each for each in coverages] + coverages
        ends = self.central_ends(fold_predictions, signed, fold_spreads)
        ends = ends.reshape(*ends.shape[:2], 2, len(coverages))
        return ends if np.ndim(coverage) else ends[..., 0]

    def quantiles(self, fold_predictions: Any, probabilities: Any, fold_spreads: Any = None) -> Array:
        """Quantiles of new targets: the ends of the central intervals that they bound, (n, m, q), never falling.

        Parameters
        ----------
        probabilities
            (q,), increasing, above 0 and below 1, and such that `most_coverage` holds what is between.
        fold_predictions, fold_spreads
            As for `interval`.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If an argument is anything else.
        """
        asked = checked_probabilities(probabilities, self.n_rows, self.most_coverage)
        ends = self.central_ends(fold_predictions, [float(2 * each - 1) for each in asked], fold_spreads)
        rising: Array = np.maximum.accumulate(ends, axis=-1)  # they may cross by a rounding
        return rising

    def standard_deviation(self, spreads: Any) -> Array:
        """Of new targets around predictions with these spreads, (n, m): the root mean square that the scores imply.

        Parameters
        ----------
        spreads
            (n, m), 0 or more: standard deviations as `interval` takes of a fold. Where scores are plain they change
            nothing.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If `spreads` is anything else.
        """
        spreads = spreads_like("spreads", spreads, (None, self.scores.shape[1]))
        return deviations_around(self, len(spreads), spreads)

    @cached_property
    def scores_deviation(self) -> Array:
        """(m,): the root mean square of the scores, shrunk."""
        return root_mean_squares(self.scores, self.fold_rows) * self.shrinkage

    def central_ends(self, fold_predictions: Any, coverages: list[float], fold_spreads: Any) -> Array:
        """Upper ends of intervals of these coverages, lower ends where negative, the middle of 0: (n, m, c)."""
        K, m = len(self.fold_rows), self.scores.shape[1]
        predictions = shaped("fold_predictions", fold_predictions, (K, None, m))
        spreads = None if fold_spreads is None else spreads_like("fold_spreads", fold_spreads, predictions.shape)
        if spreads is None and np.isfinite(self.floors).any():
            raise ArgumentValueError(
                "`fold_spreads` is None; scores are normalised and it must be the spreads (K, n, m).", "fold_spreads"
            )
        n, block = predictions.shape[1], max(1, BLOCK // K)
        ends = np.empty((n, m, len(coverages)))
        for j in range(m):
            scores = FoldScores.of(self.scores[:, j], self.fold_rows, bool(self.symmetric[j]))
            for start in range(0, n, block):
                rows = slice(start, start + block)
                mu = predictions[:, rows, j]
                unit = units(None if spreads is None else spreads[:, rows, j], self.floors[j])
                u = np.broadcast_to(unit * self.shrinkage[j], mu.shape)
                for c, coverage in enumerate(coverages):
                    ends[rows, j, c] = scores.central_end(coverage, mu, u)
        return ends
