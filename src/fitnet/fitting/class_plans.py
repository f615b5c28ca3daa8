"""Plans for classes: which recipes an effort tries, all held by penalties, over how many folds and for how long.

Effort is counted as for regression (`plans.Effort`). Shapes: X (n, p), Y (n, m).
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.optimizers import Adam
from fitnet.algorithm.schedules import Cosine
from fitnet.fitting.bins import Bins
from fitnet.fitting.candidate import Candidate
from fitnet.fitting.candidates import LEAST_PIECES, MANY_COLUMNS, epochs_for, small_batch
from fitnet.fitting.plans import EFFORTS, LEAST_MEMBERS, LEAST_SHARE, Plan, shared_out, shortened
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.training_rows import TrainingRows
from fitnet.fitting.work import work_of

LOGISTIC = "logistic regression"
COPIES = 2  # members of a recipe for every fold, as `CrossFit` makes them where there is work left
BEST = 3  # of the recipes the race never leaves out: with two breast cancer lost 3 %, iris and wine gained 2
PENALTIES = (0.05, 0.5, 5.0)  # alpha n of logistic regressions; scikit-learn's C is 1 / (2 alpha n)
LINEAR_EPOCHS = 200  # of L-BFGS


@dataclass(frozen=True)
class ClassShapes:
    """What makes candidates for members of n rows of p columns; `penalty` is alpha n of each."""

    n: int
    p: int

    def logistic(self, penalty: float) -> Candidate:
        """No hidden layer: what a network must be better than."""
        recipe = Recipe((), solver="lbfgs", max_epochs=LINEAR_EPOCHS, **self._of_classes(penalty))  # type: ignore[arg-type]
        return Candidate(f"{LOGISTIC}, penalty {penalty:g}", recipe, always=True)

    def network(
        self, activation: str, widths: tuple[int, ...], penalty: float, bins: Bins | None = None, steps: int = 2000
    ) -> Candidate:
        """One that Adam trains for so many steps with a rate that falls to 0."""
        name = f"{activation} {'-'.join(map(str, widths))}, penalty {penalty:g}"
        if bins is not None:
            bins = replace(bins, pieces=max(LEAST_PIECES, bins.pieces // 4)) if self.p > MANY_COLUMNS else bins
            name += f", {bins.pieces} bins by {bins.by}"
        recipe = Recipe(
            widths,
            activation,
            solver=Adam(3e-3, schedule=Cosine()),
            batch_size=small_batch(self.n),
            max_epochs=epochs_for(self.n, max(steps, self.n // 4)),
            scale_inputs=bins is None,
            **self._of_classes(penalty),
        )
        return Candidate(name, recipe, bins)

    def _of_classes(self, penalty: float) -> dict[str, Any]:
        return {"loss": CrossEntropy(), "alpha": penalty / self.n, "scale_targets": False, "error_bars": False}


def class_candidates(n: int, p: int, most: int) -> list[Candidate]:
    """Logistic regressions, and at most so many networks, those that are worth most for the work first."""
    of, quantiles = ClassShapes(n, p), Bins("quantiles", 16)
    found = [
        of.network("silu", (64, 64), 0.5),
        of.network("relu", (64, 64), 1.0, quantiles),
        of.network("relu", (256,), 1.0),
        of.network("tanh", (64,), 0.3),
        of.network("relu", (64, 64), 1.0),
        of.network("silu", (64, 64), 3.0, quantiles),
        of.network("silu", (64, 64), 0.2),
        of.network("relu", (128, 128), 3.0, steps=6000),
        of.network("silu", (128, 128), 1.0, steps=6000),
        of.network("relu", (256, 256), 1.0, quantiles, steps=6000),
    ]
    return [*(of.logistic(penalty) for penalty in PENALTIES), *found[:most]]


def class_plan(rows: TrainingRows, effort: str) -> Plan:
    """What this effort tries on these rows."""
    (n, p), m = np.shape(rows.X), np.shape(rows.Y)[1]
    given = EFFORTS[effort]
    folds = min(given.folds, n // 2)
    found = class_candidates(n - n // folds, p, given.networks)
    works, trained = np.array([COPIES * work_of(each, n, p, m) for each in found]), folds
    if works.sum() * folds > given.work:
        trained = int(np.clip(given.work / (LEAST_SHARE * works.sum()), min(LEAST_MEMBERS, folds), folds))
        shares = shared_out(works, given.work, np.full(len(works), trained))
        found = [shortened(each, n, share) for each, share in zip(found, shares, strict=True)]
    return Plan(found, folds, trained, math.inf, best=BEST)  # as much as twins for every fold take
