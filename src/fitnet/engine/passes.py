"""The passes of the reference engine, forward and back: the paper's mathematics in NumPy, written to be read.

Legend: n rows, l layers; z pre-activations and a activations (n, outputs of the layer); W weights (inputs, outputs),
b biases (outputs,); delta = d(loss)/dz. "eq." is the paper's equation, corrected as docs/explanations/paper.md says.
Masks of dropout (n, outputs), one for every hidden layer, are multiplied with its activations; None drops nothing.
"""

from collections.abc import Sequence

import numpy as np

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.links import loss_at
from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.penalty import add_penalty_gradient, penalty
from fitnet.arguments import Array


def forward(
    network: Network, parameters: Array, X: Array, masks: Sequence[Array] | None = None
) -> tuple[list[Array], list[Array]]:
    """Every layer's pre-activations, and all activations, before masks, with X first."""
    pre_activations, activations = [], [X]
    layers = zip(network.layers, network.weights(parameters), network.biases(parameters), strict=True)
    for number, (layer, W, b) in enumerate(layers):
        z = masked(activations, number, masks) @ W + b  # eq. 2.1.2
        pre_activations.append(z)
        activations.append(ACTIVATIONS[layer.activation].value(z))  # eq. 2.2
    return pre_activations, activations


def masked(activations: Sequence[Array], layer: int, masks: Sequence[Array] | None) -> Array:
    """The input of a layer: X, or the activations before it times their mask."""
    return activations[layer] if masks is None or layer == 0 else activations[layer] * masks[layer - 1]


def last_layer(network: Network, parameters: Array, X: Array) -> tuple[Array, Array]:
    """The last layer's pre-activations and activations, as of `forward`; no other layer's are kept."""
    z, a = X, X
    for layer, W, b in zip(network.layers, network.weights(parameters), network.biases(parameters), strict=True):
        z = a @ W + b
        a = ACTIVATIONS[layer.activation].value(z)
    return z, a


def objective_and_gradient(
    network: Network,
    loss: Loss,
    parameters: Array,
    X: Array,
    Y: Array,
    weights: Array | None,
    l2: float,
    masks: Sequence[Array] | None = None,
) -> tuple[float, Array]:
    """The loss and the weights' penalty in one number, and its gradient (P,)."""
    value, gradient = backpropagate(network, loss, parameters, X, Y, weights, masks)
    if l2 > 0:
        value += penalty(network, parameters, l2)
        add_penalty_gradient(network, parameters, l2, gradient)
    return value, gradient


def loss_value(network: Network, loss: Loss, parameters: Array, X: Array, Y: Array, weights: Array | None) -> float:
    """The loss (eq. 2.3)."""
    z, a = last_layer(network, parameters, X)
    loss, takes_z = loss_at(loss, network.layers[-1].activation)
    return loss.value(z if takes_z else a, Y, weights)


def backpropagate(
    network: Network,
    loss: Loss,
    parameters: Array,
    X: Array,
    Y: Array,
    weights: Array | None,
    masks: Sequence[Array] | None = None,
) -> tuple[float, Array]:
    """The loss (eq. 2.3) and its gradient (P,) with respect to all weights and biases (eqs. 2.4.1-4)."""
    pre_activations, activations = forward(network, parameters, X, masks)

    def slopes(layer: int) -> Array:
        return ACTIVATIONS[network.layers[layer].activation].derivative(pre_activations[layer], activations[layer + 1])

    loss, takes_z = loss_at(loss, network.layers[-1].activation)
    outputs = pre_activations[-1] if takes_z else activations[-1]
    gradient = np.empty_like(parameters)
    W = network.weights(parameters)
    gradient_W, gradient_b = network.weights(gradient), network.biases(gradient)

    delta = loss.gradient(outputs, Y, weights)
    if not takes_z:
        delta = delta * slopes(len(network.layers) - 1)
    for layer in reversed(range(len(network.layers))):
        gradient_b[layer][:] = delta.sum(axis=0)  # eq. 2.4.1
        gradient_W[layer][:] = masked(activations, layer, masks).T @ delta  # eq. 2.4.2: its input, not its output
        if layer > 0:  # the chain to the layer before, which the paper leaves out
            delta = (delta @ W[layer].T) * slopes(layer - 1)
            if masks is not None:
                delta *= masks[layer - 1]
    return loss.value(outputs, Y, weights), gradient
