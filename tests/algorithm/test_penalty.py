"""The penalty on weights: its value, its gradient, and that biases are free."""

import numpy as np

from finite_differences import numerical_gradient
from fitnet.algorithm.network import Network
from fitnet.algorithm.penalty import add_penalty_gradient, penalty
from tolerances import FLOAT64_RTOL, GRADIENT_ATOL_OF_LARGEST, GRADIENT_RTOL

NETWORK = Network.of_widths((3, 4, 2))


def test_penalty_is_l2_times_the_sum_of_the_squared_weights(generator):
    parameters = generator.normal(size=NETWORK.n_parameters)
    weights = [*parameters[:12], *parameters[16:24]]  # 12 weights, 4 biases, 8 weights, 2 biases
    np.testing.assert_allclose(penalty(NETWORK, parameters, 0.3), 0.3 * sum(w * w for w in weights), rtol=FLOAT64_RTOL)


def test_gradient_equals_central_differences_and_is_added(generator):
    parameters = generator.normal(size=NETWORK.n_parameters)
    gradient = np.ones_like(parameters)
    add_penalty_gradient(NETWORK, parameters, 0.3, gradient)
    differences = 1 + numerical_gradient(lambda at: penalty(NETWORK, at, 0.3), parameters)
    np.testing.assert_allclose(gradient, differences, rtol=GRADIENT_RTOL, atol=GRADIENT_ATOL_OF_LARGEST)


def test_float32_stays_float32_and_its_squares_neither_overflow_nor_vanish():
    parameters = np.zeros(NETWORK.n_parameters, np.float32)
    parameters[0] = 1e30
    assert penalty(NETWORK, parameters, 1e-60) > 0.9
    assert type(penalty(NETWORK, parameters, 1e-60)) is float
    parameters[0] = 1e-30
    assert penalty(NETWORK, parameters, 1e60) > 0.9
