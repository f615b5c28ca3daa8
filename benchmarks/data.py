"""The numbers every peer works on: the same rows and the same starting weights, drawn from one seed.

Shapes: X (n, p), Y (n, 1), W (inputs, outputs), b (outputs,); all float32.
"""

from itertools import pairwise

import numpy as np

from benchmarks.workloads import Workload

Array = np.ndarray


def training_rows(workload: Workload) -> tuple[Array, Array]:
    """X, normally distributed, and Y, a smooth function of it."""
    generator = np.random.default_rng(1)
    X = generator.standard_normal((workload.rows, workload.widths[0]), np.float32)
    return X, np.sin(X).sum(axis=1, keepdims=True)


def weights_and_biases(workload: Workload) -> list[tuple[Array, Array]]:
    """(W, b) of every layer: He's initialisation, small biases so that they count."""
    generator = np.random.default_rng(2)
    return [
        (
            (generator.standard_normal((inputs, outputs)) * np.sqrt(2 / inputs)).astype(np.float32),
            (0.1 * generator.standard_normal(outputs)).astype(np.float32),
        )
        for inputs, outputs in pairwise(workload.widths)
    ]


def row_orders(workload: Workload, epochs: int, generator: np.random.Generator) -> Array:
    """A new order of the rows for every epoch, (epochs, n), int64."""
    return np.stack([generator.permutation(workload.rows) for _ in range(epochs)])
