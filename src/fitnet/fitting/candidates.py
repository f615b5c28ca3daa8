"""Candidates: the recipes that an ensemble may be made of, by their names."""

from dataclasses import dataclass

from fitnet.algorithm.optimizers import Adam
from fitnet.algorithm.schedules import Cosine
from fitnet.fitting.bins import Bins
from fitnet.fitting.effort import rows_a_step
from fitnet.fitting.recipe import Recipe

FEW_ROWS, MIDDLING_ROWS, FEW_COLUMNS = 1000, 5000, 30  # for which Levenberg-Marquardt with evidence is soon done
LEAST_SQUARES = "least squares"
MANY_COLUMNS = 100  # beyond which least squares has a fixed penalty, and encodings have few pieces

MANY_COEFFICIENTS = 1000  # beyond which least squares goes by gradients: a square matrix of them takes too long


@dataclass(frozen=True)
class Candidate:
    """A recipe by name, and how columns are encoded for it; None leaves them as they are.

    One that is `always` there to compare with is never left out early.
    """

    name: str
    recipe: Recipe
    bins: Bins | None = None
    always: bool = False


def network(
    name: str,
    activation: str,
    widths: tuple[int, ...],
    bins: Bins | None = None,
    *,
    rate: float = 5e-3,
    epochs: int = 200,
    alpha: float = 0.0,
) -> Candidate:
    """A candidate that Adam trains with a rate that falls to 0; a quarter of the epochs without a gain end it."""
    recipe = Recipe(
        widths,
        activation,
        solver=Adam(rate, schedule=Cosine()),
        max_epochs=epochs,
        alpha=alpha,
        patience=patience(epochs),
        scale_inputs=bins is None,
        error_bars=False,
    )
    return Candidate(name, recipe, bins)


def patience(epochs: int) -> int:
    """How many epochs to wait for a lower loss on the fold that is watched."""
    return -(-epochs // 4)


def epochs_for(n: int, steps: int) -> int:
    """Passes over n rows that are so many steps."""
    return max(1, round(steps / (n / rows_a_step(n))))


def baselines(p: int, m: int = 1) -> list[Candidate]:
    """Least squares, which is what a network must be better than, for m targets."""
    solver, alpha, epochs = ("lm-bayesian", 0.0, 30) if p <= MANY_COLUMNS else ("lm", 1e-3, 2)
    if (p + 1) * m > MANY_COEFFICIENTS:
        solver, alpha, epochs = "lbfgs", 1e-3, 100
    recipe = Recipe((), solver=solver, alpha=alpha, max_epochs=epochs, error_bars=False)  # type: ignore[arg-type]
    return [Candidate(LEAST_SQUARES, recipe, always=True)]


def networks(n: int, p: int) -> list[Candidate]:
    """Networks for n rows of p columns, those that are worth most for the work first."""
    targets, few, many = (Bins(*each) for each in (("targets", 32), ("quantiles", 16), ("quantiles", 48)))
    if p > MANY_COLUMNS:
        targets, few, many = Bins("targets", 6), Bins("quantiles", 4), Bins("quantiles", 8)
    long, middling, short = (epochs_for(n, steps) for steps in (30_000, 8000, 3000))
    by_targets = network("silu 64-64, target bins", "silu", (64, 64), targets, epochs=middling)
    by_quantiles = network("silu 64-64, quantile bins", "silu", (64, 64), few, epochs=middling)
    wide = network("relu 128-128, quantile bins", "relu", (128, 128), many, rate=3e-3, epochs=short)
    plain = network("silu 64-64", "silu", (64, 64), epochs=long)
    if n > MIDDLING_ROWS:  # what is soon done comes first
        return [plain, by_quantiles, wide, by_targets]
    return [by_targets, by_quantiles, *by_evidence(n, p, FEW_ROWS), wide, plain]


def smooth_networks(n: int, p: int) -> list[Candidate]:
    """Networks whose derivatives have no jumps."""
    long = epochs_for(n, 30_000)
    return [
        *by_evidence(n, p, MIDDLING_ROWS),
        network("silu 64-64", "silu", (64, 64), epochs=long),
        network("tanh 64-64", "tanh", (64, 64), epochs=long),
        network("silu 128-128", "silu", (128, 128), rate=3e-3, epochs=long),
    ]


def further_networks(n: int) -> list[Candidate]:
    """What is tried where time is no matter."""
    targets, fine, quantiles = Bins("targets", 32), Bins("targets", 128), Bins("quantiles", 32)
    long, middling, short = (epochs_for(n, steps) for steps in (30_000, 8000, 3000))
    return [
        network("silu 128-128", "silu", (128, 128), rate=3e-3, epochs=long),
        network("silu 64-64, fine target bins", "silu", (64, 64), fine, rate=1e-2, epochs=short, alpha=1e-3),
        network("relu 256, quantile bins", "relu", (256,), quantiles, rate=3e-3, epochs=short),
        network("relu 128-128, target bins", "relu", (128, 128), targets, epochs=short, alpha=5e-4),
        network("silu 64-64-64", "silu", (64, 64, 64), rate=3e-3, epochs=middling),
        network("relu 64-64", "relu", (64, 64), epochs=middling),
    ]


def by_evidence(n: int, p: int, most: int) -> list[Candidate]:
    """A tanh network by Levenberg-Marquardt with evidence, for at most so many rows of few columns."""
    if n > most or p > FEW_COLUMNS:
        return []
    widths, epochs = ((16,), 60) if n <= FEW_ROWS else ((24, 24), 60)
    name = f"tanh {'-'.join(map(str, widths))}, by evidence"
    return [Candidate(name, Recipe(widths, "tanh", solver="lm-bayesian", max_epochs=epochs, error_bars=False))]  # type: ignore[arg-type]
