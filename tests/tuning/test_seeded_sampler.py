"""The sampler of a sweep: the same seed gives the same trials, resumed or not, and a place of its own other ones."""

import pytest

from fitnet.errors import ArgumentValueError
from fitnet.tuning.seeded_sampler import SAMPLERS, STARTUP_TRIALS, SeededSampler

optuna = pytest.importorskip("optuna")
optuna.logging.set_verbosity(optuna.logging.ERROR)
FAIL = optuna.trial.TrialState.FAIL


def study(name="tpe", seed=0, storage=None):
    return optuna.create_study(
        sampler=SeededSampler(name, seed), storage=storage, study_name="one", load_if_exists=True
    )


def one(study):
    """A trial of two branches: its parameters."""
    trial = study.ask()
    x = trial.suggest_float("x", -1, 1)
    y = trial.suggest_int("y", 1, 9) if trial.suggest_categorical("c", ["a", "b"]) == "a" else 0
    study.tell(trial, x * x + y)
    return trial.params


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_same_seed_gives_the_same_trials(name):
    count = STARTUP_TRIALS + 5
    first, second, other = study(name), study(name), study(name, seed=1)
    drawn = [one(first) for _ in range(count)]
    assert drawn == [one(second) for _ in range(count)]
    assert drawn != [one(other) for _ in range(count)]
    assert len({trial["x"] for trial in drawn}) == count


def test_resumed_and_with_failures_the_trials_are_those_of_one_that_was_never_interrupted(tmp_path):
    whole = study()
    expected = [one(whole) for _ in range(STARTUP_TRIALS + 6)]
    storage = f"sqlite:///{tmp_path / 'one.db'}"
    found = []
    for part in (3, STARTUP_TRIALS, 3):
        begun = study(storage=storage)
        found += [one(begun) for _ in range(part)]
        begun.tell(begun.ask(), state=FAIL)
    assert found == expected


def test_processes_that_begin_together_draw_different_trials():
    storage = optuna.storages.InMemoryStorage()
    first, second = study(storage=storage), study(storage=storage)
    assert first.ask().suggest_float("x", -1, 1) != second.ask().suggest_float("x", -1, 1)


def test_an_unknown_sampler_is_refused():
    with pytest.raises(ArgumentValueError, match=r"^`sampler` is 'grid'; it must be one of tpe, random\.$"):
        SeededSampler("grid", 0)
