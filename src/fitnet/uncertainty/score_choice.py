"""Which scores conformal intervals are made of: plain or normalised residuals, one bound for both sides or one each.

Shapes: n rows of one output; residuals are targets less out-of-fold predictions. A score is a residual over its row's
unit, which is 1 (plain) or, normalised, the root of spread^2 + floor^2 (Lei et al. 2018, "Distribution-free predictive
inference for regression", J. Am. Stat. Assoc. 113, section 5.2).
"""

from math import ceil

import numpy as np

from fitnet.arguments import Array

FLOORS = (0.1, 0.25, 0.5, 1.0, 2.0)  # of the median spread: they keep units of rows with little spread above nothing
COVERAGE = 0.9  # of the intervals that are compared
LEAST_GAIN = 0.02  # of the interval score: what a departure from plain, symmetric scores must lower it by at least
STANDARD_ERRORS = 2.0  # of that gain over the rows, which it must also exceed
MOST_PARTS = 20  # that folds are pooled to
LEAST_ROWS = 9  # of which intervals of 90 % can be made
LEAST_ROWS_FOR_SPREADS = 50  # below, one in ten choices of normalised scores is by chance
LEAST_ROWS_FOR_SIDES = 199  # of which bounds for each side can be made that hold 99 % between them
SLACK = 1e-12  # of a share: its rounding moves no rank


def upper_rank(share: float, n: int) -> int:
    """ceil(share (n + 1)), at least 1: the rank among n scores below which a new one lies with at least this chance."""
    return max(1, ceil((share - SLACK) * (n + 1)))


def units(spread: Array | None, floor: float) -> Array:
    """What residuals are divided by, shaped as `spread`: 1 where `floor` is infinite, which needs no spread."""
    if not np.isfinite(floor) or spread is None:
        return np.ones(1 if spread is None else spread.shape)
    scaled: Array = np.hypot(spread, floor)
    return scaled


def choose(residual: Array, folds: Array, spread: Array | None) -> tuple[float, bool]:
    """The floor (infinity: plain) and whether scores are symmetric, by interval scores across folds.

    Normalised scores are taken where, with the best of FLOORS, they lower the mean interval score (Gneiting & Raftery
    2007, "Strictly proper scoring rules, prediction, and estimation", J. Am. Stat. Assoc. 102, section 6.2) of 90 %
    intervals by LEAST_GAIN and by STANDARD_ERRORS; then a bound for each side by the same rule. Each fold's
    intervals come from the other folds' scores. Few rows leave scores plain or symmetric.

    Parameters
    ----------
    residual, spread
        (n,); a spread is 0 or more, None where there is none.
    folds
        (n,), whole numbers.
    """
    parts = folds % MOST_PARTS
    remaining = len(parts) - int(np.bincount(parts).max())
    if remaining < LEAST_ROWS:
        return np.inf, True
    floor, lowest = np.inf, interval_scores(residual, parts, units(None, np.inf), True)
    middle = 0.0 if spread is None else float(np.median(spread))
    if middle > 0 and len(residual) >= LEAST_ROWS_FOR_SPREADS:
        floors = [share * middle for share in FLOORS]
        candidates = [interval_scores(residual, parts, units(spread, each), True) for each in floors]
        best = int(np.argmin([each.mean() for each in candidates]))
        if clearly_lower(candidates[best], lowest):
            floor, lowest = floors[best], candidates[best]
    if len(residual) < LEAST_ROWS_FOR_SIDES:
        return floor, True
    sides = interval_scores(residual, parts, units(spread, floor), False)
    return floor, not clearly_lower(sides, lowest)


def clearly_lower(scores: Array, others: Array) -> bool:
    """Whether the mean of `scores` (n,) is below that of `others`, by more than chance."""
    gain = others - scores
    error = float(gain.std()) / len(gain) ** 0.5
    return bool(gain.mean() >= LEAST_GAIN * others.mean() and gain.mean() > STANDARD_ERRORS * error)


def interval_scores(residual: Array, parts: Array, unit: Array, symmetric: bool) -> Array:
    """Width plus 2 / alpha times what a target is outside by, of every row's interval from the other parts: (n,)."""
    score = residual / unit
    lower, upper = np.empty_like(residual), np.empty_like(residual)
    for part in np.unique(parts):
        mine = parts == part
        lower[mine], upper[mine] = bounds(score[~mine], symmetric)
    lower, upper = lower * unit, upper * unit
    outside = np.maximum(lower - residual, 0) + np.maximum(residual - upper, 0)
    scores: Array = upper - lower + 2 / (1 - COVERAGE) * outside
    return scores


def bounds(score: Array, symmetric: bool) -> tuple[float, float]:
    """Between which a new score lies with a chance of 90 %."""
    n = len(score)
    if symmetric:
        place = upper_rank(COVERAGE, n) - 1
        bound = float(np.partition(np.abs(score), place)[place])
        return -bound, bound
    place = upper_rank((1 + COVERAGE) / 2, n) - 1
    ordered = np.partition(score, (n - 1 - place, place))
    return float(ordered[n - 1 - place]), float(ordered[place])
