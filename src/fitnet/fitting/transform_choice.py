"""Which target transform "auto" takes: the logarithm where it describes held-out targets better, and costs no accuracy.

Shapes: targets and predictions (n, m), one column of them (n, 1), weights (n,) or None.
"""

import warnings
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np

from fitnet.algorithm.losses import AbsoluteError, Huber, Loss, Quantile, SquaredError
from fitnet.algorithm.target_transform import LogTransform
from fitnet.arguments import Array
from fitnet.errors import DivergenceError
from fitnet.fitting.recipe import Recipe, is_auto
from fitnet.fitting.scalings import target_scaling
from fitnet.fitting.settings import Settings
from fitnet.fitting.target_transforms import with_transforms
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.model import Model
from fitnet.rows import RowSource

MOST_ROWS = 1000  # that the trials see
BLOCKS = 50  # in which they are read from a file
FOLDS = 3
MOST_EPOCHS, MOST_STEPS = 100, 2000  # of a trial, whichever are more: enough to tell which error is a tenth smaller
LEAST_ROWS = 4 * FOLDS
SPAN = 10.0  # targets that span less than a decade have nearly straight logarithms: nothing is tried
GAIN = 0.1  # at least, in a held-out target's log-likelihood: what errors 10 % smaller are worth
# By how much, in its logarithm too, the size of the errors in the users' units may be larger: they are those of a few
# of the largest targets, and so vary from sample to sample by more than the gain does.
WORSE, WORSE_A_GAIN = 0.05, 0.1
ORDERS = {SquaredError: 2, AbsoluteError: 1, Huber: 1, Quantile: 1}  # a loss grows like so high a power of the error

Fit = Callable[[Settings, TrainingRows, np.random.Generator], Any]  # `fitting.fit`, which gives a Fitted


def with_chosen_transform(
    settings: Settings, rows: TrainingRows, generator: np.random.Generator, fit: Fit, start: Model | None = None
) -> Settings:
    """The same with a target transform, or None, where it is "auto"; one that goes on from `start` keeps what that has.

    For targets above 0 that span a decade or more, at most 1,000 rows are parted in three, and networks fitted to two
    parts predict the third, with the targets as they are and with their logarithms; each is trained for 100 epochs or
    2,000 steps at most. A target's logarithm is taken where both hold for these predictions: the log-likelihood of a
    target is higher by 0.1 or more, by a density as wide as the errors (Box and Cox 1964); and errors in the users'
    units, by the loss, are larger by at most 5 % and a tenth of that gain. It is None for losses with a link and for
    users' own.

    The `generator` stays as it is: with None chosen the fit is that of target_transform=None, bit for bit.
    """
    recipe = settings.recipe
    if not is_auto(recipe.target_transform):
        return settings
    if start is not None:
        return with_transform(settings, start.target_transform)
    positive = spans_decades(rows) & (type(recipe.loss) in ORDERS)
    transform = LogTransform().only_for(positive)
    if transform is None or rows.n < LEAST_ROWS:
        return with_transform(settings, None)
    generator = deepcopy(generator)
    sample = some_rows(rows, generator)
    better = sample.n >= LEAST_ROWS and spans_decades(sample).any()
    plain = logs = None
    if better:
        folds = np.array_split(generator.permutation(sample.n), FOLDS)
        trial = as_trial(settings, sample)
        plain = out_of_fold(with_transform(trial, None), sample, folds, generator, fit)
        logs = out_of_fold(with_transform(trial, transform), sample, folds, generator, fit)
    if logs is None:
        return with_transform(settings, None)
    if plain is None:
        return with_transform(settings, transform)
    columns = [j for j in np.flatnonzero(positive) if is_better(recipe, sample, plain, logs, int(j))]
    return with_transform(settings, transform.only_for(np.isin(np.arange(len(positive)), columns)))


def with_transform(settings: Settings, transform: LogTransform | None) -> Settings:
    """The same with this target transform."""
    return replace(settings, recipe=replace(settings.recipe, target_transform=transform))


def as_trial(settings: Settings, rows: TrainingRows) -> Settings:
    """The same, settled for these rows, for short fits of which nothing is kept or seen."""
    recipe = settings.recipe.settled(rows.X, rows.Y, first_order=settings.checkpoint is not None)
    batch = recipe.rows_a_step(rows.n)
    most = MOST_EPOCHS if batch is None else max(MOST_EPOCHS, -(-MOST_STEPS * batch // rows.n))
    recipe = replace(recipe, error_bars=False, max_epochs=min(int(recipe.max_epochs), most))
    return replace(settings, recipe=recipe, verbose=False, callbacks=(), checkpoint=None)


def spans_decades(rows: TrainingRows) -> Array:
    """(m,) bool: whether all of a target's entries are above 0, and the highest is 10 times the lowest or more."""
    statistics = rows.targets()
    with np.errstate(over="ignore"):
        return np.asarray((statistics.lowest > 0) & (statistics.highest >= SPAN * statistics.lowest))


def some_rows(rows: TrainingRows, generator: np.random.Generator) -> TrainingRows:
    """At most `MOST_ROWS` of them, in memory: drawn by the generator, or from a file in blocks at even distances."""
    if rows.in_memory:
        return rows if rows.n <= MOST_ROWS else rows.part(np.sort(generator.permutation(rows.n)[:MOST_ROWS]))
    size = MOST_ROWS // BLOCKS
    starts = np.unique(np.linspace(0, max(0, rows.n - size), BLOCKS).astype(int)).tolist()
    parts: list[Any] = [
        np.concatenate(
            [
                each.read(at, min(at + size, rows.n)) if isinstance(each, RowSource) else each[at : at + size]
                for at in starts
            ]
        )
        for each in (rows.X, rows.Y)
    ]
    return TrainingRows(parts[0], parts[1], imputation=rows.imputation)


def out_of_fold(
    settings: Settings, rows: TrainingRows, folds: list[Array], generator: np.random.Generator, fit: Fit
) -> Array | None:
    """Predictions (n, m) for every row by a network that did not see its fold; None where one could not be trained."""
    assert isinstance(rows.X, np.ndarray)
    found = np.empty(rows.Y.shape)
    for fold in folds:
        others = np.setdiff1d(np.arange(rows.n), fold)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about trainings that nobody asked for
                fitted = fit(settings, rows.part(others), deepcopy(generator))
        except DivergenceError:
            return None
        if fitted.result.stopped == "interrupted":
            raise KeyboardInterrupt
        found[fold] = fitted.model.predict(rows.X[fold])
    return found if np.isfinite(found).all() else None


def is_better(recipe: Recipe, rows: TrainingRows, plain: Array, logs: Array, j: int) -> bool:
    """Whether target j is better learned as its logarithm, as `with_chosen_transform` says, by these predictions."""
    weights, order = rows.relative[0], ORDERS[type(recipe.loss)]
    transform = LogTransform()
    own = TrainingRows(rows.X, np.asarray(rows.Y)[:, j : j + 1].astype(float), rows.weights)
    of_logs = with_transforms(own, transform)
    y, t = np.asarray(own.Y), np.asarray(of_logs.Y)
    as_it_is, by_logs = (each[:, j : j + 1] for each in (plain, logs))
    scale, scale_of_logs = (spread(recipe, each) for each in (own, of_logs))

    def size(prediction: Array, target: Array, unit: float) -> float:
        return float(unit * loss_of(recipe.loss, prediction / unit, target / unit, weights) ** (1 / order))

    before, after = size(as_it_is, y, scale), size(by_logs, y, scale)
    in_logs = size(transform.forward(by_logs), t, scale_of_logs)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.log(before) - np.log(in_logs) - float(np.average(t[:, 0], weights=weights))
        loses = np.log(after) - np.log(before)
    return bool(gain >= GAIN and loses <= WORSE + WORSE_A_GAIN * gain)


def spread(recipe: Recipe, rows: TrainingRows) -> float:
    """The scale of the one target of these rows, in which the loss counts."""
    scaling = target_scaling(recipe, rows)
    return 1.0 if scaling is None else float(scaling.scale[0])


def loss_of(loss: Loss, prediction: Array, target: Array, weights: Array | None) -> float:
    """The loss, infinite where float64 cannot hold it."""
    with np.errstate(over="ignore"):
        return float(loss.value(prediction, target, weights))
