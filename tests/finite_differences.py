"""Central differences: the oracle for every derivative."""

from collections.abc import Callable

import numpy as np

from fitnet.arguments import Array
from tolerances import DIFFERENCE_STEP


def numerical_gradient(function: Callable[[Array], float], at: Array) -> Array:
    """The gradient of `function`, one number, at the float64 array `at`; one central difference an entry."""
    gradient = np.empty_like(at)
    for place in np.ndindex(at.shape):
        above, below = at.copy(), at.copy()
        above[place] += DIFFERENCE_STEP
        below[place] -= DIFFERENCE_STEP
        gradient[place] = (function(above) - function(below)) / (above[place] - below[place])
    return gradient
