"""Relative weights: rows weigh against each other, so that weights of any size are computed with as weights near 1."""

import numpy as np

from fitnet.arguments import Array


def relative_weights(weights: Array) -> tuple[Array, float]:
    """Weights (n,) near 1 and the unit, above 0, that times them gives `weights`: float64, not negative, not all 0.

    The unit is a power of 4, by which sums and their square roots are divided without rounding; where all weights above
    0 are the same it is theirs, so that they become 1.
    """
    largest = float(weights.max())
    if np.all((weights == largest) | (weights == 0)):
        return np.where(weights > 0, 1.0, 0.0), largest
    exponent = int(np.frexp(largest)[1]) - 1
    exponent -= exponent % 2
    return np.ldexp(weights, -exponent), float(np.ldexp(1.0, exponent))
