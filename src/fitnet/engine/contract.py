"""What an engine is: the operations on a network that take time, behind one contract.

Shapes: parameters (P,), X (n, p), Y (n, m), weights (n,) or None. All arrays of one call share one dtype, float32
or float64, and are C-contiguous; nothing is copied, cast or broadcast here: an array that does not fit is refused.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer, OptimizerState
from fitnet.arguments import DTYPES, Array, real_number
from fitnet.errors import ArgumentTypeError, ArgumentValueError


@dataclass
class Best:
    """The lowest full-batch loss so far, the parameters (P,) it was measured at and the epochs that led there."""

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
        """Train for whole epochs; `parameters`, `state` and `best` change in place.

        Parameters
        ----------
        batch_size
            Rows a step, 1 to n; the last step of an epoch takes what is left.
        learning_rates
            (epochs, steps an epoch), float64: the rate of every step, and with it the number of epochs.
        row_orders
            (epochs, n), int64: the order in which each epoch visits the rows; None takes them as they lie.
        best
            Brought up to date whenever a step's objective is lower; only where every step is a full batch, so that a
            step's loss is the training loss. A kept epoch is the optimizer's step count.
        l2
            As for `loss_and_gradient`; every step is one of the objective, and it is what is given back.

        Returns
        -------
        Array
            (epochs,), float64: the mean over an epoch's rows of the objective, each row's before its step.
        """
        ...


def check_arrays(
    network: Network, parameters: Array, X: Array, Y: Array | None = None, weights: Array | None = None
) -> None:
    """Refuse arrays of another dtype, shape or layout than the contract's."""
    rows = X.shape[0] if isinstance(X, np.ndarray) and X.ndim == 2 else -1
    expected = [("parameters", parameters, (network.n_parameters,)), ("X", X, (rows, network.n_inputs))]
    if Y is not None:
        expected.append(("Y", Y, (rows, network.n_outputs)))
    if weights is not None:
        expected.append(("weights", weights, (rows,)))
    for name, array, shape in expected:
        if not isinstance(array, np.ndarray) or array.dtype.name not in DTYPES or not array.dtype.isnative:
            was = f"an array of {array.dtype}" if isinstance(array, np.ndarray) else type(array).__name__
            raise ArgumentTypeError(f"`{name}` is {was}; it must be a NumPy array of float32 or float64.")
        if array.dtype != parameters.dtype:
            raise ArgumentTypeError(f"`{name}` is {array.dtype}; it must be {parameters.dtype}, as the parameters are.")
        if array.shape != shape:
            wanted = f"(n, {network.n_inputs})" if name == "X" else str(shape)
            raise ArgumentValueError(f"`{name}` has shape {array.shape}; it must have shape {wanted}.")
        check_layout(name, array)
    if rows == 0:
        raise ArgumentValueError("`X` has no rows; it must have at least one.")


def check_layout(name: str, array: Array, *, changed: bool = False) -> None:
    """Refuse an array that is not C-contiguous and aligned, or is read-only where it is to be `changed`."""
    if not array.flags.c_contiguous:
        raise ArgumentValueError(f"`{name}` is not C-contiguous; it must be (numpy.ascontiguousarray makes it so).")
    if not array.flags.aligned:
        raise ArgumentValueError(f"`{name}` is not aligned; it must be (a copy is).")
    if changed and not array.flags.writeable:
        raise ArgumentValueError(f"`{name}` is read-only; it must be writeable, for it is changed in place.")


def check_regular(matrix: Array, **vectors: Array) -> None:
    """Refuse what is not a square matrix (P, P) and vectors (P,) of float64, as the contract has them."""
    P = matrix.shape[0] if matrix.ndim else 0
    for name, array, shape in [("matrix", matrix, (P, P)), *((name, of, (P,)) for name, of in vectors.items())]:
        if array.dtype != np.float64:
            raise ArgumentTypeError(f"`{name}` is {array.dtype}; it must be float64.")
        if array.shape != shape or P == 0:
            raise ArgumentValueError(f"`{name}` has shape {array.shape}; it must have shape {shape}, not empty.")
        check_layout(name, array)


def check_l2(l2: float) -> float:
    """`l2` as a plain float, finite and at least 0, which takes part in float32 arithmetic without widening it."""
    return real_number("l2", l2, 0)


def check_epochs(
    optimizer: Optimizer,
    parameters: Array,
    n: int,
    state: OptimizerState,
    batch_size: int,
    learning_rates: Array,
    row_orders: Array | None,
    best: Best | None,
) -> None:
    """Refuse what would send `run_epochs` outside its arrays."""
    steps = -(-n // batch_size) if batch_size > 0 else 0
    if not 1 <= batch_size <= n:
        raise ArgumentValueError(f"`batch_size` is {batch_size}; it must be from 1 to the number of rows, {n}.")
    if learning_rates.dtype != np.float64 or learning_rates.shape != (len(learning_rates), steps):
        raise ArgumentValueError(f"`learning_rates` must be float64 of shape (epochs, {steps}).")
    if row_orders is not None:
        if row_orders.dtype != np.int64 or row_orders.shape != (len(learning_rates), n):
            raise ArgumentValueError(f"`row_orders` must be int64 of shape ({len(learning_rates)}, {n}).")
        if row_orders.size and not 0 <= row_orders.min() <= row_orders.max() < n:
            raise ArgumentValueError(f"`row_orders` must hold row numbers from 0 to {n - 1}.")
    kept = [(state.moments, (optimizer.n_moments, *parameters.shape))]
    if best is not None:
        kept.append((best.parameters, parameters.shape))
    if any(array.dtype != parameters.dtype or array.shape != shape for array, shape in kept):
        raise ArgumentValueError("`state` and `best` must hold vectors of the parameters' length and dtype.")
    check_layout("learning_rates", learning_rates)
    if row_orders is not None:
        check_layout("row_orders", row_orders)
    check_layout("parameters", parameters, changed=True)
    check_layout("state.moments", state.moments, changed=True)
    if best is not None:
        check_layout("best.parameters", best.parameters, changed=True)
    if best is not None and batch_size < n:
        raise ArgumentValueError("`best` needs full batches: a part's loss is not the training loss.")
