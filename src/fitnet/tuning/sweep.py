"""The sweep: trial after trial, by as many processes as share the study, until as many are there as were asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.training.progress import ProgressBar
from fitnet.tuning.lost_trials import SignOfLife, find_lost, try_again
from fitnet.tuning.optuna_package import optuna_for
from fitnet.tuning.pruning_callback import PruningCallback
from fitnet.tuning.seeded_sampler import place_of
from fitnet.tuning.space import Space
from fitnet.tuning.storage import refusals
from fitnet.tuning.study import best_of, of_states
from fitnet.tuning.trial import pace, tried

COUNTED = ("COMPLETE", "PRUNED", "RUNNING")
SETTINGS, EPOCHS, DIVERGED, TOO_MANY = "settings", "epochs", "diverged", "one_too_many"  # attributes of trials
Ended = Literal["finished", "interrupted"]


@dataclass(frozen=True)
class Sweep:
    """What trials are made of.

    Attributes
    ----------
    study
        Of Optuna.
    storage
        As the user named it, for sentences about it.
    space
        What is tried.
    settings_of
        From settings by name to those of a fit.
    rows
        To train on and watch.
    seed
        Of every training.
    """

    study: Any
    storage: str | None
    space: Space
    settings_of: Callable[[Mapping[str, Any]], Settings]
    rows: TrainingRows
    seed: int

    def run(self, trials: int) -> Ended:
        """Go on until the study has so many trials, or Ctrl-C; what is in it then stays.

        Those that other processes are at count; failed ones, whose settings are tried again, do not.
        """
        with refusals(self.storage), ProgressBar(trials, True, "trial") as progress:
            try:
                find_lost(self.study)
                while (done := len(of_states(self.study, *COUNTED))) < trials:
                    progress.show(done, self._status())
                    self._one(trials)
                    find_lost(self.study)
            except KeyboardInterrupt:
                return "interrupted"
        return "finished"

    def _one(self, trials: int) -> None:
        """Make a trial; what ends before its time, by Ctrl-C or an error, is marked as failed, to be tried again."""
        optuna = optuna_for("fitnet tune")
        trial = self.study.ask()
        try:
            if place_of(self.study, trial) >= trials:  # another process was first
                trial.set_user_attr(TOO_MANY, True)
                self._tell(trial, "FAIL")
            else:
                self._train(trial)
        except optuna.exceptions.UpdateFinishedTrialError:  # another process took it for lost
            return
        except BaseException:
            try_again(self.study, trial)
            raise

    def _train(self, trial: Any) -> None:
        optuna = optuna_for("fitnet tune")
        sign = SignOfLife(trial)
        chosen = self.space.settings(trial)
        trial.set_user_attr(SETTINGS, chosen)
        settings = self.settings_of(chosen)
        callbacks = PruningCallback(trial, pace(settings, self.rows)), sign
        try:
            outcome = tried(settings, self.rows, self.seed, callbacks)
        except optuna.TrialPruned:
            self._tell(trial, "PRUNED")
            return
        if outcome.interrupted:
            raise KeyboardInterrupt
        trial.set_user_attr(EPOCHS, outcome.epochs)
        if outcome.value == float("inf"):
            trial.set_user_attr(DIVERGED, True)
            self._tell(trial, "PRUNED")
        else:
            self._tell(trial, "COMPLETE", outcome.value)

    def _tell(self, trial: Any, state: str, value: float | None = None) -> None:
        """End a trial; nothing where another process took it for lost and marked it as failed."""
        optuna = optuna_for("fitnet tune")
        try:
            self.study.tell(trial.number, value, state=optuna.trial.TrialState[state])
        except (ValueError, optuna.exceptions.UpdateFinishedTrialError):
            frozen = next(each for each in self.study.get_trials(deepcopy=False) if each.number == trial.number)
            if not frozen.state.is_finished():
                raise

    def _status(self) -> str:
        best = best_of(self.study)
        return "" if best is None else f"best: trial {best.number}, {words(best.value)}"


def words(value: float) -> str:
    """A trial's value as it is shown."""
    return f"loss {value:.4g}"
