"""The native engine: the contract in C++ (cpp/), several threads and the processor's widest vectors.

For any number of threads and every instruction set with fused multiply-add it gives the same bits, and a row's
prediction does not depend on the rows beside it.
"""

from functools import lru_cache

import numpy as np

import fitnet.engine._native as _native
from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.losses import AbsoluteError, Huber, Loss, Poisson, Quantile, SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam, GradientDescent, Momentum, Optimizer
from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array
from fitnet.engine.acceleration import acceleration
from fitnet.engine.checks import check_arrays, check_l2, check_logits, check_regular, check_training
from fitnet.engine.clipped_predictor import clipped_predictor
from fitnet.engine.contract import PredictiveCovariance, Predictor
from fitnet.engine.native_trainer import NativeTrainer
from fitnet.engine.objective import Objective, of_features
from fitnet.engine.slots import sum_of_squares
from fitnet.engine.threads import thread_count
from fitnet.engine.training_contract import Trainer, Validation
from fitnet.errors import ArgumentValueError
from fitnet.rows import PiecewiseRows, RowSource


class NativeEngine:
    """Compiled code; `n_threads` as for `fitnet.train`."""

    name = "native"

    def __init__(self, n_threads: int | None = None) -> None:
        self.n_threads = thread_count(n_threads)
        try:
            self.level = _native.level()
        except ValueError as error:  # FITNET_LEVEL asks for an instruction set that this processor lacks
            raise ArgumentValueError(str(error)) from None

    def predict(self, network: Network, parameters: Array, X: Array) -> Array:
        check_arrays(network, parameters, X)
        return _native.predict(native_layers(network), parameters, X, self.n_threads)

    def predictor(
        self,
        network: Network,
        parameters: Array,
        input_scaling: Scaling | None = None,
        target_scaling: Scaling | None = None,
    ) -> Predictor:
        if input_scaling is not None and input_scaling.limit is not None:
            return clipped_predictor(self, network, parameters, input_scaling, target_scaling)
        scalings = (*native_scaling(input_scaling), *native_scaling(target_scaling))
        return _native.predictor(native_layers(network), parameters, *scalings, self.n_threads)

    def predictive_covariance(self, network: Network, parameters: Array, factor: Array) -> PredictiveCovariance:
        return _native.predictive_covariance(native_layers(network), parameters, factor, self.n_threads)

    def input_jacobian(self, network: Network, parameters: Array, X: Array) -> Array:
        check_arrays(network, parameters, X)
        return _native.input_jacobian(native_layers(network), parameters, X, self.n_threads)

    def input_hessian(self, network: Network, parameters: Array, X: Array) -> Array:
        check_arrays(network, parameters, X)
        return _native.input_hessian(native_layers(network), parameters, X, self.n_threads)

    def loss(
        self, network: Network, loss: Loss, parameters: Array, X: Array, Y: Array, weights: Array | None = None
    ) -> float:
        check_arrays(network, parameters, X, Y, weights)
        return _native.loss(native_layers(network), native_loss(loss), parameters, X, Y, weights, self.n_threads)

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
        return _native.loss_and_gradient(
            native_layers(network), native_loss(loss), parameters, X, Y, weights, check_l2(l2), self.n_threads
        )

    def sum_of_squares(
        self, network: Network, parameters: Array, X: Array, Y: Array, weights: Array | None = None
    ) -> float:
        return sum_of_squares(self, network, parameters, X, Y, weights)

    def normal_equations(
        self, network: Network, parameters: Array, X: Array, Y: Array, weights: Array | None = None
    ) -> tuple[Array, Array, float]:
        check_arrays(network, parameters, X, Y, weights)
        return _native.normal_equations(native_layers(network), parameters, X, Y, weights, self.n_threads)

    def class_curvature(self, network: Network, parameters: Array, X: Array, weights: Array | None = None) -> Array:
        check_arrays(network, parameters, X, weights=weights)
        check_logits(network)
        return _native.class_curvature(native_layers(network), parameters, X, weights, self.n_threads)

    def acceleration(
        self, network: Network, parameters: Array, step: Array, X: Array, weights: Array | None = None
    ) -> Array:
        return acceleration(self, network, parameters, step, X, weights)

    def solve_positive_definite(self, matrix: Array, ridge: Array, right: Array) -> Array | None:
        check_regular(matrix, ridge=ridge, right=right)
        return _native.solve_positive_definite(matrix, ridge, right, self.n_threads)

    def inverse_diagonal(self, matrix: Array, ridge: Array) -> Array | None:
        check_regular(matrix, ridge=ridge)
        return _native.inverse_diagonal(matrix, ridge, self.n_threads)

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
        if not in_the_same_pieces(objective, validation):
            objective, validation = of_features(objective, validation)
        network, X = objective.network, objective.X
        held = _native.trainer(
            native_layers(network),
            native_loss(objective.loss),
            check_l2(objective.l2),
            native_optimizer(optimizer),
            start,
            batch_size,
            keeps_lowest,
            X.pieces if isinstance(X, PiecewiseRows) else (),
            objective.dropout,
            self.n_threads,
        )
        trainer = NativeTrainer(held, network, optimizer, start, batch_size, objective.dropout)
        if not isinstance(X, RowSource):
            assert isinstance(objective.Y, np.ndarray)
            trainer.take_rows(X, objective.Y, objective.weights)
        if validation is not None:
            trainer.take_validation(*validation)
        return trainer


def in_the_same_pieces(objective: Objective, validation: Validation | None) -> bool:
    """Whether all rows are piecewise, and of one encoding."""
    X, watched = objective.X, objective.X if validation is None else validation[0]
    return isinstance(X, PiecewiseRows) and isinstance(watched, PiecewiseRows) and X.pieces == watched.pieces


@lru_cache
def native_layers(network: Network) -> _native.Layers:
    """The network as C++ knows it; made once for each network."""
    known = _native.Activation.__members__
    for layer in network.layers:
        if layer.activation not in known:
            raise refusal("activation", layer.activation)
    return _native.Layers([(layer.inputs, layer.outputs, known[layer.activation]) for layer in network.layers])


def native_scaling(scaling: Scaling | None) -> tuple[Array | None, Array | None]:
    """Shift and scale, if there is a scaling."""
    return (None, None) if scaling is None else (scaling.shift, scaling.scale)


def native_loss(loss: Loss) -> _native.LossSettings:
    """The loss and its setting as C++ knows them. A subclass may have another formula, so it is refused."""
    kinds = _native.Loss
    if type(loss) is SquaredError:
        return _native.LossSettings(kinds.squared_error, 0)
    if type(loss) is AbsoluteError:
        return _native.LossSettings(kinds.absolute_error, 0)
    if type(loss) is Huber:
        return _native.LossSettings(kinds.huber, loss.delta)
    if type(loss) is Quantile:
        return _native.LossSettings(kinds.quantile, loss.quantile)
    if type(loss) is Poisson:
        return _native.LossSettings(kinds.poisson, 0)
    if type(loss) is CrossEntropy:
        return _native.LossSettings(kinds.cross_entropy, 0)
    raise refusal("loss", loss)


def native_optimizer(optimizer: Optimizer) -> _native.OptimizerSettings:
    """The optimizer's rule and settings as C++ knows them. A subclass may have another rule, so it is refused."""
    kinds = _native.Optimizer
    if type(optimizer) is Adam:
        return _native.OptimizerSettings(
            kinds.adam, optimizer.beta1, optimizer.beta2, optimizer.epsilon, optimizer.weight_decay
        )
    if type(optimizer) is Momentum:
        return _native.OptimizerSettings(kinds.momentum, optimizer.momentum, 0, 0, 0)
    if type(optimizer) is GradientDescent:
        return _native.OptimizerSettings(kinds.gradient_descent, 0, 0, 0, 0)
    raise refusal("optimizer", optimizer)


def refusal(name: str, value: object) -> ArgumentValueError:
    return ArgumentValueError(
        f"`{name}` is {value!r}, which the native engine does not have; use engine='reference'.", name
    )
