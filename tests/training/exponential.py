"""What the tests of second-order training share: y = a exp(k x) + d, as a network of one exponential neuron."""

import numpy as np

from fitnet import Dense, Network

NETWORK = Network((Dense(1, 1, "exponential"), Dense(1, 1)))
TRUE = (2.0, -1.3, 0.5)  # a, k, d
START = np.array([-0.5, 0.0, 1.0, 0.0])


def curve(x, a, k, d):
    return a * np.exp(k * x) + d


def rows(n, noise=0.0):
    """X (n, 1) from -1 to 2 and Y (n, 1), always the same."""
    X = np.linspace(-1, 2, n).reshape(-1, 1)
    return X, curve(X, *TRUE) + noise * np.random.default_rng(4).normal(size=(n, 1))


def coefficients(parameters):
    """a, k, d: what the data determine of the network's k, c, A, d, for a = A exp(c)."""
    k, c, A, d = parameters
    return A * np.exp(c), k, d
