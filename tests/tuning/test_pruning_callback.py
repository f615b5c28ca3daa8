"""PruningCallback: an Optuna trial is told the validation loss, and a training ends where its pruner says so."""

import sys

import numpy as np
import pytest
from short_sweeps import X, Y

from fitnet import Network, PruningCallback, Regressor
from fitnet.errors import ArgumentTypeError, ArgumentValueError, MissingPackageError
from fitnet.training.callbacks import TrainingState
from fitnet.training.history import History

optuna = pytest.importorskip("optuna")
optuna.logging.set_verbosity(optuna.logging.ERROR)


class AfterTwo(optuna.pruners.BasePruner):
    """Gives every trial up at its second report."""

    def prune(self, study, trial):
        return trial.last_step == 2


def fitted(callback, **settings):
    given = {"hidden_layer_sizes": 3, "solver": "adam", "max_epochs": 6, "early_stopping": True, "random_state": 0}
    return Regressor(**given | settings, callbacks=callback).fit(X, Y[:, 0])


@pytest.mark.parametrize("every", [1, 2])
def test_every_report_is_the_validation_loss_of_its_epoch(every):
    trial = optuna.create_study().ask()
    losses = fitted(PruningCallback(trial, every)).history_.validation_loss
    reported = trial.study.trials[0].intermediate_values
    assert reported == dict(enumerate(losses[every - 1 :: every], start=1))


def test_a_trial_that_is_given_up_ends_pruned():
    epochs = []

    def objective(trial):
        fitted([lambda state: epochs.append(state.epoch), PruningCallback(trial)])
        raise AssertionError("training went on to its end")

    study = optuna.create_study(pruner=AfterTwo())
    study.optimize(objective, n_trials=1)
    assert (study.trials[0].state, epochs) == (optuna.trial.TrialState.PRUNED, [1, 2])


def test_a_training_that_begins_again_reports_no_step_twice():
    trial = optuna.create_study().ask()
    callback, network = PruningCallback(trial), Network.of_widths((1, 1))
    first, second = History(validation_loss=[3.0, 2.0]), History(validation_loss=[9.0, 8.0, 7.0])
    for history, epochs in ((first, 2), (second, 3)):
        for epoch in range(1, epochs + 1):
            part = history if epoch == epochs else None
            if part is None:
                whole, history.validation_loss = history.validation_loss, history.validation_loss[:epoch]
            callback.on_epoch_end(TrainingState(epoch, network, history, lambda: np.zeros(2)))
            if part is None:
                history.validation_loss = whole
    assert trial.study.trials[0].intermediate_values == {1: 3.0, 2: 2.0, 3: 7.0}


def test_without_watched_rows_it_is_refused():
    with pytest.raises(ArgumentValueError, match="no rows are watched; it needs early_stopping=True") as refused:
        fitted(PruningCallback(optuna.create_study().ask()), early_stopping=False)
    assert refused.value.argument == "callbacks"


@pytest.mark.parametrize(
    ("arguments", "error", "argument"),
    [((7,), ArgumentTypeError, "trial"), (("trial", 0), ArgumentValueError, "every")],
)
def test_wrong_arguments_are_refused(arguments, error, argument):
    given = [optuna.create_study().ask() if each == "trial" else each for each in arguments]
    with pytest.raises(error) as refused:
        PruningCallback(*given)
    assert refused.value.argument == argument


def test_without_optuna_a_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MissingPackageError, match=r"^PruningCallback needs .*: pip install 'fitnet\[optuna\]'\.$"):
        PruningCallback(object())
