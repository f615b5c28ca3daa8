"""Plans: which candidates an effort tries on a table, over how many folds, and for how long.

Effort is counted in multiplications, never by the clock: recipes give up epochs, and then folds, where rows are many.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fitnet.fitting.candidates import Candidate, baselines, encoded, plain, smooth_ones
from fitnet.fitting.training_rows import TrainingRows

LEAST_ROWS = 10
SPANS = 10.0  # the factor that positive targets span where their logarithm is tried
LEAST_EPOCHS = 10


@dataclass(frozen=True)
class Budget:
    """What an effort may take.

    Attributes
    ----------
    folds
        Into which rows are dealt.
    work
        Multiplications and additions of all training together, about: 1e12 are a quarter of a minute of a core that
        does 64 a nanosecond.
    candidates
        At most so many, the first of their list, beside the baselines.
    """

    folds: int
    work: float
    candidates: int


BUDGETS = {"fast": Budget(5, 1e11, 3), "standard": Budget(8, 1.2e12, 8), "thorough": Budget(10, 1e13, 16)}


@dataclass(frozen=True)
class Plan:
    """Which candidates to train, over how many folds, and of how many of these there are to be members."""

    candidates: Sequence[Candidate]
    folds: int
    trained: int


def plan_for(rows: TrainingRows, effort: str, smooth: bool, transform: str | None) -> Plan:
    """What this effort tries on these rows."""
    n, p, m = rows.n, np.shape(rows.X)[1], np.shape(rows.Y)[1]
    budget = BUDGETS[effort]
    found = smooth_ones(n, p, m) if smooth else [*plain(n, p, m), *encoded(n, p, m)]
    found = with_transforms(found[: budget.candidates], np.asarray(rows.Y), transform)
    folds = min(budget.folds, n // 2)
    trained = folds
    return Plan([*baselines(p), *found], folds, trained)


def with_transforms(candidates: list[Candidate], Y: np.ndarray, transform: str | None) -> list[Candidate]:
    """The candidates, those that learn the logarithm beside or in place of those that do not."""
    if transform is None or (transform == "auto" and not (np.all(Y > 0) and spans(Y))):
        return candidates
    logarithmic = [
        replace(each, name=f"{each.name}, log", recipe=replace(each.recipe, target_transform="log"))  # type: ignore[arg-type]
        for each in candidates
    ]
    return logarithmic if transform == "log" else [*candidates, *logarithmic[: len(candidates) // 2]]


def spans(Y: np.ndarray) -> bool:
    """Whether any output's entries differ by a factor of ten, the rarest at both ends left out."""
    low, high = np.quantile(Y, [0.01, 0.99], axis=0)
    return bool(np.any(high >= SPANS * low))
