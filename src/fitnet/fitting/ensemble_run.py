"""The run of an ensemble's fit: what is tried, by which random numbers, how fast, and what is kept on the way.

Shapes: groups, times and folds (n,).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.engine.compute import Compute
from fitnet.fitting.cross_fit import CrossFit
from fitnet.fitting.member_files import MemberFiles
from fitnet.fitting.placement import Placement
from fitnet.fitting.plans import Plan
from fitnet.fitting.row_errors import Judge, standard_error
from fitnet.fitting.training_rows import TrainingRows


@dataclass(frozen=True, eq=False)
class EnsembleRun:
    """All that a fit takes beside its rows.

    Attributes
    ----------
    plan
        The candidates, their folds and their work.
    generator
        Deals the folds, then draws for every member.
    compute, n_jobs
        What members are trained with, and how many side by side or where; the result depends on the engine alone.
    done
        Told of every member, as by `CrossFit.run`.
    groups
        Rows that are kept from a member together; or None.
    times
        Of which folds are consecutive blocks; or None.
    checkpoint, resume
        A folder in which every member is kept once it is made, or None; and whether those that are there are taken.
    """

    plan: Plan
    generator: np.random.Generator
    compute: Compute
    n_jobs: int | Placement
    done: Callable[[CrossFit, str, int], None]
    groups: Array | None = None
    times: Array | None = None
    checkpoint: Any = None
    resume: bool = False

    def cross_fitted(self, rows: TrainingRows, deal: Callable[[], Array], judge: Judge = standard_error) -> CrossFit:
        """The plan's candidates with their members, for the folds that `deal` gives once the checkpoint is opened."""
        plan, generator, compute = self.plan, self.generator, self.compute
        files = MemberFiles.of(self.checkpoint, self.resume, rows, plan, generator, compute, self.groups, self.times)
        folds = deal()
        trained = min(plan.trained, int(folds.max()) + 1)
        cross_fit = CrossFit(plan.candidates, rows, folds, trained, judge, files=files, work=plan.work, best=plan.best)
        cross_fit.run(generator, compute, self.n_jobs, self.done)
        return cross_fit
