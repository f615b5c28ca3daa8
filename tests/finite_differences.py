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


def numerical_derivatives(function: Callable[[Array], Array], at: Array) -> Array:
    """The derivatives (..., P) of `function`, (P,) -> (...), at the float64 vector `at`; one difference an entry."""
    columns = []
    for place in range(len(at)):
        above, below = at.copy(), at.copy()
        above[place] += DIFFERENCE_STEP
        below[place] -= DIFFERENCE_STEP
        columns.append((function(above) - function(below)) / (above[place] - below[place]))
    return np.stack(columns, axis=-1)


def numerical_jacobian(function: Callable[[Array], Array], X: Array, steps: Array) -> Array:
    """dy/dx (n, m, p) of `function`, (n, p) -> (n, m); one central difference an input, with its step of `steps`."""
    columns = []
    for k, step in enumerate(steps):
        above, below = X.copy(), X.copy()
        above[:, k] += step
        below[:, k] -= step
        columns.append((function(above) - function(below)) / (above[:, k] - below[:, k])[:, np.newaxis])
    return np.stack(columns, axis=2)
