"""What the tests of sweeps share: 60 rows of a smooth function, and a sweep of trainings of a few epochs."""

import numpy as np

from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.tuning.space import Space, space_for
from fitnet.tuning.study import Plan
from fitnet.tuning.sweep import Sweep

X = np.random.default_rng(0).uniform(-1, 1, (60, 2))
Y = np.sin(2 * X[:, :1]) * X[:, 1:]
EPOCHS = 5
MARK = {"table_sha256": "0" * 64, "sampler": "tpe", "pruner": "none", "seed": 0}


def settings_of(chosen):
    """The settings of a trial, for a few epochs."""
    given = {name: value for name, value in chosen.items() if name != "learning_rate"}
    return Settings.of(**given, max_epochs=EPOCHS)


def short_space(**fixed) -> Space:
    """The space of first-order solvers for these rows, some of it fixed."""
    return space_for(60, 2, 1, {"hidden_layer_sizes": (4,)} | fixed, first_order=True)


def sweep(storage=None, settings=settings_of, name="fitnet", space=None, **mark) -> Sweep:
    """A sweep whose trials take milliseconds."""
    study = Plan(name, MARK | mark).found(storage)
    return Sweep(study, storage, space or short_space(), settings, TrainingRows(X, Y), 0)


def trials_of(study):
    """What tells trials apart: settings, how they ended, and what they reported, of those that count."""
    counted = [trial for trial in study.get_trials() if trial.state.name in ("COMPLETE", "PRUNED")]
    return [(trial.params, trial.state, trial.value, trial.intermediate_values) for trial in counted]
