"""L-BFGS: it ends where other programs' minima are, for any loss, and when it is told to."""

import numpy as np
import pytest
from exponential import NETWORK, START, TRUE, coefficients, rows
from resuming import trained
from scipy.optimize import minimize
from scipy.special import huber
from sklearn.linear_model import PoissonRegressor
from watched_engine import WatchedEngine, install

from fitnet import LBFGS, Dense, Huber, Network, Poisson
from tolerances import EXACT_FIT_RTOL, LOSS_RTOL, QUASI_NEWTON_RTOL

LINEAR = Network.of_widths((3, 1))


@pytest.fixture
def linear_rows(generator):
    """X (80, 3), Y (80, 1) with noise, some of it wild, and weights (80,)."""
    X = generator.normal(size=(80, 3))
    Y = X @ [[1.0], [-2], [0.5]] + 3 + generator.standard_t(2, size=(80, 1))
    return X, Y, generator.uniform(0, 2, 80)


def fitted(network, X, Y, solver=None, epochs=300, **arguments):
    return trained(network, (X, Y), solver=solver or LBFGS(), epochs=epochs, **arguments)


@pytest.mark.parametrize("l2", [0.0, 0.2])
def test_squared_error_ends_at_ridge_regression(engine, linear_rows, l2):
    X, Y, weights = linear_rows
    result = fitted(LINEAR, X, Y, weights=weights, alpha=l2, engine=engine.name)
    A = np.column_stack([X, np.ones(80)])
    decay = l2 * weights.sum() * np.diag([1, 1, 1, 0])
    expected = np.linalg.solve(A.T @ (weights[:, None] * A) + decay, A.T @ (weights[:, None] * Y))
    np.testing.assert_allclose(result.parameters, expected[:, 0], rtol=QUASI_NEWTON_RTOL)
    assert result.stopped == "finished" and result.history.epochs < 300


def test_huber_ends_at_the_minimum_of_scipys_huber(engine, linear_rows):
    X, Y, weights = linear_rows

    def objective(p):
        return weights @ huber(0.7, X @ p[:3] + p[3] - Y[:, 0]) / weights.sum()

    expected = minimize(objective, np.zeros(4), method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-15}).x
    result = fitted(LINEAR, X, Y, weights=weights, loss=Huber(0.7), engine=engine.name)
    np.testing.assert_allclose(result.parameters, expected, rtol=QUASI_NEWTON_RTOL)


def test_poisson_ends_where_scikit_learn_does(engine, linear_rows, generator):
    X, _, weights = linear_rows
    Y = generator.poisson(np.exp(X @ [0.3, -0.5, 0.1] + 1))
    network = Network((Dense(3, 1, "exponential"),))
    result = fitted(network, X, Y[:, None], weights=weights, loss=Poisson(), engine=engine.name)
    oracle = PoissonRegressor(alpha=0, tol=1e-10, max_iter=1000, solver="newton-cholesky")
    oracle.fit(X, Y, sample_weight=weights)
    np.testing.assert_allclose(result.parameters, [*oracle.coef_, oracle.intercept_], rtol=QUASI_NEWTON_RTOL)


def test_exact_data_give_back_their_law(engine):
    result = fitted(NETWORK, *rows(60), parameters=START, engine=engine.name)
    np.testing.assert_allclose(coefficients(result.parameters), TRUE, rtol=EXACT_FIT_RTOL)


class NotesOverflow(WatchedEngine):
    """Counts losses that are not finite."""

    overflows = 0

    def loss_and_gradient(self, *arguments, **keywords):
        loss, gradient = super().loss_and_gradient(*arguments, **keywords)
        self.overflows += not np.isfinite(loss)
        return loss, gradient


def test_line_search_comes_back_from_a_loss_that_is_not_finite(monkeypatch, generator):
    engine = install(monkeypatch, NotesOverflow())
    X = generator.uniform(0, 1, (200, 1))
    Y = generator.poisson(0.2 + 30 * X).astype(float)  # with an identity output the loss is NaN where a rate is below 0
    result = fitted(Network.of_widths((1, 1)), X, Y, loss=Poisson(), parameters=np.array([0, 20.0]), engine="watched")
    slope, rate = result.parameters
    score = 1 - Y[:, 0] / (rate + slope * X[:, 0])
    assert engine.overflows > 0
    np.testing.assert_allclose([np.mean(score), np.mean(score * X[:, 0])], 0, atol=QUASI_NEWTON_RTOL)


def test_loss_falls_in_every_iteration_and_is_the_loss(engine, network, data):
    result = fitted(network, *data, epochs=25, engine=engine.name)
    residual = engine.predict(network, result.parameters, data[0]) - data[1]
    assert result.history.epochs == result.best_epoch == 25
    assert np.all(np.diff(result.history.loss) < 0)
    assert result.history.loss[-1] == pytest.approx(np.mean(residual**2), rel=LOSS_RTOL["float64"])
    assert np.isnan(result.history.learning_rate).all()
    assert result.history.damping == []


def test_loss_tolerance_is_a_share_of_a_small_loss_too(network, data):
    start = network.initial_parameters(np.random.default_rng(0), "he", np.float64)
    start[24:] *= 2.0**-20  # the last layer, and so the output
    solver = LBFGS(gradient_tolerance=0, loss_tolerance=1e-3)
    loss = fitted(network, data[0], 2.0**-20 * data[1], solver, parameters=start).history.loss
    shares = -np.diff(loss) / loss[1:]
    assert len(shares) > 1
    assert np.all(shares[:-1] > 1e-3) and shares[-1] <= 1e-3


def test_gradient_tolerance_ends_training_earlier(network, data):
    whole = fitted(network, *data, epochs=40)
    hasty = fitted(network, *data, LBFGS(gradient_tolerance=1e-2), epochs=40)
    assert 0 < hasty.history.epochs < whole.history.epochs
    assert hasty.history.loss == whole.history.loss[: hasty.history.epochs]


def test_memory_is_used(network, data):
    short, long = (fitted(network, *data, LBFGS(memory=memory), epochs=30).history.loss for memory in (1, 20))
    assert short != long


class Stops:
    """A callback that asks to stop after the third iteration."""

    every = 3

    def on_epoch_end(self, state):
        return True


def test_callback_ends_it_early(network, data):
    result = fitted(network, *data, epochs=40, callbacks=[Stops()])
    assert (result.stopped, result.history.epochs, result.best_epoch) == ("early", 3, 3)


def test_the_same_bits_twice(engine, network, data):
    one, two = (fitted(network, *data, epochs=15, engine=engine.name) for _ in range(2))
    assert one.parameters.tobytes() == two.parameters.tobytes()
    assert one.history.loss == two.history.loss
