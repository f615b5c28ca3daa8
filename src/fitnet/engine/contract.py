"""What an engine is: the operations on a network that take time, behind one contract.

Shapes: parameters (P,), X (n, p), Y (n, m), weights (n,) or None. All arrays of one call share one dtype, float32
or float64, and are C-contiguous; nothing is copied, cast or broadcast here: an array that does not fit is refused.
"""

from typing import Any, Protocol

from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer
from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array
from fitnet.engine.objective import Objective
from fitnet.engine.training_contract import Trainer, Validation


class Predictor(Protocol):
    """One model's predictions and their derivatives, over and over, in the users' units.

    X is exactly a NumPy array or a memory map (n, p) of float32 or float64, with a row or more, in any layout, aligned
    or not: it is read as it lies. Rows are scaled in float64 and rounded to the parameters' dtype.

    Each answers None for any other X, and where an entry is not finite or the parameters' dtype cannot hold it once it
    is scaled: asking is cheaper than checking before, and only then must the caller find out what to convert or to
    refuse.
    """

    def __call__(self, X: Any, out: Any, /) -> Array | None:
        """The outputs (n, m), written to `out` unless that is None; float64 where there is a target scaling.

        None, too, unless `out` is exactly a NumPy array (n, m) of the outputs' dtype, C-contiguous, writeable and apart
        from X. Where an entry of X is to blame it may have been written to; else nothing is.
        """
        ...

    def jacobian(self, X: Any, /) -> Array | None:
        """The outputs' derivatives with respect to the inputs, dy/dx, (n, m, p); float64 where there is a scaling."""
        ...

    def hessian(self, X: Any, /) -> Array | None:
        """The outputs' second derivatives with respect to the inputs, d2y/dx2, (n, m, p, p), likewise."""
        ...


class PredictiveCovariance(Protocol):
    """What errors of the parameters do to one network's outputs, over and over."""

    def __call__(self, X: Array, /) -> Array:
        """J A^-1 J^T (n, m, m) at the rows of X (n, p), J = dy/dparameters; all float64."""
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

    def predictor(
        self,
        network: Network,
        parameters: Array,
        input_scaling: Scaling | None = None,
        target_scaling: Scaling | None = None,
    ) -> Predictor:
        """Predictions and derivatives with `parameters` as they are now; rows are scaled before, outputs behind."""
        ...

    def predictive_covariance(self, network: Network, parameters: Array, factor: Array) -> PredictiveCovariance:
        """For `parameters` (P,) as they are now, float64, whose own covariance is A^-1, A = L L^T.

        `factor` (P (P + 1) / 2,) is the lower triangle of L, row by row, with a diagonal above 0.
        """
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

    def sum_of_squares(
        self, network: Network, parameters: Array, X: Array, Y: Array, weights: Array | None = None
    ) -> float:
        """r^T W r, r = prediction - target, every output of a row with the row's weight."""
        ...

    def normal_equations(
        self, network: Network, parameters: Array, X: Array, Y: Array, weights: Array | None = None
    ) -> tuple[Array, Array, float]:
        """J^T W J (P, P), J^T W r (P,) and r^T W r: what second-order training needs.

        r is prediction - target, J its derivative with respect to the parameters, and every output of a row has the
        row's weight. These are sums, neither means nor with a penalty.
        """
        ...

    def class_curvature(self, network: Network, parameters: Array, X: Array, weights: Array | None = None) -> Array:
        """J^T W H J (P, P), with H = diag(p) - p p^T (m, m) the Hessian of the cross-entropy in a row's logits.

        Of one logit H is p (1 - p). It is the Gauss-Newton matrix of the cross-entropy's weighted sum over rows, which
        needs no targets.
        """
        ...

    def acceleration(
        self, network: Network, parameters: Array, step: Array, X: Array, weights: Array | None = None
    ) -> Array:
        """J^T W y'' (P,), y'' the second derivative of the outputs along the `step` (P,): what bends a step.

        It is not finite where outputs are not.
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
        validation: Validation | None = None,
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
            (X, Y, weights or None), as `objective`'s rows: what `validation_loss` is measured on.
        keeps_lowest
            Whether `run` keeps the parameters of the lowest objective that a step met; only where every step is a full
            batch, so that a step's objective is that of all rows.
        """
        ...
