"""The mean of several networks and straight lines: what `Forecaster` fits to windows unless told otherwise.

Networks that differ in their first parameters err in different ways, and their mean errs less than each. A line is
least squares, with and without evidence. How much each counts is found by fits to the first part of the windows and
forecasts of what came next, so that a series that a line forecasts best is left to the line.

Shapes: n windows, X (n, p), Y (n, m); R recipes.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator

from fitnet.arguments import Array, one_of
from fitnet.engine.threads import thread_count
from fitnet.estimators.random_state import random_generator
from fitnet.estimators.regressor import Regressor
from fitnet.fitting.provenance import provenance
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.ensemble import Ensemble
from fitnet.series.member_recipes import EFFORTS, ForecastEffort, MemberRecipe, recipes
from fitnet.series.recipe_shares import Windows, fitted, shares_of

SHARE_DIGITS = 12  # of a share that is a sum of weights


class MeanOfNetworks(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type information
    """Networks and a line whose weighted mean forecasts; nothing is to be told.

    The same windows, effort and `random_state` give the same ensemble, bit for bit, for any number of threads.

    Parameters
    ----------
    effort
        "fast", "standard" or "thorough": how many networks, and how many trials of how much they count.
    random_state
        As for `Regressor`.
    n_threads
        Networks that are fitted at once; None takes FITNET_NUM_THREADS, or else the cores this process may use.

    Attributes
    ----------
    model_
        The `Ensemble`.
    shares_
        (R,): how much each recipe counts: lines first, then networks, those of few units before those of more.
    """

    model_: Ensemble
    shares_: Array

    def __init__(self, effort: str = "standard", random_state: Any = None, n_threads: int | None = None) -> None:
        self.effort = effort
        self.random_state = random_state
        self.n_threads = n_threads

    def fit(self, windows: Windows, names: tuple[Sequence[str], Sequence[str]]) -> Self:
        """Learn from windows; the ensemble knows the `names` of inputs and targets.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            For parameters that cannot be used.
        """
        effort = EFFORTS[one_of("effort", self.effort, EFFORTS)]
        threads, generator = thread_count(self.n_threads), random_generator(self.random_state)
        tried, drawn = generator.spawn(2)
        rows = TrainingRows(windows.X, windows.Y)
        found = recipes(rows)
        self.shares_ = shares_of(found, windows, effort, tried, threads)
        jobs, weights = members(found, self.shares_, windows, effort)
        self.model_ = Ensemble(
            [
                replace(model, input_names=tuple(names[0]), output_names=tuple(names[1]))
                for model in fitted(jobs, drawn, threads)
            ],
            weights,
            provenance=provenance(rows, self.random_state, self.get_params() | {"engine": "auto"}, None),
        )
        return self

    @property
    def networks_share_(self) -> float:
        """How much the networks count together, from 0, lines alone, to 1."""
        bent = [len(shape) > 1 for shape in self.model_.architectures]
        return float(np.round(np.sum(np.asarray(self.model_.weights)[bent]), SHARE_DIGITS))

    def predict(self, X: Any) -> Array:
        """(n, m): the forecasts of windows X (n, p)."""
        return np.asarray(self.model_.predict(X), np.float64)

    def single(self) -> Regressor:
        """The one network that is fitted in its place to windows too many for memory."""
        return Regressor(activation="tanh", error_bars=False, random_state=self.random_state, n_threads=self.n_threads)


def members(
    found: Sequence[MemberRecipe], shares: Array, windows: Windows, effort: ForecastEffort
) -> tuple[list[tuple[MemberRecipe, Windows]], list[float]]:
    """The recipe of every member, fitted to all windows, and its weight; networks are dealt out by the shares."""
    jobs: list[tuple[MemberRecipe, Windows]] = []
    weights: list[float] = []
    of_networks = sum(share for each, share in zip(found, shares.tolist(), strict=True) if not each.is_line)
    for each, share in zip(found, shares.tolist(), strict=True):
        if share:
            part = 1.0 if each.is_line else share / of_networks
            count = each.count(round(part * effort.networks), part * effort.work, windows.shape)
            jobs += [(each, windows)] * count
            weights += [share / count] * count
    return jobs, weights
