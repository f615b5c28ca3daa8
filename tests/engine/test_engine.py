"""What every engine does: predictions, steps and whole epochs, against loops and least squares written here."""

import math
from itertools import pairwise

import numpy as np
import pytest
from whole_epochs import run_epochs

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES, PoissonOfRates, SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import OPTIMIZERS, Adam, GradientDescent, initial_state
from fitnet.algorithm.schedules import Cosine
from fitnet.engine import ENGINES, Best, choose
from tolerances import (
    FLOAT32_GRADIENT_ATOL_OF_LARGEST,
    LEAST_SQUARES_RTOL,
    LOSS_RTOL,
    PREDICTION_ATOL_OF_LARGEST,
    TRAJECTORY_ATOL_OF_LARGEST,
)

LOSS = SquaredError()
ROWS = 11
EPOCHS = 3
SCALAR = {
    "identity": lambda z: z,
    "relu": lambda z: max(0.0, z),
    "tanh": math.tanh,
    "logistic": lambda z: 1 / (1 + math.exp(-z)),
    "silu": lambda z: z / (1 + math.exp(-z)),
    "gelu": lambda z: z * math.erfc(-z / math.sqrt(2)) / 2,
    "softplus": lambda z: math.log1p(math.exp(z)),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "exponential": math.exp,
}

each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
each_optimizer = pytest.mark.parametrize("optimizer", [kind() for kind in OPTIMIZERS.values()], ids=OPTIMIZERS)
each_weighting = pytest.mark.parametrize("weighting", ["plain", "weighted", "batch-of-zeros"])
shuffled_or_not = pytest.mark.parametrize("shuffled", [False, True], ids=["as-they-lie", "shuffled"])


@each_dtype
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("widths", [(3, 2), (2, 5, 1), (1, 4, 3, 2), (4, 3, 1, 6, 3)], ids=str)
def test_predict_equals_a_loop_over_rows(engine, generator, widths, activation, dtype):
    hidden = hidden_beside(activation)
    network = Network.of_widths(widths, hidden, activation)
    parameters = generator.normal(0, 0.7, network.n_parameters).astype(dtype)
    X = generator.normal(size=(ROWS, widths[0])).astype(dtype)
    expected = np.array([outputs_of_row(widths, hidden, activation, parameters.tolist(), row) for row in X.tolist()])
    predicted = engine.predict(network, parameters, X)
    assert (predicted.shape, predicted.dtype.name) == ((ROWS, widths[-1]), dtype)
    assert_close(predicted, expected, PREDICTION_ATOL_OF_LARGEST[dtype])


@each_dtype
def test_predict_takes_one_row_and_many(engine, generator, dtype):
    network, parameters, X, _ = draw(generator, dtype, rows=1000)
    predicted = engine.predict(network, parameters, X)
    alone = np.vstack([engine.predict(network, parameters, X[i : i + 1]) for i in (0, 499, 999)])
    assert_close(predicted[[0, 499, 999]], alone, PREDICTION_ATOL_OF_LARGEST[dtype])


@each_dtype
@each_weighting
@pytest.mark.parametrize("output_activation", ["softplus", "exponential"])  # above 0, for Poisson's sake
@pytest.mark.parametrize("loss", LOSSES)
def test_the_loss_is_that_of_the_predictions(engine, generator, loss, output_activation, weighting, dtype):
    network, parameters, X, Y = draw(generator, dtype, output_activation=output_activation)
    Y = np.abs(Y)
    weights = draw_weights(generator, weighting, dtype)
    value, gradient = engine.loss_and_gradient(network, LOSSES[loss], parameters, X, Y, weights)
    of_predictions = PoissonOfRates() if loss == "poisson" else LOSSES[loss]
    expected = of_predictions.value(engine.predict(network, parameters, X), Y, weights)
    assert type(value) is float
    assert engine.loss(network, LOSSES[loss], parameters, X, Y, weights) == value
    np.testing.assert_allclose(value, expected, rtol=LOSS_RTOL[dtype])
    assert (gradient.shape, gradient.dtype.name) == ((network.n_parameters,), dtype)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_float32_gradients_are_close_to_float64(engine, generator, activation):
    hidden, output = hidden_beside(activation), activation if activation == "exponential" else "identity"
    network, parameters, X, Y = draw(generator, "float32", (3, 8, 8, 8, 2), 40, hidden, output)
    weights = generator.uniform(0.1, 3, 40).astype(np.float32)
    single = engine.loss_and_gradient(network, LOSS, parameters, X, Y, weights)
    double = engine.loss_and_gradient(network, LOSS, *map(np.float64, (parameters, X, Y, weights)))
    np.testing.assert_allclose(single[0], double[0], rtol=LOSS_RTOL["float32"])
    assert_close(single[1], double[1], FLOAT32_GRADIENT_ATOL_OF_LARGEST)


def test_results_are_not_overwritten_by_the_next_call(engine, generator):
    network, parameters, X, Y = draw(generator, "float64")
    predicted = engine.predict(network, parameters, X)
    _, gradient = engine.loss_and_gradient(network, LOSS, parameters, X, Y)
    before = predicted.copy(), gradient.copy()
    engine.predict(network, 2 * parameters, X)
    engine.loss_and_gradient(network, LOSS, 2 * parameters, X, Y)
    assert np.array_equal(predicted, before[0])
    assert np.array_equal(gradient, before[1])


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


@pytest.mark.parametrize("name", ENGINES)
def test_choose_gives_the_engine_of_that_name(name):
    assert choose(name).name == name
    assert isinstance(choose(name), ENGINES[name])


def test_choose_takes_an_installed_engine_by_itself():
    assert choose().name == choose("auto").name
    assert choose().name in ENGINES


def hidden_beside(activation):
    """The hidden layers' activation where the outputs have this one: layers of exponentials would overflow."""
    return "tanh" if activation == "exponential" else activation


def outputs_of_row(widths, hidden, output, parameters, row):
    """The network's outputs for one row, neuron by neuron in plain Python."""
    at, signal = 0, row
    for layer, (inputs, outputs) in enumerate(pairwise(widths), start=2):
        biases = at + inputs * outputs
        activation = output if layer == len(widths) else hidden
        signal = [
            SCALAR[activation](
                parameters[biases + k] + sum(signal[j] * parameters[at + j * outputs + k] for j in range(inputs))
            )
            for k in range(outputs)
        ]
        at = biases + outputs
    return signal


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


def draw(generator, dtype, widths=(3, 6, 4, 2), rows=ROWS, activation="tanh", output_activation="identity"):
    """A network, its parameters and data."""
    network = Network.of_widths(widths, activation, output_activation)
    parameters = network.initial_parameters(generator, "glorot", dtype)
    X, Y = generator.normal(size=(rows, widths[0])), generator.normal(size=(rows, widths[-1]))
    return network, parameters, X.astype(dtype), Y.astype(dtype)


def draw_weights(generator, weighting, dtype):
    """No weights, weights for ROWS rows, or some whose second batch of four, as the rows lie, weighs nothing."""
    if weighting == "plain":
        return None
    weights = generator.uniform(0.1, 3, ROWS)
    if weighting == "batch-of-zeros":
        weights[4:8] = 0
    return weights.astype(dtype)


def draw_plan(generator, batch_size, shuffled, epochs=EPOCHS):
    """A learning rate for every step and, if shuffled, an order of the rows for every epoch."""
    rates = generator.uniform(0.001, 0.02, (epochs, -(-ROWS // batch_size)))
    orders = generator.permuted(np.tile(np.arange(ROWS), (epochs, 1)), axis=1) if shuffled else None
    return rates, orders


def assert_close(actual, expected, atol_of_largest):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=atol_of_largest * np.abs(expected).max())
