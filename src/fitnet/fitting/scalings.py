"""Scalings of a fit: where a column's middle is and how wide it spreads, by moments or, against outliers, by quartiles.

Shapes: rows (n, k), weights (n,) or None, shift and scale (k,), all in the user's units.
"""

from collections.abc import Callable

import numpy as np

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.losses import AbsoluteError, Huber, Poisson, Quantile
from fitnet.algorithm.scaling import FLOAT64, Scaling
from fitnet.arguments import Array
from fitnet.fitting.constant_columns import same_to_the_bit
from fitnet.fitting.recipe import COMMON, Recipe
from fitnet.fitting.solver_choice import AUTO
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import ColumnStatistics, Rows, RowSource, features_of, row_chunks
from fitnet.rows.statistics import ROUNDINGS

SAMPLE = 2**17  # rows of a file, evenly spaced, that its quartiles are taken from
# Shares of the rows below and above the middle that a spread is taken from, quartiles first, each with the width that
# it has for normal values of standard deviation 1; a wider one where most entries are the same.
WIDTHS = ((0.25, 1.3489795003921634), (0.1, 2.5631031310892007), (0.05, 3.289707253902945))
BOUNDED = (Huber, AbsoluteError, Quantile)  # losses that no outlier pulls harder than the others
LIMIT = 3.0  # of robustly scaled inputs: those within 1 of the middle change by 5 % at most
LIMIT_OF_CLASSES = 5.0  # docs/how-to/classification.md tells what was measured
# In scaled units: a target further off only says on which side it is, and float32 could not tell where.
FAR = 1e6


def input_scaling(recipe: Recipe, rows: TrainingRows) -> Scaling | None:
    """Of the inputs: None, standard or, where the recipe says so, in one unit, or robust with tails clipped smoothly.

    Of classes tails are clipped, further out, unless the recipe says "standard": rows far out made a network too sure.
    """
    if not recipe.scale_inputs:
        return None
    robust = recipe.scaling == "robust"
    clipped = robust or (recipe.scaling in (AUTO, COMMON) and isinstance(recipe.loss, CrossEntropy))
    scaling = chosen_scaling(robust, features_of(rows.X), rows.weights, rows.inputs)
    scaling = in_one_unit(scaling, rows.inputs().is_constant) if recipe.scaling == COMMON else scaling
    return Scaling(scaling.shift, scaling.scale, LIMIT if robust else LIMIT_OF_CLASSES) if clipped else scaling


def target_scaling(recipe: Recipe, rows: TrainingRows) -> Scaling | None:
    """Of the targets likewise, robust by itself for losses that are; in units of their mean where they are counts."""
    if not recipe.scale_targets:
        return None
    if isinstance(recipe.loss, Poisson):
        return count_scaling(rows)
    return chosen_scaling(has_robust_targets(recipe), rows.Y, rows.weights, rows.targets)


def has_robust_targets(recipe: Recipe) -> bool:
    """Whether the recipe asks for quartiles of the targets, or leaves it to a loss that does."""
    return recipe.scaling == "robust" or (recipe.scaling == "auto" and type(recipe.loss) in BOUNDED)


def farthest_target(recipe: Recipe) -> float | None:
    """How far from the middle a scaled target may be, further ones being moved there; None: anywhere."""
    return FAR if type(recipe.loss) in BOUNDED and recipe.scale_targets else None


def chosen_scaling(robust: bool, rows: Rows, weights: Array | None, of: Callable[[], ColumnStatistics]) -> Scaling:
    """One of the two."""
    standard = Scaling.from_statistics(of())
    return robust_scaling(rows, weights, of(), standard) if robust else standard


def robust_scaling(rows: Rows, weights: Array | None, statistics: ColumnStatistics, standard: Scaling) -> Scaling:
    """Median to 0 and quartiles to those of a normal distribution of standard deviation 1.

    Where the quartiles coincide the 10 % at both ends are left out, or the 5 %; where those do too, the column is
    scaled by `standard`.
    """
    if isinstance(rows, RowSource):
        rows, weights = spaced_rows(rows), None
    shift, scale = standard.shift.copy(), standard.scale.copy()
    for k in np.flatnonzero(~statistics.is_constant):
        column = np.asarray(rows[:, k], FLOAT64)

        def quantile(share: float, column: Array = column) -> float:
            return float(np.quantile(column, share, weights=weights, method="inverted_cdf"))

        middle = quantile(0.5)
        for share, normal in WIDTHS:
            spread = quantile(1 - share) / normal - quantile(share) / normal  # divided first: it cannot overflow
            if spread > ROUNDINGS * statistics.spacing * abs(middle):
                shift[k], scale[k] = middle, spread
                break
    return Scaling(shift, scale)


def in_one_unit(standard: Scaling, constant: Array) -> Scaling:
    """The same middles, and for every column that is not `constant` (k,) one scale: the root of the mean variance.

    Of inputs in one unit, such as pixels or counts, those that vary little then count for little.
    """
    scale, varies = standard.scale.copy(), ~constant
    largest = scale[varies].max(initial=0)
    if largest > 0:
        scale[varies] = largest * np.sqrt(np.mean((scale[varies] / largest) ** 2))
    return Scaling(standard.shift, scale)


def spaced_rows(source: RowSource) -> Array:
    """Rows of a source in memory: all of them, or every so many so that there are at most `SAMPLE`."""
    step = -(-source.shape[0] // SAMPLE)
    return np.concatenate([chunk[-first % step :: step] for first, chunk in row_chunks(source)])


def count_scaling(rows: TrainingRows) -> Scaling:
    """Counts in units of their mean; where all are 0 they are seen as 1, which a prediction can be."""
    statistics = rows.targets()
    if isinstance(rows.Y, np.ndarray) and rows.gathered is None:
        mean = np.average(rows.Y.astype(FLOAT64), axis=0, weights=rows.relative[0])
    else:
        mean = statistics.mean
    mean = np.where(same_to_the_bit(statistics), statistics.lowest, mean)
    return Scaling(np.where(mean > 0, 0.0, -1.0), np.where(mean > 0, mean, 1.0))
