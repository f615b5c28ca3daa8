"""Lost trials: whose process was killed, marked as failed, and their settings tried again.

Every process writes into its trial who it is and, as training goes on, when it was last seen. One of the same machine
is lost when it runs no more; of another, when it was not seen for long.
"""

import os
import socket
from contextlib import suppress
from pathlib import Path
from time import time
from typing import Any

from fitnet.training.callbacks import TrainingState
from fitnet.tuning.optuna_package import optuna_for
from fitnet.tuning.study import of_states

OWNER, SEEN, AGAIN = "owner", "seen", "again"  # attributes of trials
SECONDS_BETWEEN_SIGNS = 60.0
LOST_AFTER = 900.0  # seconds; the clocks of machines may differ by minutes


class SignOfLife:
    """A callback of training that writes into the trial that its process is there, at most once a minute."""

    every = 1

    def __init__(self, trial: Any) -> None:
        self._trial = trial
        self._last = time()
        trial.set_user_attr(OWNER, owner())
        trial.set_user_attr(SEEN, self._last)

    def on_epoch_end(self, state: TrainingState) -> None:
        """Write it where it is due."""
        now = time()
        if now - self._last >= SECONDS_BETWEEN_SIGNS:
            self._last = now
            self._trial.set_user_attr(SEEN, now)


def owner() -> dict[str, Any]:
    """Who this process is: its number, and where that number means something."""
    return {"machine": machine(), "process": os.getpid()}


def machine() -> str:
    """This machine's name and, where there are several within it, that of the processes that see each other."""
    name = socket.gethostname()
    with suppress(OSError):
        name += " " + str(Path("/proc/self/ns/pid").readlink())
    return name


def is_lost(trial: Any) -> bool:
    """Whether nobody works on a running trial any more."""
    whose = trial.user_attrs.get(OWNER)
    if whose is not None and whose["machine"] == machine() and os.name == "posix":
        return not runs(whose["process"])
    began = 0.0 if trial.datetime_start is None else trial.datetime_start.timestamp()
    return bool(time() - trial.user_attrs.get(SEEN, began) > LOST_AFTER)


def runs(process: int) -> bool:
    """Whether a process of that number runs on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def find_lost(study: Any) -> None:
    """Mark lost trials of the study as failed, and put what they tried in line."""
    for trial in of_states(study, "RUNNING"):
        if is_lost(trial):
            try_again(study, trial)


def try_again(study: Any, trial: Any) -> None:
    """Mark a running trial as failed and put its settings in line; nothing where another process did."""
    optuna = optuna_for("fitnet tune")
    frozen = next(each for each in study.get_trials(deepcopy=False) if each.number == trial.number)
    try:
        study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
    except (ValueError, optuna.exceptions.UpdateFinishedTrialError):  # it is no longer running
        return
    study.enqueue_trial(frozen.params, user_attrs={AGAIN: trial.number})
