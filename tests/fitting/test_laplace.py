"""Laplace's approximation: linear least squares in closed form, spread over repeated fits, MacKay's equations."""

import numpy as np
import pytest
import scipy.optimize

from fitnet import LevenbergMarquardt, Model, Network, Scaling, SquaredError, train
from fitnet.engine import choose
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.evaluation import coverage
from fitnet.fitting import laplace as module
from fitnet.fitting.laplace import checked_choice, laplace, regular_factor, wants_error_bars
from fitnet.rows import ArrayRows
from fitnet.training import evidence
from tolerances import COVERAGE_95, ERROR_BARS_RTOL, EVIDENCE_SEARCH_RTOL, FLOAT64_RTOL, SPREAD_RTOL

NOISE = 0.1


def objective_of(network, X, Y, weights=None, alpha=0.0):
    return Objective(choose(), network, SquaredError(), X, Y, weights, alpha)


def least_squares(X, Y, weights=None):
    """Coefficients with the constant last (p + 1, m), (A^T W A)^-1, and the residuals' covariance (m, m)."""
    A = np.column_stack([X, np.ones(len(X))])
    w = np.ones(len(X)) if weights is None else weights
    inverse = np.linalg.inv(A.T @ (A * w[:, np.newaxis]))
    coefficients = inverse @ A.T @ (Y * w[:, np.newaxis])
    residual = Y - A @ coefficients
    return coefficients, inverse, residual.T @ (residual * w[:, np.newaxis]) / (len(X) - A.shape[1])


@pytest.fixture
def plane(generator):
    """Rows X (40, 2) of different units, and two noisy linear targets with correlated noise of unlike size."""
    X = generator.normal(size=(40, 2)) * [1, 3] + [0.5, -1]
    noise = generator.normal(size=(40, 2)) @ [[0.3, 0.2], [0, 0.1]]
    return X, X @ [[1, -2], [0.5, 0]] + [3, 4] + noise


@pytest.mark.parametrize("weighted", [False, True])
def test_linear_least_squares_has_its_closed_form(plane, generator, weighted):
    X, Y = plane[0], plane[1][:, :1].copy()
    weights = generator.uniform(0.2, 3, 40) if weighted else None
    coefficients, inverse, noise = least_squares(X, Y, weights)
    network = Network.of_widths((2, 1))
    found = laplace(objective_of(network, X, Y, weights), coefficients.ravel(), decay=0.0)
    assert found.effective_parameters == pytest.approx(3, rel=ERROR_BARS_RTOL)
    np.testing.assert_allclose(found.variance, noise[0, 0], rtol=ERROR_BARS_RTOL)
    np.testing.assert_allclose(found.parameter_covariance(), noise[0, 0] * inverse, rtol=ERROR_BARS_RTOL)
    new = generator.normal(size=(7, 2)) * 4
    A = np.column_stack([new, np.ones(7)])
    interval = np.sqrt(noise[0, 0] * (1 + np.einsum("ij,jk,ik->i", A, inverse, A)))
    predicted, std = Model(network, coefficients.ravel(), error_bars=found).predict(new, return_std=True)
    np.testing.assert_allclose(std[:, 0], interval, rtol=ERROR_BARS_RTOL)
    np.testing.assert_allclose(predicted, A @ coefficients, rtol=ERROR_BARS_RTOL)


def test_several_outputs_in_the_users_units(plane, generator):
    """Scaled inputs and targets in, ordinary least squares in raw units as the oracle."""
    X, Y = plane[0] * [1, 1e-6] + [2000, 0], plane[1] * [1e4, 1e-3]
    inputs, targets = Scaling.standardising(X), Scaling.standardising(Y)
    scaled_X, scaled_Y = inputs.apply(X), targets.apply(Y)
    coefficients, inverse, noise = least_squares(scaled_X, scaled_Y)
    network = Network.of_widths((2, 2))
    found = laplace(objective_of(network, scaled_X, scaled_Y), coefficients.ravel(), decay=0.0)
    np.testing.assert_allclose(found.noise_covariance, noise, rtol=ERROR_BARS_RTOL)
    model = Model(network, coefficients.ravel(), input_scaling=inputs, target_scaling=targets, error_bars=found)
    new = X[:9] * [1, 2]
    A = np.column_stack([inputs.apply(new), np.ones(9)])
    open_part = np.trace(noise) / 2 * np.einsum("ij,jk,ik->i", A, inverse, A)
    expected = (noise + open_part[:, np.newaxis, np.newaxis] * np.eye(2)) * np.outer(targets.scale, targets.scale)
    predicted, covariance = model.predict(new, return_cov=True)
    _, std = model.predict(new, return_std=True)
    np.testing.assert_allclose(covariance, expected, rtol=ERROR_BARS_RTOL)
    np.testing.assert_allclose(std**2, np.diagonal(expected, axis1=1, axis2=2), rtol=ERROR_BARS_RTOL)
    np.testing.assert_array_equal(predicted, model.predict(new))
    np.testing.assert_allclose(model.noise**2, np.diagonal(noise) * targets.scale**2, rtol=ERROR_BARS_RTOL)


def fitted(network, X, Y, solver=None):
    return train(
        network,
        X,
        Y,
        epochs=100,
        generator=np.random.default_rng(1),
        solver=LevenbergMarquardt() if solver is None else solver,
        initialization="glorot",
        verbose=False,
    ).parameters


def test_std_of_the_parameters_is_the_spread_over_fits_to_new_noise(generator):
    network = Network.of_widths((1, 2, 1), "tanh")
    truth = np.array([2.0, -1.5, 0.8, 1.2, 1.0, 1.5, 0.3])
    X, new = np.linspace(-2, 2, 60)[:, np.newaxis], np.linspace(-1.8, 1.8, 9)[:, np.newaxis]
    predict = choose().predict
    clean = predict(network, truth, X)
    predictions, variances = [], []
    for _ in range(100):
        Y = clean + generator.normal(0, 0.02, clean.shape)
        parameters = scipy.optimize.least_squares(
            lambda at, Y=Y: (predict(network, at, X) - Y)[:, 0], truth, method="lm"
        ).x
        found = laplace(objective_of(network, X, Y), parameters, decay=0.0)
        model = Model(network, parameters, error_bars=found)
        prediction, std = model.predict(new, return_std=True)
        predictions.append(prediction)
        variances.append(std**2 - model.noise**2)
    spread, told = np.std(predictions, axis=0), np.sqrt(np.mean(variances, axis=0))
    np.testing.assert_allclose(told, spread, rtol=SPREAD_RTOL)


@pytest.mark.parametrize("solver", [LevenbergMarquardt(), LevenbergMarquardt(regularization="bayesian")])
def test_intervals_of_95_per_cent_hold_95_per_cent(solver):
    draws = np.random.default_rng(3)
    X = draws.uniform(-2, 2, (2300, 1))
    Y = np.sin(2 * X) + draws.normal(0, NOISE, X.shape)
    network = Network.of_widths((1, 6, 1), "tanh")
    parameters = fitted(network, X[:300], Y[:300], solver=solver)
    found = laplace(objective_of(network, X[:300], Y[:300]), parameters)
    predicted, std = Model(network, parameters, error_bars=found).predict(X[300:], return_std=True)
    low, high = COVERAGE_95
    assert low < coverage(predicted, std, Y[300:])[0.95] < high
    assert not low < coverage(predicted, std / 2, Y[300:])[0.95] < high
    assert not low < coverage(predicted, std * 2, Y[300:])[0.95] < high


def test_outside_the_rows_error_bars_grow():
    X = np.linspace(-1, 1, 50)[:, np.newaxis]
    Y = np.sin(2 * X) + np.random.default_rng(0).normal(0, NOISE, X.shape)
    network = Network.of_widths((1, 5, 1), "tanh")
    parameters = fitted(network, X, Y)
    model = Model(network, parameters, error_bars=laplace(objective_of(network, X, Y), parameters))
    _, std = model.predict([[0.0], [1.5], [2.5]], return_std=True)
    assert std[0] < std[1] < std[2]


def decays(found, objective, parameters):
    """What was added to each entry of the diagonal of J^T W J."""
    factor = np.zeros((len(parameters), len(parameters)))
    factor[np.tril_indices(len(parameters))] = found.factor
    return np.diagonal(factor @ factor.T - objective.normal_equations(parameters)[0])


@pytest.mark.parametrize("m", [1, 2])
def test_the_penalty_of_the_fit_is_the_decay(generator, m):
    X, Y = generator.normal(size=(30, 2)), generator.normal(size=(30, m))
    weights = generator.uniform(0.5, 2, 30)
    network = Network.of_widths((2, 3, m), "tanh")
    parameters = network.initial_parameters(generator, dtype="float64")
    objective = objective_of(network, X, Y, weights, alpha=0.5)
    added = decays(laplace(objective, parameters), objective, parameters)
    np.testing.assert_allclose(added, 0.5 * m * weights.sum() * objective.is_weight, rtol=1e-6, atol=1e-6)


def test_without_penalty_decay_noise_and_parameters_agree_as_mackay_says(generator):
    X = generator.uniform(-1, 1, (60, 2))
    Y = np.sin(3 * X[:, :1]) + 0.5 * X[:, 1:] + generator.normal(0, 0.2, (60, 1))
    network = Network.of_widths((2, 6, 1), "tanh")
    parameters = fitted(network, X, Y, solver=LevenbergMarquardt(regularization="bayesian"))
    objective = objective_of(network, X, Y)
    found = laplace(objective, parameters)
    added = decays(found, objective, parameters)
    determined = 1 - np.diagonal(found.parameter_covariance()) / found.variance * added
    (w, v), (decay_w, decay_v), (gamma_w, gamma_v) = map(network.weights, (parameters, added, determined))
    gamma = np.array([*gamma_w.sum(axis=1), gamma_v.sum()])  # each row of w belongs to one input
    squares = np.array([*np.sum(w**2, axis=1), np.sum(v**2)])
    expected = found.variance * np.maximum(gamma / squares, gamma.sum() / squares.sum())
    assert gamma[1] / squares[1] > 2 * gamma.sum() / squares.sum()  # the input on which y is linear decays more
    np.testing.assert_allclose(decay_w, np.tile(expected[:2], (6, 1)).T, rtol=EVIDENCE_SEARCH_RTOL)
    np.testing.assert_allclose(decay_v, np.full((6, 1), expected[2]), rtol=EVIDENCE_SEARCH_RTOL)
    freedom = 60 - found.effective_parameters
    np.testing.assert_allclose(found.variance, objective.misfit(parameters) / freedom, rtol=ERROR_BARS_RTOL)
    assert 3 < found.effective_parameters < network.n_parameters
    sums = objective.normal_equations(parameters)
    again = evidence.update(objective.engine, sums[0], sums[2], parameters, objective.groups, 60, added)
    np.testing.assert_allclose(again.decay, added * objective.is_weight, rtol=EVIDENCE_SEARCH_RTOL)
    np.testing.assert_allclose(again.noise**2, found.variance, rtol=EVIDENCE_SEARCH_RTOL)


@pytest.mark.parametrize("decay", [None, 0.0])
def test_what_the_rows_cannot_tell_apart_does_no_harm(generator, decay):
    """A column twice, a dead neuron, and fewer rows than parameters."""
    X = generator.normal(size=(6, 1)) @ [[1, 1]]
    network = Network.of_widths((2, 4, 1), "relu")
    parameters = network.initial_parameters(generator, dtype="float64")
    network.biases(parameters)[0][0] = -100
    found = laplace(objective_of(network, X, X[:, :1].copy()), parameters, decay)
    assert np.isfinite(found.factor).all()
    assert 0 <= found.effective_parameters <= 6
    _, std = Model(network, parameters, error_bars=found).predict(X, return_std=True)
    assert np.isfinite(std).all()


def test_what_rounding_alone_made_positive_definite_is_not_taken():
    eps = np.finfo(float).eps
    twice = np.array([[1, 1], [1, 1 + eps]])
    assert np.isfinite(np.linalg.cholesky(twice)).all()
    upper, ridge = regular_factor(twice, np.zeros(2), np.ones(2, bool))
    assert (ridge > 0).all()
    np.testing.assert_allclose(upper.T @ upper, twice + np.diag(ridge), rtol=FLOAT64_RTOL)


def test_a_perfect_fit_has_no_noise():
    X = np.linspace(0, 1, 8)[:, np.newaxis]
    network = Network.of_widths((1, 1))
    found = laplace(objective_of(network, X, 2 * X), np.array([2.0, 0.0]))
    assert found.variance == 0
    assert Model(network, np.array([2.0, 0.0]), error_bars=found).predict(X, return_std=True)[1].tolist() == [[0]] * 8


def test_what_float64_cannot_hold_is_refused():
    network = Network.of_widths((1, 1))
    with pytest.raises(ArgumentValueError, match="`parameters` give residuals or derivatives that float64 cannot"):
        laplace(objective_of(network, np.ones((3, 1)), np.full((3, 1), 1e200)), np.zeros(2))


SMALL, CORNERED = Network.of_widths((2, 5, 1), "tanh"), Network.of_widths((2, 5, 1), "relu")
LARGE = Network.of_widths((2, 50, 50, 1), "tanh")
ROWS = np.zeros((3, 2))


def test_auto_keeps_what_costs_little_and_says_something(monkeypatch):
    assert wants_error_bars("auto", SMALL, SquaredError(), ROWS, ROWS)
    for network, loss, X in (
        (CORNERED, SquaredError(), ROWS),
        (LARGE, SquaredError(), ROWS),
        (SMALL, object(), ROWS),
        (SMALL, SquaredError(), ArrayRows("X", ROWS)),
    ):
        assert not wants_error_bars("auto", network, loss, X, ROWS)
        assert not wants_error_bars(False, network, loss, X, ROWS)
    assert wants_error_bars(True, CORNERED, SquaredError(), ROWS, ROWS)
    assert wants_error_bars(True, LARGE, SquaredError(), ROWS, ROWS)
    monkeypatch.setattr(module, "most_parameters", lambda: 100)
    with pytest.raises(ArgumentValueError, match="`error_bars` is True and the network has 2,751 parameters; this"):
        wants_error_bars(True, LARGE, SquaredError(), ROWS, ROWS)


def test_a_choice_is_auto_true_or_false():
    assert [checked_choice(value) for value in ("auto", True, False, np.True_)] == ["auto", True, False, True]
    for value in ("yes", 1, None, np.ones(2)):
        with pytest.raises(ArgumentTypeError, match=r"`error_bars` is .*; it must be 'auto', True or False"):
            checked_choice(value)
