"""Candidates: the recipes that an ensemble may be made of, by their names."""

from dataclasses import dataclass

from fitnet.algorithm.optimizers import Adam
from fitnet.algorithm.schedules import Cosine
from fitnet.fitting.bins import Bins
from fitnet.fitting.recipe import Recipe

EFFORTS = ("fast", "standard", "thorough")
FEW_ROWS = 2500  # up to which Levenberg-Marquardt with evidence is soon done
MANY_COLUMNS = 200  # beyond which least squares has a fixed penalty in place of one by the evidence


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
    patience: int = 40,
    batch_size: int | str = "auto",
) -> Candidate:
    """A candidate that Adam trains with a rate that falls to 0."""
    recipe = Recipe(
        widths,
        activation,
        solver=Adam(rate, schedule=Cosine()),
        max_epochs=epochs,
        alpha=alpha,
        patience=patience,
        batch_size=batch_size,  # type: ignore[arg-type]
        scale_inputs=bins is None,
        error_bars=False,
    )
    return Candidate(name, recipe, bins)


def baselines(p: int) -> list[Candidate]:
    """Least squares, which is what a network must be better than."""
    solver, alpha, epochs = ("lm-bayesian", 0.0, 30) if p <= MANY_COLUMNS else ("lm", 1e-3, 2)
    recipe = Recipe((), solver=solver, alpha=alpha, max_epochs=epochs, error_bars=False)  # type: ignore[arg-type]
    return [Candidate("least squares", recipe, always=True)]


def plain(n: int, p: int, m: int) -> list[Candidate]:
    """Networks on the columns as they are."""
    return [network("silu 64-64", "silu", (64, 64), epochs=300), *few_rows(n, p, m)]


def few_rows(n: int, p: int, m: int) -> list[Candidate]:
    """What suits few rows of a smooth function."""
    if n > FEW_ROWS:
        return []
    recipe = Recipe((16,), "tanh", solver="lm-bayesian", max_epochs=60, error_bars=False)  # type: ignore[arg-type]
    return [Candidate("tanh 16 by evidence", recipe)]


def encoded(n: int, p: int, m: int) -> list[Candidate]:
    """Networks on columns that are cut into pieces."""
    return [
        network("silu 64-64, target bins", "silu", (64, 64), Bins("targets", 32), epochs=100, patience=25),
        network(
            "relu 128-128, quantiles", "relu", (128, 128), Bins("quantiles", 48), rate=3e-3, epochs=100, patience=25
        ),
    ]


def smooth_ones(n: int, p: int, m: int) -> list[Candidate]:
    """Networks whose derivatives have no jumps."""
    return [*plain(n, p, m)]
