"""What is to be told of a run of the experiment, and of several: their means and spreads."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fitnet.quadratic.experiment import Run

AVERAGED = ("train_accuracy", "test_accuracy", "excluded_entries", "train_loss", "test_loss", "seconds")


@dataclass(frozen=True)
class RunFacts:
    """One run in numbers; `excluded_entries` counts the test set's, `model` is the file it was saved to."""

    roots: str
    architecture: list[tuple[int, int]]
    epochs: int
    seed: int
    train_rows: int
    test_rows: int
    train_accuracy: float
    test_accuracy: float
    excluded_entries: int
    train_loss: float
    test_loss: float
    seconds: float
    engine: str
    model: str | None

    @classmethod
    def of(cls, run: Run, model: Path | None = None) -> "RunFacts":
        """Those of `run`, whose model was saved to that file."""
        return cls(
            roots=run.recipe.problem.roots,
            architecture=run.model.architecture,
            epochs=run.history.epochs,
            seed=run.seed,
            train_rows=len(run.training.triplets),
            test_rows=len(run.test.triplets),
            train_accuracy=run.train_accuracy.value,
            test_accuracy=run.test_accuracy.value,
            excluded_entries=run.test_accuracy.excluded_entries,
            train_loss=run.train_loss,
            test_loss=run.test_loss,
            seconds=run.seconds,
            engine=run.model.provenance["engine"],
            model=None if model is None else str(model),
        )


def means(runs: Sequence[RunFacts]) -> dict[str, float]:
    """The mean over one run or more of every measured figure."""
    return {name: float(np.mean([getattr(run, name) for run in runs])) for name in AVERAGED}


def deviations(runs: Sequence[RunFacts]) -> dict[str, float]:
    """The standard deviation of every measured figure, estimated from two runs or more."""
    return {name: float(np.std([getattr(run, name) for run in runs], ddof=1)) for name in AVERAGED}
