"""The learning curve of a small network."""

import numpy as np
import pytest

from fitnet.engine import ENGINES
from fitnet.engine.compute import Compute
from fitnet.fitting.learning_curve import learning_curve

pytestmark = pytest.mark.skipif(
    "native" not in ENGINES, reason="the curve's networks take a minute by the reference engine"
)


def test_the_error_falls_to_the_noise_where_there_is_something_to_learn(generator):
    X = generator.uniform(-1, 1, (700, 2))
    Y = np.stack([np.sin(4 * X[:, 0]) * X[:, 1], X[:, 0]], axis=1)
    found = learning_curve(X[:400], Y[:400], X[400:], Y[400:], generator, Compute())
    assert found.rows.tolist() == [50, 100, 200, 400]
    assert found.rmse.shape == found.deviation.shape == (4, 2)
    assert found.rmse[3, 0] < 0.6 * found.rmse[0, 0]


def test_more_rows_do_not_take_away_noise(generator):
    X, Y = generator.uniform(-1, 1, (700, 2)), generator.normal(size=(700, 1))
    found = learning_curve(X[:400], Y[:400], X[400:], Y[400:], generator, Compute())
    assert found.rmse.min() > 0.9


def test_the_same_generator_gives_the_same_curve(generator):
    X, Y = generator.normal(size=(100, 2)), generator.normal(size=(100, 1))
    one, other = (learning_curve(X[:60], Y[:60], X[60:], Y[60:], np.random.default_rng(0), Compute()) for _ in range(2))
    np.testing.assert_array_equal(one.rmse, other.rmse)


def test_few_rows_have_none(generator):
    X = generator.normal(size=(39, 2))
    assert learning_curve(X, X, X, X, generator, Compute()) is None
    assert learning_curve(np.tile(X, (9, 1)), np.tile(X, (9, 1)), X[:5], X[:5], generator, Compute()) is None
