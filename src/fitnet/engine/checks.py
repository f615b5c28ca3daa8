"""What engines refuse: arrays that are not as the contract has them, and what would send a training outside its arrays.

Shapes as in contract.py. A sentence names the argument, says what it was and what it must be.
"""

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer, OptimizerState
from fitnet.arguments import DTYPES, Array, real_number
from fitnet.engine.objective import Objective
from fitnet.engine.training_contract import Best, Validation
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import PiecewiseRows, RowSource


def check_arrays(
    network: Network,
    parameters: Array,
    X: Array | PiecewiseRows,
    Y: Array | None = None,
    weights: Array | None = None,
) -> None:
    """Refuse arrays of another dtype, shape or layout than the contract's."""
    columns = network.n_inputs
    if isinstance(X, PiecewiseRows):
        columns += X.codes.shape[1] - X.shape[1]
        X = X.codes
    rows = X.shape[0] if isinstance(X, np.ndarray) and X.ndim == 2 else -1
    expected = [("parameters", parameters, (network.n_parameters,)), ("X", X, (rows, columns))]
    if Y is not None:
        expected.append(("Y", Y, (rows, network.n_outputs)))
    if weights is not None:
        expected.append(("weights", weights, (rows,)))
    for name, array, shape in expected:
        if not isinstance(array, np.ndarray) or array.dtype.name not in DTYPES or not array.dtype.isnative:
            was = f"an array of {array.dtype}" if isinstance(array, np.ndarray) else type(array).__name__
            raise ArgumentTypeError(f"`{name}` is {was}; it must be a NumPy array of float32 or float64.", name)
        if array.dtype != parameters.dtype:
            raise ArgumentTypeError(
                f"`{name}` is {array.dtype}; it must be {parameters.dtype}, as the parameters are.", name
            )
        if array.shape != shape:
            wanted = f"(n, {columns})" if name == "X" else str(shape)
            raise ArgumentValueError(f"`{name}` has shape {array.shape}; it must have shape {wanted}.", name)
        check_layout(name, array)
    if rows == 0:
        raise ArgumentValueError("`X` has no rows; it must have at least one.", "X")


def check_layout(name: str, array: Array) -> None:
    """Refuse an array that is not C-contiguous and aligned."""
    if not array.flags.c_contiguous:
        raise ArgumentValueError(
            f"`{name}` is not C-contiguous; it must be (numpy.ascontiguousarray makes it so).", name
        )
    if not array.flags.aligned:
        raise ArgumentValueError(f"`{name}` is not aligned; it must be (a copy is).", name)


def check_regular(matrix: Array, **vectors: Array) -> None:
    """Refuse what is not a square matrix (P, P) and vectors (P,) of float64, as the contract has them."""
    P = matrix.shape[0] if matrix.ndim else 0
    for name, array, shape in [("matrix", matrix, (P, P)), *((name, of, (P,)) for name, of in vectors.items())]:
        if array.dtype != np.float64:
            raise ArgumentTypeError(f"`{name}` is {array.dtype}; it must be float64.", name)
        if array.shape != shape or P == 0:
            raise ArgumentValueError(f"`{name}` has shape {array.shape}; it must have shape {shape}, not empty.", name)
        check_layout(name, array)


def check_logits(network: Network) -> None:
    """Refuse a network whose outputs are no logits of classes: its last layer must end in the identity."""
    last = network.layers[-1].activation
    if last != "identity":
        raise ArgumentValueError(
            f"`network` ends in {last!r}; for the curvature of the cross-entropy its output_activation must be "
            "'identity'.",
            "network",
        )


def check_l2(l2: float) -> float:
    """`l2` as a plain float, finite and at least 0, which takes part in float32 arithmetic without widening it."""
    return real_number("l2", l2, 0)


def check_training(
    objective: Objective, start: Array, batch_size: int, validation: Validation | None, keeps_lowest: bool
) -> None:
    """Refuse what no trainer can begin with."""
    network, X, Y = objective.network, objective.X, objective.Y
    check_l2(objective.l2)
    real_number("dropout", objective.dropout, 0, 1, high_included=False)
    if not isinstance(X, RowSource) and not isinstance(Y, RowSource):
        check_arrays(network, start, X, Y, objective.weights)
        if not 1 <= batch_size <= len(X):
            raise ArgumentValueError(
                f"`batch_size` is {batch_size}; it must be from 1 to the number of rows, {len(X)}.", "batch_size"
            )
    elif batch_size < 1:
        raise ArgumentValueError(f"`batch_size` is {batch_size}; it must be at least 1.", "batch_size")
    if keeps_lowest and batch_size != X.shape[0]:
        raise ArgumentValueError(
            "`keeps_lowest` needs full batches: a part's loss is not the training loss.", "keeps_lowest"
        )
    if keeps_lowest and objective.dropout > 0:
        raise ArgumentValueError(
            "`keeps_lowest` cannot be used with dropout: a step's loss is not that of the whole network.",
            "keeps_lowest",
        )
    if validation is not None:
        check_arrays(network, start, *validation)


def check_seeds(dropout: float, epochs: int, seeds: Array | None) -> None:
    """Refuse to drop units without a seed for every epoch."""
    if dropout == 0:
        return
    if not isinstance(seeds, np.ndarray) or seeds.dtype != np.uint64 or seeds.shape != (epochs,):
        raise ArgumentValueError(f"`seeds` must be uint64 of shape ({epochs},) where units are dropped.", "seeds")
    check_layout("seeds", seeds)


def check_run(n: int, batch_size: int, learning_rates: Array, row_orders: Array | None) -> None:
    """Refuse what would send `Trainer.run` outside its arrays."""
    if n == 0:
        raise ArgumentValueError("There are no rows to learn from; `take_rows` gives some.", "take_rows")
    steps = -(-n // batch_size)
    if learning_rates.dtype != np.float64 or learning_rates.shape != (len(learning_rates), steps):
        raise ArgumentValueError(f"`learning_rates` must be float64 of shape (epochs, {steps}).", "learning_rates")
    check_layout("learning_rates", learning_rates)
    if row_orders is None:
        return
    if row_orders.dtype != np.int64 or row_orders.shape != (len(learning_rates), n):
        raise ArgumentValueError(f"`row_orders` must be int64 of shape ({len(learning_rates)}, {n}).", "row_orders")
    check_row_numbers("row_orders", row_orders, n)


def check_row_numbers(name: str, numbers: Array, n: int) -> None:
    """Refuse numbers that are not those of rows."""
    if numbers.dtype != np.int64:
        raise ArgumentValueError(f"`{name}` must be int64.", name)
    if numbers.size and not 0 <= numbers.min() <= numbers.max() < n:
        raise ArgumentValueError(f"`{name}` must hold row numbers from 0 to {n - 1}.", name)
    check_layout(name, numbers)


def check_point(
    optimizer: Optimizer, start: Array, parameters: Array, state: OptimizerState, best: Best | None
) -> None:
    """Refuse what is no point of the training that began at `start` (P,)."""
    kept = [
        ("parameters", parameters, start.shape),
        ("state.moments", state.moments, (optimizer.n_moments, *start.shape)),
    ]
    if best is not None:
        kept.append(("best.parameters", best.parameters, start.shape))
    if any(array.dtype != start.dtype or array.shape != shape for _, array, shape in kept):
        raise ArgumentValueError(
            "`state` and `best` must hold vectors of the parameters' length and dtype.", "state", "best"
        )
    for name, array, _ in kept:
        check_layout(name, array)
