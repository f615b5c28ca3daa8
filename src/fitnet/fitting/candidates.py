"""Candidates: the recipes that an ensemble may be made of, for tables of a size."""

from dataclasses import dataclass

from fitnet.algorithm.optimizers import Adam
from fitnet.algorithm.schedules import Cosine
from fitnet.fitting.bins import Bins
from fitnet.fitting.recipe import Recipe


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
    transform: str | None = None,
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
        target_transform=transform,  # type: ignore[arg-type]
    )
    return Candidate(name, recipe, bins)
