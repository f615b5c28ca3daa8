"""Units that no row reaches: a ReLU whose pre-activation is never above 0 passes nothing on and learns nothing.

Shapes: X (n, p) and Y (n, m) as the network sees them; parameters (P,).
"""

import numpy as np

from fitnet.algorithm.activations import ACTIVATIONS, Relu
from fitnet.algorithm.network import Dense, Network
from fitnet.arguments import Array

HARDLY_ANY = 0.03  # of the targets' deviation


def with_all_units_reached(network: Network, parameters: Array, X: Array) -> Array:
    """The parameters (P,) with the weights of ReLU units that no row of X reaches turned round.

    Biases must be 0, as before the first step: turned round, a unit is reached by the rows it was closed to. No number
    is drawn for it, and where every unit is reached the parameters stay as they are.
    """
    turned = parameters.copy()
    a = X
    for layer, W in zip(network.layers[:-1], network.weights(turned)[:-1], strict=True):
        z = a @ W
        if is_relu(layer):
            closed = ~np.any(z > 0, axis=0)
            W[:, closed] *= -1
            z[:, closed] *= -1
        a = ACTIVATIONS[layer.activation].value(z)
    return turned


def predicts_a_constant(network: Network, parameters: Array, X: Array, Y: Array) -> bool:
    """Whether ReLUs that were closed on the way leave nothing of the targets Y (n, m): hardly any row is told apart."""
    if not has_relu(network):
        return False
    a = X
    for layer, W, b in zip(network.layers, network.weights(parameters), network.biases(parameters), strict=True):
        a = ACTIVATIONS[layer.activation].value(a @ W + b)
    return bool(np.all(a.std(axis=0) <= HARDLY_ANY * Y.std(axis=0)))


def has_relu(network: Network) -> bool:
    """Whether any hidden layer's units can be closed to a row."""
    return any(is_relu(layer) for layer in network.layers[:-1])


def is_relu(layer: Dense) -> bool:
    """Whether its units can be closed to a row."""
    return isinstance(ACTIVATIONS[layer.activation], Relu)
