"""Reliability: whether classes come true as often as their probabilities say, bin by bin, and what chance allows.

Shapes: confidence (n,): the likeliest class's probability; right (n,) bool: whether that is the row's class.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array, finite_cast, numeric_array
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.evaluation.calibration import CHANCE, binomial_band
from fitnet.evaluation.class_errors import BINS, bins_of, calibration_error

ROUNDING = 1e-5  # of a probability in float32
DRAWS = 200  # of outcomes as often true as the probabilities say


@dataclass(frozen=True)
class ReliabilityBin:
    """Rows whose likeliest class has about the same probability.

    Attributes
    ----------
    above, up_to
        Between which the probabilities lie, the second included.
    rows
        How many there are.
    said
        The mean of the probabilities.
    right
        The share of the rows that are told right.
    low, high
        Where that share lies with a chance of 95 % if the probabilities hold what they say.
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
    """How far probabilities can be taken at their word: what a reliability diagram draws.

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

    Examples
    --------
    >>> import numpy as np
    >>> from fitnet.evaluation import Reliability
    >>> confidence, right = np.array([0.65, 0.66, 0.9, 0.9]), np.array([True, False, True, True])
    >>> reliability = Reliability.of(confidence, right, np.random.default_rng(0))
    >>> [(each.rows, each.right) for each in reliability.bins]
    [(2, 0.5), (2, 1.0)]
    """

    bins: Sequence[ReliabilityBin]
    error: float
    chance: tuple[float, float]
    said: float
    right: float

    @classmethod
    def of(cls, confidence: Array, right: Array, generator: "np.random.Generator") -> "Reliability":
        """Those of n rows that a model did not see.

        Parameters
        ----------
        confidence
            (n,): the likeliest class's probability of every row, `probabilities.max(axis=1)`.
        right
            (n,): whether the likeliest class is the row's.
        generator
            Draws what chance would make of so many rows.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If there is no row, a probability lies outside [0, 1], or `right` is not True or False for every row.
        """
        confidence, right = checked(confidence, right)
        bins = bins_of(confidence)
        found = [bin_of(int(k), confidence[bins == k], right[bins == k]) for k in np.unique(bins)]
        draws = [calibration_error(confidence, generator.random(len(right)) < confidence) for _ in range(DRAWS)]
        chance = float(np.mean(draws)), float(np.quantile(draws, CHANCE))
        error = calibration_error(confidence, right)
        return cls(found, error, chance, float(confidence.mean()), float(np.mean(right)))


def checked(confidence: Array, right: Array) -> tuple[Array, Array]:
    """Both as arrays (n,), of float64 and bool."""
    confidence = finite_cast("confidence", numeric_array("confidence", confidence), np.dtype(np.float64))
    if confidence.ndim != 1 or len(confidence) == 0:
        raise ArgumentValueError(
            f"`confidence` has shape {confidence.shape}; it must have one probability for each of one row or more.",
            "confidence",
        )
    outside = (confidence < 0) | (confidence > 1 + ROUNDING)
    if outside.any():
        raise ArgumentValueError(
            f"`confidence` holds {confidence[outside][0]}; every entry must be a probability, from 0 to 1.",
            "confidence",
        )
    right = np.asarray(right)
    if right.dtype != bool:
        raise ArgumentTypeError(f"`right` holds {right.dtype}; it must hold True or False for every row.", "right")
    if right.shape != confidence.shape:
        raise ArgumentValueError(
            f"`right` has shape {right.shape}; it must have that of `confidence`, {confidence.shape}.", "right"
        )
    return confidence, right


def bin_of(place: int, confidence: Array, right: Array) -> ReliabilityBin:
    """The bin at this place, of its rows; chance is that of a binomial distribution with their mean probability."""
    said = float(min(confidence.mean(), 1.0))
    (low,), (high,) = binomial_band(len(right), [said])
    share = float(np.mean(right))
    return ReliabilityBin(place / BINS, (place + 1) / BINS, len(right), said, share, float(low), float(high))
