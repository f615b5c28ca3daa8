"""What every engine gives: predictions, losses and gradients, against a loop over rows written here."""

import math
from itertools import pairwise

import numpy as np
import pytest
from drawn_networks import ROWS, assert_close, draw, draw_weights

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES, PoissonOfRates, SquaredError
from fitnet.algorithm.network import Network
from fitnet.engine import ENGINES, choose
from tolerances import FLOAT32_GRADIENT_ATOL_OF_LARGEST, LOSS_RTOL, PREDICTION_ATOL_OF_LARGEST

LOSS = SquaredError()
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
each_weighting = pytest.mark.parametrize("weighting", ["plain", "weighted", "batch-of-zeros"])


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
