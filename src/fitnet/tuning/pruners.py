"""Pruners: which trials are given up before their end, each compared with those of its own solver."""

from dataclasses import dataclass
from typing import Any

from fitnet.arguments import one_of
from fitnet.tuning.optuna_package import optuna_for

PRUNERS = ("median", "none")
LEAST_FINISHED, LEAST_STEP = 5, 4  # trials, and a trial's reports, before one is given up
SOLVER = "solver"  # the parameter by which trials are told apart


def pruner_named(name: str) -> Any:
    """Optuna's pruner of that name, for trials of several solvers."""
    pruners = optuna_for("fitnet tune").pruners
    if one_of("pruner", name, PRUNERS) == "none":
        return pruners.NopPruner()
    return OfOneSolver(pruners.MedianPruner(n_startup_trials=LEAST_FINISHED, n_warmup_steps=LEAST_STEP))


@dataclass(frozen=True)
class OfOneSolver:
    """A pruner that shows another one, `inner`, only trials with the same solver.

    Levenberg-Marquardt is near its end after a few iterations, Adam by its cosine schedule only at its end: compared
    with each other halfway, Adam would always be given up.
    """

    inner: Any

    def prune(self, study: Any, trial: Any) -> bool:
        """Whether the trial is to end."""
        return bool(self.inner.prune(TrialsOfOneSolver(study, trial.params.get(SOLVER)), trial))


@dataclass(frozen=True)
class TrialsOfOneSolver:
    """A study of which only the trials with one solver are seen."""

    study: Any
    solver: str | None

    @property
    def direction(self) -> Any:
        """As the study's."""
        return self.study.direction

    def get_trials(self, deepcopy: bool = True, states: Any = None) -> list[Any]:
        """As the study's, without trials of other solvers."""
        trials = self.study.get_trials(deepcopy=deepcopy, states=states)
        return [trial for trial in trials if trial.params.get(SOLVER) == self.solver]
