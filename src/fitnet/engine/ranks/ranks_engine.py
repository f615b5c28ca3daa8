"""The engine of rank 0: the native engine's bits, from rows that are spread over ranks.

Shapes: parameters (P,), X (n, p) and Y (n, m), spread over ranks or, for all that is no training, arrays.
"""

from typing import Any
from weakref import ref

import numpy as np

from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer
from fitnet.arguments import Array
from fitnet.engine import _native
from fitnet.engine.native import NativeEngine, native_layers, native_loss
from fitnet.engine.objective import Objective
from fitnet.engine.ranks.held_rows import Batch, HeldRows, Question
from fitnet.engine.ranks.messages import Ranks
from fitnet.engine.ranks.ranks_trainer import RanksTrainer
from fitnet.engine.ranks.server import pass_on, totals
from fitnet.engine.ranks.spread_rows import give_out
from fitnet.engine.slots import normal_slots
from fitnet.engine.training_contract import Trainer, Validation
from fitnet.rows import RowSource


class RanksEngine(NativeEngine):
    """What `NativeEngine` says, where X and Y may be spread over ranks; without weights."""

    def __init__(self, ranks: Ranks, n_threads: int | None = None) -> None:
        super().__init__(n_threads)
        self.ranks = ranks
        # What ranks hold, for as long as this process has the rows that it is of.
        self._held: dict[int, tuple[ref[RowSource], ref[RowSource], HeldRows]] = {}
        self._next_key = 0

    def loss(
        self, network: Network, loss: Loss, parameters: Array, X: Any, Y: Any, weights: Array | None = None
    ) -> float:
        if not isinstance(X, RowSource):
            return super().loss(network, loss, parameters, X, Y, weights)
        slots = slots_of(network, X.shape[0], parameters)
        return float(self._ask("loss", network, parameters, X, Y, slots, loss)[0][0])

    def loss_and_gradient(
        self,
        network: Network,
        loss: Loss,
        parameters: Array,
        X: Any,
        Y: Any,
        weights: Array | None = None,
        *,
        l2: float = 0.0,
        batch: Batch | None = None,
    ) -> tuple[float, Array]:
        """As the contract has it; or of a `batch` of the rows."""
        if not isinstance(X, RowSource):
            return super().loss_and_gradient(network, loss, parameters, X, Y, weights, l2=l2)
        slots = slots_of(network, X.shape[0] if batch is None else batch.size, parameters)
        value, gradient = self._ask("gradient", network, parameters, X, Y, slots, loss, batch)
        return float(value[0]) + _native.add_penalty(native_layers(network), l2, parameters, gradient), gradient

    def sum_of_squares(
        self, network: Network, parameters: Array, X: Any, Y: Any, weights: Array | None = None
    ) -> float:
        if not isinstance(X, RowSource):
            return super().sum_of_squares(network, parameters, X, Y, weights)
        return float(self._ask("squares", network, parameters, X, Y, normal_slots(network, X.shape[0]))[0][0])

    def normal_equations(
        self, network: Network, parameters: Array, X: Any, Y: Any, weights: Array | None = None
    ) -> tuple[Array, Array, float]:
        if not isinstance(X, RowSource):
            return super().normal_equations(network, parameters, X, Y, weights)
        slots = normal_slots(network, X.shape[0])
        squares, Jtr, triangle = self._ask("normal equations", network, parameters, X, Y, slots)
        return symmetric(triangle, len(Jtr)), Jtr, float(squares[0])

    def class_curvature(self, network: Network, parameters: Array, X: Any, weights: Array | None = None) -> Array:
        if not isinstance(X, RowSource):
            return super().class_curvature(network, parameters, X, weights)
        slots = normal_slots(network, X.shape[0])
        return symmetric(self._ask("curvature", network, parameters, X, self._targets_of(X), slots)[0], len(parameters))

    def acceleration(
        self, network: Network, parameters: Array, step: Array, X: Any, weights: Array | None = None
    ) -> Array:
        if not isinstance(X, RowSource):
            return super().acceleration(network, parameters, step, X, weights)
        slots = normal_slots(network, X.shape[0])
        return self._ask("acceleration", network, parameters, X, self._targets_of(X), slots, step=step)[0]

    def _targets_of(self, X: RowSource) -> RowSource:
        """Those beside which the rows were asked about before."""
        Y = next(Y() for known, Y, _ in self._held.values() if known() is X)
        assert Y is not None
        return Y

    def penalty(self, network: Network, l2: float, parameters: Array) -> float:
        """`l2` times the sum of all weights' squares."""
        return _native.add_penalty(native_layers(network), l2, parameters, np.zeros_like(parameters))

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
        watched = None if validation is None or isinstance(validation[0], RowSource) else validation
        local = super().trainer(objective, optimizer, start, batch_size, validation=watched, keeps_lowest=keeps_lowest)
        if not isinstance(objective.X, RowSource):
            return local
        return RanksTrainer(self, local, objective, batch_size, validation, keeps_lowest)

    def _ask(
        self,
        about: str,
        network: Network,
        parameters: Array,
        X: RowSource,
        Y: RowSource,
        slots: int,
        loss: Loss | None = None,
        batch: Batch | None = None,
        step: Array | None = None,
    ) -> list[Array]:
        """The sums over all slots of what each answers."""
        self.ranks.end_if_interrupted()
        if loss is not None:
            native_loss(loss)  # refuses before anybody waits for an answer
        key, held = self._holding(X, Y, slots, of_batches=batch is not None)
        question = Question(about, key, slots, network, loss, batch, step)
        pass_on(self.ranks, question, parameters, held)
        found = totals(self.ranks, held, question, parameters, self)
        return [total for total in found if total is not None]

    def _holding(self, X: RowSource, Y: RowSource, slots: int, *, of_batches: bool) -> tuple[int, HeldRows]:
        """The key of these rows, and those of rank 0; they are given out where they are not, or by other slots.

        The slots of a batch are those that rows are held by; of all rows there may be a multiple.
        """
        again = None
        for key, (known_X, known_Y, held) in self._held.items():
            if known_X() is X and known_Y() is Y:
                if held.share.slots == slots if of_batches else slots % held.share.slots == 0:
                    return key, held
                again = None if of_batches else key
        self._forget({key for key, (known, *_) in self._held.items() if known() is None or key == again})
        key, self._next_key = self._next_key, self._next_key + 1
        held = give_out(self.ranks, key, X, Y, slots)
        self._held[key] = ref(X), ref(Y), held
        return key, held

    def _forget(self, keys: set[int]) -> None:
        """Let no rank hold these rows any longer."""
        for key in keys:
            del self._held[key]
            for rank in range(1, self.ranks.size):
                self.ranks.command(rank, "forget", key)


def batch_of_whole_slots(network: Network, dtype: np.dtype[Any], batch_size: int, n: int) -> int:
    """The least batch of at least so many rows, or all n, in which every slot has as many rows."""
    layers = native_layers(network)
    while batch_size < n and batch_size % _native.slots(layers, batch_size, dtype == np.float64):
        batch_size += 1
    return min(batch_size, n)


def slots_of(network: Network, n: int, parameters: Array) -> int:
    """Into how many slots the engine cuts a batch of n rows."""
    return _native.slots(native_layers(network), n, parameters.dtype == np.float64)


def symmetric(triangle: Array, P: int) -> Array:
    """The matrix (P, P) of its upper triangle, row by row."""
    matrix = np.empty((P, P))
    upper = np.triu_indices(P)
    matrix[upper] = triangle
    matrix.T[upper] = triangle
    return matrix
