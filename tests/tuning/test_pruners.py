"""Pruners: a trial that does badly is given up, but not beside trials of another solver."""

import pytest

from fitnet.errors import ArgumentValueError
from fitnet.tuning.pruners import LEAST_FINISHED, LEAST_STEP, pruner_named

optuna = pytest.importorskip("optuna")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def given_up(pruner, solver):
    """Whether a trial with this solver and large losses is given up, after some of "lm" with small ones."""
    study = optuna.create_study(pruner=pruner_named(pruner))
    for _ in range(LEAST_FINISHED):
        trial = study.ask({"solver": optuna.distributions.CategoricalDistribution(["lm"])})
        for step in range(1, 10):
            trial.report(0.1, step)
        study.tell(trial, 0.1)
    trial = study.ask({"solver": optuna.distributions.CategoricalDistribution([solver])})
    answers = []
    for step in range(1, 10):
        trial.report(1.0, step)
        answers.append(trial.should_prune())
    assert not any(answers[: LEAST_STEP - 1])
    return any(answers)


@pytest.mark.filterwarnings("ignore:.*inconsistent")
@pytest.mark.parametrize(("pruner", "solver", "up"), [("median", "lm", True), ("none", "lm", False)])
def test_a_trial_is_compared_with_those_of_its_solver(pruner, solver, up):
    assert given_up(pruner, solver) == up


def test_a_trial_of_another_solver_goes_on():
    study = optuna.create_study(pruner=pruner_named("median"))
    for solver, loss in [("lm", 0.1)] * LEAST_FINISHED + [("adam", 1.0)]:
        study.enqueue_trial({"solver": solver})
        trial = study.ask()
        trial.suggest_categorical("solver", ["lm", "adam"])
        for step in range(1, 10):
            trial.report(loss, step)
            assert not trial.should_prune()
        study.tell(trial, loss)


def test_an_unknown_pruner_is_refused():
    with pytest.raises(ArgumentValueError, match=r"^`pruner` is 'hyperband'; it must be one of median, none\.$"):
        pruner_named("hyperband")
