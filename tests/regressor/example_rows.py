"""Rows that the tests of Regressor learn from."""

import numpy as np


def plane(n, seed=0):
    """X (n, 2) on rather different scales and a linear y (n,)."""
    X = np.random.default_rng(seed).normal(size=(n, 2)) * [1.0, 1000.0] + [5.0, -3000.0]
    return X, 3 * X[:, 0] - 0.02 * X[:, 1] + 7


def sine(n, seed=0):
    """X (n, 1) in [0, 6] and sin X (n,)."""
    X = np.random.default_rng(seed).uniform(0, 6, (n, 1))
    return X, np.sin(X[:, 0])
