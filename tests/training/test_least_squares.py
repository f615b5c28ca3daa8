"""Levenberg-Marquardt: it ends where least squares ends, from wherever a minimum can be reached."""

from itertools import pairwise

import numpy as np
import pytest
from exponential import NETWORK, START, TRUE, coefficients, curve, rows
from resuming import trained
from scipy.optimize import curve_fit
from watched_engine import WatchedEngine, install

from fitnet import LevenbergMarquardt, Network, SquaredError, train
from fitnet.errors import DivergenceError
from fitnet.training import descent, least_squares
from tolerances import (
    DAMPED_CONVERGENCE_RTOL,
    EXACT_FIT_RTOL,
    INTERPOLATION_SHARE,
    LOSS_RTOL,
    NOISY_FIT_RTOL,
    NORMAL_EQUATIONS_RTOL,
)

LINEAR = Network.of_widths((3, 2))
GAUSS_NEWTON = LevenbergMarquardt(damping=0)


@pytest.fixture
def linear_rows(generator):
    """X (40, 3), Y (40, 2) with noise, and weights (40,), of which some are 0."""
    X = generator.normal(size=(40, 3))
    Y = X @ generator.normal(size=(3, 2)) + 3 + generator.normal(size=(40, 2))
    return X, Y, np.maximum(generator.uniform(-0.3, 1, 40), 0)


def ridge(X, Y, weights, l2):
    """The minimum of the loss and the penalty by its closed formula, as parameters: weights, then biases."""
    A = np.column_stack([X, np.ones(len(X))])
    decay = l2 * weights.sum() * Y.shape[1] * np.diag([1] * X.shape[1] + [0])
    return np.linalg.solve(A.T @ (weights[:, None] * A) + decay, A.T @ (weights[:, None] * Y)).ravel()


def fitted(network, X, Y, solver, epochs=300, **arguments):
    return trained(network, (X, Y), solver=solver, epochs=epochs, **arguments)


@pytest.mark.parametrize("weighted", [False, True])
def test_one_undamped_step_is_linear_least_squares(engine, linear_rows, weighted):
    X, Y, weights = linear_rows
    weights = weights if weighted else None
    result = fitted(LINEAR, X, Y, GAUSS_NEWTON, epochs=1, weights=weights, engine=engine.name)
    root = np.ones((40, 1)) if weights is None else np.sqrt(weights)[:, None]
    solution, *_ = np.linalg.lstsq(root * np.column_stack([X, np.ones(40)]), root * Y)
    np.testing.assert_allclose(result.parameters, solution.ravel(), rtol=NORMAL_EQUATIONS_RTOL)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("l2", [1e-3, 0.3, 30.0])
def test_one_undamped_step_is_ridge_regression_with_free_biases(linear_rows, l2, weighted):
    X, Y, weights = linear_rows
    given = weights if weighted else None
    result = fitted(LINEAR, X, Y, GAUSS_NEWTON, epochs=1, weights=given, alpha=l2)
    expected = ridge(X, Y, weights if weighted else np.ones(40), l2)
    np.testing.assert_allclose(result.parameters, expected, rtol=NORMAL_EQUATIONS_RTOL)


@pytest.mark.parametrize("damping", [1e-3, 1.0, 1e6])
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_damped_steps_end_there_too(linear_rows, damping, l2):
    X, Y, weights = linear_rows
    result = fitted(LINEAR, X, Y, LevenbergMarquardt(damping=damping), weights=weights, alpha=l2)
    assert result.history.epochs < 300
    np.testing.assert_allclose(result.parameters, ridge(X, Y, weights, l2), rtol=DAMPED_CONVERGENCE_RTOL)


def test_a_minimum_is_left_alone(linear_rows):
    X, Y, weights = linear_rows
    minimum = ridge(X, Y, weights, 0.3)
    result = fitted(LINEAR, X, Y, LevenbergMarquardt(), weights=weights, alpha=0.3, parameters=minimum)
    np.testing.assert_allclose(result.parameters, minimum, rtol=NORMAL_EQUATIONS_RTOL)
    assert result.history.epochs <= 1


@pytest.mark.parametrize("damping", [0, 1e-3, 1e3])
def test_exact_data_give_back_their_law(engine, damping):
    solver = LevenbergMarquardt(damping=damping)
    result = fitted(NETWORK, *rows(60), solver, parameters=START, engine=engine.name)
    np.testing.assert_allclose(coefficients(result.parameters), TRUE, rtol=EXACT_FIT_RTOL)
    assert result.history.epochs < 300


@pytest.mark.parametrize("weighted", [False, True])
def test_noisy_data_give_what_curve_fit_gives(weighted):
    X, Y = rows(60, noise=0.2)
    weights = np.linspace(0.2, 3, 60) if weighted else np.ones(60)
    result = fitted(NETWORK, X, Y, LevenbergMarquardt(), parameters=START, weights=weights if weighted else None)
    expected, _ = curve_fit(curve, X[:, 0], Y[:, 0], TRUE, sigma=weights**-0.5, ftol=1e-14, xtol=1e-14, gtol=1e-14)
    np.testing.assert_allclose(coefficients(result.parameters), expected, rtol=NOISY_FIT_RTOL)


@pytest.mark.parametrize("l2", [0.0, 1e-3])
def test_no_iteration_raises_the_objective(engine, network, data, l2):
    solver = LevenbergMarquardt(damping=1e-8)
    result = fitted(network, *data, solver, epochs=60, alpha=l2, engine=engine.name)
    assert np.all(np.diff(result.history.loss) <= 0)
    squares = sum(np.sum(W * W) for W in network.weights(result.parameters))
    value = SquaredError().value(engine.predict(network, result.parameters, data[0]), data[1]) + l2 * squares
    assert value == pytest.approx(min(result.history.loss), rel=LOSS_RTOL["float64"])
    assert result.best_epoch == result.history.epochs


def test_history_tells_of_the_damping_and_of_no_rate(network, data):
    history = fitted(network, *data, LevenbergMarquardt(), epochs=7).history
    assert history.epochs == 7
    assert np.isnan(history.learning_rate).all() and len(history.learning_rate) == 7
    assert len(history.damping) == 7 and min(history.damping) > 0
    assert history.effective_parameters == history.noise == []


class KeepsSteps(WatchedEngine):
    """`steps` are the solutions it gave; `stops` what a callback saw: parameters, damping, how many steps by then."""

    every = 1

    def __init__(self):
        super().__init__()
        self.steps, self.stops = [], []

    def solve_positive_definite(self, *arguments):
        self.steps.append(super().solve_positive_definite(*arguments))
        return self.steps[-1]

    def on_epoch_end(self, state):
        self.stops.append((state.parameters.copy(), state.history.damping[-1], len(self.steps)))


def test_half_of_a_bent_path_is_tried_before_another_damping(monkeypatch, network, data):
    engine, shares = install(monkeypatch, KeepsSteps()), []
    fitted(network, *data, LevenbergMarquardt(damping=1e-8), epochs=40, engine="watched", callbacks=[engine])
    for (before, damping, solved), (after, now, now_solved) in pairwise(engine.stops):
        raised = damping * descent.RAISED_BY ** ((now_solved - solved) // 2 - 1)  # a straight step and its bend each
        shares.append(0.5 if now == pytest.approx(raised) else 1.0)
        assert now == pytest.approx(raised if shares[-1] < 1 else raised / descent.LOWERED_BY)
        straight, bend = engine.steps[now_solved - 2 : now_solved]
        if np.linalg.norm(bend) > descent.MOST_BENT * np.linalg.norm(straight):
            bend = np.zeros_like(bend)
        assert after.tobytes() == (before + (shares[-1] * straight + shares[-1] ** 2 * bend)).tobytes()
    assert set(shares) == {0.5, 1.0}


@pytest.mark.parametrize("damping", [0, 1e-3])
@pytest.mark.parametrize("column", ["duplicate", "constant", "zero"])
def test_columns_that_determine_nothing_do_no_harm(linear_rows, column, damping):
    X, Y, _ = linear_rows
    X[:, 2] = {"duplicate": X[:, 0], "constant": 1.5, "zero": 0}[column]
    result = fitted(LINEAR, X, Y, LevenbergMarquardt(damping=damping))
    A = np.column_stack([X, np.ones(40)])
    solution, *_ = np.linalg.lstsq(A, Y)
    lowest = np.mean((A @ solution - Y) ** 2)
    assert min(result.history.loss) == pytest.approx(lowest, rel=NOISY_FIT_RTOL)


@pytest.mark.parametrize("damping", [0, 1e-3])
def test_more_parameters_than_targets_interpolate(network, data, damping):
    X, Y = data[0][:8], data[1][:8]  # 33 parameters
    result = fitted(network, X, Y, LevenbergMarquardt(damping=damping))
    assert min(result.history.loss) < INTERPOLATION_SHARE * np.mean(Y**2)


class NotesOverflow(WatchedEngine):
    """Counts predictions that are not finite."""

    overflows = 0

    def predict(self, network, parameters, X):
        prediction = super().predict(network, parameters, X)
        self.overflows += not np.isfinite(prediction).all()
        return prediction


def test_step_into_overflow_is_turned_back(monkeypatch):
    engine = install(monkeypatch, NotesOverflow())
    start = np.array([0, 0, 1e-3, 0])  # the slope of the exponent seems to matter little: the first step is long
    result = fitted(NETWORK, *rows(60), GAUSS_NEWTON, parameters=start, engine="watched")
    assert engine.overflows > 0
    assert np.isfinite(result.history.loss).all()
    np.testing.assert_allclose(coefficients(result.parameters), TRUE, rtol=EXACT_FIT_RTOL)


@pytest.mark.parametrize("solver", [LevenbergMarquardt(), LevenbergMarquardt("bayesian")])
def test_the_same_bits_twice(engine, network, data, solver):
    one, two = (fitted(network, *data, solver, epochs=15, engine=engine.name) for _ in range(2))
    assert one.parameters.tobytes() == two.parameters.tobytes()
    assert one.history.loss == two.history.loss
    assert one.history.damping == two.history.damping


@pytest.mark.parametrize("tolerance", ["gradient_tolerance", "step_tolerance", "loss_tolerance"])
def test_each_tolerance_ends_training_earlier(network, data, tolerance):
    never = dict.fromkeys(["gradient_tolerance", "step_tolerance", "loss_tolerance"], 0)
    patient = fitted(network, *data, LevenbergMarquardt(**never), epochs=60)
    hasty = fitted(network, *data, LevenbergMarquardt(**never | {tolerance: 0.2}), epochs=60)
    assert 0 < hasty.history.epochs < patient.history.epochs
    assert hasty.history.loss == patient.history.loss[: hasty.history.epochs]
    assert hasty.stopped == "finished"


def test_half_of_the_memory_holds_the_matrices(monkeypatch):
    monkeypatch.setattr(least_squares.os, "sysconf", {"SC_PHYS_PAGES": 2**18, "SC_PAGE_SIZE": 2**12}.get)
    assert least_squares.most_parameters() == 2**12  # 4 matrices of 2^12 x 2^12 doubles: 2^29 of 2^30 bytes


def test_derivatives_too_large_to_square_are_refused(engine):
    """The loss is finite, for the weight of the huge input is 0; the square of its derivative is not."""
    network = Network.of_widths((1, 1))
    with pytest.raises(DivergenceError, match=r"^Training cannot begin: derivatives at the initial parameters are too"):
        train(
            network,
            np.full((2, 1), 1e200),
            np.ones((2, 1)),
            epochs=3,
            generator=np.random.default_rng(0),
            solver=LevenbergMarquardt(),
            parameters=np.zeros(2),
            engine=engine.name,
            verbose=False,
        )
