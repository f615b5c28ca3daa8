"""Standard deviations of a tanh network's predictions in NumPy and LAPACK: what error bars take without an engine.

Shapes: X (n, p); a layer's inputs a (b, inputs) and delta = dy/dz (b, outputs) for a block of b rows; J (b, P).
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

Array = np.ndarray

BLOCK_ENTRIES = 2**20  # of the Jacobian of a block of rows: 8 MiB


def standard_deviations_by_hand(widths: tuple[int, ...], X: Array) -> Callable[[], Array]:
    """A call that gives the roots of the diagonal of J (L L^T)^-1 J^T, (n,); network and L are drawn from one seed."""
    from scipy.linalg import lapack

    generator = np.random.default_rng(4)
    layers = [
        (generator.standard_normal((inputs, outputs)) / np.sqrt(inputs), generator.standard_normal(outputs))
        for inputs, outputs in pairwise(widths)
    ]
    P = sum(W.size + b.size for W, b in layers)
    upper = np.asfortranarray(np.triu(generator.standard_normal((P, P)) / P) + np.eye(P))  # L^T
    step = max(1, BLOCK_ENTRIES // P)

    def call() -> Array:
        variances = np.empty(len(X))
        for start in range(0, len(X), step):
            J = parameter_jacobian(layers, X[start : start + step])
            whitened, _ = lapack.dtrtrs(upper, J.T, trans=1, overwrite_b=1)  # L^-1 J^T, (P, b)
            variances[start : start + step] = np.einsum("pb,pb->b", whitened, whitened)
        return np.sqrt(variances)

    return call


def parameter_jacobian(layers: list[tuple[Array, Array]], X: Array) -> Array:
    """The output's derivatives (b, P) with respect to every layer's W, row by row, and b."""
    inputs = [X]
    for W, b in layers[:-1]:
        inputs.append(np.tanh(inputs[-1] @ W + b))
    delta = np.ones((len(X), 1))
    parts: list[Array] = []
    for (W, _), a in zip(reversed(layers), reversed(inputs), strict=True):
        parts[:0] = [(a[:, :, np.newaxis] * delta[:, np.newaxis, :]).reshape(len(X), -1), delta]
        delta = (delta @ W.T) * (1 - a * a)
    return np.concatenate(parts, axis=1)
