"""Learn the period of a pendulum, of any swing, and write it with its slopes as pendulum.onnx."""

import numpy as np

import fitnet


def period(length, angle, gravity=9.81):
    """2 pi sqrt(length / gravity) / M(1, cos(angle / 2)), M the arithmetic-geometric mean (Gauss)."""
    a, g = np.ones_like(angle), np.cos(angle / 2)
    for _ in range(5):
        a, g = (a + g) / 2, np.sqrt(a * g)
    return 2 * np.pi * np.sqrt(length / gravity) / a


if __name__ == "__main__":
    X = np.random.default_rng(0).uniform([0.1, 0.0], [2.0, 2.5], (400, 2))
    learned = fitnet.Regressor(16, activation="tanh", random_state=0).fit(X, period(*X.T))
    learned.model_.export("pendulum.onnx", precision="single", derivatives="jacobian")
