"""How much a network's outputs bend along a step of its parameters, as a gradient: what geodesic acceleration solves.

Shapes: parameters and step (P,), X (n, p), weights (n,) or None; outputs (n, m).
"""

from typing import TYPE_CHECKING

import numpy as np

from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.arguments import Array

if TYPE_CHECKING:
    from fitnet.engine.contract import Engine

REACH = 0.1  # of the step, on both sides, for a second difference: its rounding is 1e-13 of the outputs


def acceleration(
    engine: "Engine", network: Network, parameters: Array, step: Array, X: Array, weights: Array | None = None
) -> Array:
    """J^T W y'' (P,) of the rows of one slot, y'' the outputs' second derivative along the step.

    y'' is told by three predictions; J^T W y'' is half the gradient of the sum of squares for targets y - y''.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        here = engine.predict(network, parameters, X)
        ahead, behind = (engine.predict(network, parameters + side * REACH * step, X) for side in (1, -1))
        bend = (ahead - 2 * here + behind) / REACH**2
        _, gradient = engine.loss_and_gradient(network, SquaredError(), parameters, X, here - bend, weights)
        total = len(X) if weights is None else weights.sum()
        return np.asarray(gradient * (total * network.n_outputs / 2))
