"""Calibration: which share of targets lies in intervals of several levels, and what shares chance allows.

Shapes: ends (n, m, 2, c) of c levels' intervals, Y (n, m).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array

LEVELS = (0.5, 0.68, 0.8, 0.9, 0.95)
CHANCE = 0.95  # of a share between the ends of its band, where intervals hold what they say


@dataclass(frozen=True, eq=False)
class Calibration:
    """What intervals hold.

    Attributes
    ----------
    levels
        (c,): the shares of new targets that the intervals are to hold.
    shares
        (c, m): the shares that they hold.
    low, high
        (c,): where the share of so many rows lies with a chance of 95 %, if every interval holds a target with the
        chance of its level: ends of a binomial distribution.
    """

    levels: tuple[float, ...]
    shares: Array
    low: Array
    high: Array

    @classmethod
    def of(cls, ends: Array, Y: Array, levels: Sequence[float]) -> "Calibration":
        """That of the intervals' ends for targets Y; an end belongs to the interval."""
        inside = (ends[:, :, 0] <= Y[..., np.newaxis]) & (Y[..., np.newaxis] <= ends[:, :, 1])
        low, high = binomial_band(len(Y), levels)
        return cls(tuple(levels), inside.mean(axis=0).T, low, high)


def binomial_band(n: int, levels: Sequence[float]) -> tuple[Array, Array]:
    """The lowest and the highest share of n that chance allows at each level."""
    from scipy.stats import binom

    tails = (1 - CHANCE) / 2, (1 + CHANCE) / 2
    low, high = (np.asarray(binom.ppf(tail, n, np.asarray(levels))) / n for tail in tails)
    return low, high
