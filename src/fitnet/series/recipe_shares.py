"""Shares: how much lines and networks count in a mean, by fits to the first part of windows and what came next.

Shapes: n windows, X (n, p), Y (n, m), places (n,); R recipes; residuals (R, N) of N targets.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from fitnet.arguments import Array
from fitnet.blas import one_blas_thread
from fitnet.fitting.principal_components import fit
from fitnet.fitting.settings import Settings
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.model import Model
from fitnet.series.member_recipes import ForecastEffort, MemberRecipe

LEAST_WINDOWS = 10  # to fit to in a trial, and to be judged by
LEAST_SHARE = 0.03  # of a recipe; less is not worth its members
FAR_BEHIND = 2.0  # times the best one's mean square
WORTH_IT = 0.95  # of the mean square, for networks, or a recipe more: by chance either may be ahead
TRIED_SHARE = 0.1  # of an effort's work, that the networks of one recipe may take in a trial


@dataclass(frozen=True, eq=False)
class Windows:
    """What is learned from.

    Attributes
    ----------
    places
        The windows' first forecast rows, counted from where their series begins.
    horizon
        Rows that each forecasts: so many windows before a later one know some of what it forecasts.
    """

    X: Array
    Y: Array
    places: Array
    horizon: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """n, p and m."""
        return *self.X.shape, self.Y.shape[1]

    def part(self, seen: Array) -> "Windows":
        """Those windows."""
        return Windows(self.X[seen], self.Y[seen], self.places[seen], self.horizon)

    def trials(self, count: int) -> list[tuple["Windows", "Windows"]]:
        """Pairs: windows to fit to, and later ones to judge by, from half of all on; none where these are few."""
        ends = np.quantile(self.places, np.linspace(0.5, 1, count + 1), method="lower")
        pairs = [
            (
                np.flatnonzero(self.places <= end - self.horizon),
                np.flatnonzero((end < self.places) & (self.places <= to)),
            )
            for end, to in pairwise(ends)
        ]
        return [
            (self.part(seen), self.part(later)) for seen, later in pairs if min(len(seen), len(later)) >= LEAST_WINDOWS
        ]


def shares_of(
    found: Sequence[MemberRecipe],
    windows: Windows,
    effort: ForecastEffort,
    generator: np.random.Generator,
    threads: int,
) -> Array:
    """(R,): what each recipe counts, so that together they come nearest to later windows of the trials.

    Networks that fell far behind in the first are not tried again. Where windows are too few for any trial, lines share
    alike.
    """
    lines = np.array([each.is_line for each in found])
    racing, residuals = np.arange(len(found)), np.empty((len(found), 0))
    for seen, later in windows.trials(effort.trials):
        tried = [found[number] for number in racing.tolist()]
        errors = trial_errors(tried, seen, later, effort, generator, threads)
        residuals = np.concatenate([residuals, errors], axis=1)
        squares = np.sum(residuals**2, axis=1)
        ahead = lines[racing] | (squares <= FAR_BEHIND * squares.min())
        racing, residuals = racing[ahead], residuals[ahead]
    shares = np.zeros(len(found))
    shares[racing] = nearest_mean(residuals, lines[racing])
    return shares


def trial_errors(
    tried: Sequence[MemberRecipe],
    seen: Windows,
    later: Windows,
    effort: ForecastEffort,
    generator: np.random.Generator,
    threads: int,
) -> Array:
    """(R, targets of the later windows): how far those fitted to windows seen are off, in units of the spread."""
    counts = [each.count(effort.tried, TRIED_SHARE * effort.work, seen.shape) for each in tried]
    jobs = [(each, seen) for each, count in zip(tried, counts, strict=True) for _ in range(count)]
    forecasts = [model.predict(later.X) for model in fitted(jobs, generator, threads)]
    scale = later.Y.std(axis=0)
    scale[scale == 0] = 1
    ends = np.cumsum(counts)
    means = [np.mean(forecasts[end - count : end], axis=0) for end, count in zip(ends, counts, strict=True)]
    return np.stack([((mean - later.Y) / scale).ravel() for mean in means])


def nearest_mean(residuals: Array, lines: Array) -> Array:
    """(R,): weights from 0 on, of sum 1, whose mean of residuals (R, N) has a small square; small ones are 0.

    Networks have some only where the square is clearly less than that of the `lines` (R,) alone, and so has a recipe
    more. Without residuals the lines share alike.
    """
    if residuals.shape[1] == 0:
        return np.asarray(lines / np.sum(lines))
    best = np.zeros(len(lines))
    best[lines], least = clearly_least(residuals[lines])
    weights, square = clearly_least(residuals)
    if square <= WORTH_IT * least:
        best = weights
    best = np.where(best < LEAST_SHARE, 0, best)
    return np.asarray(best / best.sum())


def clearly_least(residuals: Array) -> tuple[Array, float]:
    """As `least_square`, of few recipes where more are hardly better."""
    best, least = least_square(residuals, 1)
    for most in range(2, len(residuals) + 1):
        weights, square = least_square(residuals, most)
        if square <= WORTH_IT ** (most - np.count_nonzero(best)) * least:
            best, least = weights, square
    return best, least


def least_square(residuals: Array, most: int) -> tuple[Array, float]:
    """The weights (R,), at most so many above 0, whose mean of residuals (R, N) has the least square, and that.

    With G = residuals residuals^T those of the recipes in use are G^-1 1 / (1^T G^-1 1) (Bates and Granger 1969, "The
    combination of forecasts", Operational Research Quarterly 20, 451-468); of all subsets the best without a weight
    below 0 is taken.
    """
    count = len(residuals)
    squares = residuals @ residuals.T
    best, least = np.eye(count)[0], float(squares[0, 0])
    for chosen in (list(each) for size in range(1, most + 1) for each in combinations(range(count), size)):
        ones = np.ones(len(chosen))
        inverse = np.linalg.lstsq(squares[np.ix_(chosen, chosen)], ones, rcond=None)[0] if len(chosen) > 1 else ones
        if inverse.min() < 0 or inverse.sum() == 0:
            continue
        weights = np.zeros(count)
        weights[chosen] = inverse / inverse.sum()
        square = float(weights @ squares @ weights)
        if square < least:
            best, least = weights, square
    return best, least


def fitted(jobs: Sequence[tuple[MemberRecipe, Windows]], generator: np.random.Generator, threads: int) -> list[Model]:
    """A model for every job, `threads` at a time; each has a generator of its own, so that their order is no matter."""
    from sklearn.utils.parallel import Parallel, delayed

    with warnings.catch_warnings(), one_blas_thread():
        warnings.simplefilter("ignore")  # not a thread at a time: filters are those of all
        with Parallel(threads, prefer="threads") as parallel:
            made = parallel(
                delayed(member)(*job, stream) for job, stream in zip(jobs, generator.spawn(len(jobs)), strict=True)
            )
    return list(made)


def member(recipe: MemberRecipe, windows: Windows, generator: np.random.Generator) -> Model:
    """One network, or the line, fitted."""
    settings = Settings(recipe.recipe, "auto", 1)
    found = fit(settings, TrainingRows(windows.X, windows.Y), generator, None, recipe.components)
    if found.result.stopped == "interrupted":  # training itself would keep what it has
        raise KeyboardInterrupt
    return found.model
