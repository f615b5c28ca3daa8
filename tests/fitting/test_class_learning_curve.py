"""Learning curves of classes: log losses that fall with rows where rows teach, and none of too few rows."""

import numpy as np
import pytest

from fitnet.engine import ENGINES
from fitnet.engine.compute import Compute
from fitnet.fitting.class_learning_curve import class_learning_curve

pytestmark = pytest.mark.skipif(
    "native" not in ENGINES, reason="the curve's networks take a minute by the reference engine"
)


def table(generator, n):
    """Rows and three classes, told by the side of a curve."""
    X = generator.uniform(-1, 1, (n, 2))
    return X, (X[:, 1] > X[:, 0] ** 2).astype(int) + (X[:, 0] > 0.2)


def test_log_losses_fall_with_rows_and_the_same_generator_gives_the_same(generator):
    training, others = table(generator, 160), table(generator, 200)
    first, again = (class_learning_curve(*training, *others, 3, np.random.default_rng(1), Compute()) for _ in range(2))
    assert first.rows.tolist() == [20, 40, 80, 160]
    assert first.rmse.shape == (4, 1)
    assert first.rmse[-1, 0] < 0.6 * first.rmse[0, 0] < np.log(3)
    np.testing.assert_array_equal(first.rmse, again.rmse)


def test_too_few_rows_have_no_curve(generator):
    few, others = table(generator, 30), table(generator, 200)
    assert class_learning_curve(*few, *others, 3, generator, Compute()) is None
    assert class_learning_curve(*others, *table(generator, 10), 3, generator, Compute()) is None
