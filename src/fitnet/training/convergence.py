"""Whether a loss still fell when its epochs were used up: what longer training would bring.

Shapes: losses and learning rates (epochs,), of one solver's epochs.
"""

from collections.abc import Sequence

import numpy as np

from fitnet.arguments import Array

# Of all that was walked, where an epoch counts as much as its learning rate: few count where that goes to 0.
LAST_SHARE = 0.2
SHARE_OF_LOSS, SHARE_OF_FIRST = 0.05, 0.005  # a fall counts that is both of what was left and of the loss at first
SHARE_IN_BATCHES = 0.2  # of what was left, where small batches are noisy: a rate that goes down takes their noise along
LARGE_SHARE_OF_FIRST = 0.05  # or this: where the loss has hardly fallen yet
SMOOTHED_OVER = 0.05  # of the epochs


def still_fell(
    losses: Sequence[float],
    learning_rates: Sequence[float],
    *,
    in_batches: bool = False,
    lowest: float = np.inf,
) -> bool:
    """Whether the loss fell markedly over the last fifth of the way, and to its `lowest` of all solvers' epochs.

    A schedule that ends at 0 brings every loss to rest, however far it is from where it could go; hence the way is
    measured in learning rates, not epochs. Of rates that are NaN every epoch counts alike. One epoch tells nothing. A
    loss on rows kept out that falls, but was lower before, has turned already: more epochs need not help.
    """
    series = np.asarray(losses, np.float64)
    if len(series) < 2 or series[mark(learning_rates) :].min() > lowest:
        return False
    first, before, end = series[0], smoothed(series, mark(learning_rates)), smoothed(series, len(series) - 1)
    fall = before - end
    share = SHARE_IN_BATCHES if in_batches else SHARE_OF_LOSS
    marked = fall > share * before and fall > SHARE_OF_FIRST * first
    return bool(marked or fall > LARGE_SHARE_OF_FIRST * first > 0)


def mark(learning_rates: Sequence[float]) -> int:
    """The last epoch before the last fifth of the way."""
    rates = np.nan_to_num(np.asarray(learning_rates, np.float64), nan=1.0)
    way = np.cumsum(rates) / rates.sum() if rates.sum() > 0 else np.linspace(0, 1, len(rates))
    return min(int(np.searchsorted(way, 1 - LAST_SHARE)), len(rates) - 2)


def smoothed(series: Array, epoch: int) -> float:
    """The median of the epochs up to this one."""
    width = int(SMOOTHED_OVER * len(series))
    return float(np.median(series[max(0, epoch - width) : epoch + 1]))
