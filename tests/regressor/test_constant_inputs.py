"""An input that never varied: it has no effect on predictions, derivatives and error bars, and a fit says so once."""

import warnings

import numpy as np
import pytest

from fitnet import Regressor, load
from fitnet.errors import ConstantInputWarning
from fitnet.evaluation.ranges import outside_ranges
from fitnet.model.propagation import propagate
from fitnet.rows import sources

PRESSURE = 101325.0
ELSEWHERE = np.array([[0.3, PRESSURE], [0.3, PRESSURE + 5], [0.3, 0], [0.3, -1e30]])
SOLVERS = ["adam", "momentum", "gradient-descent", "lm", "lm-bayesian", "lbfgs"]
SAID = "The input 'x2' is the same in all rows, so it has no effect on the predictions; leave it out."


@pytest.fixture
def rows(generator):
    X = np.column_stack([generator.uniform(-1, 1, 90), np.full(90, PRESSURE)])
    return X, np.sin(3 * X[:, 0]) + 0.01 * generator.normal(size=90)


def fitted(X, y, weights=None, **settings):
    settings = {"activation": "tanh", "max_epochs": 10, "random_state": 0} | settings
    with pytest.warns(ConstantInputWarning, match=SAID) as warned:
        regressor = Regressor((6,), **settings).fit(X, y, sample_weight=weights)
    assert [warning.category for warning in warned].count(ConstantInputWarning) == 1
    return regressor


def check_no_effect(model):
    for derivative in (model.jacobian(ELSEWHERE)[..., 1], model.hessian(ELSEWHERE)[..., 1]):
        assert np.all(derivative == 0)
    assert np.all(model.jacobian(ELSEWHERE)[..., 0] != 0)
    assert len(set(model.predict(ELSEWHERE).ravel().tolist())) == 1
    assert np.all(propagate(model, ELSEWHERE, np.diag([0, 100.0**2])) == 0)
    assert outside_ranges(model, ELSEWHERE).entries.tolist() == [0, 3]


@pytest.mark.parametrize("scale_inputs", [True, False])
@pytest.mark.parametrize("solver", SOLVERS)
def test_any_solver(rows, engine, solver, scale_inputs):
    regressor = fitted(*rows, solver=solver, engine=engine.name, scale_inputs=scale_inputs, error_bars=True)
    check_no_effect(regressor.model_)
    std = regressor.predict(ELSEWHERE, return_std=True)[1]
    assert len(set(std.tolist())) == 1
    assert std[0] > 0


@pytest.mark.parametrize("loss", ["huber", "absolute_error", "quantile", "poisson"])
def test_any_loss_and_penalty(rows, loss):
    check_no_effect(fitted(rows[0], np.abs(rows[1]), loss=loss, alpha=1e-3).model_)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rounding_is_no_variation(rows, engine, dtype):
    X, y = rows
    X = X.astype(dtype)
    X[::3, 1] = np.nextafter(X[0, 1], np.asarray(np.inf, dtype))
    model = fitted(X, y, solver="adam", engine=engine.name, max_epochs=40).model_
    assert len(set(model.predict(ELSEWHERE).ravel().tolist())) == 1
    assert np.all(model.jacobian(X)[..., 1] == 0)


def test_rows_that_weigh_nothing_vary_nothing(rows):
    X, y = rows
    X[7, 1], weights = 0, np.ones(90)
    weights[7] = 0
    check_no_effect(fitted(X, y, weights).model_)


def test_a_saved_model_and_rows_in_a_file(rows, tmp_path, monkeypatch):
    fitted(*rows).model_.save(tmp_path / "m.fitnet")
    check_no_effect(load(tmp_path / "m.fitnet"))
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    np.save(tmp_path / "X.npy", rows[0])
    for scale_inputs in (True, False):
        mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
        check_no_effect(fitted(mapped, rows[1], batch_size=16, scale_inputs=scale_inputs).model_)


def test_partial_fit_says_so_at_the_first_call_and_keeps_to_it(rows):
    X, y = rows
    regressor = Regressor((6,), "tanh", random_state=0)
    with pytest.warns(ConstantInputWarning, match=SAID):
        regressor.partial_fit(X[:30], y[:30])
    for start in (30, 60):
        regressor.partial_fit(X[start : start + 30], y[start : start + 30])  # without a warning, which is an error here
    check_no_effect(regressor.model_)


def test_the_others_are_fitted_as_without_it(rows):
    X, y = rows
    model, score = fitted(X, y, solver="lm-bayesian", max_epochs=60), Regressor.score
    assert score(model, X, y) > 0.999


def test_all_of_them_are_named():
    X = np.column_stack([np.arange(20.0), np.ones(20), np.zeros(20)])
    with pytest.warns(ConstantInputWarning, match="The inputs 'x2', 'x3' are the same in all rows, so they have no"):
        Regressor(max_epochs=1).fit(X, X[:, 0])


def test_nothing_is_said_of_one_row_or_of_what_varies(rows):
    X, y = rows
    with warnings.catch_warnings(action="error"):
        Regressor(max_epochs=1).fit(X[:1], y[:1])
        Regressor(max_epochs=1).fit(X[:, :1], y)
