"""The normal equations of least squares on a network's parameters, in NumPy: what Levenberg-Marquardt solves.

Shapes: X (n, p), Y (n, m), weights (n,) or None; J (n m, P), the derivative of every output at every row with respect
to every parameter. J is never made. With the input of layer l and a constant for the biases, u_l = (a_l, 1), and
delta_l^o = dy_o/dz_l, its entry for the weight from neuron j to neuron k is u_lj delta_lk^o, so that

    (J^T J)[(l, j, k), (l', j', k')] = sum over rows of (u_lj u_l'j') * (w sum over o of delta_lk^o delta_l'k'^o):

for each pair of layers one product of two matrices, whose cost does not grow with m. Within one layer both factors
are symmetric, which halves each of them.

The Gauss-Newton matrix of the cross-entropy, J^T W H J, is the same sum with R delta in place of delta, where H = R^T R
is the Hessian in a row's logits, diag(p) - p p^T. With s = sqrt(p), whose length is 1, R = (I - s s^T) diag(s).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.cross_entropy import probabilities
from fitnet.algorithm.network import Network
from fitnet.arguments import Array

Sums = dict[tuple[int, int], Array]  # of every pair of layers
BLOCK_ENTRIES = 2**19  # of one factor for a block of rows: 4 MiB in float64


def normal_equations(
    network: Network, parameters: Array, X: Array, Y: Array, weights: Array | None
) -> tuple[Array, Array, float]:
    """J^T W J (P, P), J^T W r (P,) and r^T W r, r = prediction - target; the arrays are as the contract says."""
    sums: Sums = {}
    gradient = np.zeros_like(parameters)
    sum_of_squares = 0.0
    for block in blocks(network, len(X)):
        inputs, deltas, a = derivatives(network, parameters, X[block])
        w = row_weights(weights, block, a)
        residual = a - Y[block]
        weighted = residual * w[:, np.newaxis]
        sum_of_squares += float(np.sum(weighted * residual, dtype=np.float64))
        add_gradient(network, inputs, deltas, weighted, gradient)
        add_products(sums, inputs, deltas, w)
    return assembled(network, sums, parameters.dtype), gradient, sum_of_squares


def class_curvature(network: Network, parameters: Array, X: Array, weights: Array | None) -> Array:
    """J^T W H J (P, P) of a network that ends in logits."""
    sums: Sums = {}
    for block in blocks(network, len(X)):
        inputs, deltas, z = derivatives(network, parameters, X[block])
        root = hessian_root(z)
        add_products(sums, inputs, [root @ delta for delta in deltas], row_weights(weights, block, z))
    return assembled(network, sums, parameters.dtype)


def hessian_root(z: Array) -> Array:
    """R (n, m, m) with R^T R = diag(p) - p p^T; of one logit sqrt(p (1 - p))."""
    if z.shape[1] == 1:
        e = np.exp(-np.abs(z))
        one: Array = (np.sqrt(e) / (1 + e))[:, :, np.newaxis]
        return one
    s = np.sqrt(probabilities(z))
    root: Array = (np.eye(z.shape[1], dtype=z.dtype) - s[:, :, np.newaxis] * s[:, np.newaxis]) * s[:, np.newaxis]
    return root


def blocks(network: Network, n: int) -> Iterator[slice]:
    """Rows whose products have room together, block by block."""
    widest = max((layer.inputs + 1) * (layer.inputs + 1) + layer.outputs * layer.outputs for layer in network.layers)
    rows = max(1, min(n, BLOCK_ENTRIES // widest))
    for start in range(0, n, rows):
        yield slice(start, start + rows)


def row_weights(weights: Array | None, block: slice, outputs: Array) -> Array:
    """Those of a block of rows, 1 where there are none."""
    return np.ones(len(outputs), outputs.dtype) if weights is None else weights[block]


def add_products(sums: Sums, inputs: list[Array], deltas: list[Array], w: Array) -> None:
    """Add a block of rows to the sums of every pair of layers, in place."""
    for second in range(len(inputs)):
        for pair in ((first, second) for first in range(second + 1)):
            product = pair_product(inputs, deltas, w, *pair)
            sums[pair] = sums[pair] + product if pair in sums else product


def derivatives(network: Network, parameters: Array, X: Array) -> tuple[list[Array], list[Array], Array]:
    """Each layer's inputs with a column of ones (n, inputs + 1), its dy/dz (n, m, outputs), and the outputs."""
    inputs, slopes, a = [], [], X
    W = network.weights(parameters)
    for layer, weights, b in zip(network.layers, W, network.biases(parameters), strict=True):
        inputs.append(np.concatenate([a, np.ones((len(a), 1), a.dtype)], axis=1))
        z = a @ weights + b
        a = ACTIVATIONS[layer.activation].value(z)
        slopes.append(ACTIVATIONS[layer.activation].derivative(z, a))
    deltas = [np.eye(a.shape[1], dtype=a.dtype) * slopes[-1][:, np.newaxis, :]]
    for weights, slope in zip(reversed(W[1:]), reversed(slopes[:-1]), strict=True):
        deltas.insert(0, (deltas[0] @ weights.T) * slope[:, np.newaxis, :])
    return inputs, deltas, a


def add_gradient(network: Network, inputs: list[Array], deltas: list[Array], weighted: Array, gradient: Array) -> None:
    """Add J^T W r of a block of rows to `gradient` (P,), in place; `weighted` is W r (n, m)."""
    both = zip(inputs, deltas, network.weights(gradient), network.biases(gradient), strict=True)
    for u, delta, gradient_W, gradient_b in both:
        summed = u.T @ (weighted[:, np.newaxis, :] @ delta)[:, 0]
        gradient_W += summed[:-1]
        gradient_b += summed[-1]


def pair_product(inputs: list[Array], deltas: list[Array], w: Array, first: int, second: int) -> Array:
    """The sums over a block of rows for two layers, first <= second: (pairs of inputs, pairs of outputs).

    For one layer with itself the pairs are those of the upper triangle.
    """
    u, v = inputs[first], inputs[second]
    outer = (deltas[first] * w[:, np.newaxis, np.newaxis]).transpose(0, 2, 1) @ deltas[second]
    if first == second:
        j, j_ = np.triu_indices(u.shape[1])
        k, k_ = np.triu_indices(outer.shape[1])
        within: Array = (u[:, j] * u[:, j_]).T @ outer[:, k, k_]
        return within
    pairs = (u[:, :, np.newaxis] * v[:, np.newaxis, :]).reshape(len(u), -1)
    across: Array = pairs.T @ outer.reshape(len(u), -1)
    return across


def assembled(network: Network, sums: Sums, dtype: np.dtype[Any]) -> Array:
    """J^T J (P, P) from the sums of every pair of layers."""
    P = network.n_parameters
    starts = np.cumsum([0, *(layer.n_parameters for layer in network.layers)])
    JtJ = np.empty((P, P), dtype)
    for (first, second), product in sums.items():
        a, b = network.layers[first], network.layers[second]
        shape = (a.inputs + 1, b.inputs + 1, a.outputs, b.outputs)
        if first == second:
            product = product[unfolded(a.inputs + 1)][:, :, unfolded(a.outputs)]
        tile = product.reshape(shape).transpose(0, 2, 1, 3).reshape(a.n_parameters, b.n_parameters)
        rows = slice(starts[first], starts[first + 1])
        columns = slice(starts[second], starts[second + 1])
        JtJ[rows, columns] = tile
        JtJ[columns, rows] = tile.T
    return JtJ


def unfolded(size: int) -> Array:
    """Where entry (i, j) of a symmetric matrix is among those of its upper triangle: (size, size)."""
    place = np.empty((size, size), int)
    rows, columns = np.triu_indices(size)
    place[rows, columns] = place[columns, rows] = np.arange(len(rows))
    return place
