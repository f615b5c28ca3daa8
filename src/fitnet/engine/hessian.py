"""The Hessians of a network: how each output curves with its inputs, in NumPy.

Shapes: X (n, p), Hessian (n, m, p, p). A network is straight but for its activations, so at one row the chain rule
along eqs. 2.1.2 and 2.2 gives the Hessian of output o as a sum over all neurons k of all layers l,

    d2y_o/dx2 = sum_l sum_k (dy_o/da_lk) a''(z_lk) (dz_lk/dx) (dz_lk/dx)^T,

which takes first derivatives alone: dz/dx on the way from the inputs, dy/da on the way back from the outputs.
"""

import warnings

import numpy as np

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.network import Network
from fitnet.arguments import Array
from fitnet.errors import DerivativeWarning

BLOCK_ENTRIES = 2**17  # of the widest product: 1 MiB in float64, which stays in a cache


def input_hessian(network: Network, parameters: Array, X: Array) -> Array:
    """d2y/dx2 (n, m, p, p), in the parameters' dtype; exact and symmetric to the bit, and 0 for relu's corners.

    The arrays must be as the engines' contract says; memory beside the result does not grow with n.
    """
    n, p, m = len(X), network.n_inputs, network.n_outputs
    widths = [layer.outputs for layer in network.layers]
    rows = max(1, BLOCK_ENTRIES // max(m * p * max(p, *widths), p * sum(widths)))
    hessian = np.empty((n, m, p, p), parameters.dtype)
    with np.errstate(over="ignore", invalid="ignore"):  # outputs that overflow do so without a warning, too
        for start in range(0, n, rows):
            block = slice(start, start + rows)
            hessian[block] = block_hessian(network, parameters, X[block])
    return hessian


def block_hessian(network: Network, parameters: Array, X: Array) -> Array:
    """d2y/dx2 (n, m, p, p) of a few rows: the sum over the layers, from the last to the first."""
    p, m = network.n_inputs, network.n_outputs
    weights = network.weights(parameters)
    *before, (slope, curvature, dz_dx) = bends(network, parameters, X)
    along = dz_dx.transpose(0, 2, 1)  # (n, m, p): an output has one neuron of the last layer to itself
    hessian: Array = (curvature[:, :, np.newaxis] * along)[..., np.newaxis] * along[:, :, np.newaxis, :]
    dy_da = slope[:, :, np.newaxis] * weights[-1].T
    for W, (slope, curvature, dz_dx) in zip(reversed(weights[:-1]), reversed(before), strict=True):
        if curvature.any():
            weighted = (dy_da * curvature[:, np.newaxis, :])[:, :, np.newaxis, :] * dz_dx[:, np.newaxis]
            product = weighted.reshape(len(X), m * p, -1) @ dz_dx.transpose(0, 2, 1)
            hessian += product.reshape(hessian.shape)
        dy_da = (dy_da * slope[:, np.newaxis, :]) @ W.T
    hessian *= 0.5
    return hessian + hessian.transpose(0, 1, 3, 2)  # the two halves differ by rounding


def bends(network: Network, parameters: Array, X: Array) -> list[tuple[Array, Array, Array]]:
    """da/dz and d2a/dz2, both (n, outputs of the layer), and dz/dx^T (n, p, outputs of the layer), for every layer."""
    found: list[tuple[Array, Array, Array]] = []
    a, da_dx = X, np.eye(network.n_inputs, dtype=parameters.dtype)
    for layer, W, b in zip(network.layers, network.weights(parameters), network.biases(parameters), strict=True):
        activation = ACTIVATIONS[layer.activation]
        z = a @ W + b  # eq. 2.1.2
        dz_dx = np.broadcast_to(da_dx @ W, (len(X), network.n_inputs, layer.outputs))
        a = activation.value(z)  # eq. 2.2
        slope = activation.derivative(z, a)
        found.append((slope, activation.second_derivative(z, a), dz_dx))
        da_dx = dz_dx * slope[:, np.newaxis, :]
    return found


def warn_of_corners(*networks: Network, encoded: bool = False) -> None:
    """Say, on behalf of the function that calls this, what a Hessian of relu layers, or of `encoded` inputs, lacks."""
    names = dict.fromkeys(layer.activation for network in networks for layer in network.layers)
    cornered = " and ".join([name for name in names if not ACTIVATIONS[name].smooth] + ["encodings"] * encoded)
    if cornered:
        warnings.warn(
            f"`hessian` takes the second derivative of {cornered} as zero, which it is almost everywhere: all of the "
            f"bend is in a corner; use a smooth activation such as tanh{' and no encoding' if encoded else ''}.",
            DerivativeWarning,
            stacklevel=3,
        )
