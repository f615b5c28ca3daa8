"""Learning curve: the error of a small network against the number of rows it is fitted to, on rows it does not see.

The network stands for the model, which would take too long to fit again and again: what it gains from twice the rows
says whether more rows are worth measuring. Shapes: X (n, p), Y (n, m).
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.engine.compute import Compute
from fitnet.evaluation.errors import root_mean_square
from fitnet.fitting.bins import Bins
from fitnet.fitting.candidates import Shapes
from fitnet.fitting.member_training import cross_fitted
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.model import Model

FEWEST_ROWS, MOST_ROWS, MOST_ENTRIES = 20, 16_000, 2_000_000  # of the smallest subset; of the largest
FEWEST_JUDGED = 20  # of which half are watched
WIDTHS, BINS, RATE, STEPS = (64, 64), Bins("quantiles", 48), 5e-3, 2000
MANY_ROWS = 4000  # beyond them fewer subsets, drawn less often, for each takes longer and tells more


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """Errors by the number of rows.

    Attributes
    ----------
    rows
        (s,), rising: each half of the next.
    rmse, deviation
        (s, m): the root mean squared error on the rows judged, of classes (s, 1) the log loss, and its standard
        deviation from draw to draw.
    recipe
        What was fitted, in words.
    """

    rows: Array
    rmse: Array
    deviation: Array
    recipe: str


def learning_curve(
    X: Array, Y: Array, X_judged: Array, Y_judged: Array, generator: np.random.Generator, compute: Compute
) -> LearningCurve | None:
    """That of nested subsets of X and Y, all in memory and whole; None where there are too few rows for two subsets.

    Of the other rows one half, drawn once, is watched to stop in time, and the other half judges.
    """
    sizes, repeats = subset_sizes(X)
    if len(sizes) < 2 or len(X_judged) < FEWEST_JUDGED:
        return None
    watched, judged = np.array_split(generator.permutation(len(X_judged)), 2)

    def errors_of(places: Array) -> Array | None:
        model = fitted((X[places], Y[places]), (X_judged[watched], Y_judged[watched]), generator, compute)
        return None if model is None else root_mean_square(model.predict(X_judged[judged]) - Y_judged[judged])

    return curve_of(len(X), sizes, repeats, generator, errors_of)


def subset_sizes(X: Array) -> tuple[list[int], int]:
    """How many rows of X (n, p) the subsets have, each half of the next, and how often each is drawn."""
    n = min(len(X), MOST_ROWS, MOST_ENTRIES // X.shape[1])
    halvings, repeats = (3, 3) if n <= MANY_ROWS else (2, 2)
    return [n >> halving for halving in range(halvings, -1, -1) if n >> halving >= FEWEST_ROWS], repeats


def curve_of(
    n: int,
    sizes: list[int],
    repeats: int,
    generator: np.random.Generator,
    errors_of: Callable[[Array], Array | None],
) -> LearningCurve | None:
    """That of nested subsets of n rows, by the errors (m,) after a fit to rows at places; None where a fit diverges."""
    errors = []
    for _ in range(repeats):
        order = generator.permutation(n)[: sizes[-1]]
        for size in sizes:
            found = errors_of(order[:size])
            if found is None:
                return None
            errors.append(found)
    by_repeat = np.reshape(errors, (repeats, len(sizes), -1))
    shape = "-".join(map(str, WIDTHS))
    recipe = f"a network of {shape} units, {STEPS:,} steps, the mean of {repeats} draws of rows"
    return LearningCurve(np.asarray(sizes), by_repeat.mean(axis=0), by_repeat.std(axis=0, ddof=1), recipe)


def fitted(
    rows: tuple[Array, Array], watched: tuple[Array, Array], generator: np.random.Generator, compute: Compute
) -> Model | None:
    """The small network fitted to rows, stopped where it does best on those watched; None where training diverges."""
    n, p = rows[0].shape
    folds = np.repeat([1, 0], [n, len(watched[0])])
    both = TrainingRows(np.concatenate([rows[0], watched[0]]), np.concatenate([rows[1], watched[1]]))
    candidate = Shapes(n, p).network("silu", WIDTHS, BINS, RATE, STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of cut-off training: steps are few on purpose
        member = cross_fitted(candidate, both, folds, 0, generator, compute)
    return None if member is None else member.model
