"""A target that never varied: it is predicted exactly, and known exactly, whatever fits it."""

import numpy as np
import pytest

from fitnet import LBFGS, Adam, GradientDescent, LevenbergMarquardt, Momentum, Regressor, load
from fitnet.model.propagation import propagate
from fitnet.rows import sources

SOLVERS = [Adam(5e-3), Momentum(1e-2), GradientDescent(1e-2), LBFGS(), LevenbergMarquardt()]
BAYESIAN = LevenbergMarquardt(regularization="bayesian")


@pytest.fixture
def X(generator):
    return generator.uniform(-1, 1, (70, 3))


def fitted(X, Y, engine=None, **settings):
    settings = {"random_state": 0, "max_epochs": 8} | settings
    return Regressor((6, 5), engine="auto" if engine is None else engine.name, **settings).fit(X, Y)


def check_column_0(regressor, X, constant):
    """Predictions, derivatives and propagated errors of the first of two targets; those of the other are not 0."""
    outputs, first, second = regressor.predict(X), regressor.jacobian(X), regressor.hessian(X)
    assert np.all(outputs[:, 0] == constant)
    assert np.all(first[:, 0] == 0)
    assert np.all(second[:, 0] == 0)
    covariance = propagate(regressor.model_, X, np.eye(3))
    assert np.all(covariance[:, 0] == 0)
    assert np.all(covariance[:, :, 0] == 0)
    assert np.all(np.ptp(outputs[:, 1]) > 0)
    assert np.all(covariance[:, 1, 1] > 0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("solver", [*SOLVERS, BAYESIAN], ids=repr)
def test_any_solver_and_dtype_predicts_it_exactly(X, engine, solver, dtype):
    if dtype == "float32" and solver in (*SOLVERS[3:], BAYESIAN):
        pytest.skip("works in float64 alone")
    Y = np.column_stack([np.full(70, 0.1), 1e-10 * X[:, 0]])
    regressor = fitted(X, Y, engine, solver=solver, dtype=dtype, activation="tanh")
    check_column_0(regressor, 5 * X, 0.1)


@pytest.mark.parametrize("constant", [0.0, -3e200, 1 / 3, 5e-324])
@pytest.mark.parametrize("activation", ["tanh", "silu"])
def test_any_constant(X, activation, constant):
    check_column_0(fitted(X, np.column_stack([np.full(70, constant), X[:, 0]]), activation=activation), X, constant)


@pytest.mark.parametrize("scale_targets", [True, False])
@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "huber", "quantile"])
def test_any_loss_scaled_or_not(X, engine, loss, scale_targets):
    Y = np.column_stack([np.full(70, 0.1), X[:, 0]])
    for solver in (Adam(5e-3), LBFGS()):
        settings = {"solver": solver, "loss": loss, "scale_targets": scale_targets, "dtype": "float64"}
        check_column_0(fitted(X, Y, engine, activation="tanh", **settings), X, 0.1)


@pytest.mark.parametrize("count", [0.0, 0.1, 7.0])
def test_counts(X, engine, count):
    Y = np.column_stack([np.full(70, count), np.exp(X[:, 0])])
    for solver in (Adam(5e-3), LBFGS()):
        check_column_0(fitted(X, Y, engine, loss="poisson", activation="tanh", solver=solver), X, count)


def test_error_bars_are_0_and_the_other_targets_are_as_without_it(X, generator):
    y = np.sin(3 * X[:, 0]) + 0.1 * generator.normal(size=70)
    settings = {"activation": "tanh", "solver": "lm-bayesian", "error_bars": True, "max_epochs": 60}
    regressor = fitted(X, np.column_stack([np.full(70, 2.5), y]), **settings)
    for weights in (None, generator.uniform(0.1, 9, 70)):
        _, std = regressor.predict(X, return_std=True, sample_weight=weights)
        _, covariance = regressor.predict(X, return_cov=True, sample_weight=weights)
        assert np.all(std[:, 0] == 0)
        assert np.all(std[:, 1] > 0)
        assert np.all(covariance[:, 0] == 0)
        assert np.all(covariance[:, :, 0] == 0)
    assert regressor.model_.noise[0] == 0
    bars = regressor.model_.error_bars
    assert bars.variance == bars.noise_covariance[1, 1]  # not halved by a target without noise
    assert 0.07 < regressor.model_.noise[1] < 0.13


@pytest.mark.parametrize("solver", ["adam", "lm", "lm-bayesian", "lbfgs"])
def test_where_no_target_varies(X, engine, solver):
    regressor = fitted(X, np.full(70, 0.7), engine, solver=solver, activation="tanh", error_bars=True)
    outputs, std = regressor.predict(9 * X, return_std=True)
    assert np.all(outputs == 0.7)
    assert np.all(std == 0)
    assert np.all(regressor.jacobian(X) == 0)


def test_a_saved_model_and_rows_in_a_file_and_weights(X, tmp_path, monkeypatch):
    Y = np.column_stack([np.full(70, 0.1), X[:, 0]])
    weights = np.ones(70)
    Y[5, 0], weights[5] = 9, 0  # a row that does not count
    weighted = Regressor((6,), "tanh", random_state=0, max_epochs=3).fit(X, Y, sample_weight=weights)
    check_column_0(weighted, X, 0.1)
    weighted.model_.save(tmp_path / "m.fitnet")
    assert np.all(load(tmp_path / "m.fitnet").predict(X)[:, 0] == 0.1)
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    np.save(tmp_path / "X.npy", X)
    Y[5, 0] = 0.1
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    check_column_0(Regressor((6,), "tanh", random_state=0, max_epochs=3, batch_size=16).fit(mapped, Y), X, 0.1)


def test_going_on_learns_what_varies_now(X):
    Y = np.column_stack([np.full(70, 0.1), X[:, 0]])
    regressor = Regressor((6,), random_state=0, warm_start=True, solver=Adam(1e-2)).fit(X, Y)
    Y[:, 0] = X[:, 1]
    residual = regressor.fit(X, Y).predict(X) - Y
    assert np.mean(residual[:, 0] ** 2) < 0.1 * np.var(Y[:, 0])
