"""An epoch over rows that stay in a file: chunk by chunk, in random order, the rows of each shuffled.

Shapes: X (n, p), Y (n, m). A chunk holds whole batches, the last one of the file apart, so that an epoch has as many
steps as over arrays: ceil(n / batch_size).
"""

import numpy as np

from fitnet.algorithm.dropout import new_seed
from fitnet.arguments import Array
from fitnet.engine import Trainer
from fitnet.rows import RowSource, rows_a_chunk


def chunk_rows(X: RowSource, Y: RowSource, batch_size: int) -> int:
    """The rows of a chunk: as many whole batches as are read at once, at least one."""
    return max(1, rows_a_chunk(X.shape[1] + Y.shape[1]) // batch_size) * batch_size


def run_chunked_epoch(
    trainer: Trainer,
    X: RowSource,
    Y: RowSource,
    batch_size: int,
    learning_rates: Array,
    generator: np.random.Generator,
    *,
    drops: bool = False,
) -> float:
    """Train for one epoch at `learning_rates`, (steps,).

    `generator` draws the order of the chunks, then the order of the rows of each when its turn comes, and where units
    are dropped the seed of its masks.

    Returns
    -------
    float
        The mean over all rows of the objective, each row's before its step; where a chunk's is not finite the epoch
        ends there, and so is this.
    """
    n, length = X.shape[0], chunk_rows(X, Y, batch_size)
    total, step = 0.0, 0
    for chunk in generator.permutation(-(-n // length)).tolist():
        start, stop = chunk * length, min((chunk + 1) * length, n)
        steps = -(-(stop - start) // batch_size)
        trainer.take_rows(X.read(start, stop), Y.read(start, stop))
        order = generator.permutation(stop - start)[np.newaxis]
        seeds = np.array([new_seed(generator)]) if drops else None
        mean, _ = trainer.run(learning_rates[np.newaxis, step : step + steps], order, seeds=seeds)
        total += float(mean[0]) * (stop - start)
        step += steps
        if not np.isfinite(total):
            break
    return total / n
