"""What an engine is: the operations on a network that take time, behind one contract.

Shapes: parameters (P,), X (n, p), Y (n, m), weights (n,) or None. All arrays of one call share one dtype, float32
or float64, and are C-contiguous; nothing is copied, cast or broadcast here: an array that does not fit is refused.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer, OptimizerState
from fitnet.arguments import Array
from fitnet.engine.objective import Objective


@dataclass
class Best:
    """The lowest loss so far, the parameters (P,) it was measured at and the epochs that led there."""

    loss: float
    parameters: Array
    epoch: int


class Predictor(Protocol):
    """One network's predictions and their derivatives, over and over."""

    def __call__(self, X: Any, out: Any, /) -> Array | None:
        """The outputs (n, m), written to `out` unless that is None.

        None, and nothing written, unless X is a finite matrix (n, p) with a row or more and `out` a writeable one
        (n, m) apart from it, both exactly NumPy arrays as the contract has them: asking is cheaper than checking
        before, and only where the answer is None must the caller find out what to convert or to refuse.
        """
        ...

    def jacobian(self, X: Any, /) -> Array | None:
        """The outputs' derivatives with respect to the inputs, dy/dx, (n, m, p); None for an `X` as above."""
        ...


class Trainer(Protocol):
    """One training, for as long as it lasts: the engine holds parameters and moments in a layout of its own.

    Nothing is checked, padded or allocated again from epoch to epoch. No two calls at once. What it gives are copies.
    """

    def take_rows(self, X: Array, Y: Array, weights: Array | None = None) -> None:
        """Learn from these rows from now on; they must stay as they are."""
        ...

    def run(
        self, learning_rates: Array, row_orders: Array | None, *, watches: bool = False
    ) -> tuple[Array, Array | None]:
        """Train for whole epochs.

        Parameters
        ----------
        learning_rates
            (epochs, steps an epoch), float64: the rate of every step, and with it the number of epochs.
        row_orders
            (epochs, n), int64: the order in which each epoch visits the rows; None takes them as they lie.
        watches
            Whether the validation loss is measured after every epoch, and the lowest one's parameters are kept as best.

        Returns
        -------
        losses
            (epochs,), float64: the mean over an epoch's rows of the objective, each row's before its step. A call that
            is interrupted gives nothing, and the best is as it was before.
        validation_losses
            (epochs,), float64, or None.
        """
        ...

    def gradient(self, rows: Array | None = None) -> tuple[float, Array]:
        """The objective on the rows of these numbers, (k,) int64, or on all; and its gradient (P,).

        Half of a step: `apply` is the other, and both together are what `run` does, to the bit.
        """
        ...

    def apply(self, gradient: Array, learning_rate: float) -> None:
        """Take one step by `gradient` (P,)."""
        ...

    def objective(self) -> float:
        """The objective on all rows, at the parameters as they are."""
        ...

    def validation_loss(self) -> float:
        """The loss on the validation rows, without a penalty."""
        ...

    def is_finite(self) -> bool:
        """Whether every parameter is."""
        ...

    def keep(self, loss: float, epoch: int) -> None:
        """Take the parameters as they are for the best so far, of this loss and after so many epochs."""
        ...

    def best(self) -> Best:
        """The best so far; at first the start, of infinite loss, after no epoch."""
        ...

    def parameters(self) -> Array:
        """(P,), as they are."""
        ...

    def state(self) -> OptimizerState:
        """What the optimizer remembers."""
        ...

    def restore(self, parameters: Array, state: OptimizerState, epochs: int = 0, best: Best | None = None) -> None:
        """Go on from where a training stood after so many epochs."""
        ...


class Engine(Protocol):
    """The operations that training and prediction are made of."""

    @property
    def name(self) -> str:
        """What the user calls this engine."""
        ...

    @property
    def level(self) -> str:
        """The instruction set it computes with."""
        ...

    @property
    def n_threads(self) -> int:
        """How many threads it may use."""
        ...

    def predict(self, network: Network, parameters: Array, X: Array) -> Array:
        """The network's outputs (n, m)."""
        ...

    def predictor(self, network: Network, parameters: Array) -> Predictor:
        """Predictions and derivatives with `parameters` as they are now."""
        ...

    def input_jacobian(self, network: Network, parameters: Array, X: Array) -> Array:
        """The outputs' derivatives with respect to the inputs, dy/dx, (n, m, p)."""
        ...

    def input_hessian(self, network: Network, parameters: Array, X: Array) -> Array:
        """The outputs' second derivatives with respect to the inputs, d2y/dx2, (n, m, p, p)."""
        ...

    def loss(
        self, network: Network, loss: Loss, parameters: Array, X: Array, Y: Array, weights: Array | None = None
    ) -> float:
        """The loss, without a penalty; not finite where the loss of a row that weighs something is not."""
        ...

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
        """The objective, and its gradient (P,) with respect to the parameters.

        The objective is the loss plus `l2`, finite and at least 0, times the sum of the squares of all weights; biases
        have no penalty.
        """
        ...

    def normal_equations(
        self, network: Network, parameters: Array, X: Array, Y: Array, weights: Array | None = None
    ) -> tuple[Array, Array, float]:
        """J^T W J (P, P), J^T W r (P,) and r^T W r: what second-order training needs.

        r is prediction - target, J its derivative with respect to the parameters, and every output of a row has the
        row's weight. These are sums, neither means nor with a penalty.
        """
        ...

    def solve_positive_definite(self, matrix: Array, ridge: Array, right: Array) -> Array | None:
        """x (P,) with (matrix + diag(ridge)) x = right; None where Cholesky's factorisation meets a pivot
        that is not positive and finite.

        `matrix` (P, P) is symmetric, `ridge` and `right` are (P,), all of them float64.
        """
        ...

    def inverse_diagonal(self, matrix: Array, ridge: Array) -> Array | None:
        """The diagonal (P,) of (matrix + diag(ridge))^-1, with the same conditions."""
        ...

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
        """A training that begins at the parameters `start` (P,), which stay as they are.

        Parameters
        ----------
        objective
            What every step lowers on its rows. Where its rows stay in a file the trainer has none at first.
        batch_size
            Rows a step, at least 1; of rows in memory at most all. The last step of an epoch takes what is left.
        validation
            (X, Y), as `objective`'s rows: what `validation_loss` is measured on.
        keeps_lowest
            Whether `run` keeps the parameters of the lowest objective that a step met; only where every step is a full
            batch, so that a step's objective is that of all rows.
        """
        ...
