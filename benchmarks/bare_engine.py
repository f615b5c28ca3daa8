"""The bare engine: whole epochs on prepared arrays, with nothing of fitnet around them; users' calls are judged by it.

Shapes: X (n, p), Y (n, m), start (P,), all of one dtype and C-contiguous; rates (epochs, steps an epoch) float64;
row_orders (epochs, n) int64 or None.
"""

from collections.abc import Callable

import numpy as np

from benchmarks.workloads import BETA1, BETA2, EPSILON, LEARNING_RATE
from fitnet import engine as engines
from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam
from fitnet.engine.objective import Objective

Array = np.ndarray
Epochs = Callable[[Array, Array | None], object]

ROW_ORDER_ENTRIES = 4_000_000  # drawn ahead, as fitnet's own training does


def bare_engine(network: Network, X: Array, Y: Array, start: Array, batch_size: int) -> Epochs:
    """What trains by Adam for as many epochs as the rates (epochs, steps) it is given, from where it was left."""
    engine = engines.choose("auto")
    objective = Objective(engine, network, SquaredError(), X, Y, None, 0.0)
    optimizer = Adam(LEARNING_RATE, BETA1, BETA2, EPSILON)
    return engine.trainer(objective, optimizer, start, batch_size, keeps_lowest=batch_size == len(X)).run


def train_bare(network: Network, X: Array, Y: Array, start: Array, batch_size: int, epochs: int) -> None:
    """So many epochs from `start`, in calls as long as fitnet makes them; mini-batches see the rows in random order."""
    n, generator = len(X), np.random.default_rng(3)
    steps, most = -(-n // batch_size), max(1, ROW_ORDER_ENTRIES // n)
    run = bare_engine(network, X, Y, start, batch_size)
    for first in range(0, epochs, most):
        count = min(most, epochs - first)
        orders = None
        if batch_size < n:
            orders = np.stack([generator.permutation(n) for _ in range(count)])
        run(np.full((count, steps), LEARNING_RATE), orders)
