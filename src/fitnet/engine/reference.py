"""The reference engine: the paper's mathematics in NumPy, written to be read. It says what is true."""

import numpy as np

from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer
from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array
from fitnet.engine.acceleration import acceleration
from fitnet.engine.checks import check_arrays, check_l2, check_logits, check_regular, check_training
from fitnet.engine.cholesky import inverse_diagonal, solve_positive_definite
from fitnet.engine.clipped_predictor import clipped_predictor
from fitnet.engine.contract import PredictiveCovariance, Predictor
from fitnet.engine.covariance import ReferenceCovariance
from fitnet.engine.hessian import input_hessian
from fitnet.engine.jacobian import input_jacobian
from fitnet.engine.normal_equations import class_curvature, normal_equations
from fitnet.engine.objective import Objective, of_features
from fitnet.engine.passes import last_layer, loss_value, objective_and_gradient
from fitnet.engine.reference_predictor import ReferencePredictor
from fitnet.engine.reference_trainer import ReferenceTrainer
from fitnet.engine.slots import sum_of_squares
from fitnet.engine.threads import thread_count
from fitnet.engine.training_contract import Trainer, Validation


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
        return last_layer(network, parameters, X)[1]

    def predictor(
        self,
        network: Network,
        parameters: Array,
        input_scaling: Scaling | None = None,
        target_scaling: Scaling | None = None,
    ) -> Predictor:
        if input_scaling is not None and input_scaling.limit is not None:
            return clipped_predictor(self, network, parameters, input_scaling, target_scaling)
        return ReferencePredictor(network, parameters.copy(), input_scaling, target_scaling)

    def predictive_covariance(self, network: Network, parameters: Array, factor: Array) -> PredictiveCovariance:
        return ReferenceCovariance(network, parameters.copy(), factor)

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

    def sum_of_squares(
        self, network: Network, parameters: Array, X: Array, Y: Array, weights: Array | None = None
    ) -> float:
        return sum_of_squares(self, network, parameters, X, Y, weights)

    def normal_equations(
        self, network: Network, parameters: Array, X: Array, Y: Array, weights: Array | None = None
    ) -> tuple[Array, Array, float]:
        check_arrays(network, parameters, X, Y, weights)
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite shows in the sums
            return normal_equations(network, parameters, X, Y, weights)

    def class_curvature(self, network: Network, parameters: Array, X: Array, weights: Array | None = None) -> Array:
        check_arrays(network, parameters, X, weights=weights)
        check_logits(network)
        with np.errstate(over="ignore", invalid="ignore"):
            return class_curvature(network, parameters, X, weights)

    def acceleration(
        self, network: Network, parameters: Array, step: Array, X: Array, weights: Array | None = None
    ) -> Array:
        return acceleration(self, network, parameters, step, X, weights)

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
        validation: Validation | None = None,
        keeps_lowest: bool = False,
    ) -> Trainer:
        check_training(objective, start, batch_size, validation, keeps_lowest)
        objective, validation = of_features(objective, validation)
        return ReferenceTrainer(objective, optimizer, start, batch_size, validation, keeps_lowest)
