"""Lost trials: those of processes that are gone are marked as failed once, and their settings tried again."""

import subprocess
import sys
from time import time

import numpy as np
import pytest

from fitnet import Network
from fitnet.training.callbacks import TrainingState
from fitnet.training.history import History
from fitnet.tuning import lost_trials
from fitnet.tuning.lost_trials import LOST_AFTER, SECONDS_BETWEEN_SIGNS, SignOfLife, find_lost, try_again

optuna = pytest.importorskip("optuna")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def running(**attributes):
    """A study with one trial that runs, and what is known of it."""
    study = optuna.create_study()
    trial = study.ask()
    trial.suggest_float("x", 0, 1)
    for name, value in attributes.items():
        trial.set_user_attr(name, value)
    return study


def states(study):
    return [trial.state.name for trial in study.get_trials()]


def ended_process():
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


HERE, ELSEWHERE = lost_trials.machine(), "another machine"


@pytest.mark.parametrize(
    ("machine", "process", "silent", "lost"),
    [
        (HERE, "ended", 0, True),
        (HERE, "this", 10 * LOST_AFTER, False),
        (ELSEWHERE, "ended", 0, False),
        (ELSEWHERE, "this", LOST_AFTER - 60, False),
        (ELSEWHERE, "this", LOST_AFTER + 60, True),
    ],
)
def test_a_trial_is_lost_when_nobody_works_on_it(machine, process, silent, lost):
    number = ended_process() if process == "ended" else lost_trials.owner()["process"]
    study = running(owner={"machine": machine, "process": number}, seen=time() - silent)
    find_lost(study)
    assert states(study) == (["FAIL", "WAITING"] if lost else ["RUNNING"])


def test_a_trial_that_nobody_has_signed_yet_is_not_lost():
    study = running()
    find_lost(study)
    assert states(study) == ["RUNNING"]


def test_lost_settings_are_tried_again_once():
    study = running()
    (lost,) = study.get_trials()
    try_again(study, lost)
    try_again(study, lost)
    assert states(study) == ["FAIL", "WAITING"]
    again = study.ask()
    assert again.suggest_float("x", 0, 1) == lost.params["x"]
    assert again.user_attrs["again"] == lost.number


def test_signs_of_life_are_written_once_a_minute(monkeypatch):
    study = optuna.create_study()
    clock = [1000.0]
    monkeypatch.setattr(lost_trials, "time", lambda: clock[0])
    sign = SignOfLife(study.ask())
    seen = []
    for passed in (1.0, SECONDS_BETWEEN_SIGNS, 1.0):
        clock[0] += passed
        sign.on_epoch_end(TrainingState(1, Network.of_widths((1, 1)), History(), lambda: np.zeros(2)))
        seen.append(study.get_trials()[0].user_attrs["seen"])
    assert seen == [1000.0, 1061.0, 1061.0]
