"""Every engine with a penalty on the weights: what it adds to losses, gradients, steps and the best."""

import numpy as np
import pytest
from whole_epochs import run_epochs

from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import OPTIMIZERS, Adam, GradientDescent, initial_state
from fitnet.engine import Best
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from tolerances import (
    LEAST_SQUARES_RTOL,
    LOSS_RTOL,
    PREDICTION_ATOL_OF_LARGEST,
    TRAJECTORY_ATOL_OF_LARGEST,
)

LOSS = SquaredError()
L2 = 0.05
ROWS = 11
each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
each_shape = pytest.mark.parametrize("widths", [(1, 1), (3, 6, 4, 2), (5, 70, 60, 3)], ids=str)  # the last: several KB


@each_dtype
@each_shape
def test_loss_and_gradient_grow_by_the_penaltys(engine, generator, widths, dtype):
    network, parameters, X, Y, weights = draw(generator, dtype, widths)
    bare, bare_gradient = engine.loss_and_gradient(network, LOSS, parameters, X, Y, weights)
    value, gradient = engine.loss_and_gradient(network, LOSS, parameters, X, Y, weights, l2=L2)
    np.testing.assert_allclose(value, bare + L2 * squares(network, parameters), rtol=LOSS_RTOL["float64"])
    expected = bare_gradient.astype(float)
    for W, of_W in zip(network.weights(parameters), network.weights(expected), strict=True):
        of_W += 2 * L2 * W
    assert_close(gradient, expected, PREDICTION_ATOL_OF_LARGEST[dtype])
    for b, of_b in zip(network.biases(bare_gradient), network.biases(gradient), strict=True):
        assert np.array_equal(b, of_b)


@each_dtype
@each_shape
@pytest.mark.parametrize("batch_size", [ROWS, 4], ids=["full-batch", "ragged"])
@pytest.mark.parametrize("optimizer", [kind() for kind in OPTIMIZERS.values()], ids=OPTIMIZERS)
def test_run_epochs_equals_the_steps_one_by_one(engine, generator, optimizer, batch_size, widths, dtype):
    network, parameters, X, Y, weights = draw(generator, dtype, widths)
    weights[4:8] = 0  # the second batch of four weighs nothing: no step, no penalty
    expected, state, expected_losses = parameters.copy(), initial_state(optimizer, parameters), []
    for _ in range(3):
        losses, shares = [], []
        for batch in np.split(np.arange(ROWS), range(batch_size, ROWS, batch_size)):
            if weights[batch].any():
                step = expected, X[batch], Y[batch], weights[batch]
                value, gradient = engine.loss_and_gradient(network, LOSS, *step, l2=L2)
                optimizer.update(expected, gradient, state, 0.01)
                losses.append(value)
                shares.append(weights[batch].sum(dtype=float))
        expected_losses.append(np.average(losses, weights=shares))
    rates = np.full((3, -(-ROWS // batch_size)), 0.01)
    losses = run(engine, network, optimizer, parameters, X, Y, weights, rates, batch_size, L2)
    assert_close(parameters, expected, TRAJECTORY_ATOL_OF_LARGEST[dtype])
    np.testing.assert_allclose(losses, expected_losses, rtol=LOSS_RTOL[dtype])


@each_dtype
def test_best_has_the_lowest_objective_not_the_lowest_loss(engine, generator, dtype):
    network, start, X, Y, _ = draw(generator, dtype, (3, 6, 4, 2))
    rates, l2 = np.array([0.1] * 10 + [1e-9] * 10)[:, np.newaxis], 0.4
    bests = {}
    for penalty in (0.0, l2):
        parameters, best = start.copy(), Best(np.inf, np.zeros_like(start), 0)
        losses = run(engine, network, GradientDescent(), parameters, X, Y, None, rates, ROWS, penalty, best)
        assert (best.loss, best.epoch) == (losses.min(), losses.argmin())
        bests[penalty] = best
    value, _ = engine.loss_and_gradient(network, LOSS, bests[l2].parameters, X, Y, l2=l2)
    assert value == bests[l2].loss
    assert squares(network, bests[l2].parameters) < squares(network, bests[0.0].parameters)


def test_no_penalty_changes_no_bit(engine, generator):
    network, start, X, Y, weights = draw(generator, "float32", (3, 6, 4, 2))
    ends = []
    for keywords in ({}, {"l2": 0}, {"l2": np.float64(0)}):
        parameters = start.copy()
        run(engine, network, Adam(), parameters, X, Y, weights, np.full((5, 3), 0.01), 4, **keywords)
        ends.append(parameters.tobytes())
    assert len(set(ends)) == 1


@each_dtype
def test_a_network_without_hidden_layers_finds_ridge_regressions_answer(engine, generator, dtype):
    n, p, m = 60, 3, 2
    X, Y = generator.normal(1, 1, (n, p)).astype(dtype), generator.normal(1, 1, (n, m)).astype(dtype)
    centred = X.astype(float) - X.mean(axis=0, dtype=float)
    gram = centred.T @ centred / (n * m) + L2 * np.eye(p)
    W = np.linalg.solve(gram, centred.T @ Y / (n * m))
    b = Y.mean(axis=0, dtype=float) - X.mean(axis=0, dtype=float) @ W

    network = Network.of_widths((p, m))
    parameters = np.zeros(network.n_parameters, dtype)
    run(engine, network, GradientDescent(), parameters, X, Y, None, np.full((600, 1), 0.3), n, L2)
    assert_close(parameters.reshape(p + 1, m), np.vstack([W, b]), LEAST_SQUARES_RTOL[dtype])


@pytest.mark.parametrize(
    ("l2", "error", "message"),
    [
        (-1e-3, ArgumentValueError, "`l2` is -0.001; it must be at least 0."),
        (np.nan, ArgumentValueError, "`l2` is nan; it must be finite and at least 0."),
        (np.inf, ArgumentValueError, "`l2` is inf; it must be finite and at least 0."),
        ("0", ArgumentTypeError, "`l2` is '0'; it must be a real number."),
        (None, ArgumentTypeError, "`l2` is None; it must be a real number."),
    ],
)
def test_l2_that_is_no_penalty_is_refused(engine, generator, l2, error, message):
    network, parameters, X, Y, weights = draw(generator, "float64", (3, 6, 4, 2))
    before = parameters.copy()
    with pytest.raises(error) as caught:
        engine.loss_and_gradient(network, LOSS, parameters, X, Y, weights, l2=l2)
    assert str(caught.value) == message
    with pytest.raises(error) as caught:
        run(engine, network, Adam(), parameters, X, Y, weights, np.full((1, 1), 0.1), ROWS, l2)
    assert str(caught.value) == message
    assert np.array_equal(parameters, before)


def draw(generator, dtype, widths):
    """A network, its parameters, biases too, data and weights."""
    network = Network.of_widths(widths, "tanh")
    parameters = generator.normal(0, 0.5, network.n_parameters)
    X, Y = generator.normal(size=(ROWS, widths[0])), generator.normal(size=(ROWS, widths[-1]))
    return network, *(array.astype(dtype) for array in (parameters, X, Y, generator.uniform(0.1, 3, ROWS)))


def squares(network, parameters):
    return sum(float(np.sum(W.astype(float) ** 2)) for W in network.weights(parameters))


def run(engine, network, optimizer, parameters, X, Y, weights, rates, batch_size, l2=0.0, best=None):
    state = initial_state(optimizer, parameters)
    plan = {"batch_size": batch_size, "learning_rates": rates, "row_orders": None, "best": best, "l2": l2}
    return run_epochs(engine, network, LOSS, optimizer, parameters, state, X, Y, weights, **plan)


def assert_close(actual, expected, atol_of_largest):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=atol_of_largest * np.abs(expected).max())
