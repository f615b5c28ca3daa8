"""Reliability: whether classes come true as often as their probabilities say, bin by bin, and what chance allows.

Shapes: confidence (n,): the likeliest class's probability; right (n,) bool: whether that is the row's class.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation.calibration import CHANCE, binomial_band
from fitnet.evaluation.class_errors import BINS, bins_of, calibration_error

DRAWS = 200  # of outcomes as often true as the probabilities say


@dataclass(frozen=True)
class ReliabilityBin:
    """Rows whose likeliest class has a probability above `above` and up to `up_to`.

    `said` is the mean of these probabilities and `right` the share of the rows that are told right, which lies from
    `low` to `high` with a chance of 95 % where probabilities hold what they say.
    """

    above: float
    up_to: float
    rows: int
    said: float
    right: float
    low: float
    high: float


@dataclass(frozen=True)
class Reliability:
    """How far probabilities can be taken at their word.

    Attributes
    ----------
    bins
        Those of 15 of equal width that have rows.
    error
        The expected calibration error, as of `ClassErrors`.
    chance
        What that error is on average, and what 95 in 100 are below, of so many rows whose probabilities hold.
    said, right
        The mean of the likeliest class's probability, and the share of rows told right.
    """

    bins: Sequence[ReliabilityBin]
    error: float
    chance: tuple[float, float]
    said: float
    right: float

    @classmethod
    def of(cls, confidence: Array, right: Array, generator: np.random.Generator) -> "Reliability":
        """That of so many rows, at least one; the generator draws what chance would make of them."""
        bins = bins_of(confidence)
        found = [bin_of(int(k), confidence[bins == k], right[bins == k]) for k in np.unique(bins)]
        draws = [calibration_error(confidence, generator.random(len(right)) < confidence) for _ in range(DRAWS)]
        chance = float(np.mean(draws)), float(np.quantile(draws, CHANCE))
        error = calibration_error(confidence, right)
        return cls(found, error, chance, float(confidence.mean()), float(np.mean(right)))


def bin_of(place: int, confidence: Array, right: Array) -> ReliabilityBin:
    """The bin at this place, of its rows; chance is that of a binomial distribution with their mean probability."""
    said = float(min(confidence.mean(), 1.0))
    (low,), (high,) = binomial_band(len(right), [said])
    share = float(np.mean(right))
    return ReliabilityBin(place / BINS, (place + 1) / BINS, len(right), said, share, float(low), float(high))
