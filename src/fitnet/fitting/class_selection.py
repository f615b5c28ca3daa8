"""Selection among recipes for classes, by log loss out of fold, and how sure their mean may be: one temperature.

Shapes: probabilities (R, n, K), one block a recipe; logits (C, n, m), one block a copy; Y (n, K), 0 and a 1 in every
row; weights (n,) or None.
"""

from collections.abc import Callable, Sequence

import numpy as np

from fitnet.algorithm.classes import class_probabilities
from fitnet.arguments import Array
from fitnet.fitting.selection import GAINED, STEPS

SHARED = 5.0  # over the root of n: of the best log loss, what is added times the sum of squared shares
LEAST = np.finfo(np.float64).tiny  # a probability that rounds to 0 has a logarithm all the same
COLDEST, HOTTEST = 0.2, 5.0  # between which a temperature is looked for
SEARCHED = 40  # golden sections: the interval of logarithms shrinks to 5e-9 of itself
KNOWN = 0.5  # standard deviation of the logarithm of a temperature before any row is seen
GOLDEN = (np.sqrt(5) - 1) / 2


def selected_classes(probabilities: Array, Y: Array, weights: Array | None = None) -> Array:
    """(R,), the share of each recipe, adding up to 1; most are 0.

    As `selection.selected` (Caruana and others 2004), by the log loss of the mean in place of mean squares. To it is
    added `SHARED` / sqrt(n) of the best recipe's, times the sum of squared shares, so that recipes nearly as good
    share: on few rows a log loss hangs on two or three of them.
    """
    seen = (probabilities * Y).sum(2)  # (R, n), of what was seen; a mean of recipes is that of these
    added = SHARED / np.sqrt(len(Y)) * min(mean_log_loss(each, weights) for each in seen)
    counts, best = np.zeros(len(seen)), np.inf
    found = counts
    for step in range(1, STEPS + 1):
        trials = counts + np.eye(len(seen))
        means = np.tensordot(trials / step, seen, 1)
        losses = np.array([mean_log_loss(each, weights) for each in means]) + added * (trials**2).sum(1) / step**2
        counts = trials[int(np.argmin(losses))]
        if losses.min() < best * (1 - GAINED):
            best, found = float(losses.min()), counts
    return np.asarray(found / found.sum())


def mean_log_loss(seen: Array, weights: Array | None = None) -> float:
    """The mean over rows of -log of the probability (n,) of the class that was seen."""
    return float(np.average(-np.log(np.maximum(seen, LEAST)), weights=weights))


def mean_of_copies(logits: Array, temperature: float = 1.0) -> Array:
    """(n, K): the mean over copies of softmax(z / T), of logits (C, n, m); NaN where a copy has none."""
    found = np.stack([class_probabilities(each / temperature) for each in logits])
    return np.asarray(np.nanmean(found, axis=0))


def temperature_of(logits: Sequence[Array], shares: Sequence[float], Y: Array, weights: Array | None = None) -> float:
    """T above 0 with which the mean of softmax(z / T) over recipes and their copies has the lowest log loss.

    Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural networks", ICML. `logits` are (C, n, m), one
    a recipe. A few rows know little of it: log(T) is normal a priori with standard deviation `KNOWN`.
    """

    def loss(logarithm: float) -> float:
        T = float(np.exp(logarithm))
        mean = sum(share * mean_of_copies(each, T) for each, share in zip(logits, shares, strict=True))
        return mean_log_loss((mean * Y).sum(1), weights) + (logarithm / KNOWN) ** 2 / (2 * len(Y))

    return float(np.exp(lowest(loss, float(np.log(COLDEST)), float(np.log(HOTTEST)))))


def lowest(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with one valley is lowest between the two, by golden sections."""
    inner = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
    values = [function(each) for each in inner]
    for _ in range(SEARCHED):
        if values[0] <= values[1]:
            high, inner[1], values[1] = inner[1], inner[0], values[0]
            inner[0] = high - GOLDEN * (high - low)
            values[0] = function(inner[0])
        else:
            low, inner[0], values[0] = inner[0], inner[1], values[1]
            inner[1] = low + GOLDEN * (high - low)
            values[1] = function(inner[1])
    return (low + high) / 2
