"""What the tests of engines share: a network drawn with its data and weights, and the comparison."""

import numpy as np

from fitnet.algorithm.network import Network

ROWS = 11


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


def assert_close(actual, expected, atol_of_largest):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=atol_of_largest * np.abs(expected).max())
