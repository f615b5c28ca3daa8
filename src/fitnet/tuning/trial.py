"""One trial: a training of which the loss on rows that all trials watch is judged."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fitnet.errors import DivergenceError
from fitnet.estimators.random_state import random_generator
from fitnet.fitting.fitting import fit, parted
from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.training.callbacks import Callback

REPORTS = 20  # to the pruner in a whole training
ENDLESS = 2**31  # epochs to wait for a better one


@dataclass(frozen=True)
class Tried:
    """What came of a trial.

    Attributes
    ----------
    value
        The loss on the watched rows, infinite where training diverged: the lowest with early stopping, else the last.
    epochs
        Those that were trained.
    interrupted
        Whether Ctrl-C ended it.
    """

    value: float
    epochs: int
    interrupted: bool


def pace(settings: Settings, rows: TrainingRows) -> int:
    """Epochs between two reports."""
    epochs = settings.settled(rows.X, rows.Y).recipe.max_epochs
    return math.ceil(int(epochs) / REPORTS)


def tried(settings: Settings, rows: TrainingRows, seed: int, callbacks: Sequence[Callback]) -> Tried:
    """Train with the `settings` as `fitnet fit` with this seed does, but watch a tenth of the rows in any case.

    With early stopping it is the very training of `fitnet fit`. Without, training goes to its end on nine tenths of the
    rows, and the others judge the last parameters. These are the same rows with any settings.
    """
    recipe = replace(settings.recipe, error_bars=False)
    generator, watched = random_generator(seed), None
    if not recipe.early_stopping:
        kept, left_out = parted(recipe, rows, generator)
        rows, watched = rows.part(kept), rows.part(left_out)
        recipe = replace(recipe, patience=ENDLESS)
    keep = "best" if watched is None else "last"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of one trial among many: the fit that is kept warns
        try:
            settings = replace(settings, recipe=recipe, verbose=False, callbacks=tuple(callbacks))
            result = fit(settings, rows, generator, watched, keep=keep).result
        except DivergenceError:
            return Tried(math.inf, 0, False)
    losses = result.history.validation_loss
    value = losses[result.best_epoch - 1] if losses else math.inf
    return Tried(value if math.isfinite(value) else math.inf, result.history.epochs, result.stopped == "interrupted")
