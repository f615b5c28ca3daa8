"""The penalty that a classifier's weights have unless the user says: the one with which kept-out rows are told best.

And whether its inputs have one scale in common, by the same rows.

Without one a network that can part the classes makes its logits as large as it is given time for, and is as sure of
rows that it gets wrong as of the others. docs/how-to/classification.md tells what was measured.

Shapes: logits (n, m) as the cross-entropy takes them, targets (n, m).
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.arguments import Array
from fitnet.fitting.recipe import COMMON
from fitnet.fitting.settings import Settings
from fitnet.fitting.solver_choice import AUTO
from fitnet.fitting.splits import in_turn
from fitnet.fitting.training_rows import TrainingRows
from fitnet.fitting.transform_choice import as_trial, out_of_fold, some_rows
from fitnet.model.model import Model

Fit = Callable[[Settings, TrainingRows, np.random.Generator], Any]  # `fitting.fit`, which gives a Fitted

TRIED = (1.0, 2.0, 3.0)  # alpha n: every weight is normal with variance 1 / (2 alpha n) a priori
FOLDS = 5
LEAST_ROWS = 4 * FOLDS


def with_chosen_penalty(
    settings: Settings, rows: TrainingRows, generator: np.random.Generator, fit: Fit, start: Model | None = None
) -> Settings:
    """The same with a penalty where it is "auto"; one that goes on from `start`, or of few rows, takes 1 / n.

    At most 1,000 rows are parted in five, of every class its share, and for each of three penalties networks fitted to
    four parts predict the fifth, after 100 epochs or 2,000 steps at most. The strongest penalty is taken, in
    proportion to 1 / n, with which the cross-entropy of these predictions is above the lowest by no more than the
    standard error of that difference (after Breiman et al. 1984, "Classification and Regression Trees", section 3.4.3).
    Where scaling is "auto" it is tried with inputs in one unit, too, which are taken where that error tells them to be
    better. The `generator` stays as it is.
    """
    recipe = settings.recipe
    if not recipe.finds_penalty or start is not None or rows.n < LEAST_ROWS:
        return settings
    settled = recipe.settled(rows.X, rows.Y, first_order=settings.checkpoint is not None)
    if settled.alpha == 0:  # the evidence finds its own
        return settings
    generator = deepcopy(generator)
    sample = some_rows(rows, generator)
    assert isinstance(sample.Y, np.ndarray)
    folds = np.array_split(in_turn(sample.Y, generator), FOLDS)
    losses = np.stack([losses_out_of_fold(settings, sample, folds, generator, fit, share) for share in TRIED])
    place = strongest_as_good(losses, sample.weights)
    if recipe.scale_inputs and recipe.scaling == AUTO and rows.X.shape[1] > 1:
        common = replace(settings, recipe=replace(recipe, scaling=COMMON))
        others = losses_out_of_fold(common, sample, folds, generator, fit, TRIED[place])
        settings = common if clearly_lower(others, losses[place], sample.weights) else settings
    return replace(settings, recipe=replace(settings.recipe, alpha=TRIED[place] / rows.n))


def losses_out_of_fold(
    settings: Settings,
    rows: TrainingRows,
    folds: Sequence[Any],
    generator: np.random.Generator,
    fit: Fit,
    share: float,
) -> Array:
    """The cross-entropy of every row (n,) by a network with this alpha n that did not see it; infinite: diverged."""
    n = rows.n - len(folds[0])
    trial = as_trial(replace(settings, recipe=replace(settings.recipe, alpha=share / n)), rows)
    logits = out_of_fold(trial, rows, [*folds], generator, fit)
    return np.full(rows.n, np.inf) if logits is None else CrossEntropy().of_rows(logits, np.asarray(rows.Y))


def strongest_as_good(losses: Array, weights: Array | None) -> int:
    """Which of the penalties, the weakest first, of rows' `losses` (penalties, n).

    The last whose mean is above the lowest by no more than the standard error of that difference, row by row.
    """
    means = mean_losses(losses, weights)
    if not np.isfinite(means).all():
        return int(np.argmin(means))
    lowest = int(np.argmin(means))
    above = [difference(each, losses[lowest], weights) for each in losses]
    return max(i for i, (mean, error) in enumerate(above) if mean <= error)


def clearly_lower(losses: Array, others: Array, weights: Array | None) -> bool:
    """Whether the mean of the rows' `losses` (n,) is below that of `others` by more than that difference's error."""
    if not (np.isfinite(losses).all() and np.isfinite(others).all()):
        return False
    mean, error = difference(losses, others, weights)
    return mean < -error


def difference(losses: Array, others: Array, weights: Array | None) -> tuple[float, float]:
    """By how much the mean of `losses` (n,) is above that of `others`, and the standard error of that, row by row."""
    w = np.ones(len(losses)) if weights is None else weights / weights.max()
    each = losses - others
    mean = float(np.average(each, weights=w))
    return mean, float(np.sqrt(((w * (each - mean)) ** 2).sum()) / w.sum())


def mean_losses(losses: Array, weights: Array | None) -> Array:
    """The weighted mean of every line of `losses` (penalties, n)."""
    return np.asarray(np.average(losses, axis=1, weights=weights))
