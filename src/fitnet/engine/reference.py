"""The reference engine: the paper's mathematics in NumPy, written to be read. It says what is true."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer
from fitnet.arguments import Array
from fitnet.engine.checks import check_arrays, check_l2, check_regular, check_training
from fitnet.engine.cholesky import inverse_diagonal, solve_positive_definite
from fitnet.engine.contract import Predictor, Trainer
from fitnet.engine.hessian import input_hessian
from fitnet.engine.jacobian import input_jacobian
from fitnet.engine.normal_equations import normal_equations
from fitnet.engine.objective import Objective
from fitnet.engine.passes import forward, loss_value, objective_and_gradient
from fitnet.engine.reference_trainer import ReferenceTrainer
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

    def loss(
        self, network: Network, loss: Loss, parameters: Array, X: Array, Y: Array, weights: Array | None = None
    ) -> float:
        check_arrays(network, parameters, X, Y, weights)
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite shows in the loss
            return loss_value(network, loss, parameters, X, Y, weights)

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

    def trainer(
        self,
        objective: Objective,
        optimizer: Optimizer,
        start: Array,
        batch_size: int,
        *,
        validation: tuple[Array, Array] | None = None,
        keeps_lowest: bool = False,
    ) -> Trainer:
        check_training(objective, start, batch_size, validation, keeps_lowest)
        return ReferenceTrainer(objective, optimizer, start, batch_size, validation, keeps_lowest)


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
