"""The sweep: what a trial's value is, how many trials are made, and what becomes of those that do not end."""

import math

import numpy as np
import pytest
from short_sweeps import EPOCHS, X, Y, settings_of, short_space, sweep, trials_of

from fitnet import Adam, Momentum, Regressor
from fitnet.errors import ArgumentValueError
from fitnet.estimators.random_state import random_generator
from fitnet.fitting.settings import Settings
from fitnet.fitting.splits import split
from fitnet.fitting.training_rows import TrainingRows
from fitnet.tuning import sweep as module
from fitnet.tuning.outcome import importances, made, outcome_of
from fitnet.tuning.study import best_of
from fitnet.tuning.trial import tried

optuna = pytest.importorskip("optuna")
SHAPE = {"hidden_layer_sizes": (4,), "solver": "adam"}


def test_with_early_stopping_the_value_is_the_lowest_that_an_estimator_sees():
    value = tried(settings_of(SHAPE | {"early_stopping": True}), TrainingRows(X, Y), 3, ()).value
    regressor = Regressor(**SHAPE, early_stopping=True, max_epochs=EPOCHS, random_state=3).fit(X, Y)
    assert value == min(regressor.history_.validation_loss)


def test_without_it_the_value_is_the_last_loss_on_the_same_rows():
    restless = {"hidden_layer_sizes": (4,), "solver": Adam(0.3), "max_epochs": 20}
    found = tried(Settings.of(**restless), TrainingRows(X, Y), 3, ())
    generator = random_generator(3)
    kept, watched = split(len(X), 0.1, generator)
    regressor = Regressor(**restless, random_state=generator)
    regressor.fit(X[kept], Y[kept], validation_data=(X[watched], Y[watched]))
    losses = regressor.history_.validation_loss
    assert min(losses) < losses[-1] == found.value
    assert found.epochs == 20


def test_a_training_that_diverges_has_an_infinite_value():
    rows = TrainingRows(X, np.where(np.arange(60)[:, np.newaxis] == 0, 1e30, Y))
    wild = Settings.of(hidden_layer_sizes=(50, 50), solver=Momentum(1.0), max_epochs=50, scale_targets=False)
    assert tried(wild, rows, 0, ()).value == math.inf


@pytest.mark.parametrize("storage", [None, "one.journal", "one.db"])
def test_as_many_trials_as_were_asked_for_and_the_same_again(tmp_path, storage):
    place = None if storage is None else str(tmp_path / storage)
    first, whole = sweep(place), sweep()
    assert first.run(2) == "finished"
    if storage is not None:
        first = sweep(place)
    assert first.run(4) == whole.run(4) == "finished"
    assert trials_of(first.study) == trials_of(whole.study)
    assert len(trials_of(whole.study)) == 4
    assert first.run(3) == "finished"
    assert len(trials_of(first.study)) == 4


def test_ctrl_c_leaves_its_settings_to_be_tried_again(monkeypatch):
    interrupted, whole = sweep(), sweep()
    inner = module.tried
    with monkeypatch.context() as patch:

        def press(settings, *others):
            if len(interrupted.study.get_trials()) == 3:
                raise KeyboardInterrupt
            return inner(settings, *others)

        patch.setattr(module, "tried", press)
        assert interrupted.run(4) == "interrupted"
    assert [trial.state.name for trial in interrupted.study.get_trials()] == [*["COMPLETE"] * 2, "FAIL", "WAITING"]
    assert interrupted.run(4) == whole.run(4) == "finished"
    assert trials_of(interrupted.study) == trials_of(whole.study)
    assert outcome_of(interrupted.study)["trials"] == {"complete": 4, "pruned": 0, "diverged": 0, "failed": 1}


def test_a_trial_too_many_is_given_back(monkeypatch):
    shared = sweep()
    inner = module.of_states
    shared.run(3)
    monkeypatch.setattr(module, "of_states", lambda study, *names: inner(study, *names)[:2])

    def stop(study):
        if len(study.get_trials()) > 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(module, "find_lost", stop)
    shared.run(3)
    assert [trial.state.name for trial in shared.study.get_trials()] == [*["COMPLETE"] * 3, "FAIL"]
    assert outcome_of(shared.study)["trials"]["failed"] == 0


def test_settings_that_cannot_be_used_end_the_sweep():
    wrong = sweep(space=short_space(batch_size=0))
    with pytest.raises(ArgumentValueError) as refused:
        wrong.run(2)
    assert refused.value.argument == "batch_size"
    assert not [trial for trial in wrong.study.get_trials() if trial.state.name == "RUNNING"]


def test_what_another_process_took_for_lost_goes_on(monkeypatch):
    slow = sweep()
    inner = module.tried

    def taken(settings, rows, seed, callbacks):
        if len(slow.study.get_trials()) == 1:
            slow.study.tell(0, state=optuna.trial.TrialState.FAIL)
        return inner(settings, rows, seed, callbacks)

    monkeypatch.setattr(module, "tried", taken)
    assert slow.run(2) == "finished"
    assert [trial.state.name for trial in slow.study.get_trials()] == ["FAIL", "COMPLETE", "COMPLETE"]


def test_the_outcome_tells_the_best_and_what_matters():
    many = sweep(space=short_space(batch_size=32, alpha=0.0, early_stopping=False, learning_rate=0.005))
    many.run(9)
    facts, trials = outcome_of(many.study), made(many.study)
    losses = [trial["loss"] for trial in trials]
    assert facts["best"]["loss"] == min(losses) == best_of(many.study).value
    assert facts["best"]["settings"] == trials[facts["best"]["trial"]]["settings"]
    assert facts["importance"] is None or sum(facts["importance"].values()) == pytest.approx(1)


def test_importance_finds_the_parameter_that_matters():
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(lambda trial: trial.suggest_float("x", -1, 1) ** 2 + 0 * trial.suggest_float("y", -1, 1), 60)
    shares = importances(study)
    assert shares["x"] > 0.8
    assert list(shares) == ["x", "y"]
