"""Recipes of what forecasts: lines and networks that suit so many windows, and how many of them an effort may take.

Shapes: n windows of p inputs and m targets.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitnet.algorithm.scaling import Scaling
from fitnet.blas import one_blas_thread
from fitnet.fitting.candidate import COMPONENTS_BY_EVIDENCE
from fitnet.fitting.candidates import MANY_COEFFICIENTS, baselines
from fitnet.fitting.principal_components import explained, number_explaining, standardised
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.solver_choice import FEW_TARGETS_WIDTHS, small_widths, work_of_an_iteration
from fitnet.fitting.training_rows import TrainingRows

WIDTHS = ((5,), (12, 12))  # where windows are few: of noisy series and of smooth ones
ITERATIONS = 200  # about; of these by evidence at most so many
MANY_TARGETS = 4  # beyond which their leading principal components are learned
EXPLAINED = 0.98  # of the targets' variance, by these


@dataclass(frozen=True)
class ForecastEffort:
    """What an effort may take, counted in networks and multiplications, never by the clock.

    Attributes
    ----------
    networks
        At most.
    trials
        Fits to the first part of the windows, half of it at first, that say how much each recipe counts.
    tried
        Networks of each recipe in each of them, at most, wide ones fewer for their work.
    work
        Multiplications of all networks together, about, beyond which they are fewer, down to one.
    """

    networks: int
    trials: int
    tried: int
    work: float


EFFORTS = {
    "fast": ForecastEffort(3, 1, 3, 5e9),
    "standard": ForecastEffort(10, 2, 5, 5e10),
    "thorough": ForecastEffort(30, 4, 10, 5e11),
}


@dataclass(frozen=True)
class MemberRecipe:
    """How to fit a member, and to at most so many principal components of its targets; None: to these directly."""

    recipe: Recipe
    components: int | None = None

    @property
    def is_line(self) -> bool:
        """Whether it comes out alike each time."""
        return self.recipe.hidden_layer_sizes == ()

    def work(self, n: int, p: int, m: int) -> float:
        """Multiplications of one member, about."""
        network = self.recipe.network(p, min(m, self.components or m))
        return 0.0 if self.is_line else float(ITERATIONS * work_of_an_iteration(network, n))

    def count(self, most: int, work: float, shape: tuple[int, int, int]) -> int:
        """How many members of n, p and m are fitted: one line, or as many networks as so much work allows, but one."""
        return 1 if self.is_line else max(1, int(min(most, work / self.work(*shape))))


def recipes(rows: TrainingRows) -> Sequence[MemberRecipe]:
    """What n windows can tell: lines, and a handful of tanh units, or of many windows what `Regressor` takes.

    Windows count, not targets: the steps of direct forecasts are much the same rows again and again.
    """
    (n, p), m = np.shape(rows.X), np.shape(rows.Y)[1]
    told = small_widths(p, 1, n)
    if told != FEW_TARGETS_WIDTHS:
        widths = min(told, small_widths(p, m, n), key=sum)  # the second of wide ones, as time allows
        return [*lines(p, m), MemberRecipe(Recipe(widths, "tanh", error_bars=False))]
    components = None if m <= MANY_TARGETS else number_of_components(rows)
    return [*lines(p, m), *(MemberRecipe(by_evidence(widths), components) for widths in WIDTHS)]


def number_of_components(rows: TrainingRows) -> int:
    """How many principal components explain nearly all of the targets' variance."""
    with one_blas_thread():  # the same bits for any number of threads
        found = standardised(rows, Scaling.from_statistics(rows.targets()))
        return number_explaining(EXPLAINED, explained(found, COMPONENTS_BY_EVIDENCE)[0])


def lines(p: int, m: int) -> list[MemberRecipe]:
    """Least squares with evidence, for noise, and without, for little of it; of many coefficients one by gradients."""
    found = [MemberRecipe(each.recipe) for each in baselines(p, m)]
    plain = Recipe((), solver="lm", max_epochs=20, error_bars=False)  # type: ignore[arg-type]
    return found if (p + 1) * m > MANY_COEFFICIENTS else [*found, MemberRecipe(plain)]


def by_evidence(widths: tuple[int, ...]) -> Recipe:
    """A tanh network by Levenberg-Marquardt with evidence, from one start: the mean has the others."""
    return Recipe(widths, "tanh", solver="lm-bayesian", max_epochs=ITERATIONS, error_bars=False)  # type: ignore[arg-type]
