"""Least squares of many columns goes by evidence while that is not much of an effort's work."""

import numpy as np
import pytest

from fitnet.fitting.candidates import MANY_COLUMNS
from fitnet.fitting.plans import EFFORTS, LEAST_SQUARES_SHARE, evidence_work, plan_for
from fitnet.fitting.training_rows import TrainingRows
from fitnet.training.least_squares import LevenbergMarquardt


def least_squares(n, p, effort):
    rows = TrainingRows(np.broadcast_to(np.linspace(0, 1, n)[:, None], (n, p)), np.linspace(-1, 1, n)[:, None])
    plan = plan_for(rows, effort, False, None)
    assert isinstance(plan.candidates[0].recipe.solver, LevenbergMarquardt)
    return plan, plan.candidates[0]


def by_evidence(candidate):
    return candidate.recipe.solver.regularization == "bayesian"


@pytest.mark.parametrize(
    ("n", "p", "effort", "expected"),
    [
        (100_000, MANY_COLUMNS, "fast", True),
        (80, 200, "fast", True),
        (150, 700, "fast", False),
        (150, 700, "standard", True),
        (20_000, 700, "standard", False),
        (15_000, 700, "thorough", True),
    ],
)
def test_by_evidence_where_the_effort_has_the_work(n, p, effort, expected):
    plan, candidate = least_squares(n, p, effort)
    assert by_evidence(candidate) == expected
    assert candidate.recipe.alpha == (0 if expected else 1e-3)
    if p > MANY_COLUMNS and expected:
        assert plan.folds * evidence_work(candidate, n, p, 1) <= LEAST_SQUARES_SHARE * EFFORTS[effort].work


def test_more_columns_than_rows_of_which_few_matter(generator):
    """A penalty of its own for each column finds the three that matter, a fixed one does not."""
    from fitnet import AutoRegressor

    X = generator.normal(size=(160, 150))
    y = X[:, :3] @ [3.0, -2.0, 1.0] + 0.1 * generator.normal(size=160)
    learned = AutoRegressor("fast", random_state=0, outside="ignore").fit(X[:80], y[:80])
    error = np.sqrt(np.mean((learned.predict(X[80:]) - y[80:]) ** 2))
    assert error < 0.2 * y[80:].std()
