"""Regressor: what it learns, keeps and gives back."""

import pickle

import numpy as np
import pytest
from example_rows import plane, sine
from sklearn.linear_model import LinearRegression
from sklearn.neural_network import MLPRegressor

from fitnet import Adam, GradientDescent, Quantile, Regressor, load
from fitnet.engine import ENGINES
from fitnet.errors import DerivativeWarning
from tolerances import CONVERGED_FIT_ATOL_OF_SPREAD, FITTED_SLOPE_ATOL, SAME_FIT_RTOL

QUICK = {"hidden_layer_sizes": (8,), "max_epochs": 20, "random_state": 0}


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param


def test_learns_a_smooth_function(engine):
    X, y = sine(400)
    regressor = Regressor(activation="tanh", random_state=0, engine=engine).fit(X, y)
    grid = np.linspace(0.2, 5.8, 50).reshape(-1, 1)
    assert np.abs(regressor.predict(grid) - np.sin(grid[:, 0])).max() < 0.05


def test_without_hidden_layer_it_is_linear_least_squares(engine):
    X, y = plane(200)
    y = y + np.random.default_rng(1).normal(size=200)
    regressor = Regressor(
        (), solver=Adam(0.1), max_epochs=3000, batch_size=200, dtype="float64", random_state=0, engine=engine
    )
    expected = LinearRegression().fit(X, y)
    atol = CONVERGED_FIT_ATOL_OF_SPREAD * y.std()
    assert np.allclose(regressor.fit(X, y).predict(X), expected.predict(X), rtol=0, atol=atol)
    assert np.allclose(regressor.jacobian(X[:3]) * X.std(0), expected.coef_ * X.std(0), rtol=0, atol=atol)


def test_the_last_penalty_is_ridge_s(engine):
    """Squared error + alpha |w|^2 on standardised columns: the closed formula of ridge regression."""
    X, y = plane(300)
    y = y + np.random.default_rng(1).normal(size=300)
    regressor = Regressor(
        (), alpha=0.3, solver=Adam(0.1), max_epochs=3000, batch_size=300, dtype="float64", random_state=0, engine=engine
    )
    A, b = (X - X.mean(0)) / X.std(0), (y - y.mean()) / y.std()
    w = np.linalg.solve(A.T @ A / 300 + 0.3 * np.eye(2), A.T @ b / 300)
    atol = CONVERGED_FIT_ATOL_OF_SPREAD * y.std()
    assert np.allclose(regressor.fit(X, y).predict(X), A @ w * y.std() + y.mean(), rtol=0, atol=atol)


def test_several_targets_are_learnt_together():
    X, y = plane(100)
    Y = np.column_stack([y, -2 * y, y**2])
    regressor = Regressor(**QUICK).fit(X, Y)
    assert regressor.predict(X).shape == (100, 3)
    assert regressor.jacobian(X[:4]).shape == (4, 3, 2)
    with pytest.warns(DerivativeWarning):
        assert regressor.hessian(X[:4]).shape == (4, 3, 2, 2)


def test_one_target_comes_back_as_it_was_given():
    X, y = plane(50)
    assert Regressor(**QUICK).fit(X, y).predict(X).shape == (50,)
    assert Regressor(**QUICK).fit(X, y[:, np.newaxis]).predict(X).shape == (50, 1)
    assert Regressor(**QUICK).fit(X, y).jacobian(X).shape == (50, 2)


def test_units_do_not_matter():
    """Standardised: other units of inputs and targets give the same fit in those units."""
    X, y = sine(100)
    near = Regressor(**QUICK, dtype="float64").fit(X, y)
    far = Regressor(**QUICK, dtype="float64").fit(X * 1e6 + 1e3, y * 1e-9 - 4)
    assert np.allclose((far.predict(X * 1e6 + 1e3) + 4) * 1e9, near.predict(X), rtol=0, atol=1e-4)
    assert np.allclose(far.jacobian(X * 1e6 + 1e3), near.jacobian(X) * 1e-15, rtol=1e-4)


def test_the_jacobian_is_the_slope_of_the_prediction():
    X, y = sine(100)
    regressor = Regressor(**QUICK, activation="tanh", dtype="float64").fit(X, y)
    h = 1e-5
    slope = (regressor.predict(X + h) - regressor.predict(X - h)) / (2 * h)
    assert np.allclose(regressor.jacobian(X)[:, 0], slope, rtol=0, atol=FITTED_SLOPE_ATOL)


def test_the_hessian_is_the_slope_of_the_jacobian():
    X, y = sine(100)
    regressor = Regressor(**QUICK, activation="tanh", dtype="float64").fit(X, y)
    h = 1e-5
    slope = (regressor.jacobian(X + h) - regressor.jacobian(X - h)) / (2 * h)
    assert regressor.hessian(X).shape == (100, 1, 1)
    assert np.allclose(regressor.hessian(X)[:, 0], slope, rtol=0, atol=FITTED_SLOPE_ATOL)


def test_weights_count_as_repeated_rows():
    X, y = plane(40)
    weights = np.random.default_rng(3).integers(0, 4, 40)
    weighted = Regressor(**QUICK, dtype="float64").fit(X, y, sample_weight=weights)
    repeated = Regressor(**QUICK, dtype="float64", batch_size=weights.sum()).fit(
        np.repeat(X, weights, 0), np.repeat(y, weights)
    )
    assert np.allclose(weighted.predict(X), repeated.predict(X), rtol=SAME_FIT_RTOL)


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads(tmp_path):
    X, y = sine(500)
    files = []
    for n_threads in (1, 2, 1):
        Regressor(**QUICK, n_threads=n_threads).fit(X, y).model_.save(tmp_path / "m.fitnet")
        files.append(load(tmp_path / "m.fitnet").parameters.tobytes())
    assert files[0] == files[1] == files[2]
    assert Regressor(**QUICK | {"random_state": 1}).fit(X, y).model_.parameters.tobytes() != files[0]


@pytest.mark.parametrize("seed", [5, np.int64(5)])
def test_generators_and_seeds_draw_alike(seed):
    X, y = sine(100)
    expected = Regressor(**QUICK | {"random_state": 5}).fit(X, y).predict(X)
    for random_state in (seed, np.random.default_rng(5)):
        assert np.array_equal(Regressor(**QUICK | {"random_state": random_state}).fit(X, y).predict(X), expected)


def test_a_random_state_is_advanced_and_repeats():
    X, y = sine(100)
    state = np.random.RandomState(5)
    first, second = (Regressor(**QUICK | {"random_state": state}).fit(X, y).predict(X) for _ in range(2))
    again = Regressor(**QUICK | {"random_state": np.random.RandomState(5)}).fit(X, y).predict(X)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, second)


def test_quantiles_are_reached():
    generator = np.random.default_rng(0)
    X, y = generator.uniform(size=(4000, 1)), generator.exponential(size=4000)
    regressor = Regressor((), loss=Quantile(0.9), max_epochs=100, random_state=0).fit(X, y)
    assert np.mean(y <= regressor.predict(X)) == pytest.approx(0.9, abs=0.01)


def test_poisson_rates_are_positive_and_right():
    generator = np.random.default_rng(0)
    X = generator.uniform(-2, 2, (4000, 1))
    rates = np.exp(1 + X[:, 0])
    regressor = Regressor((), loss="poisson", max_epochs=200, random_state=0).fit(X, generator.poisson(rates))
    assert np.all(regressor.predict([[-50.0], [3.0]]) > 0)
    assert np.allclose(regressor.predict(X), rates, rtol=0.1)


def test_one_row_is_learnt_by_heart():
    regressor = Regressor(**QUICK).fit([[1.0, 2.0]], [3.0])
    assert regressor.predict([[1.0, 2.0]]) == pytest.approx([3.0], abs=0.1)


def test_pickles_predict_the_same():
    X, y = sine(50)
    regressor = Regressor(**QUICK).fit(X, y)
    assert np.array_equal(pickle.loads(pickle.dumps(regressor)).predict(X), regressor.predict(X))


def test_the_model_knows_where_it_comes_from():
    X, y = sine(50)
    model = Regressor(**QUICK).fit(X, y).model_
    assert model.provenance["rows"] == 50
    assert model.provenance["random_state"] == "0"
    assert model.provenance["settings"]["max_epochs"] == "20"
    assert model.input_ranges.tolist() == [X.min(0).tolist(), X.max(0).tolist()]
    other = Regressor(**QUICK).fit(X, y + 1).model_
    assert model.provenance["data_sha256"] != other.provenance["data_sha256"]


def test_not_worse_than_scikit_learn_s():
    """The defaults of both on the same noisy surface, judged on rows that neither saw."""
    generator = np.random.default_rng(7)
    X = generator.uniform(-2, 2, (1200, 3))
    y = np.sin(X[:, 0]) * X[:, 1] + X[:, 2] ** 2 + generator.normal(0, 0.1, 1200)
    ours = Regressor(random_state=0).fit(X[:900], y[:900]).score(X[900:], y[900:])
    theirs = MLPRegressor(random_state=0, max_iter=1000).fit(X[:900], y[:900]).score(X[900:], y[900:])
    assert ours > theirs - 0.01


def test_gradient_descent_by_name():
    X, y = plane(100)
    assert Regressor((), solver="gradient-descent", max_epochs=100, random_state=0).fit(X, y).score(X, y) > 0.99
    assert isinstance(Regressor(solver=GradientDescent()).fit(X, y).solver, GradientDescent)
