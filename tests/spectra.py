"""Made-up spectra: lines that inputs move, widen and raise."""

import numpy as np


def spectra(n, p=6, m=2507, lines=12, seed=0):
    """Inputs X (n, p) and spectra Y (n, m), without noise."""
    generator = np.random.default_rng(seed)
    X = generator.uniform(-1, 1, (n, p))
    moves, widens, raises = generator.normal(size=(3, p, lines)) / np.sqrt(p)
    places, frequencies = generator.uniform(0.05, 0.95, lines), np.linspace(0, 1, m)
    Y = np.zeros((n, m))
    for k in range(lines):
        centre = places[k] + 0.03 * np.tanh(X @ moves[:, k])
        width = 0.02 * np.exp(0.4 * X @ widens[:, k])
        distance = (frequencies - centre[:, np.newaxis]) / width[:, np.newaxis]
        Y += np.exp(0.8 * X @ raises[:, k])[:, np.newaxis] / (1 + distance**2)
    return X, Y * np.exp(0.5 * np.sin(2 * X[:, :1] + X[:, 1:2]))


def independent(n, m=8, p=4, seed=0):
    """Inputs X (n, p) and m functions of them that have nothing in common, without noise."""
    generator = np.random.default_rng(seed)
    X = generator.uniform(-1, 1, (n, p))
    return X, np.sin(2 * X @ generator.normal(size=(p, m)) + generator.uniform(-3, 3, m))
