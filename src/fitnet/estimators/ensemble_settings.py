"""The settings that both ensembles which choose themselves have: checked once, for either.

Shapes: X (n, p).
"""

from typing import TYPE_CHECKING

from fitnet.arguments import one_of, whole_number
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentValueError
from fitnet.fitting.plans import EFFORTS, LEAST_ROWS
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import MISSING_RULES

if TYPE_CHECKING:
    from fitnet.estimators.auto_classifier import AutoClassifier
    from fitnet.estimators.auto_regressor import AutoRegressor

EVERY_CORE = -1  # as scikit-learn says it


def effort_and_compute(estimator: "AutoRegressor | AutoClassifier") -> tuple[str, Compute]:
    """What is tried and what it is computed with, where the estimator's settings are such that it can be fitted.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If `n_jobs`, `engine`, `effort` or `missing` is none.
    """
    n_jobs = None if estimator.n_jobs in (None, EVERY_CORE) else whole_number("n_jobs", estimator.n_jobs)
    compute = Compute(estimator.engine, n_jobs)
    effort = one_of("effort", estimator.effort, EFFORTS)
    one_of("missing", estimator.missing, MISSING_RULES)
    return effort, compute


def enough(rows: TrainingRows, single: str) -> TrainingRows:
    """The rows in memory, unless they are too few to keep some from every member, for which there is `single`."""
    if rows.n < LEAST_ROWS:
        raise ArgumentValueError(
            f"`X` has n_samples={rows.n}; there must be at least {LEAST_ROWS} rows, so that some can be kept from "
            f"each member: with fewer, {single} fits one network to all of them.",
            "X",
        )
    return rows.whole()
