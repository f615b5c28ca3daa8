"""Whole epochs in every engine: the steps one by one, the best on the way, and least squares where they end."""

import numpy as np
import pytest
from drawn_networks import ROWS, assert_close, draw, draw_weights
from whole_epochs import run_epochs

from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import OPTIMIZERS, Adam, GradientDescent, initial_state
from fitnet.algorithm.schedules import Cosine
from fitnet.engine import Best
from tolerances import LEAST_SQUARES_RTOL, LOSS_RTOL, TRAJECTORY_ATOL_OF_LARGEST

LOSS = SquaredError()
EPOCHS = 3
each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
each_optimizer = pytest.mark.parametrize("optimizer", [kind() for kind in OPTIMIZERS.values()], ids=OPTIMIZERS)
each_weighting = pytest.mark.parametrize("weighting", ["plain", "weighted", "batch-of-zeros"])
shuffled_or_not = pytest.mark.parametrize("shuffled", [False, True], ids=["as-they-lie", "shuffled"])


@each_dtype
@each_optimizer
@each_weighting
@shuffled_or_not
@pytest.mark.parametrize("batch_size", [ROWS, 4, 1], ids=["full-batch", "ragged", "single-rows"])
def test_run_epochs_equals_the_steps_one_by_one(engine, generator, optimizer, batch_size, shuffled, weighting, dtype):
    network, parameters, X, Y = draw(generator, dtype)
    weights = draw_weights(generator, weighting, dtype)
    rates, orders = draw_plan(generator, batch_size, shuffled)
    expected, expected_state = parameters.copy(), initial_state(optimizer, parameters)
    expected_losses = step_by_step(
        engine, network, optimizer, expected, expected_state, X, Y, weights, batch_size, rates, orders
    )
    state = initial_state(optimizer, parameters)
    moments = state.moments
    losses = run(engine, network, optimizer, parameters, state, X, Y, weights, batch_size, rates, orders)
    assert_close(parameters, expected, TRAJECTORY_ATOL_OF_LARGEST[dtype])
    assert state.step == expected_state.step
    assert state.moments is moments
    for moment, expected_moment in zip(moments, expected_state.moments, strict=True):
        assert_close(moment, expected_moment, TRAJECTORY_ATOL_OF_LARGEST[dtype])
    assert (losses.shape, losses.dtype) == ((EPOCHS,), np.float64)
    np.testing.assert_allclose(losses, expected_losses, rtol=LOSS_RTOL[dtype])


def test_a_batch_without_weight_is_no_step(engine, generator):
    network, parameters, X, Y = draw(generator, "float64")
    weights = draw_weights(generator, "batch-of-zeros", "float64")
    rates, _ = draw_plan(generator, 4, shuffled=False)
    state = initial_state(Adam(), parameters)
    run(engine, network, Adam(), parameters, state, X, Y, weights, 4, rates, None)
    assert state.step == EPOCHS * 2  # of three batches an epoch, the middle one weighs nothing


@each_dtype
@each_optimizer
@shuffled_or_not
@pytest.mark.parametrize("batch_size", [ROWS, 4], ids=["full-batch", "ragged"])
def test_two_calls_equal_one_of_twice_the_epochs(engine, generator, optimizer, batch_size, shuffled, dtype):
    network, start, X, Y = draw(generator, dtype)
    weights = draw_weights(generator, "weighted", dtype)
    rates, orders = draw_plan(generator, batch_size, shuffled, epochs=2 * EPOCHS)

    def trained(*calls):
        parameters, state, losses = start.copy(), initial_state(optimizer, start), []
        for epochs in calls:
            order = None if orders is None else orders[epochs]
            losses += [
                run(engine, network, optimizer, parameters, state, X, Y, weights, batch_size, rates[epochs], order)
            ]
        return parameters.tobytes(), state.step, state.moments.tobytes(), np.concatenate(losses).tobytes()

    assert trained(slice(None)) == trained(slice(EPOCHS), slice(EPOCHS, None))


@each_dtype
@pytest.mark.parametrize("calls", [[20], [7, 13], [1] * 20], ids=["one-call", "two-calls", "a-call-an-epoch"])
def test_best_is_the_lowest_loss_and_the_parameters_it_was_measured_at(engine, generator, calls, dtype):
    network, start, X, Y = draw(generator, dtype)
    rates = np.array([0.05] * 12 + [1.5] * 8)[:, np.newaxis]  # downhill first, then too far
    parameters, state, losses = start.copy(), initial_state(GradientDescent(), start), []
    best = Best(np.inf, np.zeros_like(start), 0)
    kept = best.parameters
    for rates_of_call in np.split(rates, np.cumsum(calls)[:-1]):
        losses += [
            *run(engine, network, GradientDescent(), parameters, state, X, Y, None, ROWS, rates_of_call, None, best)
        ]
    lowest = int(np.argmin(losses))
    assert 0 < lowest < len(losses) - 1
    assert (best.loss, best.epoch) == (losses[lowest], lowest)
    assert best.parameters is kept
    again = start.copy()
    run(
        engine,
        network,
        GradientDescent(),
        again,
        initial_state(GradientDescent(), start),
        X,
        Y,
        None,
        ROWS,
        rates[:lowest],
        None,
    )
    assert kept.tobytes() == again.tobytes()


def test_a_lower_best_is_left_as_it_is(engine, generator):
    network, parameters, X, Y = draw(generator, "float64")
    best = Best(0.0, np.full_like(parameters, 7), 3)
    rates, _ = draw_plan(generator, ROWS, shuffled=False)
    run(engine, network, Adam(), parameters, initial_state(Adam(), parameters), X, Y, None, ROWS, rates, None, best)
    assert (best.loss, best.epoch) == (0.0, 3)
    assert np.all(best.parameters == 7)


@each_dtype
def test_divergence_shows_in_the_losses_and_best_stays_finite(engine, generator, dtype):
    network, parameters, X, Y = draw(generator, dtype, activation="relu")
    best = Best(np.inf, np.zeros_like(parameters), 0)
    state = initial_state(GradientDescent(), parameters)
    rates = np.full((200, 1), 1e6)  # pytest turns a warning into an error
    losses = run(engine, network, GradientDescent(), parameters, state, X, Y, None, ROWS, rates, None, best)
    assert not np.isfinite(losses[-1])
    assert np.isfinite(best.loss)
    assert np.isfinite(best.parameters).all()


def test_no_epochs_change_nothing(engine, generator):
    network, parameters, X, Y = draw(generator, "float64")
    before, state = parameters.copy(), initial_state(Adam(), parameters)
    losses = run(engine, network, Adam(), parameters, state, X, Y, None, ROWS, np.empty((0, 1)), None)
    assert losses.shape == (0,)
    assert state.step == 0
    assert np.array_equal(parameters, before)


@each_dtype
def test_arguments_may_be_read_only_and_stay_as_they_are(engine, generator, dtype):
    network, parameters, X, Y = draw(generator, dtype)
    weights = draw_weights(generator, "weighted", dtype)
    rates, orders = draw_plan(generator, 4, shuffled=True)
    given = [parameters, X, Y, weights, rates, orders]
    before = [array.copy() for array in given]
    for array in given:
        array.flags.writeable = False
    engine.predict(network, parameters, X)
    engine.loss_and_gradient(network, LOSS, parameters, X, Y, weights)
    trained = parameters.copy()
    run(engine, network, Adam(), trained, initial_state(Adam(), trained), X, Y, weights, 4, rates, orders)
    assert all(np.array_equal(array, copy) for array, copy in zip(given, before, strict=True))


@each_dtype
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize(
    ("optimizer", "epochs"),
    [(GradientDescent(0.3), 300), (Adam(0.05, schedule=Cosine()), 2000)],
    ids=["gradient-descent", "adam"],
)
def test_a_network_without_hidden_layers_finds_the_least_squares_answer(
    engine, generator, optimizer, epochs, weighted, dtype
):
    n, p, m = 60, 3, 2
    X, Y = generator.normal(size=(n, p)).astype(dtype), generator.normal(size=(n, m)).astype(dtype)
    weights = generator.uniform(0.5, 2, n).astype(dtype) if weighted else None
    root = np.ones((n, 1)) if weights is None else np.sqrt(weights.astype(float))[:, np.newaxis]
    answer = np.linalg.lstsq(root * np.hstack([X, np.ones((n, 1))]), root * Y)[0]

    network = Network.of_widths((p, m))
    parameters = np.zeros(network.n_parameters, dtype)
    rates = optimizer.learning_rate * optimizer.schedule.factor(np.arange(epochs) / epochs)
    state = initial_state(optimizer, parameters)
    run(engine, network, optimizer, parameters, state, X, Y, weights, n, rates[:, np.newaxis], None)
    np.testing.assert_allclose(parameters.reshape(p + 1, m), answer, rtol=LEAST_SQUARES_RTOL[dtype])


def step_by_step(engine, network, optimizer, parameters, state, X, Y, weights, batch_size, rates, orders):
    """What run_epochs does, with one call of the engine a step; the losses by the row, as the contract says."""
    epoch_losses = []
    for epoch in range(len(rates)):
        order = list(range(ROWS)) if orders is None else orders[epoch].tolist()
        batches = [order[start : start + batch_size] for start in range(0, ROWS, batch_size)]
        weighted_sum = weight_sum = 0.0
        for rate, batch in zip(rates[epoch], batches, strict=True):
            w = np.ones(len(batch)) if weights is None else weights[batch].astype(float)
            if w.sum() == 0:
                continue
            residual = engine.predict(network, parameters, X[batch]).astype(float) - Y[batch]
            weighted_sum += float(w @ (residual**2).mean(axis=1))
            weight_sum += float(w.sum())
            of_batch = None if weights is None else weights[batch]
            _, gradient = engine.loss_and_gradient(network, LOSS, parameters, X[batch], Y[batch], of_batch)
            optimizer.update(parameters, gradient, state, float(rate))
        epoch_losses.append(weighted_sum / weight_sum)
    return epoch_losses


def run(engine, network, optimizer, parameters, state, X, Y, weights, batch_size, rates, orders, best=None):
    return run_epochs(
        engine,
        network,
        LOSS,
        optimizer,
        parameters,
        state,
        X,
        Y,
        weights,
        batch_size=batch_size,
        learning_rates=rates,
        row_orders=orders,
        best=best,
    )


def draw_plan(generator, batch_size, shuffled, epochs=EPOCHS):
    """A learning rate for every step and, if shuffled, an order of the rows for every epoch."""
    rates = generator.uniform(0.001, 0.02, (epochs, -(-ROWS // batch_size)))
    orders = generator.permuted(np.tile(np.arange(ROWS), (epochs, 1)), axis=1) if shuffled else None
    return rates, orders
