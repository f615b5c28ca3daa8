"""The penalty on large weights (ridge regression's): l2 times the sum of the squares of all weights.

Biases are free: a penalty on them would make the fit depend on where the targets' zero is.
"""

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.arguments import Array


def penalty(network: Network, parameters: Array, l2: float) -> float:
    """What `l2` adds to the loss at `parameters` (P,), summed in float64."""
    squares = [np.sum(np.square(W, dtype=np.float64)) for W in network.weights(parameters)]
    return float(l2 * np.sum(squares))


def add_penalty_gradient(network: Network, parameters: Array, l2: float, gradient: Array) -> None:
    """Add d(penalty)/d(parameters) to `gradient` (P,), in place."""
    for W, gradient_W in zip(network.weights(parameters), network.weights(gradient), strict=True):
        gradient_W += 2 * l2 * W
