"""Permutation importance: by how much predictions get worse once the entries of an input are dealt to other rows.

Breiman 2001 ("Random forests", Machine Learning 45), for any model. Shapes: X (n, k), Y (n, m), g inputs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation.errors import root_mean_square


@dataclass(frozen=True, eq=False)
class Importance:
    """What every input is worth to every target.

    Attributes
    ----------
    increase
        (g, m): the error with the input shuffled, less that without, on average over the shuffles.
    deviation
        (g, m): the standard deviation of it from shuffle to shuffle; 0 of one.
    repeats
        How many shuffles.
    """

    increase: Array
    deviation: Array
    repeats: int


def root_mean_squares(prediction: Array, Y: Array) -> Array:
    """(m,): the root mean squared errors of predictions (n, m)."""
    return root_mean_square(prediction - Y)


def permutation_importance(
    predict: Callable[[Array], Array],
    X: Array,
    Y: Array,
    inputs: Sequence[slice],
    repeats: int,
    generator: np.random.Generator,
    error: Callable[[Array, Array], Array] = root_mean_squares,
) -> Importance:
    """The importance of inputs, each one or more columns of X that are shuffled together.

    Parameters
    ----------
    predict
        Gives the outputs (n, m) for n rows in the place of X's.
    inputs
        (g,): where each input's columns are.
    error
        (m,), of predictions and Y: the root mean squared error unless given.
    """
    plain = error(predict(X), Y)
    m = len(plain)
    increases = np.empty((repeats, len(inputs), m))
    shuffled = X.copy()
    for repeat in range(repeats):
        for i, place in enumerate(inputs):
            shuffled[:, place] = X[generator.permutation(len(X)), place]
            increases[repeat, i] = error(predict(shuffled), Y) - plain
            shuffled[:, place] = X[:, place]
    deviation = increases.std(axis=0, ddof=1) if repeats > 1 else np.zeros(increases.shape[1:])
    return Importance(increases.mean(axis=0), deviation, repeats)
