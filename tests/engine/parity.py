"""What the tests of the native against the reference engine share: numbers to compute with, and the comparison."""

import numpy as np


def draw_numbers(network, n, seed, dtype):
    """Parameters, X and Y, no target below 0, that keep signals of size 1 through all layers."""
    generator = np.random.default_rng(seed)
    parameters = network.initial_parameters(generator, "he", dtype)
    for b in network.biases(parameters):
        b[:] = generator.normal(0, 0.3, b.shape)
    X, Y = generator.normal(size=(n, network.n_inputs)), np.abs(generator.normal(size=(n, network.n_outputs)))
    return parameters, X.astype(dtype), Y.astype(dtype)


def draw_weights(weighting, n, seed, dtype):
    if weighting == "plain":
        return None
    weights = np.random.default_rng(seed + 1).uniform(0.1, 3, n)
    if weighting == "some-zero":
        weights[1::2] = 0
    return weights.astype(dtype)


def assert_norms_agree(actual, expected, rtol):
    difference = np.linalg.norm(actual.astype(float) - expected)
    assert difference <= rtol * np.linalg.norm(expected), difference / np.linalg.norm(expected)
