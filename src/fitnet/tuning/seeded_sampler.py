"""A sampler that draws for each trial from a seed of its own: resuming changes nothing, and no two draw alike."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from fitnet.arguments import one_of
from fitnet.tuning.optuna_package import optuna_for

SAMPLERS = ("tpe", "random")
STARTUP_TRIALS = 10  # drawn at random before TPE has something to learn from


class SeededSampler:
    """Optuna's sampler of that name, made anew for each trial.

    The seed is drawn from the study's and the trial's place among those that count: failed ones, whose settings are
    tried again, do not. So a study that was interrupted and resumed has the trials of one that was not, and processes
    that share a study do not draw the same first trials.
    """

    def __init__(self, name: str, seed: int) -> None:
        self._make = maker(one_of("sampler", name, SAMPLERS))
        self._seed = seed
        self._sampler = self._make(seed)

    def before_trial(self, study: Any, trial: Any) -> None:
        """Begin to draw for this trial."""
        words = np.random.SeedSequence([self._seed, place_of(study, trial)]).generate_state(1)
        self._sampler = self._make(int(words[0]))
        self._sampler.before_trial(study, trial)

    def infer_relative_search_space(self, study: Any, trial: Any) -> Any:
        """As Optuna asks for it; so are the following."""
        return self._sampler.infer_relative_search_space(study, trial)

    def sample_relative(self, study: Any, trial: Any, search_space: Any) -> Any:
        return self._sampler.sample_relative(study, trial, search_space)

    def sample_independent(self, study: Any, trial: Any, name: str, distribution: Any) -> Any:
        return self._sampler.sample_independent(study, trial, name, distribution)

    def after_trial(self, study: Any, trial: Any, state: Any, values: Any) -> None:
        self._sampler.after_trial(study, trial, state, values)

    def reseed_rng(self) -> None:
        """Nothing is kept from trial to trial."""


def maker(name: str) -> Callable[[int], Any]:
    """What makes the sampler of that name from a seed."""
    samplers = optuna_for("fitnet tune").samplers

    def make(seed: int) -> Any:
        if name == "random":
            return samplers.RandomSampler(seed=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it calls `group` experimental
            return samplers.TPESampler(
                n_startup_trials=STARTUP_TRIALS, multivariate=True, group=True, constant_liar=True, seed=seed
            )

    return make


def place_of(study: Any, trial: Any) -> int:
    """How many trials before this one count: all but those that failed."""
    failed = optuna_for("fitnet tune").trial.TrialState.FAIL
    others = study.get_trials(deepcopy=False)
    return sum(other.number < trial.number and other.state != failed for other in others)
