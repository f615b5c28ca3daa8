"""Pictures of a sweep: what there is to show, as whole files, from the study's own numbers."""

import pytest

from fitnet.tuning.pictures import history, save_pictures, settings

optuna = pytest.importorskip("optuna")
optuna.logging.set_verbosity(optuna.logging.ERROR)
PNG = b"\x89PNG\r\n"


def a_study(trials):
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))

    def objective(trial):
        loss = trial.suggest_float("rate", 1e-4, 1, log=True) + trial.suggest_categorical("stop", [0, 1])
        trial.report(loss, 1)
        if trial.number == 3:
            raise optuna.TrialPruned
        return loss

    study.optimize(objective, trials)
    return study


def test_three_pictures_are_written(tmp_path):
    written = save_pictures(a_study(12), tmp_path)
    assert [path.name for path in written] == ["history.png", "importance.png", "settings.png"]
    assert all(path.read_bytes().startswith(PNG) for path in written)
    assert len(list(tmp_path.iterdir())) == 3


def test_what_cannot_be_shown_is_left_out(tmp_path):
    assert save_pictures(a_study(0), tmp_path) == []
    assert [path.name for path in save_pictures(a_study(2), tmp_path)] == ["history.png", "settings.png"]


def test_the_lines_are_the_studys_numbers():
    study = a_study(12)
    complete, pruned, lowest = history(study).axes[0].lines
    losses = [trial.value for trial in study.get_trials() if trial.state.name == "COMPLETE"]
    assert complete.get_ydata().tolist() == losses
    assert list(pruned.get_xdata()) == [3]
    assert list(lowest.get_ydata())[-1] == study.best_value
    (rate, *_) = settings(study).axes
    assert rate.lines[1].get_xdata()[0] == study.best_params["rate"]
