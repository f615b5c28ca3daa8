"""The rows' parameter Jacobian: against central differences, and summed against the engines' normal equations."""

import numpy as np
import pytest

from finite_differences import numerical_gradient
from fitnet.algorithm.network import Network
from fitnet.engine.parameter_jacobian import parameter_jacobian
from tolerances import GRADIENT_ATOL_OF_LARGEST, GRADIENT_RTOL, JACOBIAN_SUMS_ATOL_OF_LARGEST


def draw(generator, widths, activation, output_activation="identity"):
    network = Network.of_widths(widths, activation, output_activation)
    parameters = network.initial_parameters(generator, "glorot", "float64")
    for b in network.biases(parameters):
        b[:] = generator.normal(0, 0.5, b.shape)
    return network, parameters, generator.normal(size=(5, widths[0]))


@pytest.mark.parametrize("widths", [(2, 1), (1, 3, 1), (3, 4, 2), (2, 4, 3, 2)])
@pytest.mark.parametrize("activations", [("tanh", "identity"), ("silu", "exponential"), ("softplus", "logistic")])
def test_jacobian_equals_central_differences(engine, generator, widths, activations):
    network, parameters, X = draw(generator, widths, *activations)
    jacobian = parameter_jacobian(network, parameters, X)
    assert (jacobian.shape, jacobian.dtype) == ((5, widths[-1], network.n_parameters), np.float64)
    for i in range(5):
        for j in range(widths[-1]):
            expected = numerical_gradient(lambda at, i=i, j=j: engine.predict(network, at, X)[i, j], parameters)
            atol = GRADIENT_ATOL_OF_LARGEST * np.abs(expected).max()
            np.testing.assert_allclose(jacobian[i, j], expected, rtol=GRADIENT_RTOL, atol=atol)


@pytest.mark.parametrize("widths", [(2, 1), (3, 4, 2), (2, 4, 3, 2)])
def test_its_squares_are_the_normal_equations(engine, generator, widths):
    network, parameters, X = draw(generator, widths, "tanh")
    Y, weights = generator.normal(size=(5, widths[-1])), generator.uniform(0.5, 2, 5)
    JtJ, Jtr, _ = engine.normal_equations(network, parameters, X, Y, weights)
    jacobian = parameter_jacobian(network, parameters, X)
    residual = engine.predict(network, parameters, X) - Y
    for found, expected in (
        (np.einsum("i,ijp,ijq->pq", weights, jacobian, jacobian), JtJ),
        (np.einsum("i,ijp,ij->p", weights, jacobian, residual), Jtr),
    ):
        atol = JACOBIAN_SUMS_ATOL_OF_LARGEST * np.abs(expected).max()
        np.testing.assert_allclose(found, expected, rtol=0, atol=atol)
