"""Processes that share a study: as many trials as were asked for in all, one best model, and none lost to a kill."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from short_sweeps import sweep, trials_of

import fitnet

optuna = pytest.importorskip("optuna")
SCRIPT = Path(sys.executable).with_name("fitnet")
TRIALS = 6
KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from short_sweeps import settings_of, sweep

def settings(chosen):
    if len(mine.study.get_trials()) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return settings_of(chosen)

mine = sweep(sys.argv[2], settings)
mine.run(5)
"""


def test_two_commands_share_one_journal(tmp_path):
    rows = np.random.default_rng(0).uniform(-1, 1, (200, 3))
    text = "a,b,y\n" + "".join(f"{a:.6f},{b:.6f},{a * b + c / 50:.6f}\n" for a, b, c in rows)
    (tmp_path / "t.csv").write_text(text)
    command = [str(SCRIPT), "tune", "t.csv", "--target", "y", "--trials", str(TRIALS), "--storage", "s.journal"]
    command += ["--solver", "adam", "--epochs", "20", "--alone", "--threads", "1"]
    both = [
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(tmp_path / "s.journal")))
    study = optuna.load_study(study_name="fitnet", storage=storage)
    ended = [trial for trial in study.get_trials() if trial.state.name in ("COMPLETE", "PRUNED")]
    assert len(ended) == TRIALS
    assert len({trial.params["learning_rate"] for trial in ended}) == TRIALS
    kept = fitnet.load(tmp_path / "t.fitnet").provenance["command"]
    rate = study.best_trial.user_attrs["settings"]["learning_rate"]
    assert f"--learning-rate {rate}" in kept


@pytest.mark.skipif(os.name != "posix", reason="a process is known to be gone by its number on POSIX systems alone")
def test_a_trial_of_a_killed_process_is_tried_again(tmp_path):
    place = str(tmp_path / "s.journal")
    program = [sys.executable, "-c", KILLED, str(Path(__file__).parent), place]
    assert subprocess.run(program, timeout=60, check=False).returncode == -signal.SIGKILL
    after, whole = sweep(place), sweep()
    assert [trial.state.name for trial in after.study.get_trials()] == ["COMPLETE", "COMPLETE", "RUNNING"]
    assert after.run(5) == whole.run(5) == "finished"
    assert after.study.get_trials()[2].state.name == "FAIL"
    assert trials_of(after.study) == trials_of(whole.study)
