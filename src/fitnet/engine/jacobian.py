"""The Jacobian of a network: how fast each output changes with each input, in NumPy, for every engine.

Shapes: X (n, p), Jacobian (n, m, p), W weights (inputs, outputs). With D_l the diagonal matrix of layer l's activation
derivatives at one row, the chain rule along eqs. 2.1.2 and 2.2 gives

    (dy/dx)^T = W_1 D_1 W_2 D_2 ... W_L D_L,

which is multiplied from the left, p rows at a time, or from the right, m at a time, whichever is fewer.
"""

import numpy as np

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.network import Network
from fitnet.arguments import Array

BLOCK_ENTRIES = 2**17  # of the widest product: 1 MiB in float64, which stays in a cache
MOST_SLOPES = 2**25  # entries of all layers' slopes: 256 MiB in float64


def input_jacobian(network: Network, parameters: Array, X: Array) -> Array:
    """dy/dx (n, m, p), in the parameters' dtype; exact, and at relu's corner as `Relu.derivative` has it.

    The arrays must be as the engines' contract says; memory beside the result does not grow with n.
    """
    n, p, m = len(X), network.n_inputs, network.n_outputs
    product = from_inputs if p <= m else from_outputs
    widest = min(p, m) * max(p, *(layer.outputs for layer in network.layers))
    neurons = sum(layer.outputs for layer in network.layers)
    rows = max(1, min(BLOCK_ENTRIES // widest, MOST_SLOPES // neurons))
    jacobian = np.empty((n, m, p), parameters.dtype)
    weights = network.weights(parameters)
    with np.errstate(over="ignore", invalid="ignore"):  # outputs that overflow do so without a warning, too
        for start in range(0, n, rows):
            block = slice(start, start + rows)
            jacobian[block] = product(weights, slopes(network, parameters, X[block]))
    return jacobian


def slopes(network: Network, parameters: Array, X: Array) -> list[Array]:
    """da/dz (n, outputs of the layer) for every layer: the forward pass, of which only the derivatives are kept."""
    found, a = [], X
    for layer, W, b in zip(network.layers, network.weights(parameters), network.biases(parameters), strict=True):
        activation = ACTIVATIONS[layer.activation]
        z = a @ W + b  # eq. 2.1.2
        a = activation.value(z)  # eq. 2.2
        found.append(activation.derivative(z, a))
    return found


def from_inputs(weights: list[Array], slopes: list[Array]) -> Array:
    """dy/dx (n, m, p) from the first layer on: da/dx^T of each layer, (n, p, outputs of the layer)."""
    product = weights[0] * slopes[0][:, np.newaxis, :]
    for W, slope in zip(weights[1:], slopes[1:], strict=True):
        product = product @ W
        product *= slope[:, np.newaxis, :]
    return product.transpose(0, 2, 1)


def from_outputs(weights: list[Array], slopes: list[Array]) -> Array:
    """dy/dx (n, m, p) from the last layer back: dy/da of each layer's input, (n, m, inputs of the layer)."""
    product = slopes[-1][:, :, np.newaxis] * weights[-1].T
    for W, slope in zip(reversed(weights[:-1]), reversed(slopes[:-1]), strict=True):
        product *= slope[:, np.newaxis, :]
        product = product @ W.T
    return product
