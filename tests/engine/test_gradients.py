"""Every engine's gradient against central differences: each loss, activation and depth, with weights and without."""

import numpy as np
import pytest

from finite_differences import numerical_gradient
from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES, AbsoluteError, Huber, Poisson, PoissonOfRates, Quantile, SquaredError
from fitnet.algorithm.network import Network
from fitnet.engine.passes import forward
from tolerances import DIFFERENCE_MARGIN, FLOAT64_RTOL, GRADIENT_ATOL_OF_LARGEST, GRADIENT_RTOL

ROWS = 6
DRAWS = 1000
WITH_CORNER = ("relu", "leaky_relu")
DELTA = 0.7
LARGEST_EXPONENT = 3  # layers of exponentials would soon leave nothing that differences can resolve

each_depth = pytest.mark.parametrize("depth", [1, 2, 3, 4])
weighted_or_not = pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])


@weighted_or_not
@each_depth
@pytest.mark.parametrize("output_activation", ["identity", "same"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_with_each_activation(engine, generator, activation, output_activation, depth, weighted):
    output_activation = activation if output_activation == "same" else output_activation
    case = draw(generator, activation, output_activation, depth, weighted)
    assert_gradient_equals_differences(engine, LOSSES["squared_error"], 0, case)


@weighted_or_not
@each_depth
@pytest.mark.parametrize("output_activation", ["exponential", "softplus"])  # above 0, for Poisson's sake
@pytest.mark.parametrize("loss", [*LOSSES.values(), Huber(DELTA), Quantile(0.9)], ids=repr)
def test_gradient_with_each_loss(engine, generator, loss, output_activation, depth, weighted):
    case = draw(generator, "tanh", output_activation, depth, weighted)
    assert_gradient_equals_differences(engine, loss, 0, case)


@weighted_or_not
@each_depth
@pytest.mark.parametrize("l2", [1e-3, 0.5])
def test_gradient_with_a_penalty(engine, generator, l2, depth, weighted):
    case = draw(generator, "tanh", "identity", depth, weighted)
    assert_gradient_equals_differences(engine, LOSSES["squared_error"], l2, case)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", [AbsoluteError(), Huber(DELTA), Quantile(0.9), SquaredError()], ids=repr)
def test_a_perfect_prediction_has_no_gradient_even_at_a_kink(engine, loss, dtype):
    network = Network.of_widths((2, 3))
    parameters, X, Y = np.zeros(9, dtype), np.ones((ROWS, 2), dtype), np.zeros((ROWS, 3), dtype)
    value, gradient = engine.loss_and_gradient(network, loss, parameters, X, Y)
    assert value == 0
    assert np.all(gradient == 0)


def assert_gradient_equals_differences(engine, loss, l2, case):
    network, parameters, X, Y, weights = case
    of_predictions = PoissonOfRates() if loss == Poisson() else loss

    def objective_at(at):
        squares = sum(float(np.sum(W**2)) for W in network.weights(at))
        return of_predictions.value(engine.predict(network, at, X), Y, weights) + l2 * squares

    differences = numerical_gradient(objective_at, parameters)
    value, gradient = engine.loss_and_gradient(network, loss, parameters, X, Y, weights, l2=l2)
    np.testing.assert_allclose(value, objective_at(parameters), rtol=FLOAT64_RTOL)
    largest = np.abs(differences).max()
    assert largest > 0
    np.testing.assert_allclose(gradient, differences, rtol=GRADIENT_RTOL, atol=GRADIENT_ATOL_OF_LARGEST * largest)


def draw(generator, activation, output_activation, depth, weighted):
    """A network 1 to 9 wide, biases drawn too, and data, targets above 0, at which differences can be taken."""
    for _ in range(DRAWS):
        widths = [int(width) for width in generator.integers(1, 10, depth + 1)]
        network = Network.of_widths(widths, activation, output_activation)
        parameters = network.initial_parameters(generator, "glorot", "float64")
        for b in network.biases(parameters):
            b[:] = generator.normal(0, 0.5, b.shape)
        X, Y = generator.normal(size=(ROWS, widths[0])), np.abs(generator.normal(size=(ROWS, widths[-1])))
        if differences_can_be_taken(network, parameters, X, Y):
            return network, parameters, X, Y, generator.uniform(0.1, 3, ROWS) if weighted else None
    raise AssertionError(f"{DRAWS} draws all came too close to a corner, or too high")


def differences_can_be_taken(network, parameters, X, Y):
    """Every relu and residual is clear of its corner, no relu layer dead, no exponential large."""
    with np.errstate(all="ignore"):
        pre_activations, activations = forward(network, parameters, X)
    for z, layer in zip(pre_activations, network.layers, strict=True):
        if layer.activation in WITH_CORNER and (np.abs(z).min() < DIFFERENCE_MARGIN or z.max() < 0):
            return False
        if layer.activation == "exponential" and not z.max() < LARGEST_EXPONENT:
            return False
    residuals = np.abs(activations[-1] - Y)
    return all(np.abs(residuals - corner).min() > DIFFERENCE_MARGIN for corner in (0, 1, DELTA))  # 1: Huber's default
