"""What a rank holds and computes: the rows of its slots, and what these add to the sums.

Shapes: X (rows, p) and Y (rows, m) of this rank alone, as the network sees them; parameters (P,).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.arguments import Array
from fitnet.engine import _native
from fitnet.engine.native import NativeEngine, native_layers, native_loss
from fitnet.engine.slots import SlotRange

BATCH_SEED = 0x51075  # beside an epoch's own, so that orders of slots are no other draws


@dataclass(frozen=True)
class Batch:
    """Step `number` of an epoch in batches of `size` rows: of every slot its part, in an order that `seed` draws."""

    seed: int
    number: int
    size: int


@dataclass(frozen=True)
class Question:
    """What every slot is asked.

    Attributes
    ----------
    about
        "loss", "gradient", "squares", "normal equations", "curvature" or "acceleration".
    key
        Of the rows.
    slots
        Into how many all n rows are cut for it, or the batch's; a multiple of those that ranks hold.
    step
        (P,), of an acceleration.
    """

    about: str
    key: int
    slots: int
    network: Network
    loss: Loss | None = None
    batch: Batch | None = None
    step: Array | None = None

    def like(self, dtype: np.dtype[Any]) -> list[Array]:
        """Empty vectors of the shapes and dtypes that a slot answers with."""
        P = self.network.n_parameters
        triangle = P * (P + 1) // 2
        number = np.empty(1)
        return {
            "loss": [number],
            "squares": [number],
            "gradient": [number, np.empty(P, dtype)],
            "normal equations": [number, np.empty(P), np.empty(triangle)],
            "curvature": [np.empty(triangle)],
            "acceleration": [np.empty(P)],
        }[self.about]


@dataclass
class HeldRows:
    """The rows of some slots."""

    share: SlotRange
    X: Array
    Y: Array
    _orders: dict[int, list[Array]] = field(default_factory=dict)  # of the slots, by an epoch's seed

    def answers(self, question: Question, parameters: Array, engine: NativeEngine) -> list[list[Array]]:
        """For every vector of `question.like` those of this rank's slots, in order."""
        if self.share.count == 0:
            return [[] for _ in question.like(parameters.dtype)]
        if question.about in ("loss", "gradient"):
            return self._of_loss(question, parameters, engine.n_threads)
        share = self.share.finer(self.share.n, question.slots)
        found = [self._of_slot(question, parameters, rows, engine) for rows in share.rows()]
        return [list(vectors) for vectors in zip(*found, strict=True)]

    def _of_loss(self, question: Question, parameters: Array, n_threads: int) -> list[list[Array]]:
        assert question.loss is not None
        known = native_layers(question.network), native_loss(question.loss), parameters, self.X, self.Y
        n, order = self.share.n, None
        if question.batch is not None:
            n, order = self._batch(question.batch)
        share = self.share.finer(n, question.slots)
        where = n, share.slots, share.first, share.count, n_threads
        if question.about == "loss":
            return [list(_native.slot_losses(*known, *where)[:, np.newaxis])]
        losses, gradients = _native.slot_gradients(*known, order, *where)
        return [list(losses[:, np.newaxis]), list(gradients)]

    def _of_slot(self, question: Question, parameters: Array, rows: slice, engine: NativeEngine) -> list[Array]:
        X, Y, network = self.X[rows], self.Y[rows], question.network
        if question.about == "squares":
            return [np.array([engine.sum_of_squares(network, parameters, X, Y)])]
        if question.step is not None:
            return [engine.acceleration(network, parameters, question.step, X)]
        upper = np.triu_indices(network.n_parameters)
        if question.about == "curvature":
            return [engine.class_curvature(network, parameters, X)[upper]]
        JtJ, Jtr, squares = engine.normal_equations(network, parameters, X, Y)
        return [np.array([squares]), Jtr, JtJ[upper]]

    def _batch(self, batch: Batch) -> tuple[int, Array]:
        """How many rows a batch has, over all ranks, and which of this rank's are in it: of one slot after another."""
        orders = self._orders.get(batch.seed)
        if orders is None:
            self._orders.clear()
            orders = self._orders[batch.seed] = self._drawn(batch.seed)
        a_slot = batch.size // self.share.slots
        begin = batch.number * a_slot
        n = min(batch.size, self.share.n - batch.number * batch.size)
        if n < batch.size:  # the last of an epoch takes what is left of every slot
            return n, np.concatenate([order[begin:] for order in orders])
        return n, np.concatenate([order[begin : begin + a_slot] for order in orders])

    def _drawn(self, seed: int) -> list[Array]:
        """The rows of every slot in an order of their own, whoever holds them."""
        orders = []
        for slot, rows in enumerate(self.share.rows(), self.share.first):
            generator = np.random.default_rng([BATCH_SEED, seed, slot])
            orders.append(rows.start + generator.permutation(rows.stop - rows.start))
        return orders
