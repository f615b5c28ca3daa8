"""Every output's derivatives with respect to every parameter, row by row, in NumPy: what error bars are made of.

Shapes: X (n, p); a layer's inputs and a constant u = (a, 1) (n, inputs + 1), its delta = dy/dz (n, m, outputs). The
derivative of output o with respect to the weight from neuron j to neuron k is u_j delta_ok.
"""

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.arguments import Array
from fitnet.engine.normal_equations import derivatives


def parameter_jacobian(network: Network, parameters: Array, X: Array) -> Array:
    """dy/dparameters (n, m, P) at the rows of X (n, p), in the parameters' dtype; it holds n m P numbers at once."""
    n, m = len(X), network.n_outputs
    inputs, deltas, _ = derivatives(network, parameters, X)
    jacobian = np.empty((n, m, network.n_parameters), parameters.dtype)
    start = 0
    for layer, u, delta in zip(network.layers, inputs, deltas, strict=True):
        of_layer = u[:, np.newaxis, :, np.newaxis] * delta[:, :, np.newaxis, :]
        jacobian[:, :, start : start + layer.n_parameters] = of_layer.reshape(n, m, layer.n_parameters)
        start += layer.n_parameters
    return jacobian
