"""The reference engine: the paper's mathematics in NumPy, written to be read. It says what is true.

Legend: n rows, l layers; z pre-activations and a activations (n, outputs of the layer); W weights (inputs, outputs),
b biases (outputs,); delta = d(loss)/dz. "eq." is the paper's equation, corrected as docs/paper.md says.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer, OptimizerState
from fitnet.algorithm.penalty import add_penalty_gradient, penalty
from fitnet.arguments import Array
from fitnet.engine.cholesky import inverse_diagonal, solve_positive_definite
from fitnet.engine.contract import Best, Predictor, check_arrays, check_epochs, check_l2, check_regular
from fitnet.engine.hessian import input_hessian
from fitnet.engine.jacobian import input_jacobian
from fitnet.engine.normal_equations import normal_equations
from fitnet.engine.threads import thread_count


class ReferenceEngine:
    """Whole-batch NumPy: one matrix product a layer, no loop over rows. NumPy decides on its threads."""

    name = "reference"
    level = "NumPy"

    def __init__(self, n_threads: int | None = None) -> None:
        thread_count(n_threads)

    @property
    def n_threads(self) -> int:
        from threadpoolctl import threadpool_info

        return max((pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"), default=1)

    def predict(self, network: Network, parameters: Array, X: Array) -> Array:
        check_arrays(network, parameters, X)
        return forward(network, parameters, X)[1][-1]

    def predictor(self, network: Network, parameters: Array) -> Predictor:
        return ReferencePredictor(network, parameters.copy())

    def input_jacobian(self, network: Network, parameters: Array, X: Array) -> Array:
        check_arrays(network, parameters, X)
        return input_jacobian(network, parameters, X)

    def input_hessian(self, network: Network, parameters: Array, X: Array) -> Array:
        check_arrays(network, parameters, X)
        return input_hessian(network, parameters, X)

    def loss_and_gradient(
        self,
        network: Network,
        loss: Loss,
        parameters: Array,
        X: Array,
        Y: Array,
        weights: Array | None = None,
        *,
        l2: float = 0.0,
    ) -> tuple[float, Array]:
        check_arrays(network, parameters, X, Y, weights)
        return objective_and_gradient(network, loss, parameters, X, Y, weights, check_l2(l2))

    def normal_equations(
        self, network: Network, parameters: Array, X: Array, Y: Array, weights: Array | None = None
    ) -> tuple[Array, Array, float]:
        check_arrays(network, parameters, X, Y, weights)
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite shows in the sums
            return normal_equations(network, parameters, X, Y, weights)

    def solve_positive_definite(self, matrix: Array, ridge: Array, right: Array) -> Array | None:
        check_regular(matrix, ridge=ridge, right=right)
        return solve_positive_definite(matrix, ridge, right)

    def inverse_diagonal(self, matrix: Array, ridge: Array) -> Array | None:
        check_regular(matrix, ridge=ridge)
        return inverse_diagonal(matrix, ridge)

    def run_epochs(
        self,
        network: Network,
        loss: Loss,
        optimizer: Optimizer,
        parameters: Array,
        state: OptimizerState,
        X: Array,
        Y: Array,
        weights: Array | None,
        *,
        batch_size: int,
        learning_rates: Array,
        row_orders: Array | None,
        best: Best | None = None,
        l2: float = 0.0,
    ) -> Array:
        check_arrays(network, parameters, X, Y, weights)
        n, l2 = len(X), check_l2(l2)
        check_epochs(optimizer, parameters, n, state, batch_size, learning_rates, row_orders, best)
        row_weights = np.ones(n, X.dtype) if weights is None else weights
        losses = np.zeros(len(learning_rates))
        for epoch, rates in enumerate(learning_rates):
            for step, start in enumerate(range(0, n, batch_size)):
                rows: slice | Array = slice(start, start + batch_size)
                if row_orders is not None:
                    rows = row_orders[epoch, rows]
                w = row_weights[rows]
                share = float(w.sum(dtype=np.float64) / row_weights.sum(dtype=np.float64))
                if share == 0:  # every row of the batch weighs nothing: there is nothing to learn from
                    continue
                with np.errstate(over="ignore", invalid="ignore"):  # divergence shows in the losses
                    value, gradient = objective_and_gradient(network, loss, parameters, X[rows], Y[rows], w, l2)
                    if best is not None and value < best.loss:
                        best.loss, best.epoch = value, state.step
                        best.parameters[:] = parameters
                    optimizer.update(parameters, gradient, state, float(rates[step]))
                losses[epoch] += value * share
        return losses


@dataclass(frozen=True, eq=False)
class ReferencePredictor:
    """What `Predictor` says, with `parameters` (P,) that nobody else changes."""

    network: Network
    parameters: Array

    def __call__(self, X: Any, out: Any, /) -> Array | None:
        if not self._takes(X):
            return None
        if out is None:
            return forward(self.network, self.parameters, X)[1][-1]
        fits = self._fits(out, self.network.n_outputs) and len(out) == len(X) and out.flags.writeable
        if not fits or np.may_share_memory(X, out):
            return None
        out[:] = forward(self.network, self.parameters, X)[1][-1]
        return out  # type: ignore[no-any-return]

    def jacobian(self, X: Any, /) -> Array | None:
        return input_jacobian(self.network, self.parameters, X) if self._takes(X) else None

    def _takes(self, X: Any) -> bool:
        return self._fits(X, self.network.n_inputs) and len(X) > 0 and bool(np.isfinite(X).all())

    def _fits(self, array: Any, columns: int) -> bool:
        """Whether it is exactly an array (n, columns) as the contract has it."""
        return (
            type(array) is np.ndarray
            and array.dtype == self.parameters.dtype
            and array.ndim == 2
            and array.shape[1] == columns
            and array.flags.c_contiguous
            and array.flags.aligned
        )


def forward(network: Network, parameters: Array, X: Array) -> tuple[list[Array], list[Array]]:
    """Every layer's pre-activations, and all activations with X first."""
    pre_activations, activations = [], [X]
    for layer, W, b in zip(network.layers, network.weights(parameters), network.biases(parameters), strict=True):
        z = activations[-1] @ W + b  # eq. 2.1.2
        pre_activations.append(z)
        activations.append(ACTIVATIONS[layer.activation].value(z))  # eq. 2.2
    return pre_activations, activations


def objective_and_gradient(
    network: Network, loss: Loss, parameters: Array, X: Array, Y: Array, weights: Array | None, l2: float
) -> tuple[float, Array]:
    """The loss and the weights' penalty in one number, and its gradient (P,)."""
    value, gradient = backpropagate(network, loss, parameters, X, Y, weights)
    if l2 > 0:
        value += penalty(network, parameters, l2)
        add_penalty_gradient(network, parameters, l2, gradient)
    return value, gradient


def backpropagate(
    network: Network, loss: Loss, parameters: Array, X: Array, Y: Array, weights: Array | None
) -> tuple[float, Array]:
    """The loss (eq. 2.3) and its gradient (P,) with respect to all weights and biases (eqs. 2.4.1-4)."""
    pre_activations, activations = forward(network, parameters, X)
    gradient = np.empty_like(parameters)
    W = network.weights(parameters)
    gradient_W, gradient_b = network.weights(gradient), network.biases(gradient)

    d_activation = loss.gradient(activations[-1], Y, weights)
    for layer in reversed(range(len(network.layers))):
        activation = ACTIVATIONS[network.layers[layer].activation]
        delta = d_activation * activation.derivative(pre_activations[layer], activations[layer + 1])
        gradient_b[layer][:] = delta.sum(axis=0)  # eq. 2.4.1
        gradient_W[layer][:] = activations[layer].T @ delta  # eq. 2.4.2: the layer's input, not its output
        if layer > 0:
            d_activation = delta @ W[layer].T  # the chain to the layer before, which the paper leaves out
    return loss.value(activations[-1], Y, weights), gradient
