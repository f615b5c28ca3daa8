"""Weights are relative: rows weigh against each other, so that weights of any size give the fit of weights near 1."""

import numpy as np
import pytest

from fitnet import LBFGS, Adam, LevenbergMarquardt, Momentum, Network, Regressor, train
from fitnet.rows import relative_weights
from tolerances import FLOAT64_RTOL

SIZES = [1e155, 1e-300, 1e300, 5e-324, 3.0]
SECOND_ORDER = [LevenbergMarquardt(), LevenbergMarquardt(regularization="bayesian"), LBFGS()]
LOSSES = ["squared_error", "absolute_error", "huber", "quantile", "poisson"]
POWER_OF_FOUR = 4.0**200


@pytest.fixture
def rows(generator):
    X = generator.uniform(-1, 1, (60, 2))
    return X, np.abs(np.sin(3 * X[:, 0]) + X[:, 1])


def fitted(rows, weights, **settings):
    settings = {"activation": "tanh", "max_epochs": 15, "error_bars": False} | settings
    return Regressor((5,), random_state=0, **settings).fit(*rows, sample_weight=weights)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("solver", [Adam(1e-2), Momentum(1e-2), *SECOND_ORDER], ids=repr)
def test_equal_weights_of_any_size_give_the_fit_of_weights_1(rows, engine, solver, size):
    ones = fitted(rows, np.ones(60), solver=solver, engine=engine.name)
    found = fitted(rows, np.full(60, size), solver=solver, engine=engine.name)
    assert np.array_equal(found.model_.parameters, ones.model_.parameters)
    assert found.history_.loss == ones.history_.loss


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("solver", [Adam(1e-2), LBFGS()], ids=repr)
def test_every_loss_takes_them(rows, engine, solver, loss):
    ones, large = (
        fitted(rows, np.full(60, size), solver=solver, loss=loss, engine=engine.name, batch_size="auto")
        for size in (1.0, 1e300)
    )
    assert np.array_equal(large.model_.parameters, ones.model_.parameters)


@pytest.mark.parametrize("solver", [Adam(1e-2), *SECOND_ORDER], ids=repr)
def test_unequal_weights_keep_their_bits_times_any_power_of_four(rows, engine, generator, solver):
    weights = generator.uniform(0.1, 3, 60)
    weights[7] = 0
    near, far = (fitted(rows, weights * unit, solver=solver, engine=engine.name) for unit in (1, POWER_OF_FOUR))
    assert np.array_equal(far.model_.parameters, near.model_.parameters)
    assert np.isfinite(far.history_.loss).all()


@pytest.mark.parametrize("size", [1e155, 1e-155, POWER_OF_FOUR])
def test_error_bars_stay_those_of_a_row_of_weight_1(rows, engine, size):
    settings = {"solver": "lm-bayesian", "error_bars": True, "engine": engine.name}
    ones = fitted(rows, np.ones(60), **settings)
    found = fitted(rows, np.full(60, size), **settings)
    assert found.model_.noise / np.sqrt(size) == pytest.approx(ones.model_.noise, rel=FLOAT64_RTOL)
    assert found.history_.noise[-1] / np.sqrt(size) == pytest.approx(ones.history_.noise[-1], rel=FLOAT64_RTOL)
    first, second = (of.model_.error_bars.parameter_covariance() for of in (found, ones))
    assert np.diagonal(first) == pytest.approx(np.diagonal(second), rel=FLOAT64_RTOL)  # what the rows leave open


def test_training_without_an_estimator_takes_them_in_float32(rows, engine):
    X, y = rows

    def parameters(size):
        return train(
            Network.of_widths((2, 5, 1), "tanh"),
            X,
            y[:, np.newaxis],
            epochs=5,
            generator=np.random.default_rng(0),
            weights=np.full(60, size),
            validation=(X[:9], y[:9, np.newaxis], np.full(9, size)),
            engine=engine.name,
            verbose=False,
        ).parameters

    assert np.array_equal(parameters(1e300), parameters(1.0))


def test_relative_weights_times_their_unit_are_the_weights(generator):
    for size in (1e-310, 1e-300, 1e-3, 1.0, 7e8, 1e308):
        weights = size * generator.uniform(0, 1, 40)
        relative, unit = relative_weights(weights)
        assert np.array_equal(relative * unit, weights)
        assert 1 <= relative.max() < 4
        assert np.sqrt(unit) ** 2 == unit
