"""`PruningCallback`: tells an Optuna trial how a training does, and ends one that its pruner gives up."""

from typing import Any

from fitnet.arguments import instance_of, whole_number
from fitnet.errors import ArgumentValueError
from fitnet.training.callbacks import TrainingState
from fitnet.training.history import History
from fitnet.tuning.optuna_package import optuna_for


class PruningCallback:
    """Reports the validation loss to a trial of Optuna, and raises `optuna.TrialPruned` where its pruner says so.

    The k-th report is the trial's step k. Pruners compare trials at the same step: with `every` a twentieth of a
    training's epochs, trainings of unlike length are compared at the same share of theirs.

    Parameters
    ----------
    trial
        The `optuna.trial.Trial` that the training is of.
    every
        Epochs between reports.

    Raises
    ------
    MissingPackageError
        If Optuna is not installed.
    ArgumentValueError
        In training, if no rows are watched.
    """

    def __init__(self, trial: Any, every: int = 1) -> None:
        optuna_for("PruningCallback")
        instance_of("trial", trial, ("report", "should_prune"), "a trial of Optuna")
        self.trial = trial
        self.every = whole_number("every", every)
        self._history: History | None = None
        self._step = 0
        self._reported = 0

    def on_epoch_end(self, state: TrainingState) -> None:
        """Report the loss of this epoch; a training that begins again reports from where the one before had come."""
        losses = state.history.validation_loss
        if not losses:
            raise ArgumentValueError(
                "`callbacks` holds a PruningCallback and no rows are watched; it needs early_stopping=True or "
                "validation_data.",
                "callbacks",
            )
        if state.history is not self._history:
            self._history, self._step = state.history, 0
        self._step += 1
        if self._step <= self._reported:
            return
        self._reported = self._step
        self.trial.report(losses[-1], self._step)
        if self.trial.should_prune():
            raise optuna_for("PruningCallback").TrialPruned(f"Pruned after epoch {state.epoch}.")
