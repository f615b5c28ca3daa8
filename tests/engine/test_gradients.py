"""Every engine's gradient against central differences: each loss, activation and depth, with weights and without."""

import numpy as np
import pytest

from finite_differences import numerical_gradient
from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES
from fitnet.algorithm.network import Network
from fitnet.engine.reference import forward
from tolerances import DIFFERENCE_MARGIN, FLOAT64_RTOL, GRADIENT_ATOL_OF_LARGEST, GRADIENT_RTOL

ROWS = 6
DRAWS = 100
WITH_CORNER = ("relu", "leaky_relu")


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("output_activation", ["identity", "same"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_equals_central_differences(engine, generator, loss, activation, output_activation, depth, weighted):
    output_activation = activation if output_activation == "same" else output_activation
    network, parameters, X, Y, weights = draw(generator, activation, output_activation, depth, weighted)

    def loss_at(at):
        return LOSSES[loss].value(engine.predict(network, at, X), Y, weights)

    differences = numerical_gradient(loss_at, parameters)
    value, gradient = engine.loss_and_gradient(network, LOSSES[loss], parameters, X, Y, weights)
    np.testing.assert_allclose(value, loss_at(parameters), rtol=FLOAT64_RTOL)
    largest = np.abs(differences).max()
    assert largest > 0
    np.testing.assert_allclose(gradient, differences, rtol=GRADIENT_RTOL, atol=GRADIENT_ATOL_OF_LARGEST * largest)


def draw(generator, activation, output_activation, depth, weighted):
    """A network 1 to 9 wide, biases drawn too, and data that keep every relu clear of its corner and not all dead."""
    for _ in range(DRAWS):
        widths = [int(width) for width in generator.integers(1, 10, depth + 1)]
        network = Network.of_widths(widths, activation, output_activation)
        parameters = network.initial_parameters(generator, "glorot", "float64")
        for b in network.biases(parameters):
            b[:] = generator.normal(0, 0.5, b.shape)
        X, Y = generator.normal(size=(ROWS, widths[0])), generator.normal(size=(ROWS, widths[-1]))
        pre_activations, _ = forward(network, parameters, X)
        relus = [z for z, layer in zip(pre_activations, network.layers, strict=True) if layer.activation in WITH_CORNER]
        if all(np.abs(z).min() > DIFFERENCE_MARGIN and z.max() > 0 for z in relus):
            return network, parameters, X, Y, generator.uniform(0.1, 3, ROWS) if weighted else None
    raise AssertionError(f"{DRAWS} draws all came too close to a relu's corner")
